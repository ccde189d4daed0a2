"""ValidateOrder: how much its customer orders, today's catalogue and prices.

Reads only; the workflow saves what it answers.
"""

from typing import Any

from handlers.adapters import inventory_table, order_count
from handlers.domain import order_limit
from handlers.domain.money import Money
from handlers.domain.order import Order, RejectionReason
from handlers.domain.pricing import Refused, price
from handlers.runtime.settings import OrderLimitSettings, load
from handlers.workflow.step import Step, logged, refused


@logged
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    step = Step.of(event)
    limit = int(load(OrderLimitSettings).orders_per_customer)
    if _placed_before(step.order, limit) >= limit:
        return refused(RejectionReason.TOO_MANY_ORDERS, f"more than {limit} in ten minutes")
    lines = step.order["lines"]
    products = inventory_table.products([line["productId"] for line in lines])
    agreed: Money = {"amount": step.order["total"], "currency": step.order["currency"]}
    match price(lines, products, agreed):
        case Refused(reason, detail):
            return refused(reason, detail)
        case priced:
            return step.done("VALID", {**step.order, "lines": priced.lines})


def _placed_before(order: Order, most: int) -> int:
    """Count the customer's orders that count against this one: `most` at most.

    A burst may pass a few more, because an order is counted once the index has it, which takes a
    moment.
    """
    first, last = order_limit.counted(order)
    return order_count.placed(order["customerId"], first, last, most)
