"""ReleasePayment: make sure that the gateway holds and keeps nothing of a refused order.

It also completes the ledger: the gateway's own object proves what happened, even where the run
that caused it died or lost before it could write its row.
"""

from typing import Any

from handlers.adapters import order_table, payment_gateway
from handlers.adapters.items import Item
from handlers.domain.ledger import LedgerKind
from handlers.domain.order import RELEASING, Order
from handlers.domain.payment import IntentStatus, PaymentIntent
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
        order_table.add_ledger_rows(_proven(order, intent))
    return step.done("RELEASED")


def _proven(order: Order, intent: PaymentIntent) -> list[Item]:
    """The ledger rows that the gateway's object proves."""
    proven: list[tuple[LedgerKind, int, str]] = []
    if intent.authorized:
        proven.append((LedgerKind.AUTHORIZE, intent.amount, intent.id))
    if intent.amount_received:
        proven.append((LedgerKind.CAPTURE, intent.amount_received, intent.id))
        proven += [
            (LedgerKind.REFUND, refund.amount, refund.id)
            for refund in intent.refunds
            if not refund.failed
        ]
    elif intent.authorized:
        proven.append((LedgerKind.RELEASE, intent.amount, intent.id))
    return [order_table.ledger_row(order, *row) for row in proven]
