from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest

from handlers.domain.clock import timestamp
from handlers.runtime.aws import client
from handlers.workflow import validate_order
from tests.handlers.workflow.conftest import Run
from tests.support.database import an_order, everything, put_order, put_product

LINES = [{"productId": "mug", "quantity": 2}, {"productId": "pen", "quantity": 1}]
ORDER = an_order("RECEIVED", lines=LINES)
LIMIT = 3
PLACED = datetime.fromisoformat(ORDER["createdAt"])
TOO_MANY = {
    "outcome": "REFUSED",
    "reason": "TOO_MANY_ORDERS",
    "detail": "more than 3 in ten minutes",
}


@pytest.fixture(autouse=True)
def shelves(orders_table: str, inventory_table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_PER_CUSTOMER", str(LIMIT))
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


def placed(
    ages: Sequence[timedelta], status: str = "CONFIRMED", customer: str = ORDER["customerId"]
) -> None:
    """Put other orders, so much older than the order; a negative age is a later one."""
    for number, age in enumerate(ages):
        at = timestamp(PLACED - age)
        other = {"orderId": f"other-{number}", "customerId": customer, "createdAt": at}
        put_order(an_order(status, **other))


def test_the_order_after_as_many_as_a_customer_may_place_is_refused(run: Run) -> None:
    put_order(ORDER)
    placed([timedelta(minutes=number) for number in (1, 2)])
    assert run(validate_order, ORDER)["outcome"] == "VALID"
    placed([timedelta(minutes=number) for number in (1, 2, 10)])
    assert run(validate_order, ORDER) == TOO_MANY


@pytest.mark.parametrize("status", ["RECEIVED", "REJECTED", "CANCELLED"])
def test_an_order_counts_whatever_became_of_it(run: Run, status: str) -> None:
    placed([timedelta(minutes=1)] * LIMIT, status)
    assert run(validate_order, ORDER) == TOO_MANY


@pytest.mark.parametrize(
    "age",
    [timedelta(minutes=10, milliseconds=1), timedelta(0), timedelta(milliseconds=-1)],
    ids=["more than ten minutes earlier", "at the same moment", "later"],
)
def test_only_the_ten_minutes_before_an_order_count(run: Run, age: timedelta) -> None:
    placed([age] * LIMIT)
    assert run(validate_order, ORDER)["outcome"] == "VALID"


def test_the_orders_of_other_customers_do_not_count(run: Run) -> None:
    placed([timedelta(minutes=1)] * LIMIT, customer="customer-bert")
    assert run(validate_order, ORDER)["outcome"] == "VALID"


def test_an_order_is_refused_for_its_customers_pace_before_anything_else_is_read(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVENTORY_TABLE", "no-such-table")
    placed([timedelta(minutes=1)] * (LIMIT + 7))
    assert run(validate_order, ORDER) == TOO_MANY


def test_no_more_entries_are_read_than_the_limit(run: Run) -> None:
    placed([timedelta(seconds=number) for number in range(1, 20)])
    with patch.object(client("dynamodb"), "query", wraps=client("dynamodb").query) as query:
        run(validate_order, ORDER)
    [counting] = [call.kwargs for call in query.call_args_list]
    assert counting["Limit"] == LIMIT
