"""Lists as the API answers them, newest first. https://docs.stripe.com/api/pagination

Not here: `ending_before`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handlers.sandbox import ids, params, table
from handlers.sandbox.charges import Record
from handlers.sandbox.function_url import Request

PARAMS = ("created", "limit", "starting_after")
"""The parameters of every list; `created` is a second, or `created[gte]` and its like."""
_LAST_SECOND = 99_999_999_999
_FIRST_PAGE = 10  # objects, where no limit is said
_LONGEST_PAGE = 100


@dataclass(frozen=True)
class Page:
    """A part of a list: at most `limit` objects whose ids are from `low` to `high`."""

    request: Request
    kind: table.Listed
    low: str
    high: str
    limit: int

    @classmethod
    def of(cls, request: Request, kind: table.Listed, prefix: str) -> "Page":
        """What the parameters ask for; `prefix` is that of the ids. Raises ApiError."""
        limit = _FIRST_PAGE
        if "limit" in request.params:
            limit = params.whole(request, "limit", 1, _LONGEST_PAGE)
        after = params.text(request, "starting_after")
        low, high = _created(request)
        high = min(high, ids.number(after) - 1) if after else high
        return cls(request, kind, ids.at(prefix, low), ids.at(prefix, high), limit)

    def of_all(self, shown: Callable[[Record], list[dict[str, Any]]]) -> dict[str, Any]:
        """The page of what all intents have; `shown` is what it lists of one."""
        records = []
        if self.low <= self.high:
            records = table.newest(self.kind, self.low, self.high, self.limit + 1)
        return self._of({each["id"]: each for record in records for each in shown(record)})

    def of_one(self, objects: list[dict[str, Any]]) -> dict[str, Any]:
        """The page of what one intent has."""
        return self._of({each["id"]: each for each in objects})

    def _of(self, objects: dict[str, dict[str, Any]]) -> dict[str, Any]:
        found = [objects[id] for id in sorted(objects, reverse=True) if self.low <= id <= self.high]
        data, has_more = found[: self.limit], len(found) > self.limit
        return {"object": "list", "url": self.request.path, "has_more": has_more, "data": data}


def _created(request: Request) -> tuple[int, int]:
    """The least and the greatest number of an id that was created when the parameters say."""
    low, high = 0, ids.first_of(_LAST_SECOND)
    for name in request.params:
        if name.partition("[")[0] == "created":
            second = params.whole(request, name, 0, _LAST_SECOND)
            first, last = ids.first_of(second), ids.first_of(second + 1) - 1
            match name:
                case "created":
                    low, high = max(low, first), min(high, last)
                case "created[gte]":
                    low = max(low, first)
                case "created[gt]":
                    low = max(low, last + 1)
                case "created[lte]":
                    high = min(high, last)
                case "created[lt]":
                    high = min(high, first - 1)
                case _:
                    raise params.unknown(name)
    return low, high
