"""Stripe's test cards and what the bank says to each. https://docs.stripe.com/testing

`pm_card_<name>` is an alias that any number of intents may use; `tok_<name>` makes a payment
method with an id of its own, which one intent may use. There are no card numbers here.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Card:
    """`code` (and `decline_code`) for a card that the bank declines, else None.

    `authenticates`: the bank asks the customer first, and only then says whether it declines.
    """

    last4: str
    brand: str = "visa"
    code: str | None = None
    decline_code: str | None = None
    message: str = ""
    authenticates: bool = False


def _declining(
    last4: str,
    decline_code: str,
    message: str = "Your card was declined.",
    authenticates: bool = False,
) -> Card:
    return Card(
        last4,
        code="card_declined",
        decline_code=decline_code,
        message=message,
        authenticates=authenticates,
    )


_FUNDS = "Your card has insufficient funds."
_ACCEPTED = {
    "visa": Card("4242"),
    "mastercard": Card("4444", brand="mastercard"),
    "amex": Card("8431", brand="amex"),
    "threeDSecureOptional": Card("3055"),
}
_AUTHENTICATING = {
    "authenticationRequired": Card("3184", authenticates=True),
    "authenticationRequiredChargeDeclinedInsufficientFunds": _declining(
        "3178", "insufficient_funds", _FUNDS, authenticates=True
    ),
    "threeDSecure2Required": Card("3220", authenticates=True),
    "threeDSecureRequired": Card("3063", authenticates=True),
    "threeDSecureRequiredChargeDeclined": _declining("1629", "generic_decline", authenticates=True),
}
_DECLINED = {
    "chargeDeclined": _declining("0002", "generic_decline"),
    "chargeDeclinedInsufficientFunds": _declining("9995", "insufficient_funds", _FUNDS),
    "chargeDeclinedLostCard": _declining("9987", "lost_card"),
    "chargeDeclinedStolenCard": _declining("9979", "stolen_card"),
    "chargeDeclinedExpiredCard": Card(
        "0069", code="expired_card", message="Your card has expired."
    ),
    "chargeDeclinedIncorrectCvc": Card(
        "0127", code="incorrect_cvc", message="Your card's security code is incorrect."
    ),
    "chargeDeclinedProcessingError": Card(
        "0119",
        code="processing_error",
        message="An error occurred while processing your card. Try again in a little bit.",
    ),
}
# Stripe's own pages write the declining ones both ways.
_CARDS = {
    **_ACCEPTED,
    **_AUTHENTICATING,
    **_DECLINED,
    **{f"visa_{name}": card for name, card in _DECLINED.items()},
}


def by_alias(id: str) -> Card | None:
    """The card of `pm_card_visa` and the like."""
    return _CARDS.get(id.removeprefix("pm_card_")) if id.startswith("pm_card_") else None


def by_token(token: str) -> Card | None:
    """The card of `tok_visa` and the like."""
    return _CARDS.get(token.removeprefix("tok_")) if token.startswith("tok_") else None


def payment_method(id: str, card: Card, created: int) -> dict[str, Any]:
    """The payment method as the API shows it."""
    return {
        "id": id,
        "object": "payment_method",
        "billing_details": {"address": None, "email": None, "name": None, "phone": None},
        "card": {
            "brand": card.brand,
            "country": "US",
            "exp_month": 12,
            "exp_year": 2034,
            "funding": "credit",
            "last4": card.last4,
        },
        "created": created,
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }
