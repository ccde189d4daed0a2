"""GenerateReceipt: the paid order's PDF, into the bucket, once. A repeated run changes nothing."""

from typing import Any

from handlers.adapters import receipt_bucket, receipt_pdf
from handlers.domain.receipt import receipt_of
from handlers.workflow.step import Step, logged


@logged
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    order = Step.of(event).order
    receipt_bucket.put(order["orderId"], receipt_pdf.draw(receipt_of(order)))
    return {"outcome": "STORED"}
