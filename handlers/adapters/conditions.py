"""Conditional writes: a refused condition is an answer, everything else that fails is a fault."""

import itertools
from typing import Any

from botocore.exceptions import ClientError

from handlers.adapters.items import Item, decode
from handlers.runtime.aws import client, code
from handlers.runtime.patience import Patience

_PATIENCE_SECONDS = 4.0  # in all, within the functions' own limit
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.02, 0.6  # seconds
_CONTENTION = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


class Contended(Exception):
    """Other transactions are at work on the same items, for longer than a function can wait."""


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

    Contention is no refusal: it is tried again with full jitter for four seconds. Raises Contended
    after that. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
    """
    patience = Patience(_PATIENCE_SECONDS, _SHORTEST_PAUSE, _LONGEST_PAUSE)
    for tries in itertools.count(1):
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
            if not _contended(error, reasons):
                raise
            if not patience.wait(tries):
                raise Contended(f"a transaction was in conflict {tries} times") from error
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
