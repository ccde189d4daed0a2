"""When an open order is looked at next, and when it has been in one status for too long.

A look only starts a run. How an order ends is decided by the run, from the order's own times.
"""

from datetime import datetime, timedelta

from handlers.domain.order import Order, OrderStatus

_MINUTE = timedelta(minutes=1)
_YOUNG = timedelta(hours=2)
_LONGEST_PAUSE, _LONGEST_PAUSE_WHILE_YOUNG = timedelta(hours=1), 3 * _MINUTE


def next_look(order: Order, now: datetime, spread: float) -> datetime:
    """Return when an order that is looked at now is looked at again; `now` is aware, in any zone.

    The pause is a quarter of the order's time in its status, 1 to 3 minutes while the order is
    younger than two hours, an hour at most later, and up to 25 % shorter or longer: `spread`, from
    0 to 1, says by how much, so that orders that failed together don't come back together. It is
    the pause that RecordFault makes after a fault.

    While the customer may approve the payment, looks are 1, 2, 4, 8 … minutes after the order came
    to AWAITING_PAYMENT, and at `approveBy`.

    Raises KeyError, IndexError, TypeError or ValueError if a time of the order can't be read.
    """
    since = _in_status_since(order)
    if order["status"] == OrderStatus.AWAITING_PAYMENT and "approveBy" in order:
        approve_by = _moment(order["approveBy"])
        if now < approve_by:
            return min(_doubled(since, now), approve_by)
    is_young = now - _moment(order["createdAt"]) < _YOUNG
    longest = _LONGEST_PAUSE_WHILE_YOUNG if is_young else _LONGEST_PAUSE
    pause = max(_MINUTE, min(longest, (now - since) / 4))
    return now + pause * (0.75 + 0.5 * spread)


def is_stuck(order: Order, now: datetime, attention_after: timedelta) -> bool:
    """Whether the order has been in one status for longer than `attention_after`.

    The time that a customer has to approve the payment is not counted. Raises as `next_look`.
    """
    since = _in_status_since(order)
    if order["status"] == OrderStatus.AWAITING_PAYMENT and "approveBy" in order:
        since = _moment(order["approveBy"])
    return now - since > attention_after


def _doubled(since: datetime, now: datetime) -> datetime:
    """The first of 1, 2, 4, 8 … minutes after `since` that is later than `now`."""
    pause = _MINUTE
    while since + pause <= now:
        pause *= 2
    return since + pause


def _in_status_since(order: Order) -> datetime:
    return _moment(order["timeline"][-1]["at"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
