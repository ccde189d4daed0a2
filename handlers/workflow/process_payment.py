"""ProcessPayment: hold the order's total on the customer's card. Nothing is charged here.

One payment intent per order, and its id is on the order before it is confirmed: whoever rejects
the order meanwhile finds the intent and cancels it, and a cancelled intent never authorises.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.adapters import ledger_rows, order_table, payment_gateway
from handlers.adapters.conditions import transact
from handlers.adapters.storefront import order_page
from handlers.domain.clock import timestamp
from handlers.domain.ledger import LedgerKind
from handlers.domain.order import Order, OrderStatus, RejectionReason, payment_of
from handlers.domain.payment import IntentStatus, PaymentIntent
from handlers.workflow.step import SUPERSEDED, Step, logged, refused

_CUSTOMER_MAY_TAKE = timedelta(minutes=30)  # to approve the payment
_FIRST_LOOK = timedelta(minutes=1)
_AFTER_A_FAULT = timedelta(minutes=10)  # of the gateway the time is not up


@logged
def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    step = Step.of(event)
    intent = _intent(step)
    if intent is None:
        return SUPERSEDED
    match intent.status:
        # What is charged was held before, mostly by a faster run: then the write is refused.
        case IntentStatus.HELD | IntentStatus.CAPTURED:
            if intent.refunded:
                return refused(RejectionReason.REFUNDED)
            return _authorized(step, intent)
        case IntentStatus.AWAITING_CUSTOMER:
            return _awaiting(step, intent)
        case IntentStatus.DECLINED:
            decline = ledger_rows.row(step.order, LedgerKind.DECLINE, intent.amount, intent.id)
            ledger_rows.add([decline])
            detail = (intent.decline_code or "card_declined").upper()
            return refused(RejectionReason.PAYMENT_DECLINED, detail)
        case IntentStatus.CANCELLED:
            return refused(RejectionReason.AUTHORIZATION_EXPIRED)
        case other:
            raise RuntimeError(f"payment {intent.id} is {other} before the order is authorised")


def _intent(step: Step) -> PaymentIntent | None:
    """The order's intent after its one confirmation; None when another run has moved the order."""
    gateway, order = payment_gateway.gateway(), step.order
    if "payment" in order:
        intent = gateway.retrieve(order["payment"]["intentId"])
    else:
        intent = gateway.create(
            order["orderId"], order["total"], order["currency"], order["paymentMethod"]
        )
        standing = order_table.record_intent(order, intent.id)
        if standing is not None:
            if standing["status"] != order["status"]:
                return None
            intent = gateway.retrieve(payment_of(standing)["intentId"])
    if intent.status is IntentStatus.CREATED:
        return gateway.confirm(order["orderId"], intent.id, order_page(order["orderId"]))
    return intent


def _authorized(step: Step, intent: PaymentIntent) -> dict[str, Any]:
    paid: Order = {**step.order, "payment": {"intentId": intent.id}}
    write, moved = order_table.move(paid, OrderStatus.PAYMENT_AUTHORIZED, step.run)
    ledger = ledger_rows.row(paid, LedgerKind.AUTHORIZE, intent.amount, intent.id)
    if transact([write, ledger]):
        return SUPERSEDED
    return step.done("AUTHORIZED", moved)


def _awaiting(step: Step, intent: PaymentIntent) -> dict[str, Any]:
    """The customer's bank asks the customer, who has until `approveBy`, to approve the payment."""
    now = datetime.now(UTC)
    if step.order["status"] == OrderStatus.AWAITING_PAYMENT:
        if step.order.get("approveBy", "") > timestamp(now):
            return step.done("STILL_AWAITING")
        if _failed_lately(step.order, now):
            return step.done("AWAITING")
        return refused(RejectionReason.PAYMENT_TIMEOUT)
    waits = {
        "clientSecret": intent.client_secret,
        "approveBy": timestamp(now + _CUSTOMER_MAY_TAKE),
        "dueAt": timestamp(now + _FIRST_LOOK),
    }
    write, moved = order_table.move(step.order, OrderStatus.AWAITING_PAYMENT, step.run, waits)
    if transact([write]):
        return SUPERSEDED
    return step.done("AWAITING", moved)


def _failed_lately(order: Order, now: datetime) -> bool:
    """Whether the gateway failed so lately that the customer's time is not up yet.

    While it fails, an approval can't be made, or is made and not told.
    """
    fault = order.get("lastFault")
    if fault is None or fault["state"] != "ProcessPayment":
        return False
    return fault["at"] > timestamp(now - _AFTER_A_FAULT)
