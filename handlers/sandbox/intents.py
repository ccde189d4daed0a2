"""The life of a payment intent as pure functions: the record before, the record after.

A record is `{"intent", "charge", "refunds"}` in the API's own shapes. An illegal move raises
ApiError with Stripe's code and words. https://docs.stripe.com/payments/paymentintents/lifecycle
Not here: storage, idempotency, disputes, fees, partial or repeated authorisations.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from handlers.sandbox.api_error import ApiError
from handlers.sandbox.cards import Card

Record = dict[str, Any]

_CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
_CANCELABLE = (*_CONFIRMABLE, "requires_capture", "processing")


@dataclass(frozen=True)
class Method:
    """A payment method about to be charged: how the API shows it, and its test card."""

    shown: dict[str, Any]
    card: Card

    @property
    def id(self) -> str:
        """Its id: an alias, or one of its own."""
        return self.shown["id"]


def new(id: str, created: int, method_id: str | None, given: dict[str, Any]) -> Record:
    """An unconfirmed intent. `given`: amount (minor units), currency, capture_method and so on."""
    status = "requires_confirmation" if method_id else "requires_payment_method"
    intent = {
        "id": id,
        "object": "payment_intent",
        "amount_capturable": 0,
        "amount_received": 0,
        "canceled_at": None,
        "cancellation_reason": None,
        "client_secret": f"{id}_secret_{id[-12:]}",
        "confirmation_method": "automatic",
        "created": created,
        "customer": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "next_action": None,
        "payment_method": method_id,
        "payment_method_types": ["card"],
        "status": status,
    }
    return {"intent": intent | given, "charge": None, "refunds": []}


def confirm(record: Record, method: Method | None, charge_id: str, created: int) -> Record:
    """Ask the bank. A decline is a record too: its `last_payment_error` says why."""
    intent = record["intent"]
    _expect(intent, "confirm", _CONFIRMABLE)
    if method is None:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
            "either update the PaymentIntent with a payment method and then confirm it again, or "
            "confirm it again directly with a payment method."
        )
        raise _unexpected_state(intent, message)
    if method.card.authenticates:
        action = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "stripe_3ds2_fingerprint"}}
        waiting = {
            "status": "requires_action",
            "last_payment_error": None,
            "next_action": action,
            "payment_method": method.id,
        }
        return record | {"intent": intent | waiting}
    return _charged(record, method, _charge(intent, method, charge_id, created))


def capture(record: Record, amount: int | None) -> Record:
    """Charge `amount` of what is held (all by default) and let the rest go."""
    intent, charge = record["intent"], record["charge"]
    if intent["status"] == "succeeded":
        message = "This PaymentIntent could not be captured because it has already been captured."
        raise _unexpected_state(intent, message)
    _expect(intent, "capture", ("requires_capture",))
    captured = amount or intent["amount_capturable"]
    if captured > intent["amount_capturable"]:
        message = (
            "The payment could not be captured because the requested capture amount is greater "
            "than the authorized amount."
        )
        raise ApiError(400, message, code="amount_too_large", payment_intent=intent)
    paid = {"status": "succeeded", "amount_capturable": 0, "amount_received": captured}
    settled = {"captured": True, "amount_captured": captured}
    return record | {"intent": intent | paid, "charge": charge | settled}


def cancel(record: Record, reason: str | None, at: int) -> Record:
    """Let go of what is held; nothing is charged afterwards, and no Refund comes of it."""
    intent = record["intent"]
    _expect(intent, "cancel", _CANCELABLE)
    canceled = {
        "status": "canceled",
        "amount_capturable": 0,
        "canceled_at": at,
        "cancellation_reason": reason,
        "next_action": None,
    }
    return record | {"intent": intent | canceled}


def refund(record: Record, amount: int | None, details: dict[str, Any]) -> Record:
    """Give back `amount` (all that remains by default). The newest refund comes first."""
    intent, charge = record["intent"], record["charge"]
    if intent["status"] != "succeeded":
        message = (
            f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        )
        raise ApiError(400, message, param="payment_intent")
    remaining = charge["amount_captured"] - charge["amount_refunded"]
    if not remaining:
        message = f"Charge {charge['id']} has already been refunded."
        raise ApiError(400, message, code="charge_already_refunded")
    returned = amount or remaining
    if returned > remaining:
        message = (
            f"Refund amount ({returned}) is greater than unrefunded amount on charge ({remaining})"
        )
        raise ApiError(400, message, param="amount")
    made = details | {
        "object": "refund",
        "amount": returned,
        "charge": charge["id"],
        "currency": intent["currency"],
        "payment_intent": intent["id"],
        "status": "succeeded",
    }
    given_back = {
        "amount_refunded": charge["amount_refunded"] + returned,
        "refunded": returned == remaining,
    }
    return record | {"charge": charge | given_back, "refunds": [made, *record["refunds"]]}


class Expansion(Enum):
    """How much of its charge an answered intent holds: the id, the charge, also its refunds."""

    NOTHING = 0
    CHARGE = 1
    REFUNDS = 2


def shown(record: Record, expand: Expansion) -> dict[str, Any]:
    """The intent as the API answers it."""
    charge = record["charge"]
    if expand is Expansion.NOTHING:
        return record["intent"]
    if charge and expand is Expansion.REFUNDS:
        url = f"/v1/charges/{charge['id']}/refunds"
        refunds = {"object": "list", "url": url, "has_more": False, "data": record["refunds"]}
        charge = charge | {"refunds": refunds}
    return record["intent"] | {"latest_charge": charge}


def _decline(method: Method, charge_id: str) -> dict[str, Any]:
    """The bank's refusal: the intent's `last_payment_error` and the members of the 402."""
    card = method.card
    members = {"charge": charge_id, "code": card.code, "message": card.message}
    if card.decline_code:
        members["decline_code"] = card.decline_code
    return members | {"payment_method": method.shown, "type": "card_error"}


def _charged(record: Record, method: Method, charge: dict[str, Any]) -> Record:
    """The record after the bank's answer, which is in `charge`."""
    intent = record["intent"]
    if not charge["paid"]:
        failed = {
            "status": "requires_payment_method",
            "payment_method": None,
            "last_payment_error": _decline(method, charge["id"]),
            "latest_charge": charge["id"],
        }
        return record | {"intent": intent | failed, "charge": charge}
    held = {
        "status": "requires_capture",
        "amount_capturable": intent["amount"],
        "last_payment_error": None,
        "latest_charge": charge["id"],
        "next_action": None,
        "payment_method": method.id,
    }
    authorized = record | {"intent": intent | held, "charge": charge}
    return authorized if intent["capture_method"] == "manual" else capture(authorized, None)


def _charge(intent: dict[str, Any], method: Method, id: str, created: int) -> dict[str, Any]:
    card = method.card
    return {
        "id": id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "captured": False,
        "created": created,
        "currency": intent["currency"],
        "failure_code": card.code,
        "failure_message": card.message or None,
        "livemode": False,
        "metadata": intent["metadata"],
        "paid": card.code is None,
        "payment_intent": intent["id"],
        "payment_method": method.id,
        "payment_method_details": {"type": "card", "card": method.shown["card"]},
        "refunded": False,
        "status": "failed" if card.code else "succeeded",
    }


def _expect(intent: dict[str, Any], verb: str, statuses: tuple[str, ...]) -> None:
    if intent["status"] in statuses:
        return
    done = {"confirm": "confirmed", "cancel": "canceled", "capture": "captured"}[verb]
    if verb == "confirm" and intent["status"] == "succeeded":
        reason = "it has already succeeded after being previously confirmed."
    else:
        reason = (
            f"it has a status of {intent['status']}. Only a PaymentIntent with one of the "
            f"following statuses may be {done}: {', '.join(statuses)}."
        )
    opening = f"You cannot {verb} this PaymentIntent because "
    if verb == "capture":
        opening = "This PaymentIntent could not be captured because "
    raise _unexpected_state(intent, opening + reason)


def _unexpected_state(intent: dict[str, Any], message: str) -> ApiError:
    code = "payment_intent_unexpected_state"
    return ApiError(400, message, code=code, payment_intent=intent)
