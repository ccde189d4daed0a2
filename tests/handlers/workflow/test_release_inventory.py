import pytest

from handlers.domain.order import RELEASING
from handlers.workflow import release_inventory
from tests.handlers.workflow.conftest import Run
from tests.support.database import (
    an_order,
    everything,
    put_order,
    put_product,
    stock,
)


@pytest.fixture(autouse=True)
def shelves(orders_table: str, inventory_table: str) -> None:
    put_product("mug", 0, taken=2)
    put_product("pen", 0, taken=1)


@pytest.mark.parametrize("status", sorted(RELEASING))
def test_a_refused_orders_stock_comes_back_once(run: Run, status: str) -> None:
    order = put_order(an_order(status, stock="TAKEN"))
    for _ in range(2):
        answer = run(release_inventory, order)
        assert answer["outcome"] == "RETURNED"
        assert answer["order"] == order | {"stock": "RETURNED"}
    assert stock() == {"mug": 2, "pen": 1}


def test_an_order_that_took_nothing_is_done_as_well(run: Run) -> None:
    assert run(release_inventory, put_order(an_order("REJECTING")))["outcome"] == "RETURNED"
    assert stock() == {"mug": 0, "pen": 0}


@pytest.mark.parametrize("meanwhile", ["REJECTED", "CONFIRMED", "INVENTORY_RESERVED"])
def test_a_run_that_comes_late_gives_nothing_back(run: Run, meanwhile: str) -> None:
    put_order(an_order(meanwhile, stock="TAKEN"))
    before = everything()
    late = an_order("REJECTING", stock="TAKEN")
    assert run(release_inventory, late) == {"outcome": "SUPERSEDED"}
    assert everything() == before
