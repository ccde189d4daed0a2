"""How far the daily comparison of all payments has come, kept in the orders table under `BOOKS`.

- `CURSOR`: the sweep.
- `SEEN#<until>#<payment>`: the payments that the sweep has compared, up to this one. They expire.
"""

from typing import Any

from handlers.adapters.conditions import write
from handlers.adapters.items import decode, encode
from handlers.adapters.order_books import BOOKS
from handlers.adapters.order_table import table
from handlers.domain.sweep import Part, Sweep
from handlers.runtime.aws import client

SAVE_EVERY = 100
"""Entries of a list."""

_SEEN_SECONDS = 7 * 24 * 3600
_CURSOR = {"pk": BOOKS, "sk": "CURSOR"}


def last() -> Sweep | None:
    """The sweep as it was saved last, or None."""
    answer = client("dynamodb").get_item(
        TableName=table(), Key=encode(_CURSOR), ConsistentRead=True
    )
    if "Item" not in answer:
        return None
    item: Any = decode(answer["Item"])
    return Sweep(
        item["since"], item["until"], Part(item["part"]), tuple(item["after"]), item["saves"]
    )


class Overtaken(Exception):
    """Another call has gone on with the sweep meanwhile."""


class Progress:
    """A sweep that is under way: where it is, and how many payments were compared.

    It is saved after every SAVE_EVERY entries, so that a call that is cut off loses no more.
    """

    def __init__(self, sweep: Sweep) -> None:
        self.sweep = sweep
        self.compared = 0
        self._unsaved = 0
        self._payments: list[str] = []

    def passed(self, place: tuple[str, ...], payment: str) -> None:
        """Note the entry that was looked at, and the payment that was compared for it, or empty."""
        self.sweep = self.sweep._replace(after=place)
        self._unsaved += 1
        if payment:
            self.compared += 1
            self._payments.append(payment)
        if self._unsaved == SAVE_EVERY:
            self.save()

    def go_to(self, part: Part) -> None:
        """Go on to the beginning of this part. Raises Overtaken."""
        self._remember()
        self._save(self.sweep._replace(part=part, after=()))

    def save(self) -> None:
        """Save how far the sweep has come. Raises Overtaken."""
        self._remember()
        self._save(self.sweep)

    def _save(self, sweep: Sweep) -> None:
        saved = sweep._replace(saves=sweep.saves + 1)
        content: dict[str, object] = {**saved._asdict(), "after": list(saved.after)}
        request = {
            "TableName": table(),
            "Item": encode(_CURSOR | content),
            "ConditionExpression": "attribute_not_exists(pk) OR saves = :saves",
            "ExpressionAttributeValues": encode({":saves": sweep.saves}),
        }
        if write("put_item", request) is not None:
            raise Overtaken
        self.sweep, self._unsaved = saved, 0

    def _remember(self) -> None:
        if self._payments:
            row: dict[str, object] = {
                "pk": BOOKS,
                "sk": f"{_seen(self.sweep)}{self._payments[-1]}",
                "payments": self._payments,
                "expiresAt": self.sweep.until + _SEEN_SECONDS,
            }
            client("dynamodb").put_item(TableName=table(), Item=encode(row))
            self._payments = []


def remembered(sweep: Sweep) -> set[str]:
    """Return the payments that the sweep has compared."""
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=table(),
            KeyConditionExpression="pk = :pk AND begins_with(sk, :seen)",
            ExpressionAttributeValues=encode({":pk": BOOKS, ":seen": _seen(sweep)}),
            ConsistentRead=True,
        )
    )
    return {each for page in pages for item in page["Items"] for each in decode(item)["payments"]}


def _seen(sweep: Sweep) -> str:
    return f"SEEN#{sweep.until}#"
