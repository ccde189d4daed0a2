"""GenerateReceipt: the paid order's PDF, into the bucket, once. A repeated run changes nothing."""

from typing import Any

from handlers.adapters import receipt_bucket, receipt_pdf
from handlers.domain.receipt import receipt_of
from handlers.runtime.observability import logger
from handlers.workflow.step import Step


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    order = Step.of(event).order
    key = receipt_bucket.put(order["orderId"], receipt_pdf.draw(receipt_of(order)))
    logger.info("STORED", receiptKey=key)
    return {"outcome": "STORED", "receiptKey": key}
