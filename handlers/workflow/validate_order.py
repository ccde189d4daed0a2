"""ValidateOrder: today's catalogue and prices. Reads only; the workflow saves what it answers."""

from typing import Any

from handlers.adapters import inventory_table
from handlers.domain.money import Money
from handlers.domain.pricing import Refused, price
from handlers.workflow.step import Step, logged, refused


@logged
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    step = Step.of(event)
    lines = step.order["lines"]
    products = inventory_table.products([line["productId"] for line in lines])
    agreed: Money = {"amount": step.order["total"], "currency": step.order["currency"]}
    match price(lines, products, agreed):
        case Refused(reason, detail):
            return refused(reason, detail)
        case priced:
            return step.done("VALID", {**step.order, "lines": priced.lines})
