"""What every step of the workflow shares: the shape of its event and of its answer.

The event is `{"order": <the order item as DynamoDB's typed JSON>, "execution": <the run's name>}`.
The answer is `{"outcome": …}`: the step's own word with the order as it now stands, REFUSED with
a reason, or SUPERSEDED, on which the run reads the order again. Exceptions are faults only.
"""

from dataclasses import dataclass
from typing import Any

from handlers.adapters.items import Item, decode, encode
from handlers.domain.order import RejectionReason
from handlers.runtime.observability import logger

SUPERSEDED: dict[str, Any] = {"outcome": "SUPERSEDED"}
"""Another run of this order was faster; this one has changed nothing."""


@dataclass(frozen=True)
class Step:
    """One order on its way through one step; `run` is the name of the execution."""

    order: Item
    run: str

    @classmethod
    def of(cls, event: dict[str, Any]) -> "Step":
        step = cls(decode(event["order"]), event["execution"])
        logger.append_keys(orderId=step.order["orderId"], execution=step.run)
        return step

    def done(self, outcome: str, order: Item | None = None) -> dict[str, Any]:
        """The step's success, with the order as it is now (unchanged unless given)."""
        logger.info(outcome)
        return {"outcome": outcome, "order": encode(order or self.order)}


def refused(reason: RejectionReason, detail: str = "") -> dict[str, Any]:
    """A normal outcome that ends the order: the workflow claims REJECTING with this reason."""
    logger.info("refused", reason=reason, detail=detail)
    return {"outcome": "REFUSED", "reason": reason, "detail": detail}
