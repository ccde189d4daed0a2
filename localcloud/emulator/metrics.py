"""Patch: metrics in a function's log lines become CloudWatch metrics, which MiniStack leaves out.

Format: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

# The patches reach into what MiniStack keeps to itself; anchors.py checks that it is there.
# pyright: reportPrivateUsage=false

import json
from collections.abc import Iterator
from typing import Any

from ministack.services import cloudwatch, lambda_svc

from localcloud.emulator import anchors
from localcloud.json_values import is_array

Metric = tuple[str, str, float, str, dict[str, str]]
UNDIMENSIONED: list[list[str]] = [[]]


def apply() -> None:
    """Reads each invocation's log once it is written."""
    anchors.has_parameters(
        lambda_svc, "_emit_lambda_logs", "func request_id log_text error duration_ms log_source"
    )
    anchors.has_parameters(
        cloudwatch, "record_metric", "namespace metric_name value unit dimensions"
    )
    original = lambda_svc._emit_lambda_logs

    def emit(func: Any, request_id: str, log_text: str, *args: Any, **kwargs: Any) -> None:
        original(func, request_id, log_text, *args, **kwargs)
        for line in (log_text or "").splitlines():
            for metric in embedded_metrics(line):
                cloudwatch.record_metric(*metric)

    lambda_svc._emit_lambda_logs = emit


def embedded_metrics(line: str) -> Iterator[Metric]:
    """The (namespace, name, value, unit, dimensions) in one log line; none if it is not in the format."""
    if '"_aws"' not in line:
        return
    try:
        document = json.loads(line)
    except ValueError:
        return
    about: dict[str, Any] = document.get("_aws") or {}
    for directive in about.get("CloudWatchMetrics", []):
        for dimensions in directive.get("Dimensions") or UNDIMENSIONED:
            named = {name: str(document.get(name)) for name in dimensions}
            for metric in directive.get("Metrics", []):
                values = document.get(metric["Name"], [])
                for value in values if is_array(values) else [values]:
                    unit = metric.get("Unit", "None")
                    yield directive["Namespace"], metric["Name"], float(value), unit, named
