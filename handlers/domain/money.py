"""Money as people read it. Amounts are integers in minor units of an ISO 4217 currency."""

from typing import TypedDict

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}

# ISO 4217: the currencies that don't have two decimals.
_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_EXPONENTS = {code: exponent for exponent, codes in _CODES.items() for code in codes.split()}


class Money(TypedDict):
    """An amount in minor units of `currency` (ISO 4217)."""

    amount: int
    currency: str


def format_money(amount: int, currency: str) -> str:
    """`(123450, "EUR")` -> `€1,234.50`; a currency without a symbol here leads with its code."""
    exponent = _EXPONENTS.get(currency, 2)
    whole, fraction = divmod(abs(amount), 10**exponent)
    digits = f"{whole:,}" + (f".{fraction:0{exponent}d}" if exponent else "")
    return ("-" if amount < 0 else "") + _SYMBOLS.get(currency, f"{currency} ") + digits
