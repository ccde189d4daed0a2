"""What becomes of a refund later, as a pure function.

https://docs.stripe.com/refunds#failed-refunds
"""

from handlers.sandbox.api_error import ApiError
from handlers.sandbox.charges import Record


def failed(record: Record, refund_id: str, reason: str) -> Record:
    """The bank sends the money back: the refund has failed, and its amount can be refunded again."""
    [refund] = [each for each in record["refunds"] if each["id"] == refund_id]
    if refund["status"] != "succeeded":
        message = f"Refund {refund_id} has a status of {refund['status']}, so it can't fail."
        raise ApiError(400, message, param="refund")
    after = refund | {"status": "failed", "failure_reason": reason}
    charge = record["charge"]
    kept = {"amount_refunded": charge["amount_refunded"] - refund["amount"], "refunded": False}
    refunds = [after if each is refund else each for each in record["refunds"]]
    return record | {"charge": charge | kept, "refunds": refunds}
