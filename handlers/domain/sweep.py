"""The daily comparison of all payments: which of them, in which parts, and how far it has come.

Times are in seconds since 1970, as the gateway's `created` is.
"""

from enum import StrEnum
from typing import NamedTuple

_HOUR, _DAY = 3600, 24 * 3600
_WATCHED = 30 * _DAY


class Part(StrEnum):
    """The lists that a sweep goes through, one after the other: three of the gateway's, then the orders'."""

    PAYMENTS = "PAYMENTS"
    REFUNDS = "REFUNDS"
    DISPUTES = "DISPUTES"
    CAPTURES = "CAPTURES"
    DONE = "DONE"


class Span(NamedTuple):
    """From `first`, which is included, to `end`, which is not."""

    first: int
    end: int


class Sweep(NamedTuple):
    """A sweep of what happened from `since` to `until`, which is the next one's `since`.

    `after` is what was looked at last in `part`, empty at its beginning. `saves` counts how often the
    sweep was saved, so that of two calls at once only one goes on.
    """

    since: int
    until: int
    part: Part = Part.PAYMENTS
    after: tuple[str, ...] = ()
    saves: int = 0

    @property
    def created(self) -> Span:
        """When the payments, refunds and disputes that are compared were made.

        It begins a day earlier, so that each is looked at in two sweeps: an order that was not at
        rest in the first one is so in the second.
        """
        return Span(self.since - _DAY, self.until)

    @property
    def may_have_failed(self) -> Span:
        """When the refunds were made of which those that failed are compared too: in the last 30 days.

        A refund can fail days after it succeeded: https://docs.stripe.com/refunds#failed-refunds
        """
        return Span(min(self.created.first, self.until - _WATCHED), self.until)

    @property
    def captured(self) -> Span:
        """When the captures were noted that are compared: each once, after its order came to rest."""
        return Span(self.since - 2 * _HOUR, self.until - 2 * _HOUR)

    @property
    def next_part(self) -> Part:
        """The part after this one. Raises IndexError after the last."""
        parts = list(Part)
        return parts[parts.index(self.part) + 1]


def due(last: Sweep | None, now: int) -> Sweep | None:
    """Return the sweep to go on with: the last one, the next one a day after it, or None until then.

    The first one looks at the last day.
    """
    if last is None:
        return Sweep(now - _DAY, now)
    if last.part is not Part.DONE:
        return last
    return Sweep(last.until, now, saves=last.saves) if now >= last.until + _DAY else None
