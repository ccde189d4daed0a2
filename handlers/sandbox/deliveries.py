"""How events are delivered: once each and at once, unless a test or a demonstration says otherwise.

Stripe promises neither an order nor that an event comes once:
https://docs.stripe.com/webhooks#event-ordering and #handle-duplicate-events
"""

from dataclasses import dataclass, field
from typing import Any

from handlers.adapters.items import Item
from handlers.sandbox import params, table
from handlers.sandbox.api_error import ApiError
from handlers.sandbox.events import TYPES
from handlers.sandbox.function_url import Request

_LONGEST_DELAY = 900  # seconds, of an SQS message
_MOST_COPIES = 3


@dataclass(frozen=True)
class Delivery:
    """Each event `copies` times (0 loses it), `delay` seconds late, or as `delays` says for its type."""

    delay: int = 0
    delays: dict[str, int] = field(default_factory=dict[str, int])
    copies: int = 1

    @classmethod
    def of(cls, request: Request) -> "Delivery":
        """What the parameters say: `delay`, `delay[<type of event>]`, `copies`. Raises ApiError."""
        params.only(request, "copies", "delay")
        delays: dict[str, int] = {}
        for name in request.params:
            if name.startswith("delay["):
                event_type = name[len("delay[") : -1]
                if event_type not in TYPES:
                    raise ApiError(400, f"No such event: '{event_type[:100]}'", param=name[:100])
                delays[event_type] = params.whole(request, name, 0, _LONGEST_DELAY)
        given = request.params
        return cls(
            delay=params.whole(request, "delay", 0, _LONGEST_DELAY) if "delay" in given else 0,
            delays=delays,
            copies=params.whole(request, "copies", 0, _MOST_COPIES) if "copies" in given else 1,
        )

    def delay_of(self, event_type: str) -> int:
        """How late an event of this type is delivered, in seconds."""
        return self.delays.get(event_type, self.delay)

    def content(self) -> dict[str, Any]:
        """The answer to who has set it."""
        return {"object": "sandbox.delivery"} | self._values()

    def item(self) -> Item:
        """The write that puts it in force."""
        return table.deliver(self._values())

    def _values(self) -> dict[str, Any]:
        return {"delay": self.delay, "delays": self.delays, "copies": self.copies}


def in_force() -> Delivery:
    """How the events of now are delivered."""
    values = table.delivery()
    known = {name: values[name] for name in ("delay", "delays", "copies") if name in values}
    return Delivery(**known)
