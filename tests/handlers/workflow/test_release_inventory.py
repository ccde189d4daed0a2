import pytest

from handlers.domain.order import RELEASING
from handlers.workflow import release_inventory
from tests.handlers.workflow.conftest import Run
from tests.support.database import (
    an_order,
    everything,
    put_order,
    put_product,
    put_reservation,
    stock,
)


@pytest.fixture(autouse=True)
def shelves(orders_table: str, inventory_table: str) -> None:
    put_product("mug", 0)
    put_product("pen", 0)


@pytest.mark.parametrize("status", sorted(RELEASING))
def test_a_refused_orders_stock_comes_back_once(run: Run, status: str) -> None:
    order = put_order(an_order(status))
    put_reservation(order, "HELD")
    for _ in range(2):
        answer = run(release_inventory, order)
        assert (answer["outcome"], answer["order"]) == ("RETURNED", order)
    assert stock() == {"mug": 2, "pen": 1}


def test_an_order_that_took_nothing_is_done_as_well(run: Run) -> None:
    assert run(release_inventory, put_order(an_order("REJECTING")))["outcome"] == "RETURNED"
    assert stock() == {"mug": 0, "pen": 0}


@pytest.mark.parametrize("meanwhile", ["REJECTED", "CONFIRMED", "INVENTORY_RESERVED"])
def test_a_run_that_comes_late_gives_nothing_back(run: Run, meanwhile: str) -> None:
    put_reservation(put_order(an_order(meanwhile)), "HELD")
    before = everything()
    assert run(release_inventory, an_order("REJECTING")) == {"outcome": "SUPERSEDED"}
    assert everything() == before
