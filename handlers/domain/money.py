"""Money as people read it, and the totals that can be paid.

An amount is an integer in the minor units that Stripe counts a currency in, so what is stored is
what is charged. `currencies.json`, which the program and the storefront read too, lists the
currencies that the shop takes: the number of digits after the decimal point, and the least and the
most that one payment may come to, in minor units. They are from Stripe's documents, read in copies
of 2026; the most are the eight digits that every card and every currency there allows.

Left out are the currencies that Stripe counts in other units than their prices have (ISK and UGX in
hundredths that must be 00, three decimals of which the last must be 0), those for which it states
no least, and those in which eight digits are little money (IDR, COP).

https://docs.stripe.com/currencies
https://docs.stripe.com/api/payment_intents/create#create_payment_intent-amount
"""

import json
from pathlib import Path
from typing import TypedDict

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_OTHER_DIGITS = 2


class Money(TypedDict):
    """An amount in minor units of `currency` (ISO 4217)."""

    amount: int
    currency: str


class Currency(TypedDict):
    """How a currency is written, and what one payment in it may come to in minor units."""

    digits: int
    least: int
    most: int


CURRENCIES: dict[str, Currency] = json.loads(
    Path(__file__).with_name("currencies.json").read_text("utf-8")
)
"""The currencies that the shop takes, by ISO 4217 code."""


def format_money(amount: int, currency: str) -> str:
    """Return the text of an amount: `(123450, "EUR")` is `€1,234.50`.

    A currency without a symbol here leads with its code. One that the shop doesn't take has two
    digits, as on the storefront: its orders are refused, and the refusal has to be written.
    """
    known = CURRENCIES.get(currency)
    digits = known["digits"] if known else _OTHER_DIGITS
    whole, fraction = divmod(abs(amount), 10**digits)
    text = f"{whole:,}" + (f".{fraction:0{digits}d}" if digits else "")
    return ("-" if amount < 0 else "") + _SYMBOLS.get(currency, f"{currency} ") + text


def fault_of_total(total: Money) -> str | None:
    """Return why `total` can't be paid, as the rest of a sentence about it; None if it can."""
    amount, code = total["amount"], total["currency"]
    currency = CURRENCIES.get(code)
    if currency is None:
        return f"is in {code}, which this shop doesn't take"
    if amount < currency["least"]:
        return f"must be at least {format_money(currency['least'], code)}"
    if amount > currency["most"]:
        return f"must be at most {format_money(currency['most'], code)}"
    return None
