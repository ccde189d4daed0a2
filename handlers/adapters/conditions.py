"""Conditional writes: a refused condition is an answer, everything else that fails is a fault."""

import random
import time
from typing import Any

from botocore.exceptions import ClientError

from handlers.adapters.items import Item, decode
from handlers.runtime.aws import client, code

_TRIES = 6
_PAUSE_SECONDS = 0.02
_CONTENTION = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


def write(operation: str, request: Item) -> Any:
    """Make one conditional write. None when made, or the item that refused it ({} if none).

    Raises ClientError for everything but a refused condition.
    """
    try:
        getattr(client("dynamodb"), operation)(
            **request, ReturnValuesOnConditionCheckFailure="ALL_OLD"
        )
    except ClientError as error:
        if code(error) != "ConditionalCheckFailedException":
            raise
        response: Any = error.response
        return decode(response.get("Item", {}))
    return None


def transact(writes: list[Item]) -> dict[int, Item]:
    """All of `writes` or none. Empty when made, else what refused them: position -> old item.

    Contention is no refusal: it is tried again with jitter, a bounded number of times, and then
    raised. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
    """
    for attempt in range(_TRIES):
        try:
            client("dynamodb").transact_write_items(TransactItems=writes)
        except ClientError as error:
            reasons = cancellation_reasons(error)
            refused = {
                position: decode(reason.get("Item", {}))
                for position, reason in enumerate(reasons)
                if reason["Code"] == "ConditionalCheckFailed"
            }
            if refused and not any(reason["Code"] in _CONTENTION for reason in reasons):
                return refused
            if not _contended(error, reasons) or attempt == _TRIES - 1:
                raise
            time.sleep(random.uniform(0, _PAUSE_SECONDS * 2**attempt))
        else:
            return {}
    raise AssertionError("unreachable")


def cancellation_reasons(error: ClientError) -> list[Item]:
    """Why a transaction was not made: one reason for each of its writes, `Code` None where fine."""
    response: Any = error.response
    return response.get("CancellationReasons", [])


def _contended(error: ClientError, reasons: list[Item]) -> bool:
    if code(error) == "TransactionInProgressException":
        return True
    return any(reason["Code"] in _CONTENTION for reason in reasons)
