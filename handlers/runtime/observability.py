"""The one logger and the one metrics collector of every function.

One line per event worth reading, in JSON, with the order's id and the execution on it, and never
a customer's e-mail address, name or token.
"""

from aws_lambda_powertools import Logger, Metrics

logger = Logger(service="orders")
metrics = Metrics(namespace="Orders", service="orders")
