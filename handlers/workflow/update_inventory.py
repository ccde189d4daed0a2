"""UpdateInventory: take every line from stock, all or nothing, after the payment is authorised."""

from typing import Any

from handlers.adapters.inventory_table import Outcome, reserve
from handlers.domain.order import OrderStatus, RejectionReason
from handlers.workflow.step import SUPERSEDED, Step, refused


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    step = Step.of(event)
    match reserve(step.order, step.run):
        case Outcome.OUT_OF_STOCK, short:
            return refused(RejectionReason.OUT_OF_STOCK, ", ".join(short))
        case Outcome.SUPERSEDED, _:
            return SUPERSEDED
        case _:
            return step.done("RESERVED", status=OrderStatus.INVENTORY_RESERVED)
