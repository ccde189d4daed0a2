from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from handlers.adapters.conditions import Contended, transact, write
from handlers.adapters.items import encode
from handlers.runtime import patience
from handlers.runtime.aws import client
from tests.support.database import (
    Item,
    an_order,
    as_stored,
    everything,
    put_order,
    stored_order,
)

REFUSED = "ConditionalCheckFailed"
CONFLICT = "TransactionConflict"
WRITES: list[Item] = [{"Delete": {"TableName": "orders", "Key": encode({"pk": "A", "sk": "B"})}}]


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between tries, in seconds, of a clock that only they move."""
    made: list[float] = []
    monkeypatch.setattr(patience.time, "sleep", made.append)
    monkeypatch.setattr(patience.time, "monotonic", lambda: sum(made))
    return made


@pytest.fixture
def dynamodb(aws: None) -> Iterator[Stubber]:
    """DynamoDB as a script; a call too many or too few fails the test."""
    with Stubber(client("dynamodb")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def cancelled(dynamodb: Stubber, *codes: str, item: Item | None = None) -> None:
    reasons: list[dict[str, Any]] = [{"Code": code} for code in codes]
    if item:
        reasons[0]["Item"] = encode(item)
    dynamodb.add_client_error(
        "transact_write_items",
        service_error_code="TransactionCanceledException",
        modeled_fields={"CancellationReasons": reasons},
    )


def a_put(table: str, order: Item) -> Item:
    absent = "attribute_not_exists(pk)"
    return {"TableName": table, "Item": encode(as_stored(order)), "ConditionExpression": absent}


def test_a_write_whose_condition_holds_is_made(orders_table: str) -> None:
    order = an_order("RECEIVED")
    assert write("put_item", a_put(orders_table, order)) is None
    assert stored_order() == order


def test_a_refused_write_answers_what_stands_and_changes_nothing(orders_table: str) -> None:
    standing = put_order(an_order("CONFIRMED"))
    before = everything()
    assert write("put_item", a_put(orders_table, an_order("RECEIVED"))) == as_stored(standing)
    assert everything() == before


def test_a_write_refused_by_an_item_that_is_not_there_answers_an_empty_one(
    orders_table: str,
) -> None:
    request = {
        "TableName": orders_table,
        "Key": encode({"pk": "ORDER#X", "sk": "ORDER"}),
        "UpdateExpression": "SET a = :one",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": encode({":one": 1}),
    }
    assert write("update_item", request) == {}


def test_a_write_that_fails_for_any_other_reason_is_a_fault(orders_table: str) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        write("put_item", a_put("no-such-table", an_order("RECEIVED")))


def test_a_transaction_that_is_made_answers_no_refusals(
    dynamodb: Stubber, pauses: list[float]
) -> None:
    dynamodb.add_response("transact_write_items", {})
    assert transact(WRITES) == {}
    assert pauses == []


def test_a_refused_condition_is_an_answer_and_never_tried_again(
    dynamodb: Stubber, pauses: list[float]
) -> None:
    cancelled(dynamodb, REFUSED, "None", REFUSED, item={"status": "REJECTING", "version": 4})
    assert transact(WRITES) == {0: {"status": "REJECTING", "version": 4}, 2: {}}
    assert pauses == []


@pytest.mark.parametrize("code", [CONFLICT, "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_contention_is_tried_again_until_it_is_over(
    dynamodb: Stubber, pauses: list[float], code: str
) -> None:
    cancelled(dynamodb, "None", code)
    cancelled(dynamodb, code, "None")
    dynamodb.add_response("transact_write_items", {})
    assert transact(WRITES) == {}
    assert len(pauses) == 2


def test_a_refusal_seen_amid_contention_is_read_again_before_it_is_believed(
    dynamodb: Stubber, pauses: list[float]
) -> None:
    """Out of stock beside a conflict may be the other transaction's half-way state."""
    cancelled(dynamodb, CONFLICT, REFUSED)
    dynamodb.add_response("transact_write_items", {})
    assert transact(WRITES) == {}
    assert len(pauses) == 1


@pytest.fixture
def conflicts(aws: None) -> Iterator[None]:
    """Every transaction meets another one."""
    response: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": ""},
        "CancellationReasons": [{"Code": CONFLICT}],
    }
    error = ClientError(response, "TransactWriteItems")
    with patch.object(client("dynamodb"), "transact_write_items", side_effect=error):
        yield


@pytest.mark.usefixtures("conflicts")
def test_contention_that_lasts_is_waited_for_within_the_functions_time_and_named(
    pauses: list[float],
) -> None:
    with pytest.raises(Contended, match=f"in conflict {len(pauses) or ''}"):
        transact(WRITES)
    assert 3 < sum(pauses) <= 4


@pytest.mark.usefixtures("conflicts")
def test_the_pauses_are_jittered_and_grow_to_less_than_a_second(
    pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[float, float]] = []

    def longest(low: float, high: float) -> float:
        asked.append((low, high))
        return high

    monkeypatch.setattr(patience.random, "uniform", longest)
    with pytest.raises(Contended):
        transact(WRITES)
    assert {low for low, _ in asked} == {0}
    highs = [high for _, high in asked]
    assert highs == sorted(highs)
    assert highs[0] < 0.05
    assert highs[-1] < 1


def test_the_same_transaction_still_under_way_is_waited_for(
    dynamodb: Stubber, pauses: list[float]
) -> None:
    dynamodb.add_client_error("transact_write_items", "TransactionInProgressException")
    dynamodb.add_response("transact_write_items", {})
    assert transact(WRITES) == {}
    assert len(pauses) == 1


@pytest.mark.parametrize("code", ["ValidationException", "AccessDeniedException"])
def test_what_no_retry_can_heal_is_raised_at_once(
    dynamodb: Stubber, pauses: list[float], code: str
) -> None:
    dynamodb.add_client_error("transact_write_items", code)
    with pytest.raises(ClientError, match=code):
        transact(WRITES)
    assert pauses == []


def test_a_transaction_that_is_not_valid_is_a_fault_and_no_refusal(
    dynamodb: Stubber, pauses: list[float]
) -> None:
    cancelled(dynamodb, "ValidationError", "None")
    with pytest.raises(ClientError, match="TransactionCanceledException"):
        transact(WRITES)
    assert pauses == []
