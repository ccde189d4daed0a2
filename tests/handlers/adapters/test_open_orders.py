from typing import Any
from unittest.mock import patch

import pytest

from handlers.adapters import open_orders
from handlers.adapters.open_orders import Due
from handlers.domain.order import OPEN_SHARDS
from handlers.runtime.aws import client
from tests.support.asl_graph import tasks
from tests.support.database import ORDER_ID, an_order, everything, put_order, stored_order
from tests.support.order_paths import definition

pytestmark = pytest.mark.usefixtures("orders_table")
NOW, SEEN, LOOK = (f"2026-11-22T10:{minute}:10.000Z" for minute in (31, 30, 32))


def put_due(*places: tuple[str, int]) -> list[Due]:
    """Open orders, each in a shard and due at a minute past ten; as the index lists them."""
    made = []
    for number, (shard, minute) in enumerate(places):
        due = Due(f"2026-11-22T10:{minute:02}:10.000Z", f"ORDER{number}")
        put_order(an_order("RECEIVED", orderId=due.order_id, dueAt=due.due_at, openShard=shard))
        made.append(due)
    return made


def test_all_shards_together_are_listed_those_due_first_in_front() -> None:
    minutes = [7, 3, 9, 1, 8, 2, 6, 0, 5, 4]
    made = put_due(*zip(OPEN_SHARDS, minutes, strict=True))
    assert open_orders.due(NOW, 100) == sorted(made)


def test_what_is_due_later_or_not_at_all_is_not_listed() -> None:
    now, _ = put_due(("0", 31), ("0", 32))
    rest = an_order("CONFIRMED", orderId="REST")
    del rest["dueAt"], rest["openShard"]
    put_order(rest)
    assert open_orders.due(NOW, 100) == [now]


def test_no_more_than_the_limit_is_listed_and_never_a_later_order_before_an_earlier_one() -> None:
    made = put_due(*(("7", minute) for minute in (5, 1, 4, 2, 3)), ("2", 0), ("3", 30))
    assert open_orders.due(NOW, 3) == sorted(made)[:3]


def test_each_shard_is_asked_for_one_page() -> None:
    put_due(*(("7", minute) for minute in range(9)))
    with patch.object(client("dynamodb"), "query", wraps=client("dynamodb").query) as asked:
        open_orders.due(NOW, 3)
    assert [call.kwargs["Limit"] for call in asked.call_args_list] == [3] * len(OPEN_SHARDS)


def test_taking_an_order_moves_its_next_look_and_nothing_else() -> None:
    before = put_order(an_order("VALIDATED", dueAt=SEEN))
    assert open_orders.take(ORDER_ID, SEEN, LOOK, None)
    assert stored_order() == before | {"dueAt": LOOK}


@pytest.mark.parametrize("stuck_since", [None, NOW])
@pytest.mark.parametrize("change", [{"dueAt": "2026-11-22T10:30:10.001Z"}, {"dueAt": None}])
def test_an_order_that_is_due_at_another_time_or_done_is_not_taken(
    change: dict[str, Any], stuck_since: str | None
) -> None:
    order = an_order("VALIDATED", dueAt=SEEN) | change
    put_order({name: value for name, value in order.items() if value})
    before = everything()
    assert not open_orders.take(ORDER_ID, SEEN, LOOK, stuck_since)
    assert everything() == before


def test_an_order_that_is_gone_is_not_taken() -> None:
    assert not open_orders.take(ORDER_ID, SEEN, LOOK, NOW)
    assert everything()["orders"] == {}


def test_a_stuck_order_is_listed_for_operators_since_then() -> None:
    before = put_order(an_order("VALIDATED", dueAt=SEEN))
    assert open_orders.take(ORDER_ID, SEEN, LOOK, NOW)
    listed = {"attention": {"STUCK": NOW}, "attentionShard": "0", "attentionSince": NOW}
    assert stored_order() == before | {"dueAt": LOOK} | listed


def test_a_cause_that_is_there_already_keeps_its_time_and_so_does_the_list() -> None:
    listed = {"attention": {"FAULT": "A"}, "attentionShard": "0", "attentionSince": "A"}
    put_order(an_order("VALIDATED", dueAt=SEEN, **listed))
    assert open_orders.take(ORDER_ID, SEEN, LOOK, NOW)
    assert open_orders.take(ORDER_ID, LOOK, SEEN, LOOK)
    order = stored_order()
    assert order["attention"] == {"FAULT": "A", "STUCK": NOW}
    assert order["attentionSince"] == "A"


def test_the_list_of_operators_is_the_one_that_the_workflow_flags_into() -> None:
    put_order(an_order("VALIDATED", dueAt=SEEN))
    open_orders.take(ORDER_ID, SEEN, LOOK, NOW)
    flag = tasks(definition())["FlagForAttention"]["Arguments"]["ExpressionAttributeValues"]
    assert stored_order()["attentionShard"] == flag[":shard"]["S"]
