"""The life of a payment intent as pure functions: the record before, the record after.

A record is `{"intent", "charge", "refunds", "dispute", "return_url"}`, the first four in the API's
own shapes. An illegal move raises ApiError with Stripe's code and words.
https://docs.stripe.com/payments/paymentintents/lifecycle
Not here: storage, idempotency, fees, partial or repeated authorisations.
"""

from enum import Enum
from typing import Any

from handlers.sandbox import charges
from handlers.sandbox.api_error import ApiError
from handlers.sandbox.charges import Method, Record
from handlers.sandbox.confirmation import Confirmation

_CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
_CANCELABLE = (*_CONFIRMABLE, "requires_capture", "processing")


def new(id: str, secret: str, created: int, given: dict[str, Any]) -> Record:
    """An unconfirmed intent; `secret` is what makes its client secret one.

    `given`: amount (minor units), currency, capture_method, payment_method and so on.
    """
    method_id = given["payment_method"]
    status = "requires_confirmation" if method_id else "requires_payment_method"
    intent = {
        "id": id,
        "object": "payment_intent",
        "amount_capturable": 0,
        "amount_received": 0,
        "canceled_at": None,
        "cancellation_reason": None,
        "client_secret": f"{id}_secret_{secret}",
        "confirmation_method": "automatic",
        "created": created,
        "customer": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "next_action": None,
        "payment_method_types": ["card"],
        "status": status,
    }
    return {
        "intent": intent | given,
        "charge": None,
        "refunds": [],
        "dispute": None,
        "return_url": None,
    }


def confirm(
    record: Record, method: Method | None, how: Confirmation, charge_id: str, created: int
) -> Record:
    """Ask the bank. A decline is a record too: its `last_payment_error` says why."""
    intent = record["intent"]
    _expect(intent, "confirm", _CONFIRMABLE)
    how.check(intent)
    if method is None:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
            "either update the PaymentIntent with a payment method and then confirm it again, or "
            "confirm it again directly with a payment method."
        )
        raise _unexpected_state(intent, message)
    record = record | {"return_url": how.return_url}
    if not method.card.authenticates:
        return _charged(record, method, charge_id, created)
    waiting = {
        "status": "requires_action",
        "last_payment_error": None,
        "next_action": how.next_action(),
        "payment_method": method.id,
    }
    return record | {"intent": intent | waiting}


def approve(record: Record, method: Method, charge_id: str, created: int) -> Record:
    """The customer says yes at the bank, which may decline all the same."""
    _expect(record["intent"], "confirm", ("requires_action",))
    return _charged(record, method, charge_id, created)


def refuse(record: Record, method: Method) -> Record:
    """The customer says no at the bank: nothing is charged, another method may be tried."""
    _expect(record["intent"], "confirm", ("requires_action",))
    error = {
        "code": "payment_intent_authentication_failure",
        "doc_url": "https://stripe.com/docs/error-codes/payment-intent-authentication-failure",
        "message": (
            "The provided PaymentMethod has failed authentication. You can provide "
            "payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent "
            "again."
        ),
        "payment_method": method.shown,
        "type": "invalid_request_error",
    }
    failed = {
        "status": "requires_payment_method",
        "last_payment_error": error,
        "next_action": None,
        "payment_method": None,
    }
    return record | {"intent": record["intent"] | failed}


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
    if record.get("dispute") and record["dispute"]["status"] != "won":
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise ApiError(400, message, code="charge_disputed")
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


def _charged(record: Record, method: Method, charge_id: str, created: int) -> Record:
    """The record after the bank's answer; what it holds is captured at once unless that is manual."""
    answered = charges.answered(record, method, charge_id, created)
    intent = answered["intent"]
    at_once = intent["status"] == "requires_capture" and intent["capture_method"] != "manual"
    return capture(answered, None) if at_once else answered


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
