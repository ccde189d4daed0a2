"""The one logger and the one metrics collector of every function.

One line per event worth reading, in JSON, with the order's id and the execution on it, and never
a customer's e-mail address, name or token.
"""

from aws_lambda_powertools import Logger, Metrics

# Lambda takes a line's own time and level from it only if the time is written as in RFC 3339:
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
logger = Logger(
    service="orders", utc=True, use_rfc3339=True, location=None, serialize_stacktrace=False
)
metrics = Metrics(namespace="Orders", service="orders")
