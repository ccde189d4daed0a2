"""The same definition as a STANDARD workflow, on a second local cloud beside the first."""

from collections.abc import Iterator

import pytest

from local import shop as local_shop
from localcloud.instance import running
from localcloud.ports import free_port
from tests.support.invariants import assert_money_is_exact, assert_stock_is_exact
from tests.support.live_system import LiveSystem


@pytest.fixture(scope="module")
def standard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSystem]:
    """The `staging` stack, whose config says STANDARD."""
    state_dir = tmp_path_factory.mktemp("standard")
    try:
        yield LiveSystem(local_shop.up("staging", state_dir=state_dir, port=free_port()))
    finally:
        running.down(state_dir)


def test_standard_and_express_run_one_definition(shop: LiveSystem, standard: LiveSystem) -> None:
    machines = [
        each.aws.stepfunctions.describe_state_machine(
            stateMachineArn=each.outputs["stateMachineArn"]
        )
        for each in (shop, standard)
    ]
    assert [machine["type"] for machine in machines] == ["EXPRESS", "STANDARD"]
    express, other = (machine["definition"] for machine in machines)
    assert express.replace("orders-dev-", "orders-staging-") == other


@pytest.mark.parametrize(
    ("card", "status"),
    [("pm_card_visa", "CONFIRMED"), ("pm_card_chargeDeclined", "REJECTED")],
)
def test_an_order_ends_the_same_way(standard: LiveSystem, card: str, status: str) -> None:
    product, customer = standard.product(available=10), standard.customer()

    order_id = customer.accepted({product: 3}, card=card)

    assert standard.settled(order_id)["status"] == status
    assert_money_is_exact(standard, order_id)
    assert_stock_is_exact(standard, order_id, product, initial=10)


def test_a_fault_is_driven_again(standard: LiveSystem) -> None:
    product, customer = standard.product(available=10), standard.customer()
    with standard.broken("process_payment"):
        order_id = customer.accepted({product: 1})
        standard.until(order_id, lambda order: order["attempts"] == 1)

    standard.run(order_id)

    assert standard.settled(order_id)["status"] == "CONFIRMED"
    assert_money_is_exact(standard, order_id)
