"""CapturePayment: charge what was held. The pivot: faults before it go back, from it on forward.

Whether the money moved is the gateway's to say, never an exception's: the adapter looks an
unknown capture up, and if it can't, this step faults and the order waits to be driven again.
"""

from typing import Any

from handlers.adapters import ledger_rows, order_table, payment_gateway
from handlers.adapters.conditions import transact
from handlers.domain.ledger import LedgerKind
from handlers.domain.order import OrderStatus, RejectionReason, payment_of
from handlers.domain.payment import IntentStatus
from handlers.workflow.step import SUPERSEDED, Step, logged, refused


@logged
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    step = Step.of(event)
    order = step.order
    intent = payment_gateway.gateway().capture(order["orderId"], payment_of(order)["intentId"])
    if intent.status is IntentStatus.CANCELLED:
        return refused(RejectionReason.AUTHORIZATION_EXPIRED)
    if intent.refunded and intent.kept < order["total"]:
        return refused(RejectionReason.REFUNDED)
    if intent.status is not IntentStatus.CAPTURED or intent.kept != order["total"]:
        raise RuntimeError(f"payment {intent.id} is {intent.status} after its capture")
    write, moved = order_table.move(order, OrderStatus.CONFIRMED, step.run)
    ledger = ledger_rows.row(order, LedgerKind.CAPTURE, intent.amount_received, intent.id)
    refused_by = transact([write, ledger])
    if refused_by:
        if refused_by[0].get("status") == order["status"]:
            raise RuntimeError(f"order {order['orderId']} is paid and holds no stock")
        return SUPERSEDED
    return step.done("CAPTURED", moved)
