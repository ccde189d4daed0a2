"""The dispute of a payment as pure functions: one for each payment, open until it is won or lost.

https://docs.stripe.com/api/disputes/object
Not here: evidence, inquiries, the money that a dispute takes off the balance.
"""

from typing import Any

from handlers.sandbox.api_error import ApiError
from handlers.sandbox.charges import Record

_SECONDS_TO_ANSWER = 7 * 24 * 3600


def opened(record: Record, id: str, created: int, amount: int | None, reason: str) -> Record:
    """The customer's bank takes the charge back, `amount` of it (all that was captured by default)."""
    intent, charge = record["intent"], record["charge"]
    if intent["status"] != "succeeded":
        message = (
            f"This PaymentIntent ({intent['id']}) does not have a successful charge to dispute."
        )
        raise ApiError(400, message, param="payment_intent")
    if record.get("dispute"):
        message = f"Charge {charge['id']} has been disputed already."
        raise ApiError(400, message, code="charge_disputed")
    disputed = amount or charge["amount_captured"]
    if disputed > charge["amount_captured"]:
        message = f"Dispute amount ({disputed}) is greater than the amount captured."
        raise ApiError(400, message, param="amount")
    dispute: dict[str, Any] = {
        "id": id,
        "object": "dispute",
        "amount": disputed,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": created,
        "currency": intent["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": created + _SECONDS_TO_ANSWER,
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": intent["id"],
        "reason": reason,
        "status": "needs_response",
    }
    return record | {"charge": charge | {"disputed": True}, "dispute": dispute}


def closed(record: Record, status: str) -> Record:
    """The bank decides: `won` or `lost`."""
    dispute = record["dispute"]
    if dispute["status"] != "needs_response":
        message = f"Dispute {dispute['id']} is closed already: {dispute['status']}."
        raise ApiError(400, message, param="dispute")
    decided = {"status": status, "is_charge_refundable": status == "won"}
    return record | {"dispute": dispute | decided}
