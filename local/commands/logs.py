"""`logs`: prints what the functions logged, oldest first."""

import argparse
import time
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from localcloud import settings
from localcloud.errors import LocalError
from localcloud.instance import running
from localcloud.provision.aws import Aws


def logs(arguments: argparse.Namespace) -> int:
    """All functions, or those whose name contains the argument."""
    aws = Aws(running.outputs(settings.state_dir())["endpointUrl"])
    since = int((time.time() - arguments.since) * 1000)
    try:
        events = _events(aws, arguments.function or "", since)
    except (ClientError, BotoCoreError) as error:
        raise LocalError(f"cannot read the logs: {error}") from None
    for timestamp, function, message in sorted(events, key=lambda event: event[0]):
        at = datetime.fromtimestamp(timestamp / 1000, UTC).strftime("%H:%M:%S.%f")[:-3]
        print(f"{at} {function}: {message.rstrip()}")
    return 0


def _events(aws: Aws, wanted: str, since: int) -> list[tuple[int, str, str]]:
    functions = [
        function
        for page in aws.lambda_.get_paginator("list_functions").paginate()
        for function in page["Functions"]
        if wanted in function["FunctionName"]
    ]
    if not functions:
        raise LocalError(f"no function's name contains '{wanted}'")
    return [
        (event["timestamp"], function["FunctionName"], event["message"])
        for function in functions
        for event in _group_events(aws, function, since)
    ]


def _group_events(aws: Aws, function: dict[str, Any], since: int) -> list[dict[str, Any]]:
    name = function["FunctionName"]
    group = function.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{name}"
    pages = aws.logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, startTime=since
    )
    try:
        return [event for page in pages for event in page["events"]]
    except aws.logs.exceptions.ResourceNotFoundException:
        return []
