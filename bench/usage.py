"""What one order uses, by the ids of prices.toml, and with it what a million orders cost."""

import math
from collections.abc import Mapping, Sequence

from bench.counting import Counted
from bench.function_logs import Activity
from bench.item_size import STORED_OVERHEAD, Item, item_size

Usage = dict[str, float]
"""Price id -> units that one order uses."""

_GB = 1024**3
_EXPRESS_GB = 64 / 1024
"""EXPRESS bills memory in chunks of 64 MB, and a run here fits into one: 50 MB and the definition
with its data, tens of KB. https://aws.amazon.com/step-functions/pricing/"""
_SQS_REQUESTS = 3  # the topic's send, and the mapping's receive and delete
RATE = 1_000_000 / (30 * 24 * 3600)
"""Orders a second: a million in 30 days."""
LOOKS = 3
"""How often a customer's page asks for the order until it is confirmed and has its receipt."""
_SWEEPS = 2  # that each payment is compared in
_SEEN_UNITS = 3  # 100 ids of 27 characters
_COMPARED_SECONDS = (
    0.015  # assumed: a read and a comparison, a hundredth of a request to the gateway
)
_BOOKS_GB = 0.5
_TRACED = 0.05
"""Of the requests that are not the first of their second, by X-Ray's default rule:
https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html"""


def of_functions(activity: Mapping[str, Activity], orders: int, architecture: str) -> Usage:
    """Lambda and its logs, from what the functions logged over so many orders."""
    every = activity.values()
    return {
        "lambda-request": sum(each.calls for each in every) / orders,
        f"lambda-{architecture}-gb-second": sum(each.gb_seconds for each in every) / orders,
        "logs-gb": sum(each.log_bytes for each in every) / orders / _GB,
    }


def of_counts(counted: Counted) -> Usage:
    """Capacity and what is published and stored, from the calls of one order."""
    calls = [name for counter in counted.calls.values() for name in counter.elements()]
    published = calls.count("sns:Publish") + counted.direct.count("sns:publish")
    return {
        "dynamodb-write": counted.write_units,
        "dynamodb-read": counted.read_units,
        "sns-publish": published,
        "s3-put": calls.count("s3:PutObject"),
        "secret-read": calls.count("secretsmanager:GetSecretValue"),
    }


def of_storage(rows: Sequence[Item], index_entries: Sequence[Item], receipt_bytes: int) -> Usage:
    """What the order keeps for the first month."""
    size = sum(item_size(each) + STORED_OVERHEAD for each in [*rows, *index_entries])
    return {"dynamodb-gb-month": size / _GB, "s3-gb-month": receipt_bytes / _GB}


def express(run_ms: Sequence[float]) -> Usage:
    """A run of an EXPRESS machine; its time is rounded up to 100 ms."""
    billed = sum(math.ceil(each / 100) / 10 for each in run_ms) / len(run_ms)
    return {"express-request": 1, "express-gb-second": billed * _EXPRESS_GB}


def standard(counted: Counted) -> Usage:
    """A run of a STANDARD machine."""
    return {"standard-transition": counted.transitions}


def beside_the_workflow() -> Usage:
    """What each of the system's orders has and the yardstick's hasn't: an API, a queue, a trace, a mail."""
    return {
        "api-request": 1,
        "sqs-request": _SQS_REQUESTS,
        "xray-trace": traced(RATE),
        "ses-mail": 1,
    }


def traced(rate: float) -> float:
    """Return the share of orders that X-Ray traces, of so many a second at random moments.

    API Gateway decides for each request, and later services follow the header that it sends. The
    first request of a second is as often a customer's look as it is an order.
    """
    requests = rate * (1 + LOOKS)
    first = seconds_with_a_request(rate)
    return (first + _TRACED * (requests - first)) / requests


def seconds_with_a_request(rate: float) -> float:
    """Return the share of the seconds that have one or more requests, at `rate` orders a second."""
    return 1 - math.exp(-rate * (1 + LOOKS))


def of_books() -> Usage:
    """What comparing an order's payment with its books takes: in two daily sweeps, one read of the order's
    rows each, and a share of the row that names 100 compared payments and of the cursor's.
    """
    return {
        "dynamodb-read": _SWEEPS,
        "dynamodb-write": _SWEEPS * (_SEEN_UNITS + 1) / 100,
        "lambda-arm64-gb-second": _SWEEPS * _COMPARED_SECONDS * _BOOKS_GB,
    }


def of_daily_scans(kept: Usage) -> Usage:
    """What reading an order's rows once a day takes for a month, by Scan: half a unit for 4 KB.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
    """
    return {"dynamodb-read": 30 * kept["dynamodb-gb-month"] * _GB / 4096 / 2}
