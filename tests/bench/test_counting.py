"""What is counted from logs, histories and items is what AWS would count."""

import io
import json
import zipfile
from typing import Any

import pytest

from bench.counting import archive, counted
from bench.function_logs import Activity
from bench.item_size import item_size

Event = dict[str, Any]


def call(service: str, operation: str, units: float | None = None, tries: int = 1) -> Event:
    capacity = [] if units is None else [{"CapacityUnits": units}]
    made = {"service": service, "operation": operation, "tries": tries}
    return made | {"capacity": capacity, "batch": [], "refused": 0}


def function(*calls: Event) -> Activity:
    return Activity([5], 100, 512, [{"level": "INFO"}, {"counted": list(calls)}])


def task(resource: str, answer: Any) -> Event:
    output = json.dumps(answer)
    return {
        "type": "TaskSucceeded",
        "taskSucceededEventDetails": {"resource": resource, "output": output},
    }


def test_every_call_and_every_try_counts_for_its_function() -> None:
    logs = {
        "api": function(call("dynamodb", "PutItem", 3), call("stepfunctions", "StartExecution")),
        "mail": function(call("dynamodb", "PutItem", 1, tries=2)),
    }
    found = counted(logs, [])
    assert found.calls["api"] == {"dynamodb:PutItem": 1, "stepfunctions:StartExecution": 1}
    assert found.calls["mail"] == {"dynamodb:PutItem": 2}
    assert found.in_all == 4


def test_capacity_is_that_of_the_functions_and_of_the_machines_own_calls() -> None:
    logs = {"f": function(call("dynamodb", "GetItem", 1), call("dynamodb", "PutItem", 3))}
    history = [
        task("arn:aws:states:::dynamodb:getItem", {"ConsumedCapacity": {"CapacityUnits": 1.0}}),
        task("arn:aws:states:::dynamodb:updateItem", {"ConsumedCapacity": {"CapacityUnits": 2.0}}),
        task("arn:aws:states:::lambda:invoke", {"StatusCode": 200}),
        task("arn:aws:lambda:us-east-1:000000000000:function:plain", {}),
    ]
    found = counted(logs, history)
    assert (found.read_units, found.write_units) == (2, 5)
    assert found.direct == ["dynamodb:getItem", "dynamodb:updateItem"]


def test_a_write_that_its_condition_refuses_takes_capacity_too() -> None:
    refused = call("dynamodb", "TransactWriteItems") | {"refused": 6}
    assert counted({"f": function(refused)}, []).write_units == 6


def test_a_batch_read_takes_a_unit_for_each_item_and_half_of_one_if_it_may_be_stale() -> None:
    batch = call("dynamodb", "BatchGetItem") | {"batch": [[5, True], [3, False]]}
    assert counted({"f": function(batch)}, []).read_units == 6.5


def test_the_states_inside_a_parallel_count_too() -> None:
    history = [
        {"type": "TaskStateEntered"},
        {"type": "ParallelStateEntered"},
        {"type": "ParallelStateExited", "stateExitedEventDetails": {"output": "[{}, {}]"}},
        {"type": "SucceedStateEntered"},
    ]
    assert counted({}, history).transitions == 5


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"pk": {"S": "ORDER#1"}}, 2 + 7),
        ({"n": {"S": "é"}}, 1 + 2),
        ({"n": {"N": "1999"}}, 1 + 3),
        ({"n": {"N": "100"}}, 1 + 2),
        ({"b": {"BOOL": True}}, 1 + 1),
        ({"l": {"L": [{"S": "ab"}, {"S": "c"}]}}, 1 + 3 + 2 + 3),
        ({"m": {"M": {"x": {"S": "ab"}}}}, 1 + 3 + 1 + 1 + 2),
    ],
)
def test_an_item_is_as_large_as_dynamodb_takes_it_to_be(item: Any, size: int) -> None:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html"""
    assert item_size(item) == size


def test_a_counted_function_has_all_its_files_and_the_counter() -> None:
    for handler, wanted in {
        "handlers.api.app.lambda_handler": {"handlers/api/app.py", "handlers/api/openapi.json"},
        "functions.pay": {"functions.py"},
    }.items():
        with zipfile.ZipFile(io.BytesIO(archive(handler))) as found:
            assert wanted | {"in_function.py"} <= set(found.namelist())
