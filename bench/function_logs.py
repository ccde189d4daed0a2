"""What functions have logged since some moment: how often they ran, how long, and how much they wrote."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.provision.aws import Aws

_EVENT_OVERHEAD = 26
"""Bytes that CloudWatch counts for each log event beside its text:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html"""
_PLATFORM = ("START ", "END ", "REPORT ")
_TRACE = {
    "spanId": "0123456789abcdef",
    "type": "X-Amzn-Trace-Id",
    "value": "Root=1-01234567-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1",
}
_RECORD = {"requestId": "01234567-0123-0123-0123-0123456789ab", "tracing": _TRACE}
_METRICS = {
    "durationMs": 12.345,
    "billedDurationMs": 13,
    "memorySizeMB": 512,
    "maxMemoryUsedMB": 100,
}
_JSON_PLATFORM = [
    {
        "time": "2026-01-01T00:00:00.000Z",
        "type": "platform.start",
        "record": _RECORD | {"version": "$LATEST"},
    },
    {
        "time": "2026-01-01T00:00:00.000Z",
        "type": "platform.report",
        "record": _RECORD | {"metrics": _METRICS, "status": "success"},
    },
]
"""Lambda's own lines of one call, where the log format is JSON and the system log level INFO.
https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html"""
JSON_PLATFORM_BYTES = sum(len(json.dumps(each)) + _EVENT_OVERHEAD for each in _JSON_PLATFORM)
"""With WARN, as in the stack `prod`, there are none of a call that goes well:
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html"""


@dataclass(frozen=True)
class Activity:
    """What one function did: its calls' milliseconds, the bytes that CloudWatch takes in, its own lines.

    Where the log format is JSON, Lambda's own lines are not in the bytes.
    """

    milliseconds: list[int]
    log_bytes: int
    memory: int
    lines: list[dict[str, Any]]

    @property
    def calls(self) -> int:
        return len(self.milliseconds)

    @property
    def gb_seconds(self) -> float:
        return sum(self.milliseconds) / 1000 * self.memory / 1024


def activity(
    aws: Aws, functions: Mapping[str, Mapping[str, Any]], since: float
) -> dict[str, Activity]:
    """By function name, since a moment in seconds since the epoch. The configurations are Lambda's."""
    time.sleep(0.3)  # a call's log is written when it is over
    return {name: _activity(aws, config, since) for name, config in functions.items()}


def _activity(aws: Aws, config: Mapping[str, Any], since: float) -> Activity:
    logging = config.get("LoggingConfig") or {}
    group = logging.get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    is_json = logging.get("LogFormat") == "JSON"
    messages = _messages(aws, group, since)
    own = [message for message in messages if not message.startswith(_PLATFORM)]
    reports = [re.search(r"\tDuration: (\d+) ms", message) for message in messages]
    milliseconds = [int(found[1]) for found in reports if found]
    counted = own if is_json else messages
    size = sum(len(message.encode()) + _EVENT_OVERHEAD for message in counted)
    lines = [json.loads(message) for message in own if message.startswith("{")]
    return Activity(milliseconds, size, config["MemorySize"], lines)


def _messages(aws: Aws, group: str, since: float) -> list[str]:
    pages = aws.logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, startTime=int(since * 1000)
    )
    try:
        return [event["message"] for page in pages for event in page["events"]]
    except aws.logs.exceptions.ResourceNotFoundException:
        return []  # it has never run
