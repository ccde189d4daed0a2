"""Compares payments, as the gateway has them, with orders and their ledgers, and tells operators.

The webhook invokes it for one payment, with `intentId`, when a refund or a dispute changes. A schedule
starts it every 15 minutes: once a day that begins a sweep of all payments, and the other calls go on
with it. It adds ledger rows and causes of attention, and changes no status, no money and no stock.
What is done twice has one effect.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.adapters import books_sweep, ledger_rows, order_books, order_events
from handlers.adapters.books_sweep import Overtaken, Progress
from handlers.adapters.order_books import Captured
from handlers.adapters.stripe_books import StripeBooks
from handlers.domain.books import Finding, GatewayPayment, compare, compare_without_payment
from handlers.domain.order import Order
from handlers.domain.sweep import Part, Sweep, due
from handlers.runtime.observability import logger, metrics

RESERVE_MILLISECONDS = 60_000
"""Left at the end for the payment that is being compared, whose requests may be tried several times."""

_MALFORMED = (KeyError, IndexError, TypeError, ValueError)

Entries = Iterator[tuple[tuple[str, ...], str]]
"""The place of each entry of a list once it was looked at, and the payment that was compared, or empty."""


class NoPaymentOfThisStack(Exception):
    """Orders were captured, and the gateway shows none of this stack's payments.

    Its key is then of another account or mode, and no order is at fault.
    """


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Raises PaymentGatewayUnavailable, what DynamoDB raises, and NoPaymentOfThisStack.

    The next call goes on with the sweep where it was saved last.
    """
    gateway = StripeBooks()
    if "intentId" in event:
        _compare_one(gateway, event)
        return
    sweep = due(books_sweep.last(), int(datetime.now(UTC).timestamp()))
    progress = Progress(sweep) if sweep else None
    try:
        if progress:
            _go_on(gateway, progress, context)
    except Overtaken:
        logger.info("another call goes on with the sweep")
    finally:
        compared = progress.compared if progress else 0
        logger.info("swept", part=progress.sweep.part if progress else None, payments=compared)
        _count("PaymentsCompared", compared)


def _compare_one(gateway: StripeBooks, event: Mapping[str, str]) -> None:
    """Compare the payment that an event is about; it may be another stack's."""
    told = {name: event.get(name, "") for name in ("intentId", "eventId", "eventType")}
    payment = gateway.payment(event["intentId"])
    logger.info("asked for one payment", extra={**told, "isOurs": payment is not None})
    _count("PaymentsCompared", int(payment is not None))
    if payment:
        _compare(payment, payment.order_id)


def _go_on(gateway: StripeBooks, progress: Progress, context: LambdaContext) -> None:
    """Go through the lists, from where the sweep has come to, as long as there is time."""
    while progress.sweep.part is not Part.DONE:
        part = progress.sweep.part
        try:
            for place, payment in _LISTS[part](gateway, progress.sweep):
                progress.passed(place, payment)
                if context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS:
                    progress.save()
                    return
        except NoPaymentOfThisStack:
            progress.go_to(Part.DONE)
            raise
        progress.go_to(progress.sweep.next_part)


def _payments(gateway: StripeBooks, sweep: Sweep) -> Entries:
    for intent_id, payment in gateway.payments(sweep.created, *sweep.after):
        if payment:
            _compare_unless_malformed(payment, payment.order_id)
        yield (intent_id,), intent_id if payment else ""


def _refunds(gateway: StripeBooks, sweep: Sweep) -> Entries:
    for refund in gateway.refunds(sweep.may_have_failed, *sweep.after):
        if refund.failed or refund.created >= sweep.created.first:
            _look_up(gateway, refund.intent_id)
        yield (refund.id,), ""


def _disputes(gateway: StripeBooks, sweep: Sweep) -> Entries:
    for dispute in gateway.disputes(sweep.created, *sweep.after):
        _look_up(gateway, dispute.intent_id)
        yield (dispute.id,), ""


def _captures(gateway: StripeBooks, sweep: Sweep) -> Entries:
    seen = books_sweep.remembered(sweep)
    for capture in order_books.captures(sweep.captured, sweep.after):
        if capture.intent_id and capture.intent_id not in seen:
            _look_up_captured(gateway, capture, any_seen=bool(seen))
        yield capture.place, ""


_LISTS: Mapping[Part, Callable[[StripeBooks, Sweep], Entries]] = {
    Part.PAYMENTS: _payments,
    Part.REFUNDS: _refunds,
    Part.DISPUTES: _disputes,
    Part.CAPTURES: _captures,
}


def _look_up(gateway: StripeBooks, intent_id: str) -> None:
    payment = gateway.payment(intent_id) if intent_id else None
    if payment:
        _compare_unless_malformed(payment, payment.order_id)


def _look_up_captured(gateway: StripeBooks, capture: Captured, *, any_seen: bool) -> None:
    payment = gateway.payment(capture.intent_id)
    if payment:
        _compare_unless_malformed(payment, capture.order_id)
    elif not any_seen:
        raise NoPaymentOfThisStack(f"order {capture.order_id} has {capture.intent_id}")
    else:
        order, rows = order_books.read(capture.order_id)
        if order:
            now = datetime.now(UTC)
            _note(order, compare_without_payment(order, rows, capture.intent_id, now))


def _compare_unless_malformed(payment: GatewayPayment, order_id: str) -> None:
    """Compare one of many: what is wrong with one order stops no other."""
    try:
        _compare(payment, order_id)
    except _MALFORMED:
        logger.exception("order malformed", orderId=order_id, intentId=payment.intent.id)


def _compare(payment: GatewayPayment, order_id: str) -> None:
    """Compare a payment with its order, which is read after it, and write what follows."""
    order, rows = order_books.read(order_id) if order_id else (None, [])
    if order is None:
        _note_orphan(payment)
        return
    told = compare(payment, order, rows, datetime.now(UTC))
    ledger_rows.add([ledger_rows.row(order, *each) for each in told.missing])
    if told.missing:
        added = [each.kind for each in told.missing]
        logger.info("ledger completed", orderId=order_id, added=added)
    _note(order, told.findings)


def _note(order: Order, findings: Sequence[Finding]) -> None:
    """List the order for operators and tell them once of each cause, after it is written."""
    causes = set(order["attention"])
    for finding in findings:
        if not order_books.note(order["orderId"], finding):
            continue
        logger.info(
            "found",
            orderId=order["orderId"],
            cause=finding.cause,
            gatewayId=finding.gateway_id,
            amount=finding.amount,
        )
        _count("BooksFindings", 1)
        if finding.cause not in causes:
            causes.add(finding.cause)
            order_events.publish_needs_attention(order["orderId"], finding.cause)


def _note_orphan(payment: GatewayPayment) -> None:
    """Report money that belongs to no order, once; an order that never held any may be gone."""
    intent = payment.intent
    money = intent.held or intent.kept
    if money and order_books.note_orphan(intent.id, money):
        logger.error("payment without an order", intentId=intent.id, amount=money)
        _count("PaymentsWithoutOrder", 1)


def _count(name: str, number: int) -> None:
    metrics.add_metric(name, MetricUnit.Count, number)
