import pytest

from handlers.workflow import update_inventory
from tests.handlers.workflow.conftest import Run
from tests.support.database import (
    an_order,
    everything,
    put_order,
    put_product,
    stock,
    stored_order,
)


@pytest.fixture(autouse=True)
def shelves(orders_table: str, inventory_table: str) -> None:
    put_product("mug", 2)
    put_product("pen", 1)


def test_the_stock_is_taken_and_the_order_says_so(run: Run) -> None:
    answer = run(update_inventory, put_order(an_order("PAYMENT_AUTHORIZED")))
    assert answer["outcome"] == "RESERVED"
    assert stock() == {"mug": 0, "pen": 0}
    assert answer["order"]["status"] == stored_order()["status"] == "INVENTORY_RESERVED"
    assert answer["order"]["timeline"] == stored_order()["timeline"]


def test_what_is_short_is_a_refusal_that_names_it(run: Run) -> None:
    put_product("mug", 1)
    put_product("pen", 0)
    order = put_order(an_order("PAYMENT_AUTHORIZED"))
    before = everything()
    assert run(update_inventory, order) == {
        "outcome": "REFUSED",
        "reason": "OUT_OF_STOCK",
        "detail": "mug, pen",
    }
    assert everything() == before


@pytest.mark.parametrize("meanwhile", ["INVENTORY_RESERVED", "CONFIRMED", "REJECTING"])
def test_a_run_that_comes_late_changes_nothing_and_says_so(run: Run, meanwhile: str) -> None:
    put_order(an_order(meanwhile))
    put_product("mug", 0)
    before = everything()
    assert run(update_inventory, an_order("PAYMENT_AUTHORIZED")) == {"outcome": "SUPERSEDED"}
    assert everything() == before
