import re
from typing import Any
from unittest.mock import patch

import pytest

from handlers.adapters import order_table
from handlers.adapters.conditions import transact
from handlers.domain.order import OrderStatus
from handlers.runtime.aws import client
from tests.support.database import (
    ORDER_ID,
    Item,
    all_orders,
    an_order,
    as_stored,
    everything,
    put_order,
    stored_order,
)

pytestmark = pytest.mark.usefixtures("orders_table")
S = OrderStatus
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def the_order(number: int, **changes: Any) -> Item:
    """One of many orders, each a second after the one before."""
    order_id = f"{number:A>26}".replace("0", "Q").replace("1", "R")
    created = f"2026-11-22T10:25:{number:02}.000Z"
    keys = {"orderId": order_id, "createdAt": created}
    return an_order("CONFIRMED", **(keys | changes))


def test_a_new_order_is_written_under_its_own_key() -> None:
    order = an_order("RECEIVED")
    assert order_table.insert(order) is None
    assert stored_order() == order
    assert order_table.get(ORDER_ID) == order


def test_the_orders_id_is_stored_once() -> None:
    order_table.insert(an_order("RECEIVED"))
    [item] = client("dynamodb").scan(TableName="orders")["Items"]
    assert str(item).count(ORDER_ID) == 1


def test_an_order_is_written_once_and_the_second_gets_the_first_back() -> None:
    first = put_order(an_order("CONFIRMED"))
    assert order_table.insert(an_order("RECEIVED", email="other@example.com")) == first
    assert all_orders() == [first]


def test_an_order_that_is_not_there_reads_as_none() -> None:
    assert order_table.get(ORDER_ID) is None


def test_an_order_is_read_consistently() -> None:
    with patch.object(client("dynamodb"), "get_item", return_value={}) as read:
        order_table.get(ORDER_ID)
    assert read.call_args.kwargs["ConsistentRead"] is True


def test_a_move_changes_status_timeline_and_version_and_nothing_else() -> None:
    before = put_order(an_order("PAYMENT_AUTHORIZED"))
    write, _ = order_table.move(before, S.INVENTORY_RESERVED, "run-7")
    assert transact([write]) == {}
    after = stored_order()
    added = after["timeline"][-1]
    assert ISO.fullmatch(added.pop("at"))
    assert added == {"status": "INVENTORY_RESERVED", "run": "run-7"}
    assert after == before | {
        "status": "INVENTORY_RESERVED",
        "version": before["version"] + 1,
        "timeline": after["timeline"],
    }
    assert after["timeline"][:-1] == before["timeline"]


def test_a_move_answers_the_order_as_the_table_has_it_afterwards() -> None:
    before = put_order(an_order("VALIDATED"))
    write, moved = order_table.move(before, S.AWAITING_PAYMENT, "run-7", {"dueAt": "2027"})
    transact([write])
    assert moved | {"version": 0} == stored_order() | {"version": 0}
    assert before == an_order("VALIDATED")


@pytest.mark.parametrize("meanwhile", [s for s in OrderStatus if s != S.VALIDATED])
def test_a_move_decided_on_another_status_is_refused_with_the_order_as_it_stands(
    meanwhile: OrderStatus,
) -> None:
    standing = put_order(an_order(meanwhile))
    write, _ = order_table.move(an_order("VALIDATED"), S.PAYMENT_AUTHORIZED, "run-7")
    assert transact([write]) == {0: as_stored(standing)}
    assert stored_order() == standing


def test_a_move_made_twice_lands_once() -> None:
    order = put_order(an_order("VALIDATED"))
    write, _ = order_table.move(order, S.PAYMENT_AUTHORIZED, "run-7")
    assert transact([write]) == {}
    once = stored_order()
    again, _ = order_table.move(order, S.PAYMENT_AUTHORIZED, "run-8")
    assert transact([again]) == {0: as_stored(once)}
    assert stored_order() == once


@pytest.mark.parametrize(
    ("status", "target", "stock"),
    [
        (S.PAYMENT_AUTHORIZED, S.INVENTORY_RESERVED, "TAKEN"),
        (S.PAYMENT_AUTHORIZED, S.INVENTORY_RESERVED, "RETURNED"),
        (S.INVENTORY_RESERVED, S.CONFIRMED, "RETURNED"),
        (S.INVENTORY_RESERVED, S.CONFIRMED, None),
    ],
)
def test_stock_is_taken_once_and_no_order_is_confirmed_without_it(
    status: OrderStatus, target: OrderStatus, stock: str | None
) -> None:
    order = put_order(an_order(status, **({"stock": stock} if stock else {})))
    write, _ = order_table.move(order, target, "run-7")
    assert transact([write]) == {0: as_stored(order)}


def test_a_move_never_creates_an_order() -> None:
    write, _ = order_table.move(an_order("VALIDATED"), S.PAYMENT_AUTHORIZED, "run-7")
    assert transact([write]) == {0: {}}
    assert all_orders() == []


def test_the_intent_is_noted_on_the_order_in_the_status_it_was_read_in() -> None:
    order = put_order(an_order("VALIDATED"))
    assert order_table.record_intent(order, "pi_1") is None
    after = stored_order()
    assert after["payment"] == {"intentId": "pi_1"}
    assert (after["status"], after["version"]) == ("VALIDATED", order["version"] + 1)


def test_an_intent_is_noted_once_and_the_loser_gets_the_order_with_the_winners() -> None:
    order = put_order(an_order("VALIDATED"))
    order_table.record_intent(order, "pi_1")
    assert order_table.record_intent(order, "pi_2") == stored_order()
    assert stored_order()["payment"] == {"intentId": "pi_1"}


def test_no_intent_is_noted_on_an_order_that_has_moved_on() -> None:
    standing = put_order(an_order("REJECTING"))
    assert order_table.record_intent(an_order("VALIDATED"), "pi_1") == standing
    assert stored_order() == standing


def test_a_page_holds_a_customers_own_orders_whole_and_newest_first() -> None:
    for number in (1, 3, 2):
        put_order(the_order(number))
    put_order(the_order(4, customerId="customer-ben"))
    orders, following = order_table.page("customer-anna", 20, None)
    assert orders == [the_order(3), the_order(2), the_order(1)]
    assert following is None


def test_the_pages_of_a_list_hold_every_order_once() -> None:
    for number in range(7):
        put_order(the_order(number))
    pages: list[list[Item]] = []
    start = None
    while True:
        orders, start = order_table.page("customer-anna", 3, start)
        pages.append(orders)
        if start is None:
            break
    assert [len(page) for page in pages] == [3, 3, 1]
    listed = [order["orderId"] for page in pages for order in page]
    assert listed == [the_order(number)["orderId"] for number in reversed(range(7))]


def test_orders_of_the_same_millisecond_are_all_listed() -> None:
    for number in range(5):
        put_order(the_order(number, createdAt="2026-11-22T10:25:10.000Z"))
    first, start = order_table.page("customer-anna", 3, None)
    rest, _ = order_table.page("customer-anna", 3, start)
    assert len({order["orderId"] for order in first + rest}) == 5


def test_looking_changes_nothing() -> None:
    put_order(an_order("CONFIRMED"))
    before = everything()
    order_table.get(ORDER_ID)
    order_table.page("customer-anna", 20, None)
    assert everything() == before
