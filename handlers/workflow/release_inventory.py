"""ReleaseInventory: put back what a refused order has taken, at most once."""

from typing import Any

from handlers.adapters.inventory_table import release
from handlers.workflow.step import SUPERSEDED, Step, logged


@logged
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    step = Step.of(event)
    released = release(step.order)
    if released is None:
        return SUPERSEDED
    return step.done("RETURNED", released)
