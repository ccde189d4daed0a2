"""The reconciler as it is deployed, with its own role, beside the API and the workflow."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.adapters.items import encode
from handlers.domain.clock import timestamp
from tests.support.invariants import assert_money_is_exact, assert_stock_is_exact
from tests.support.live_system import LiveSystem


def change(shop: LiveSystem, order_id: str, **attributes: Any) -> None:
    shop.aws.dynamodb.update_item(
        TableName=shop.outputs["ordersTableName"],
        Key=encode({"pk": f"ORDER#{order_id}", "sk": "ORDER"}),
        UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in attributes),
        ExpressionAttributeValues=encode({f":{name}": at for name, at in attributes.items()}),
    )


@pytest.mark.parametrize("minutes", [0, 30])
def test_an_order_whose_run_could_not_be_started_is_driven_once_it_is_due(
    shop: LiveSystem, minutes: int
) -> None:
    """After half an hour it was listed for operators meanwhile, until it came to rest."""
    product, customer = shop.product(available=10), shop.customer()
    with shop.unstarted():
        order_id = customer.accepted({product: 2})
    placed = timestamp(datetime.now(UTC) - timedelta(minutes=minutes))
    timeline = [{"status": "RECEIVED", "at": placed}]
    change(shop, order_id, dueAt="2026-01-01T00:00:00.000Z", timeline=timeline)
    shop.reconcile()

    order = shop.settled(order_id)
    assert order["status"] == "CONFIRMED"
    assert {entry.get("run") for entry in order["timeline"][1:]} == {"20260101T000000000Z"}
    assert (order["attention"], shop.listed("attention", order_id)) == ({}, False)
    assert_money_is_exact(shop, order_id)
    assert_stock_is_exact(shop, order_id, product, initial=10)


def test_an_order_that_no_run_can_help_is_listed_for_operators_and_told_of(
    shop: LiveSystem,
) -> None:
    product, customer = shop.product(), shop.customer()
    with shop.unstarted():
        order_id = customer.accepted({product: 1})
    long_ago = timestamp(datetime.now(UTC) - timedelta(minutes=30))
    timeline = [{"status": "RECEIVED", "at": long_ago}]
    with shop.broken("validate_order"):
        change(shop, order_id, dueAt="2026-01-01T00:00:00.000Z", timeline=timeline)
        shop.reconcile()
        order = shop.until(order_id, lambda order: order["attempts"] > 0)
    assert order["attention"].keys() == {"STUCK"}
    assert shop.listed("attention", order_id)
    assert shop.listed("open", order_id)
