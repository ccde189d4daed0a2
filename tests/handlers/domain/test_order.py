import base64
import hashlib
import itertools
import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.domain.order import (
    AT_REST,
    BEFORE_PIVOT,
    OPEN_SHARDS,
    RELEASING,
    TRANSITIONS,
    OrderRequest,
    OrderStatus,
    new_order,
    open_shard,
    order_id,
    payment_of,
    sources,
)

S = OrderStatus
REQUEST: Any = {
    "lines": [{"productId": "mug", "quantity": 2}],
    "expectedTotal": {"amount": 2800, "currency": "EUR"},
    "paymentMethod": "pm_card_visa",
}
NOW = datetime(2026, 11, 22, 10, 25, 10, 123456, UTC)


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


def test_an_order_is_at_rest_where_nothing_but_a_cancellation_moves_it() -> None:
    onward = {s: TRANSITIONS[s] - {S.CANCELLING} for s in OrderStatus}
    assert {status for status, targets in onward.items() if not targets} == AT_REST


def test_the_pivot_is_between_what_is_given_up_and_the_payment_that_is_captured() -> None:
    way = reachable(S.RECEIVED) - reachable(S.REJECTING) - reachable(S.CONFIRMED)
    assert set(sources(S.CONFIRMED)) == way - BEFORE_PIVOT
    assert way > BEFORE_PIVOT


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


def test_an_order_is_always_listed_in_the_same_one_of_ten_shards_and_they_fill_alike() -> None:
    ids = [order_id("customer-1", f"key-{number}") for number in range(10_000)]
    listed = Counter(map(open_shard, ids))
    assert set(listed) == set(OPEN_SHARDS)
    assert len(OPEN_SHARDS) == 10
    assert max(listed.values()) < 1_200
    assert open_shard("MFRGGZDFMZTWQ2LKNNWG23TPOB") == "3"


def test_a_new_order_is_received_due_and_holds_what_its_customer_asked_for() -> None:
    request = REQUEST | {"name": "Anna"}
    assert request.keys() == OrderRequest.__annotations__.keys()
    order = new_order("customer-1", "anna@example.com", "key-1", request, NOW)
    fingerprint = order.pop("fingerprint")
    assert re.fullmatch("[0-9A-Za-z_-]{43}", fingerprint)
    assert order.pop("openShard") in OPEN_SHARDS
    assert order == {
        "orderId": order_id("customer-1", "key-1"),
        "name": "Anna",
        "lines": REQUEST["lines"],
        "paymentMethod": "pm_card_visa",
        "total": 2800,
        "customerId": "customer-1",
        "email": "anna@example.com",
        "currency": "EUR",
        "status": S.RECEIVED,
        "version": 1,
        "attempts": 0,
        "attention": {},
        "timeline": [{"status": S.RECEIVED, "at": "2026-11-22T10:25:10.123Z"}],
        "createdAt": "2026-11-22T10:25:10.123Z",
        "dueAt": "2026-11-22T10:27:10.123Z",
    }


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Anna"},
        {"paymentMethod": "pm_card_mastercard"},
        {"lines": [{"productId": "mug", "quantity": 3}]},
        {"expectedTotal": {"amount": 2801, "currency": "EUR"}},
    ],
)
def test_every_part_of_a_request_tells_it_from_another(change: dict[str, Any]) -> None:
    one, again, other = (
        new_order("customer-1", "anna@example.com", "key-1", request, NOW)["fingerprint"]
        for request in (REQUEST, dict(reversed(REQUEST.items())), REQUEST | change)
    )
    assert one == again != other


def test_what_an_order_does_not_have_yet_is_a_fault() -> None:
    order = new_order("customer-1", "anna@example.com", "key-1", REQUEST, NOW)
    with pytest.raises(ValueError, match=order["orderId"]):
        payment_of(order)
