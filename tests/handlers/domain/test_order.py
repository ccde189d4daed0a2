import base64
import hashlib
import itertools
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from handlers.domain.order import (
    RELEASING,
    TRANSITIONS,
    OrderStatus,
    order_id,
    sources,
    timestamp,
)

S = OrderStatus
AT_REST = {S.CONFIRMED, S.REJECTED, S.CANCELLED}


def reachable(start: OrderStatus) -> set[OrderStatus]:
    found: set[OrderStatus] = set()
    waiting = [start]
    while waiting:
        status = waiting.pop()
        if status not in found:
            found.add(status)
            waiting += TRANSITIONS[status]
    return found


def test_every_status_has_its_line_in_the_table_of_moves() -> None:
    assert set(TRANSITIONS) == set(OrderStatus)


def test_every_status_can_be_reached_by_a_new_order() -> None:
    assert reachable(S.RECEIVED) == set(OrderStatus)


def test_every_order_can_come_to_rest_wherever_it_stands() -> None:
    assert all(reachable(status) & AT_REST for status in OrderStatus)


def test_no_order_can_come_back_to_where_it_was() -> None:
    assert not [s for s, targets in TRANSITIONS.items() for t in targets if s in reachable(t)]


def test_what_is_closed_stays_closed() -> None:
    assert {s for s, targets in TRANSITIONS.items() if not targets} == {S.REJECTED, S.CANCELLED}


def test_a_paid_order_is_cancelled_and_never_rejected() -> None:
    assert TRANSITIONS[S.CONFIRMED] == {S.CANCELLING}
    assert sources(S.CONFIRMED) == [S.INVENTORY_RESERVED]


def test_stock_is_taken_only_after_the_payment_is_authorised() -> None:
    assert sources(S.INVENTORY_RESERVED) == [S.PAYMENT_AUTHORIZED]


def test_an_order_is_closed_as_refused_only_by_way_of_releasing() -> None:
    assert sources(S.REJECTED) == [S.REJECTING]
    assert sources(S.CANCELLED) == [S.CANCELLING]
    assert {S.REJECTING, S.CANCELLING} == RELEASING


def test_every_order_that_is_not_paid_can_be_refused() -> None:
    assert set(sources(S.REJECTING)) == {
        S.RECEIVED,
        S.VALIDATED,
        S.AWAITING_PAYMENT,
        S.PAYMENT_AUTHORIZED,
        S.INVENTORY_RESERVED,
    }


def test_an_order_id_is_opaque_and_has_26_base32_characters() -> None:
    made = order_id("customer-1", "key-1")
    assert re.fullmatch(r"[A-Z2-7]{26}", made)
    assert "CUSTOMER" not in made


def test_the_order_id_is_the_same_in_every_release() -> None:
    """The whole of idempotency rests on it, so what it hashes is written out here once more."""
    parts = b"\x00\x00\x00\x0acustomer-1" + b"\x00\x00\x00\x05key-1"
    expected = base64.b32encode(hashlib.sha256(parts).digest()[:16]).decode().rstrip("=")
    assert order_id("customer-1", "key-1") == expected


def test_no_two_pairs_of_customer_and_key_make_the_same_id() -> None:
    texts = ["a", "b", "ab", "ba", "aab", "\x00\x00\x00\x01a", "é", "e\u0301"]
    pairs = list(itertools.product(texts, texts))
    assert len({order_id(*pair) for pair in pairs}) == len(pairs)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 22, 10, 25, 10, 123456, UTC), "2026-11-22T10:25:10.123Z"),
        (datetime(2026, 11, 22, 10, 25, 10, 0, UTC), "2026-11-22T10:25:10.000Z"),
        (
            datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=2))),
            "2025-12-31T22:30:00.000Z",
        ),
    ],
)
def test_a_timestamp_is_utc_with_milliseconds(moment: datetime, text: str) -> None:
    assert timestamp(moment) == text


def test_timestamps_sort_as_text_in_the_order_of_time() -> None:
    start = datetime(2026, 12, 31, 23, 59, 59, 999000, UTC)
    moments = [start + timedelta(milliseconds=step) for step in (0, 1, 999, 1000, 60_000)]
    texts = [timestamp(moment) for moment in moments]
    assert texts == sorted(texts)
    assert len({len(text) for text in texts}) == 1


def test_a_timestamp_is_of_now_unless_told_otherwise() -> None:
    before = timestamp(datetime.now(UTC))
    assert before <= timestamp() <= timestamp(datetime.now(UTC))
