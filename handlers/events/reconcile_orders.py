"""Drives the orders that are due: a schedule starts this every minute, and it starts a run for each.

It decides nothing about an order and never asks the payment gateway: the run does, from what the
order says by then. Twice at once it drives twice as many, because each order is taken by one.
"""

import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.adapters import open_orders, order_events, order_table, workflow
from handlers.adapters.open_orders import Due
from handlers.domain.clock import timestamp
from handlers.domain.looks import is_stuck, next_look
from handlers.domain.order import Order
from handlers.runtime.observability import logger, metrics
from handlers.runtime.settings import ReconcilerSettings, load

PAUSE_SECONDS = 1 / 3
"""Three orders a second beside twenty of customers, which come at random, stay below what the gateway
takes, 25 requests of a kind each second. https://docs.stripe.com/rate-limits"""

AT_MOST = 165
"""Orders of one call, which ends before the next minute's begins."""

RESERVE_MILLISECONDS = 2000
"""Left at the end for the summary. An order whose look is cut off all the same is due again at its
next look at the latest."""

_IF_MALFORMED = timedelta(hours=1)


class Outcome(StrEnum):
    """How a look at one order ended. REFUSED: the order is not due any more, or not for this call."""

    STARTED = "STARTED"
    REFUSED = "REFUSED"
    NOT_STARTED = "NOT_STARTED"
    FAILED = "FAILED"


class NothingDriven(Exception):
    """Orders were due, and every one of them failed."""


@metrics.log_metrics
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Raises NothingDriven, and what DynamoDB raises if the list of due orders can't be read."""
    now = datetime.now(UTC)
    due = open_orders.due(timestamp(now), AT_MOST)
    ends = Counter(_look(each.order_id) for each in _paced(due, context))
    logger.info(
        "reconciled",
        taken=ends[Outcome.STARTED] + ends[Outcome.NOT_STARTED],
        started=ends[Outcome.STARTED],
        refused=ends[Outcome.REFUSED],
        failed=ends[Outcome.NOT_STARTED] + ends[Outcome.FAILED],
        oldestDue=due[0].due_at if due else None,
    )
    oldest = datetime.fromisoformat(due[0].due_at) if due else now
    age = (now - oldest).total_seconds()
    metrics.add_metric("OrdersDueOldestAge", MetricUnit.Seconds, age)
    metrics.add_metric("OrdersDriven", MetricUnit.Count, ends[Outcome.STARTED])
    if ends and not ends.keys() & {Outcome.STARTED, Outcome.REFUSED}:
        raise NothingDriven(f"{ends.total()} orders")


def _paced(due: list[Due], context: LambdaContext) -> Iterator[Due]:
    """The orders one after the other, PAUSE_SECONDS apart at least, as long as there is time."""
    earliest = time.monotonic()
    for each in due:
        time.sleep(max(0.0, earliest - time.monotonic()))
        if context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS:
            return
        earliest = time.monotonic() + PAUSE_SECONDS
        yield each


def _look(order_id: str) -> Outcome:
    """Look at one order. What is wrong with it stops no other, so nothing is raised."""
    logger.append_keys(orderId=order_id)
    try:
        return _drive(order_id)
    except Exception:
        logger.exception("order not driven")
        return Outcome.FAILED
    finally:
        logger.remove_keys(["orderId"])


def _drive(order_id: str) -> Outcome:
    """Take the order if it is due, start a run of it, and tell operators once if it is stuck.

    If the run can't be started, the order stays due at its next look. To make it due at once would
    let the oldest orders be tried first in each call of an outage, and the others never.
    """
    order, now = order_table.get(order_id), datetime.now(UTC)
    if order is None or "dueAt" not in order or order["dueAt"] > timestamp(now):
        return Outcome.REFUSED
    due_at = order["dueAt"]
    look, stuck = _judged(order, now)
    if not open_orders.take(order_id, due_at, look, timestamp(now) if stuck else None):
        return Outcome.REFUSED
    started = workflow.start(order_id, re.sub(r"\W", "", due_at))
    if stuck and open_orders.STUCK not in order["attention"]:
        order_events.publish_needs_attention(order_id, open_orders.STUCK)
    return Outcome.STARTED if started else Outcome.NOT_STARTED


def _judged(order: Order, now: datetime) -> tuple[str, bool]:
    """When the order is looked at next, and whether operators should look at it: it has been in one
    status for too long, or has faulted too often in it, or is malformed.
    """
    settings = load(ReconcilerSettings)
    limit = timedelta(minutes=int(settings.attention_after_minutes))
    try:
        look = next_look(order, now, random.random())
        stuck = is_stuck(order, now, limit) or order["attempts"] >= int(settings.max_attempts)
    except (KeyError, IndexError, TypeError, ValueError):
        logger.exception("order malformed")
        return timestamp(now + _IF_MALFORMED), True
    return timestamp(look), stuck
