"""What every step of the workflow shares: the shape of its event and of its answer.

The event is `{"order": <the order item as DynamoDB's typed JSON>, "execution": <its name>}`.
The answer is `{"outcome": …}`: the step's own word with the order as it now stands, REFUSED with
a reason, or SUPERSEDED, on which the run reads the order again. Exceptions are faults only.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from handlers.adapters.order_table import id_of, of_item, to_item
from handlers.domain.order import Order, RejectionReason
from handlers.runtime.observability import logger

SUPERSEDED: dict[str, Any] = {"outcome": "SUPERSEDED"}
"""Another run of this order was faster; this one has changed nothing."""


Handler = Callable[[dict[str, Any], object], dict[str, Any]]


def logged(handler: Handler) -> Handler:
    """One line for each step, with the order and the run on it: its outcome, or that it failed.

    A fault goes on to the workflow. Its line has no message and no traceback: Lambda logs both,
    and what caused a fault may quote what a customer or the payment gateway has sent.
    """

    @wraps(handler)
    def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
        logger.append_keys(orderId=id_of(event["order"]), execution=event["execution"])
        try:
            answer = handler(event, context)
        except Exception as error:
            logger.error("FAILED", error=type(error).__name__)
            raise
        why = {name: answer[name] for name in ("reason", "detail") if answer.get(name)}
        logger.info(answer["outcome"], **why)
        return answer

    return lambda_handler


class Step(NamedTuple):
    """One order on its way through one step; `run` is as the timeline has it."""

    order: Order
    run: str

    @classmethod
    def of(cls, event: dict[str, Any]) -> "Step":
        order = of_item(event["order"])
        return cls(order, event["execution"].removeprefix(f"{order['orderId']}-"))

    def done(self, outcome: str, order: Order | None = None) -> dict[str, Any]:
        """The step's success, with the order as it is now (unchanged unless given)."""
        return {"outcome": outcome, "order": to_item(order or self.order)}


def refused(reason: RejectionReason, detail: str = "") -> dict[str, Any]:
    """A normal outcome that ends the order: the workflow claims REJECTING with this reason."""
    return {"outcome": "REFUSED", "reason": reason, "detail": detail}
