"""What the functions of a running shop have done, read from their logs."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.support.live_system import LiveSystem


@dataclass(frozen=True)
class Call:
    """One call of a workflow function; times in milliseconds since the epoch."""

    order_id: str
    began: int
    ended: int
    lines: list[str]

    @property
    def failed(self) -> bool:
        return any(json.loads(line)["level"] == "ERROR" for line in self.lines)


def calls(shop: LiveSystem, function: str, since: float) -> list[Call]:
    """The calls of the function that ended after `since` (seconds since the epoch)."""
    pages = shop.aws.logs.get_paginator("filter_log_events").paginate(
        logGroupName=shop.function(function)["LoggingConfig"]["LogGroup"],
        startTime=int(since * 1000),
    )
    streams: dict[str, list[tuple[int, str]]] = {}
    for event in (event for page in pages for event in page["events"]):
        stream = streams.setdefault(event["logStreamName"], [])
        stream.append((event["timestamp"], event["message"]))
    return [_call(stream) for stream in streams.values()]


def most_at_once(calls: Iterable[Call]) -> int:
    """The largest number of these calls that were under way at one moment; 0 if there is none."""
    spans = [(call.began, call.ended) for call in calls]
    return max((sum(began <= at < ended for began, ended in spans) for at, _ in spans), default=0)


def _call(stream: list[tuple[int, str]]) -> Call:
    """The emulator gives each call a log stream of its own, and writes it when the call ends."""
    lines = [line for _, line in stream if line.startswith("{")]
    (order_id,) = {found["orderId"] for line in lines if "orderId" in (found := json.loads(line))}
    (ended, report) = next((at, line) for at, line in stream if line.startswith("REPORT "))
    took = re.search(r"\tDuration: (\d+) ms", report)
    assert took, report
    return Call(order_id, ended - int(took[1]), ended, lines)
