"""Cancel one's own order. The claim is made here, in one write; the workflow gives the money back."""

from collections.abc import Mapping
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.adapters import order_table, workflow
from handlers.api.orders import accepted, own_order
from handlers.api.problem import Problem
from handlers.domain.order import OrderStatus

router = Router()

_IN_WORK = "This order is being completed and can't be cancelled now."
_REFUSED = "This order has ended already, and nothing is charged for it."
_WHY_NOT: Mapping[str, str] = {
    OrderStatus.RECEIVED: _IN_WORK,
    OrderStatus.VALIDATED: _IN_WORK,
    OrderStatus.PAYMENT_AUTHORIZED: _IN_WORK,
    OrderStatus.INVENTORY_RESERVED: _IN_WORK,
    OrderStatus.CONFIRMED: "This order is confirmed and can't be cancelled any more.",
    OrderStatus.REJECTING: _REFUSED,
    OrderStatus.REJECTED: _REFUSED,
}
_ENDS = frozenset({OrderStatus.CANCELLING, OrderStatus.CANCELLED})


@router.post("/api/orders/<order_id>/cancel")
def cancel_order(order_id: str) -> Response[str]:
    """One conditional write, then the workflow's start. Asked again, it changes nothing.

    An order that moves on meanwhile is judged by where it stands then. If the start fails, the
    order is due, and the next look at it starts a run.
    """
    order = own_order(order_id)
    while order["status"] not in _ENDS:
        if order["status"] in _WHY_NOT:
            raise Problem(HTTPStatus.CONFLICT, _WHY_NOT[order["status"]])
        standing = order_table.claim(order, OrderStatus.CANCELLING)
        order = standing or own_order(order_id)
        if standing is None:
            workflow.start(order["orderId"], str(order["version"]))
    return accepted(order)
