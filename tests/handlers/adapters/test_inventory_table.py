from typing import Any
from unittest.mock import patch

import pytest

from handlers.adapters import inventory_table, order_table
from handlers.adapters.conditions import transact
from handlers.adapters.inventory_table import Short, release, reserve
from handlers.domain.order import RELEASING, OrderStatus
from handlers.runtime.aws import client
from tests.support.database import (
    Item,
    an_order,
    everything,
    put_order,
    put_product,
    stock,
    stored_order,
)

S = OrderStatus
UNCHANGED = {"mug": 5, "pen": 5}


@pytest.fixture(autouse=True)
def shelves(orders_table: str, inventory_table: str) -> None:
    """Five of each are available; two mugs and a pen are taken."""
    put_product("mug", 5, taken=2)
    put_product("pen", 5, price=1, taken=1)


def authorised(**changes: Any) -> Item:
    return put_order(an_order("PAYMENT_AUTHORIZED", **changes))


def holding(status: str, **changes: Any) -> Item:
    """An order that has taken its two mugs and its pen."""
    return put_order(an_order(status, stock="TAKEN", **changes))


def test_a_reservation_takes_every_line_and_moves_the_order_in_one_go() -> None:
    order = authorised()
    moved = reserve(order, "run-7")
    assert stock() == {"mug": 3, "pen": 4}
    assert (stored_order()["status"], stored_order()["stock"]) == ("INVENTORY_RESERVED", "TAKEN")
    assert isinstance(moved, dict)
    assert moved | {"version": 0} == stored_order() | {"version": 0}


def test_moves_of_stock_leave_the_operators_numbers_alone() -> None:
    def theirs() -> list[Any]:
        rows = inventory_table.products(["mug", "pen"]).values()
        return [{**row, "available": 0, "taken": 0} for row in rows]

    before = theirs()
    release(holding("REJECTING"))
    reserve(authorised(), "run-7")
    assert theirs() == before


def test_too_little_of_one_line_takes_nothing_of_any() -> None:
    put_product("pen", 0)
    order = authorised()
    before = everything()
    assert reserve(order, "run-7") == Short(["pen"])
    assert everything() == before


def test_every_line_that_is_short_is_named_in_the_orders_words() -> None:
    put_product("mug", 1)
    put_product("pen", 0)
    assert reserve(authorised(), "run-7") == Short(["mug", "pen"])


def test_a_product_that_is_gone_is_short() -> None:
    lines = [{"productId": "never", "quantity": 1}]
    assert reserve(authorised(lines=lines), "run-7") == Short(["never"])


def test_the_last_pieces_can_be_taken_and_none_more() -> None:
    assert isinstance(reserve(authorised(lines=[{"productId": "mug", "quantity": 5}]), "r"), dict)
    other = "B" * 26
    second = authorised(orderId=other, lines=[{"productId": "mug", "quantity": 1}])
    assert reserve(second, "r") == Short(["mug"])
    assert stock()["mug"] == 0


def test_twenty_lines_fit_into_one_reservation() -> None:
    lines = [{"productId": f"p-{number}", "quantity": 1} for number in range(20)]
    for line in lines:
        put_product(line["productId"], 1)
    assert isinstance(reserve(authorised(lines=lines), "run-7"), dict)
    assert {number for name, number in stock().items() if name.startswith("p-")} == {0}


@pytest.mark.parametrize("meanwhile", ["INVENTORY_RESERVED", "CONFIRMED", "REJECTING", "REJECTED"])
def test_an_order_that_moved_on_is_superseded_and_takes_nothing(meanwhile: str) -> None:
    put_order(an_order(meanwhile))
    assert reserve(an_order("PAYMENT_AUTHORIZED"), "run-7") is None
    assert stock() == UNCHANGED


def test_superseded_wins_over_out_of_stock() -> None:
    """The run that was faster may have taken the very pieces that are missing now."""
    holding("INVENTORY_RESERVED")
    put_product("mug", 0, taken=2)
    assert reserve(an_order("PAYMENT_AUTHORIZED"), "run-7") is None


def test_reserving_twice_takes_once() -> None:
    order = authorised()
    reserve(order, "run-7")
    after = everything()
    assert reserve(order, "run-8") is None
    assert everything() == after


@pytest.mark.parametrize("taken", ["TAKEN", "RETURNED"])
def test_stock_that_the_status_denies_is_a_fault_and_takes_nothing(taken: str) -> None:
    authorised(stock=taken)
    with pytest.raises(RuntimeError, match="holds stock that its status denies"):
        reserve(an_order("PAYMENT_AUTHORIZED"), "run-7")
    assert stock() == UNCHANGED


@pytest.mark.parametrize("status", sorted(RELEASING))
def test_a_releasing_order_gives_back_every_line(status: str) -> None:
    order = holding(status)
    assert release(order) == order | {"stock": "RETURNED"}
    assert stock() == {"mug": 7, "pen": 6}
    after = stored_order()
    assert after == order | {"stock": "RETURNED", "version": order["version"] + 1}


@pytest.mark.parametrize("status", [s for s in S if s not in (S.REJECTING, S.CANCELLING)])
def test_no_other_order_gives_anything_back(status: OrderStatus) -> None:
    holding(status)
    before = everything()
    assert release(an_order("REJECTING", stock="TAKEN")) is None
    assert everything() == before


def test_stock_comes_back_once_however_often_it_is_released() -> None:
    order = holding("REJECTING")
    released = order | {"stock": "RETURNED"}
    assert [release(order), release(order), release(released)] == [released] * 3
    assert stock() == {"mug": 7, "pen": 6}


def test_an_order_that_took_nothing_writes_nothing() -> None:
    order = put_order(an_order("REJECTING"))
    before = everything()
    with patch.object(client("dynamodb"), "transact_write_items") as write:
        assert release(order) == order
    write.assert_not_called()
    assert everything() == before


def test_a_run_that_believes_in_stock_which_was_never_taken_gives_nothing_back() -> None:
    """Its order was read before; the table decides."""
    put_order(an_order("REJECTING"))
    before = everything()
    assert release(an_order("REJECTING", stock="TAKEN"))
    assert everything() == before


def test_stock_of_a_retired_product_comes_back_all_the_same() -> None:
    put_product("mug", 5, taken=2, catalogue=None)
    assert release(holding("REJECTING"))
    assert stock() == {"mug": 7, "pen": 6}


@pytest.mark.parametrize("lines", [[{"productId": "never", "quantity": 2}], None])
def test_stock_that_its_product_has_not_as_taken_is_a_fault_and_gives_nothing_back(
    lines: list[Item] | None,
) -> None:
    put_product("mug", 5, taken=1)
    order = holding("REJECTING", **({"lines": lines} if lines else {}))
    before = everything()
    with pytest.raises(RuntimeError, match="a product has not as taken"):
        release(order)
    assert everything() == before


def test_reserve_and_release_in_a_row_leave_the_stock_as_it_was() -> None:
    order = authorised()
    reserve(order, "run-7")
    write, rejecting = order_table.move(
        order | {"status": "INVENTORY_RESERVED"}, S.REJECTING, "run-7"
    )
    transact([write])
    release({**rejecting, "stock": "TAKEN"})
    assert stock() == UNCHANGED
