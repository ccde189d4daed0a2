"""ReleaseInventory: put back what a refused order has taken, at most once."""

from typing import Any

from handlers.adapters.inventory_table import release
from handlers.workflow.step import SUPERSEDED, Step, logged


@logged
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    step = Step.of(event)
    if not release(step.order):
        return SUPERSEDED
    return step.done("RETURNED")
