"""The payment gateway's webhook: starts a run of the workflow for the order that an event is about.

Nothing is decided by an event: the run asks the gateway how the payment stands. So events may
come late, twice or out of order, as Stripe's do: https://docs.stripe.com/webhooks. Those about
refunds and disputes are passed on to the books function.
"""

import base64
import time
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.metrics import MetricUnit

from handlers.adapters import books, event_log, order_table, workflow
from handlers.adapters.webhook_secret import webhook_secrets
from handlers.api.problem import Problem, answer
from handlers.api.resolver import resolver
from handlers.domain.order import OrderStatus
from handlers.domain.payment_event import FOR_BOOKS, WAKING, PaymentEvent
from handlers.domain.webhook_signature import is_signed
from handlers.runtime.observability import logger, metrics
from handlers.runtime.settings import WebhookSettings, load

app = resolver()

_SECRETS_AGES = (300, 60)
"""Seconds: how old the kept secrets may be at first, and after a mismatch. So a rolled secret is
noticed, and wrong signatures cause one read a minute at most."""


class Outcome(StrEnum):
    """What came of an event; the gateway's list of deliveries shows it."""

    RUN_STARTED = "RUN_STARTED"
    PASSED_ON = "PASSED_ON"
    NOTHING_TO_DO = "NOTHING_TO_DO"
    IGNORED = "IGNORED"


@app.post("/api/payments/webhook")
def receive_payment_event() -> Response[str]:
    """Answer 200 only once nothing is left to do: Stripe sends an event again after any other answer."""
    event = _signed_event()
    logger.append_keys(eventId=event.id, eventType=event.type)
    outcome = _handle(event)
    logger.info(outcome)
    return answer({"outcome": outcome})


def _signed_event() -> PaymentEvent:
    """The request's event. Raises Problem 400, for a wrong signature before the body is read."""
    request = app.current_event
    header = request.headers.get("Stripe-Signature") or ""
    body = _raw(request.body or "", bool(request.is_base64_encoded))
    now = time.time()
    if not any(is_signed(body, header, webhook_secrets(age), now) for age in _SECRETS_AGES):
        raise Problem(HTTPStatus.BAD_REQUEST, "The signature is not valid.")
    try:
        return PaymentEvent.of(body)
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "The body is not an event.") from error


def _raw(body: str, is_base64_encoded: bool) -> bytes:
    """The body as it was sent; the gateway passes it in base64."""
    return base64.b64decode(body) if is_base64_encoded else body.encode()


def _handle(event: PaymentEvent) -> Outcome:
    if event.type not in WAKING | FOR_BOOKS:
        metrics.add_metric(name="PaymentEventIgnored", unit=MetricUnit.Count, value=1)
        metrics.flush_metrics()
        return Outcome.IGNORED
    # Stacks may share an account of the gateway; each then gets the events of all.
    if event.stack not in ("", load(WebhookSettings).stack_name):
        return Outcome.NOTHING_TO_DO
    return _wake(event) if event.type in WAKING else _pass_on(event)


def _wake(event: PaymentEvent) -> Outcome:
    """Start a run if the order waits for its payment and this event has not started one before."""
    if not event.order_id:
        return Outcome.NOTHING_TO_DO
    logger.append_keys(orderId=event.order_id)
    order = order_table.get(event.order_id)
    if order is None:
        logger.warning("there is no such order")
        return Outcome.NOTHING_TO_DO
    seen = "lastEvent" in order and order["lastEvent"]["id"] == event.id
    if order["status"] != OrderStatus.AWAITING_PAYMENT or seen:
        return Outcome.NOTHING_TO_DO
    if not workflow.start(event.order_id, event.cause):
        raise _not_handled()
    event_log.note(event.order_id, event.id, event.type)
    return Outcome.RUN_STARTED


def _pass_on(event: PaymentEvent) -> Outcome:
    if not event.intent_id:
        return Outcome.NOTHING_TO_DO
    if not books.check(event.intent_id, event.id, event.type):
        raise _not_handled()
    return Outcome.PASSED_ON


def _not_handled() -> Problem:
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "The event was not handled. Send it again.")


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    try:
        return app.resolve(event, context)
    finally:
        logger.remove_keys(["eventId", "eventType", "orderId"])
