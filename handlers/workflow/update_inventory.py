"""UpdateInventory: take every line from stock, all or nothing, after the payment is authorised."""

from typing import Any

from handlers.adapters.inventory_table import Short, reserve
from handlers.domain.order import RejectionReason
from handlers.workflow.step import SUPERSEDED, Step, logged, refused


@logged
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    step = Step.of(event)
    match reserve(step.order, step.run):
        case None:
            return SUPERSEDED
        case Short(product_ids):
            return refused(RejectionReason.OUT_OF_STOCK, ", ".join(product_ids))
        case reserved:
            return step.done("RESERVED", reserved)
