from typing import Any
from unittest.mock import patch

import pytest

from handlers.adapters import inventory_table, order_table, reads
from handlers.adapters.conditions import transact
from handlers.adapters.inventory_table import Short, release, reserve
from handlers.domain.order import RELEASING, OrderStatus
from handlers.runtime.aws import client
from tests.support.database import (
    ORDER_ID,
    Item,
    an_order,
    everything,
    put_order,
    put_product,
    put_reservation,
    reservation,
    stock,
    stored_order,
)

S = OrderStatus
UNCHANGED = {"mug": 5, "pen": 5}


@pytest.fixture(autouse=True)
def shelves(orders_table: str, inventory_table: str) -> None:
    put_product("mug", 5)
    put_product("pen", 5, price=1)


def authorised(**changes: Any) -> Item:
    return put_order(an_order("PAYMENT_AUTHORIZED", **changes))


def test_the_catalogue_is_what_is_for_sale_by_name() -> None:
    put_product("ark", 1, name="Zebra Ark")
    put_product("old", 9, catalogue=None)
    names = [product["name"] for product in inventory_table.catalogue()]
    assert names == ["Mug", "Pen", "Zebra Ark"]


def test_a_catalogue_larger_than_one_read_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "_BATCH", 2)
    for number in range(3):
        put_product(f"p-{number}", 1)
    assert {product["productId"] for product in inventory_table.catalogue()} == set(stock())


def test_a_retired_product_is_unknown_though_its_item_is_there() -> None:
    put_product("old", 9, catalogue=None)
    assert set(inventory_table.products(["mug", "old", "never"])) == {"mug"}


def test_products_are_read_consistently() -> None:
    answer = {"Responses": {"inventory": []}, "UnprocessedKeys": {}}
    with patch.object(client("dynamodb"), "batch_get_item", return_value=answer) as read:
        inventory_table.products(["mug"])
    assert read.call_args.kwargs["RequestItems"]["inventory"]["ConsistentRead"] is True


def test_products_that_were_not_read_at_first_are_asked_for_again() -> None:
    real = client("dynamodb").batch_get_item
    asked: list[list[Item]] = []

    def throttled(RequestItems: Item) -> Item:
        keys = RequestItems["inventory"]["Keys"]
        asked.append(keys)
        answer = real(RequestItems={"inventory": {"Keys": keys[:1]}})
        rest = {"inventory": {"Keys": keys[1:]}} if keys[1:] else {}
        return answer | {"UnprocessedKeys": rest}

    with patch.object(client("dynamodb"), "batch_get_item", throttled):
        assert set(inventory_table.products(["mug", "pen"])) == {"mug", "pen"}
    assert [len(keys) for keys in asked] == [2, 1]


def test_a_reservation_takes_every_line_and_moves_the_order_in_one_go() -> None:
    order = authorised()
    moved = reserve(order, "run-7")
    assert stock() == {"mug": 3, "pen": 4}
    held = reservation()
    assert held
    assert held["status"] == "HELD"
    assert held["lines"] == [
        {"productId": "mug", "quantity": 2},
        {"productId": "pen", "quantity": 1},
    ]
    assert stored_order()["status"] == "INVENTORY_RESERVED"
    assert isinstance(moved, dict)
    assert moved | {"version": 0} == stored_order() | {"version": 0}


def test_a_reservation_counts_up_the_products_version() -> None:
    reserve(authorised(), "run-7")
    assert inventory_table.products(["mug"])["mug"]["version"] == 2


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
    second = authorised(
        orderId=other, pk=f"ORDER#{other}", lines=[{"productId": "mug", "quantity": 1}]
    )
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
    assert reservation() is None


def test_superseded_wins_over_out_of_stock() -> None:
    """The run that was faster may have taken the very pieces that are missing now."""
    put_order(an_order("INVENTORY_RESERVED"))
    put_product("mug", 0)
    put_reservation(an_order("INVENTORY_RESERVED"), "HELD")
    assert reserve(an_order("PAYMENT_AUTHORIZED"), "run-7") is None


def test_reserving_twice_takes_once() -> None:
    order = authorised()
    reserve(order, "run-7")
    after = everything()
    assert reserve(order, "run-8") is None
    assert everything() == after


def test_a_reservation_that_no_status_explains_is_a_fault_and_not_a_refusal() -> None:
    put_reservation(authorised(), "HELD")
    with pytest.raises(RuntimeError, match="holds stock that its status does not show"):
        reserve(an_order("PAYMENT_AUTHORIZED"), "run-7")
    assert stock() == UNCHANGED


@pytest.mark.parametrize("status", sorted(RELEASING))
@pytest.mark.parametrize("taken", ["HELD", "SOLD"])
def test_a_releasing_order_gives_back_every_line(status: str, taken: str) -> None:
    order = put_order(an_order(status))
    put_reservation(order, taken)
    assert release(order) is True
    assert stock() == {"mug": 7, "pen": 6}
    assert (reservation() or {})["status"] == "RELEASED"


@pytest.mark.parametrize("status", [s for s in S if s not in (S.REJECTING, S.CANCELLING)])
def test_no_other_order_gives_anything_back(status: OrderStatus) -> None:
    put_reservation(put_order(an_order(status)), "HELD")
    before = everything()
    assert release(an_order("REJECTING")) is False
    assert everything() == before


def test_stock_comes_back_once_however_often_it_is_released() -> None:
    order = put_order(an_order("REJECTING"))
    put_reservation(order, "HELD")
    assert [release(order), release(order), release(order)] == [True, True, True]
    assert stock() == {"mug": 7, "pen": 6}


def test_an_order_that_took_nothing_gives_nothing_back() -> None:
    order = put_order(an_order("REJECTING"))
    assert release(order) is True
    assert stock() == UNCHANGED


def test_an_order_of_unknown_products_has_nothing_to_give_back() -> None:
    order = put_order(an_order("REJECTING", lines=[{"productId": "never", "quantity": 2}]))
    assert release(order) is True
    assert stock() == UNCHANGED


def test_stock_of_a_retired_product_comes_back_all_the_same() -> None:
    put_product("mug", 5, catalogue=None)
    order = put_order(an_order("REJECTING"))
    put_reservation(order, "HELD")
    assert release(order) is True
    assert stock() == {"mug": 7, "pen": 6}


def test_stock_of_a_product_that_was_deleted_is_a_fault_and_gives_nothing_back() -> None:
    order = put_order(an_order("REJECTING", lines=[{"productId": "never", "quantity": 2}]))
    put_reservation(order, "HELD")
    with pytest.raises(RuntimeError, match="a product that is gone"):
        release(order)
    assert (reservation() or {})["status"] == "HELD"


@pytest.mark.parametrize(("taken", "refused"), [("HELD", []), ("SOLD", [0]), ("RELEASED", [0])])
def test_only_what_is_held_is_sold(taken: str, refused: list[int]) -> None:
    put_reservation(an_order("INVENTORY_RESERVED"), taken)
    assert list(transact([inventory_table.sell(ORDER_ID)])) == refused
    assert (reservation() or {})["status"] == ("SOLD" if taken == "HELD" else taken)


def test_reserve_and_release_in_a_row_leave_the_stock_as_it_was() -> None:
    order = authorised()
    reserve(order, "run-7")
    write, rejecting = order_table.move(
        order | {"status": "INVENTORY_RESERVED"}, S.REJECTING, "run-7"
    )
    transact([write])
    release(rejecting)
    assert stock() == UNCHANGED
