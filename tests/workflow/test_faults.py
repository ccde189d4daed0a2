"""A handler that raises on every try: nothing is lost, and before the pivot nothing is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from handlers.adapters.items import Item
from handlers.domain.clock import timestamp
from tests.support.function_code import AFTER_ITS_EFFECT
from tests.support.invariants import assert_money_is_exact, assert_stock_is_exact
from tests.support.live_system import Customer, LiveSystem

_MAX_ATTEMPTS = 5  # Pulumi.yaml's default


@pytest.fixture
def customer(shop: LiveSystem) -> Customer:
    return shop.customer()


def _faulted(order: Item, times: int = 1) -> bool:
    return order["attempts"] >= times


@pytest.mark.parametrize(
    ("function", "status"),
    [
        ("validate_order", "RECEIVED"),
        ("process_payment", "VALIDATED"),
        ("update_inventory", "PAYMENT_AUTHORIZED"),
        ("capture_payment", "INVENTORY_RESERVED"),
    ],
)
def test_a_faulted_order_stays_where_it_is_and_once_healed_is_charged_once(
    shop: LiveSystem, customer: Customer, function: str, status: str
) -> None:
    product = shop.product(available=10)
    with shop.broken(function):
        order_id = customer.accepted({product: 2})
        order = shop.until(order_id, _faulted)
        assert shop.run(order_id)["status"] == "FAILED"
        order = shop.order(order_id)

    assert order["status"] == status
    assert order["attempts"] == 2
    assert order["lastFault"]["error"] == "RuntimeError"
    assert "broken for a test" in order["lastFault"]["cause"]
    assert order["dueAt"] > timestamp(datetime.now(UTC))
    assert shop.listed("open", order_id)

    assert shop.run(order_id)["status"] == "SUCCEEDED"
    assert shop.settled(order_id)["status"] == "CONFIRMED"
    assert_money_is_exact(shop, order_id)
    assert_stock_is_exact(shop, order_id, product, initial=10)


@pytest.mark.parametrize("function", ["process_payment", "update_inventory"])
def test_a_count_of_faults_tells_operators_and_never_gives_an_order_up(
    shop: LiveSystem, customer: Customer, function: str
) -> None:
    product = shop.product(available=10)
    with shop.broken(function):
        order_id = customer.accepted({product: 2})
        shop.until(order_id, _faulted)
        runs = {shop.run(order_id)["status"] for _ in range(_MAX_ATTEMPTS)}

    assert runs == {"FAILED"}
    order = shop.order(order_id)
    assert order["attention"].keys() == {"FAULT"}
    assert shop.listed("attention", order_id)
    assert shop.listed("open", order_id)

    shop.run(order_id)
    assert shop.settled(order_id)["status"] == "CONFIRMED"
    assert shop.order(order_id)["attention"] == {}
    assert not shop.listed("attention", order_id)
    assert_money_is_exact(shop, order_id)


@pytest.mark.parametrize(
    ("function", "status"),
    [
        ("validate_order", "RECEIVED"),
        ("process_payment", "VALIDATED"),
        ("update_inventory", "PAYMENT_AUTHORIZED"),
    ],
)
def test_an_order_of_last_month_is_not_charged_today_and_operators_are_told(
    shop: LiveSystem, customer: Customer, function: str, status: str
) -> None:
    product = shop.product(available=10)
    with shop.broken(function):
        order_id = customer.accepted({product: 2})
        shop.until(order_id, _faulted)
    assert shop.order(order_id)["status"] == status
    shop.change(order_id, createdAt=timestamp(datetime.now(UTC) - timedelta(days=30)))

    # The run that gives up does its work, so it is no failure itself.
    assert shop.run(order_id)["status"] == "SUCCEEDED"
    order = shop.settled(order_id)
    assert (order["status"], order["reason"]) == ("REJECTED", "SYSTEM_FAULT")
    assert shop.listed("attention", order_id)
    assert_money_is_exact(shop, order_id)
    assert_stock_is_exact(shop, order_id, product, initial=10)
    shop.until(order_id, lambda _: bool(shop.mails(customer.email)))


def test_an_order_that_holds_stock_is_driven_on_however_old_it_is(
    shop: LiveSystem, customer: Customer
) -> None:
    with shop.broken("capture_payment"):
        order_id = customer.accepted({shop.product(): 2})
        shop.until(order_id, _faulted)
    shop.change(order_id, createdAt=timestamp(datetime.now(UTC) - timedelta(days=30)))
    shop.run(order_id)
    assert shop.settled(order_id)["status"] == "CONFIRMED"
    assert_money_is_exact(shop, order_id)


def test_an_order_driven_for_weeks_still_moves_its_due_date(
    shop: LiveSystem, customer: Customer
) -> None:
    with shop.broken("generate_receipt"):
        order_id = customer.accepted({shop.product(): 1})
        shop.until(order_id, _faulted)
        shop.change(order_id, attempts=1023, dueAt="2026-01-01T00:00:00.000Z")
        shop.run(order_id)
    assert shop.order(order_id)["attempts"] == 1024
    assert shop.order(order_id)["dueAt"] > timestamp(datetime.now(UTC))


def test_runs_that_fault_together_count_as_one_attempt(
    shop: LiveSystem, customer: Customer
) -> None:
    with shop.broken("validate_order"):
        order_id = customer.accepted({shop.product(): 1})
        shop.until(order_id, _faulted)
        with ThreadPoolExecutor(3) as pool:
            runs = list(pool.map(lambda _: shop.run(order_id)["status"], range(3)))

    assert sorted(runs) == ["FAILED", "SUCCEEDED", "SUCCEEDED"]
    assert shop.order(order_id)["attempts"] == 2


def test_a_step_that_dies_after_its_effect_has_it_once(
    shop: LiveSystem, customer: Customer
) -> None:
    product = shop.product(available=10)
    with shop.broken("update_inventory", AFTER_ITS_EFFECT):
        order_id = customer.accepted({product: 2})
        shop.until(order_id, lambda order: order["status"] == "INVENTORY_RESERVED")

    # The second try loses against the first one's effect, and the same run goes on from there.
    assert shop.settled(order_id)["status"] == "CONFIRMED"
    assert_money_is_exact(shop, order_id)
    assert_stock_is_exact(shop, order_id, product, initial=10)


def test_a_capture_that_keeps_faulting_is_flagged_and_driven_on_never_compensated(
    shop: LiveSystem, customer: Customer
) -> None:
    product = shop.product(available=10)
    with shop.broken("capture_payment"):
        order_id = customer.accepted({product: 2})
        shop.until(order_id, _faulted)
        runs = {shop.run(order_id)["status"] for _ in range(_MAX_ATTEMPTS)}

    order = shop.order(order_id)
    assert runs == {"FAILED"}
    assert order["status"] == "INVENTORY_RESERVED"
    assert shop.listed("attention", order_id)
    assert shop.listed("open", order_id)

    shop.run(order_id)
    order = shop.settled(order_id)
    assert order["status"] == "CONFIRMED"
    assert order["attention"] == {}
    assert_money_is_exact(shop, order_id)


def test_after_the_pivot_it_stays_paid_and_listed_and_a_later_run_completes_it(
    shop: LiveSystem, customer: Customer
) -> None:
    product = shop.product(available=10)
    with shop.broken("generate_receipt"):
        order_id = customer.accepted({product: 2})
        order = shop.until(order_id, _faulted)
        shop.until(order_id, lambda _: bool(shop.mails(customer.email)))

    assert order["status"] == "CONFIRMED"
    assert "receiptStored" not in order
    assert shop.listed("open", order_id)
    assert not customer.see(order_id)["receiptAvailable"]
    assert_money_is_exact(shop, order_id)

    shop.run(order_id)
    assert shop.settled(order_id)["receiptStored"]
    assert_money_is_exact(shop, order_id)
    assert len(shop.mails(customer.email)) == 1
