"""What is found of each status, refund, dispute and ledger, and which rows are added."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.domain.books import (
    Cause,
    Comparison,
    Finding,
    GatewayPayment,
    compare,
    compare_without_payment,
)
from handlers.domain.clock import timestamp
from handlers.domain.ledger import LedgerKind, LedgerRow, proven
from handlers.domain.order import AT_REST, OrderStatus
from handlers.domain.payment import Dispute, IntentStatus, PaymentIntent, Refund
from tests.support.database import an_order
from tests.support.fake_gateway import an_intent

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
LONG_AGO = timestamp(NOW - timedelta(hours=1, seconds=1))
A_MOMENT_AGO = timestamp(NOW - timedelta(minutes=59))
PAID = an_intent(IntentStatus.CAPTURED)
HELD = an_intent(IntentStatus.HELD)
LET_GO = replace(HELD, status=IntentStatus.CANCELLED)
GIVEN_BACK = replace(PAID, refunds=(Refund("re_1", 2801),))
IN_PART = replace(PAID, refunds=(Refund("re_1", 500),))
CAME_BACK = replace(PAID, refunds=(Refund("re_1", 2801, failed=True),))
TWICE = replace(PAID, refunds=(Refund("re_2", 2801), Refund("re_1", 2801, failed=True)))
RELEASED = sorted(AT_REST - {OrderStatus.CONFIRMED})
K = LedgerKind


def rows_of(*entries: tuple[LedgerKind, int, str]) -> list[LedgerRow]:
    at = LONG_AGO
    return [
        {"kind": kind, "amount": amount, "currency": "USD", "gatewayId": id, "at": at}
        for kind, amount, id in entries
    ]


def compared(
    status: str,
    intent: PaymentIntent,
    *,
    disputes: tuple[Dispute, ...] = (),
    rows: list[LedgerRow] | None = None,
    since: str = LONG_AGO,
    **changes: Any,
) -> Comparison:
    """Compare with an order that has been in this status since then; by default its ledger is complete."""
    kept = {"payment": {"intentId": "pi_1"}, "timeline": [{"status": status, "at": since}]}
    order: Any = an_order(status, **(kept | changes))
    if rows is None:
        rows = rows_of(*proven(intent, disputes))
    return compare(GatewayPayment(intent, disputes, order["orderId"]), order, rows, NOW)


def found(comparison: Comparison) -> dict[str, tuple[str, int]]:
    assert comparison.missing == []
    return {each.cause: (each.gateway_id, each.amount) for each in comparison.findings}


@pytest.mark.parametrize(
    ("status", "intent"),
    [
        ("CONFIRMED", PAID),
        *((status, GIVEN_BACK) for status in RELEASED),
        *((status, LET_GO) for status in RELEASED),
        *((status, an_intent(IntentStatus.DECLINED)) for status in RELEASED),
        *((status, an_intent(IntentStatus.CREATED)) for status in RELEASED),
        *((status, an_intent(IntentStatus.CANCELLED)) for status in RELEASED),
    ],
)
def test_books_that_agree_have_no_finding(status: str, intent: PaymentIntent) -> None:
    assert found(compared(status, intent)) == {}


@pytest.mark.parametrize("since", [LONG_AGO, A_MOMENT_AGO])
@pytest.mark.parametrize(("intent", "amount"), [(GIVEN_BACK, 2801), (IN_PART, 500)])
def test_a_refund_of_a_confirmed_order_was_not_made_by_the_shop(
    intent: PaymentIntent, amount: int, since: str
) -> None:
    told = compared("CONFIRMED", intent, since=since)
    assert found(told) == {Cause.REFUNDED_OUTSIDE: ("re_1", amount)}


@pytest.mark.parametrize("status", sorted(set(OrderStatus) - {OrderStatus.CONFIRMED}))
def test_a_refund_of_any_other_order_is_the_shops_own(status: str) -> None:
    assert found(compared(status, GIVEN_BACK)) == {}


@pytest.mark.parametrize("since", [LONG_AGO, A_MOMENT_AGO])
@pytest.mark.parametrize("status", OrderStatus)
def test_a_refund_that_failed_is_found_in_every_status(status: str, since: str) -> None:
    told = found(compared(status, CAME_BACK, since=since))
    assert told.pop(Cause.REFUND_FAILED) == ("re_1", 2801)
    is_kept = status in RELEASED and since == LONG_AGO
    assert told == ({Cause.BOOKS: ("pi_1", 2801)} if is_kept else {})


@pytest.mark.parametrize("status", RELEASED)
def test_a_refund_that_is_made_again_leaves_nothing_but_the_one_that_failed(status: str) -> None:
    assert found(compared(status, TWICE)) == {Cause.REFUND_FAILED: ("re_1", 2801)}
    before = (K.REFUND, 2801, "re_1")
    told = compared(status, TWICE, rows=rows_of(before, *proven(TWICE)))
    assert found(told) == {Cause.REFUND_FAILED: ("re_1", 2801)}


@pytest.mark.parametrize("since", [LONG_AGO, A_MOMENT_AGO])
@pytest.mark.parametrize("status", OrderStatus)
def test_a_dispute_is_found_in_every_status(status: str, since: str) -> None:
    intent = PAID if status == OrderStatus.CONFIRMED else GIVEN_BACK
    told = compared(status, intent, disputes=(Dispute("du_1", 700),), since=since)
    assert found(told) == {Cause.DISPUTED: ("du_1", 700)}


@pytest.mark.parametrize(
    ("status", "intent", "amount"),
    [
        *((status, HELD, 2801) for status in RELEASED),
        *((status, PAID, 2801) for status in RELEASED),
        *((status, IN_PART, 2301) for status in RELEASED),
        ("CONFIRMED", HELD, 2801),
        ("CONFIRMED", LET_GO, 0),
        ("CONFIRMED", an_intent(), 0),
        ("CONFIRMED", replace(PAID, amount_received=2800), 2800),
    ],
)
def test_money_that_the_status_does_not_explain_is_found_after_an_hour_at_rest(
    status: str, intent: PaymentIntent, amount: int
) -> None:
    assert found(compared(status, intent)) == {Cause.BOOKS: ("pi_1", amount)}
    assert found(compared(status, intent, since=A_MOMENT_AGO)) == {}


@pytest.mark.parametrize("intent", [HELD, PAID])
@pytest.mark.parametrize("status", sorted(set(OrderStatus) - AT_REST))
def test_an_order_that_is_not_at_rest_may_hold_and_keep_money(
    status: str, intent: PaymentIntent
) -> None:
    assert found(compared(status, intent)) == {}


@pytest.mark.parametrize(
    ("status", "intent", "rows"),
    [
        ("CONFIRMED", PAID, [(K.AUTHORIZE, 2801, "pi_1"), (K.CAPTURE, 2800, "pi_1")]),
        ("CONFIRMED", PAID, [*proven(PAID), (K.REFUND, 2801, "re_9")]),
        ("CANCELLED", GIVEN_BACK, [*proven(PAID), (K.REFUND, 1, "re_1")]),
        ("REJECTED", LET_GO, [*proven(LET_GO), (K.CAPTURE, 2801, "pi_1")]),
    ],
)
def test_a_ledger_that_says_another_sum_than_the_gateway_keeps_is_found(
    status: str, intent: PaymentIntent, rows: list[tuple[LedgerKind, int, str]]
) -> None:
    assert set(found(compared(status, intent, rows=rows_of(*rows)))) == {Cause.BOOKS}
    assert found(compared(status, intent, rows=rows_of(*rows), since=A_MOMENT_AGO)) == {}


@pytest.mark.parametrize("intent", [PAID, GIVEN_BACK, CAME_BACK, TWICE, HELD, LET_GO])
@pytest.mark.parametrize("status", sorted(AT_REST))
def test_the_rows_that_an_order_at_rest_lacks_are_added_and_then_count(
    status: str, intent: PaymentIntent
) -> None:
    disputes = (Dispute("du_1", 2801),)
    told = compared(status, intent, disputes=disputes, rows=[])
    assert told.missing == proven(intent, disputes)
    assert told.findings == compared(status, intent, disputes=disputes).findings
    some = compared(status, intent, disputes=disputes, rows=rows_of(*told.missing[1:]))
    assert some.missing == told.missing[:1]


@pytest.mark.parametrize("status", sorted(set(OrderStatus) - AT_REST))
def test_before_an_order_is_at_rest_only_refunds_and_disputes_are_added(status: str) -> None:
    told = compared(status, TWICE, disputes=(Dispute("du_1", 2801),), rows=[])
    assert [(each.kind, each.gateway_id) for each in told.missing] == [
        (K.REFUND, "re_2"),
        (K.REFUND_FAILED, "re_1"),
        (K.DISPUTE, "du_1"),
    ]


@pytest.mark.parametrize("payment", [{}, {"payment": {"intentId": "pi_other"}}])
@pytest.mark.parametrize(
    ("status", "intent", "amount"),
    [
        ("CONFIRMED", PAID, 2801),
        ("REJECTED", HELD, 2801),
        ("CANCELLED", IN_PART, 2301),
        ("REJECTED", an_intent(), 0),
        ("CONFIRMED", GIVEN_BACK, 0),
        ("VALIDATED", HELD, 0),
    ],
)
def test_money_in_another_payment_than_the_orders_own_is_found_and_not_entered(
    payment: dict[str, Any], status: str, intent: PaymentIntent, amount: int
) -> None:
    order: Any = an_order(status, timeline=[{"status": status, "at": LONG_AGO}], **payment)
    told = compare(GatewayPayment(intent, (), order["orderId"]), order, [], NOW)
    assert told == Comparison([Finding(Cause.BOOKS, "pi_1", amount)] if amount else [], [])


@pytest.mark.parametrize(
    ("rows", "since", "is_found"),
    [
        (proven(PAID), LONG_AGO, True),
        (proven(PAID), A_MOMENT_AGO, False),
        (proven(GIVEN_BACK), LONG_AGO, False),
        (proven(CAME_BACK), LONG_AGO, True),
    ],
)
def test_a_capture_that_the_gateway_does_not_know_is_found_unless_it_was_given_back(
    rows: list[Any], since: str, is_found: bool
) -> None:
    order: Any = an_order("CONFIRMED", timeline=[{"status": "CONFIRMED", "at": since}])
    told = compare_without_payment(order, rows_of(*rows), "pi_1", NOW)
    assert told == ([Finding(Cause.BOOKS, "pi_1", 0)] if is_found else [])


def test_a_malformed_order_is_an_error_of_its_data() -> None:
    for broken in ({"timeline": []}, {"timeline": [{"at": "yesterday"}]}, {"timeline": [{}]}):
        with pytest.raises((KeyError, IndexError, ValueError)):
            compared("CONFIRMED", PAID, **broken)
