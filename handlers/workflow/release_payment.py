"""ReleasePayment: make sure that the gateway holds and keeps nothing of a refused order.

It also completes the ledger: the gateway's own object proves what happened, even where the run
that caused it died or lost before it could write its row.
"""

from typing import Any

from handlers.adapters import ledger_rows, payment_gateway
from handlers.domain.ledger import proven
from handlers.domain.order import RELEASING
from handlers.domain.payment import IntentStatus
from handlers.workflow.step import Step, logged


@logged
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    step = Step.of(event)
    order = step.order
    if order["status"] not in RELEASING:
        raise RuntimeError(
            f"order {order['orderId']} is {order['status']}: nothing may be released"
        )
    if "payment" in order:
        intent = payment_gateway.gateway().release(order["orderId"], order["payment"]["intentId"])
        if intent.kept or intent.status not in (IntentStatus.CANCELLED, IntentStatus.CAPTURED):
            raise RuntimeError(f"payment {intent.id} is {intent.status} and keeps {intent.kept}")
        ledger_rows.add([ledger_rows.row(order, *each) for each in proven(intent)])
    return step.done("RELEASED")
