"""Goes into a function's code archive while its calls are counted: the handler, and a line of what it called.

COUNTED_HANDLER is the dotted path of the handler. The line is
`{"counted": [{service, operation, tries, capacity, batch, refused}, …]}`; `batch` has for each table of a batch
read how many keys, and whether the read is consistent; `refused` has the units of a write that its condition
refused, of which the answer says nothing: one for each item, and, which AWS does not document, two in a
transaction.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

import importlib
import json
import os
from typing import Any

import boto3

_REFUSALS = {"ConditionalCheckFailedException", "TransactionCanceledException"}
_calls: list[dict[str, Any]] = []


def _ask_for_capacity(params: dict[str, Any], model: Any, context: Any, **_: Any) -> None:
    if "ReturnConsumedCapacity" in model.input_shape.members:
        params["ReturnConsumedCapacity"] = "TOTAL"
    if model.name == "BatchGetItem":
        tables = params["RequestItems"].values()
        context["batch"] = [
            [len(each["Keys"]), each.get("ConsistentRead", False)] for each in tables
        ]
    context["writes"] = 2 * len(params.get("TransactItems", [])) or 1


def _note(parsed: dict[str, Any], model: Any, context: Any, **_: Any) -> None:
    consumed = parsed.get("ConsumedCapacity", [])
    error = parsed.get("Error", {}).get("Code")
    _calls.append(
        {
            "service": model.service_model.service_name,
            "operation": model.name,
            "tries": 1 + parsed["ResponseMetadata"].get("RetryAttempts", 0),
            "capacity": consumed if isinstance(consumed, list) else [consumed],
            "batch": context.get("batch", []),
            "refused": context.get("writes", 0) if error in _REFUSALS else 0,
        }
    )


# Clients copy the session's hooks when they are made, so these come before the handler's import.
boto3.setup_default_session()
_session: Any = boto3.DEFAULT_SESSION
_session.events.register("before-parameter-build.dynamodb", _ask_for_capacity)
_session.events.register("after-call", _note)
_module, _, _name = os.environ["COUNTED_HANDLER"].rpartition(".")
_handler = getattr(importlib.import_module(_module), _name)


def lambda_handler(event: Any, context: Any) -> Any:
    _calls.clear()
    try:
        return _handler(event, context)
    finally:
        print(json.dumps({"counted": _calls}), flush=True)
