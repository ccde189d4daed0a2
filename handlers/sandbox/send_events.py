"""Sends the sandbox's events to the webhook as Stripe does: SQS messages in, each an event's JSON.

Each attempt is signed anew, so that its time is the attempt's.
https://docs.stripe.com/webhooks#verify-manually
What isn't answered by 2xx is reported back, so that the queue delivers it again and in the end keeps
it in its dead-letter queue; Stripe gives up after three days instead.
"""

import hashlib
import hmac
import json
import time
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from handlers.adapters.payment_secret import payment_secret
from handlers.runtime.observability import logger
from handlers.runtime.settings import EventSenderSettings, load

TIMEOUT_SECONDS = 5
"""Of connecting, and of each wait for the answer."""


class NotTaken(Exception):
    """The webhook's answer isn't 2xx."""


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return which records to deliver again.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    failed: list[dict[str, str]] = []
    for record in event["Records"]:
        try:
            _send(record["body"])
        except Exception:
            logger.exception("event not sent", sqsMessageId=record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
        finally:
            logger.remove_keys(["event", "type"])
    return {"batchItemFailures": failed}


def _send(body: str) -> None:
    """Send one event. Raises NotTaken, or what stands in the way of an answer."""
    event = json.loads(body)
    logger.append_keys(event=event["id"], type=event["type"])
    settings = load(EventSenderSettings)
    secret = json.loads(payment_secret(settings.webhook_secret_arn))[0]
    headers = {
        "content-type": "application/json; charset=utf-8",
        "stripe-signature": _signature(body, secret, int(time.time())),
    }
    status = _post(settings.webhook_url, body.encode(), headers)
    if not 200 <= status < 300:
        raise NotTaken(f"HTTP {status}")
    logger.info("event sent", status=status)


def _signature(body: str, secret: str, at: int) -> str:
    """The value of Stripe-Signature: the time in seconds, and the digest of time and body."""
    digest = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer. A redirect is an answer: Stripe doesn't follow it either."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", parts.path or "/", body, headers)
        return connection.getresponse().status
    finally:
        connection.close()
