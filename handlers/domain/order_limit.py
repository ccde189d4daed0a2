"""How many orders a customer may place in ten minutes, so that one customer can't spend for all.

What counts is what was placed earlier, whatever became of it. Refused orders count too: else
somebody who tries out stolen cards could go on for ever.
"""

from datetime import datetime, timedelta

from handlers.domain.clock import timestamp
from handlers.domain.order import Order

WINDOW = timedelta(minutes=10)
_TICK = timedelta(milliseconds=1)  # of a timestamp


def counted(order: Order) -> tuple[str, str]:
    """Return the first and the last time (both included) of the orders that count against `order`.

    They are the ten minutes before it. No later order is among them, so every run of the order
    gets the same answer. Orders of the same millisecond don't count against each other.
    """
    placed = datetime.fromisoformat(order["createdAt"])
    return timestamp(placed - WINDOW), timestamp(placed - _TICK)
