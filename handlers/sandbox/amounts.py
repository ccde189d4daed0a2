"""What Stripe says to an amount and its currency. https://docs.stripe.com/currencies

The currencies are those for which Stripe states a least charge, and those whose amounts must end
in 0 or 00. The others are refused, as if Stripe didn't have them.
"""

from decimal import Decimal

from handlers.sandbox.api_error import ApiError

_BY_LEAST = {
    30: "gbp",
    50: "ars aud brl cad chf cop eur idr ils inr jpy krw nzd php rub sgd usd zar",
    200: "aed myr pln ron",
    250: "dkk",
    300: "nok sek",
    400: "hkd",
    1000: "mxn thb",
    1500: "czk",
    17500: "huf",
}
_BY_STEP = {10: "bhd jod kwd omr tnd", 100: "isk ugx"}
_DIGITS = {0: "jpy krw", 3: "bhd jod kwd omr tnd"}  # after the point; 2 in the others
_LEAST = {code: least for least, codes in _BY_LEAST.items() for code in codes.split()}
_AFTER_POINT = {code: digits for digits, codes in _DIGITS.items() for code in codes.split()}
_STEP = {code: step for step, codes in _BY_STEP.items() for code in codes.split()}


def check(amount: int, currency: str) -> None:
    """Raise ApiError unless `amount`, in Stripe's minor units of `currency`, can be charged."""
    if currency not in _LEAST | _STEP:
        raise ApiError(400, f"Invalid currency: {currency[:100]}", param="currency")
    step = _STEP.get(currency, 1)
    if amount % step:
        message = f"Invalid amount: amounts in {currency} must be divisible by {step}"
        raise ApiError(400, message, code="invalid_charge_amount", param="amount")
    least = _LEAST.get(currency, step)
    if amount < least:
        message = f"Amount must be at least {least} {currency}"
        raise ApiError(400, message, code="amount_too_small", param="amount")


def shown(amount: int, currency: str) -> str:
    """Return the amount as a person reads it: `USD 1,999.00`."""
    digits = _AFTER_POINT.get(currency, 2)
    return f"{currency.upper()} {Decimal(amount).scaleb(-digits):,.{digits}f}"
