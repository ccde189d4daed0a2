from decimal import Decimal
from typing import Any

import pytest

from handlers.workflow import validate_order
from tests.handlers.workflow.conftest import Run
from tests.support.database import an_order, everything, put_product

LINES = [{"productId": "mug", "quantity": 2}, {"productId": "pen", "quantity": 1}]
ORDER = an_order("RECEIVED", lines=LINES)


@pytest.fixture(autouse=True)
def shelves(orders_table: str, inventory_table: str) -> None:
    put_product("mug", 5, name="Enamel Mug", price=1400)
    put_product("pen", 1, price=1)


def test_a_good_order_comes_back_with_todays_names_and_prices(run: Run) -> None:
    answer = run(validate_order, ORDER)
    assert answer == {"outcome": "VALID", "order": an_order("RECEIVED")}


@pytest.mark.parametrize(
    ("change", "reason", "detail"),
    [
        ({"lines": [{"productId": "old", "quantity": 1}]}, "UNKNOWN_PRODUCT", "old"),
        ({"lines": [{"productId": "never", "quantity": 1}]}, "UNKNOWN_PRODUCT", "never"),
        (
            {"total": 2800},
            "PRICE_CHANGED",
            "2801 USD",
        ),
        (
            {
                "lines": [{"productId": "mug", "quantity": 6}],
                "total": 8400,
            },
            "OUT_OF_STOCK",
            "mug",
        ),
        (
            {"lines": [{"productId": "pen", "quantity": 1}], "total": 1},
            "AMOUNT_NOT_ACCEPTED",
            "1 USD",
        ),
    ],
)
def test_a_refusal_is_a_value_with_its_own_reason(
    run: Run, change: dict, reason: str, detail: str
) -> None:
    put_product("old", 9, catalogue=None)
    answer = run(validate_order, ORDER | change)
    assert answer == {"outcome": "REFUSED", "reason": reason, "detail": detail}


@pytest.mark.parametrize("price", [None, Decimal("1.5"), "1", -1])
def test_a_product_that_cannot_be_read_is_unknown(run: Run, price: Any) -> None:
    put_product("pen", 1, price=price)
    answer = run(validate_order, ORDER)
    assert answer == {"outcome": "REFUSED", "reason": "UNKNOWN_PRODUCT", "detail": "pen"}


def test_validation_changes_nothing_and_can_be_repeated(run: Run) -> None:
    before = everything()
    first = run(validate_order, ORDER)
    assert run(validate_order, ORDER) == first
    assert everything() == before


def test_a_fault_is_raised_and_never_a_refusal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INVENTORY_TABLE", "no-such-table")
    with pytest.raises(Exception, match="ResourceNotFound"):
        run(validate_order, ORDER)
