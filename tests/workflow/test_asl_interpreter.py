"""The interpreter that the interleavings run on goes the emulator's way, and refuses what it can't read."""

import json
import re
import uuid
from typing import Any

import pytest

from handlers.adapters.items import Item, encode
from tests.support.asl_interpreter import Execution
from tests.support.database import ORDER_ID, a_recent_order, as_stored
from tests.support.execution_traces import trace
from tests.support.in_process_system import InProcessSystem, products
from tests.support.live_system import LiveSystem
from tests.support.order_paths import states

TIMES = r"\d{4}-\d\d-\d\dT[\d:.]+Z"


def comparable(order: Item) -> Any:
    """An order without what differs from run to run: times, ids, the run's name."""
    text = json.dumps(order, sort_keys=True).replace(order["orderId"], "ID")
    return json.loads(re.sub(rf'{TIMES}|pi_\w+|(?<="run": ")[^"]+', "…", text))


def on_the_emulator(shop: LiveSystem, status: str, **changes: Any) -> tuple[list[str], Item]:
    order_id = uuid.uuid4().hex[:26].upper()
    placed = as_stored(a_recent_order(status, orderId=order_id, **changes))
    items = [("inventoryTableName", item) for item in products(stock=2)]
    for table, item in [("ordersTableName", placed), *items]:
        shop.aws.dynamodb.put_item(TableName=shop.outputs[table], Item=encode(item))
    visited = trace(shop, order_id)
    for _, item in items:
        key = encode({"pk": item["pk"], "sk": item["sk"]})
        shop.aws.dynamodb.delete_item(TableName=shop.outputs["inventoryTableName"], Key=key)
    return visited, shop.order(order_id)


@pytest.mark.parametrize(
    ("status", "changes", "end"),
    [
        ("RECEIVED", {}, "CONFIRMED"),
        ("VALIDATED", {"paymentMethod": "pm_card_chargeDeclined"}, "REJECTED"),
        ("VALIDATED", {"paymentMethod": "pm_card_authenticationRequired"}, "AWAITING_PAYMENT"),
        ("RECEIVED", {"total": 1}, "REJECTED"),
        ("VALIDATED", {"lines": [{"productId": "mug", "quantity": 3}]}, "REJECTED"),
        ("LOST", {}, "LOST"),
    ],
)
def test_it_enters_the_emulators_states_and_leaves_the_same_order(
    shop: LiveSystem, in_process: InProcessSystem, status: str, changes: dict[str, Any], end: str
) -> None:
    visited, order = on_the_emulator(shop, status, **changes)
    in_process.opened(status, stock=2, **changes)
    run = in_process.run("A").to_the_end()
    in_process.look()

    assert order["status"] == end
    assert [name for name in run.execution.visited if name in states()] == visited
    assert comparable(in_process.order(ORDER_ID)) == comparable(order)


def a_machine(**state: Any) -> dict[str, Any]:
    return {"StartAt": "Only", "States": {"Only": state}}


def test_a_field_that_it_does_not_read_is_an_error() -> None:
    machine = a_machine(Type="Pass", ResultPath="$.x", End=True)
    with pytest.raises(AssertionError, match="ResultPath"):
        Execution(machine, "A", {}, {}).to_the_end()


def test_an_expression_without_a_value_is_a_fault() -> None:
    machine = a_machine(Type="Pass", Output="{% $states.input.missing %}", End=True)
    run = Execution(machine, "A", {}, {}).to_the_end()
    assert run.error is not None
    assert run.error.error == "States.QueryEvaluationError"
