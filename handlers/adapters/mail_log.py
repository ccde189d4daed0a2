"""Which mails went out: the `MAIL#<type>` row beside an order, a lease while one is being sent.

The lease outlives the function that holds it, so two consumers never send the same mail at once;
a second copy is possible only if the function dies after the mail is out and before it is noted.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from handlers.adapters.conditions import write
from handlers.adapters.items import Item, encode
from handlers.adapters.order_table import key, table
from handlers.domain.clock import timestamp
from handlers.domain.events import EventType
from handlers.runtime.aws import client

LEASE_SECONDS = 60
"""Longer than the function may run, shorter than the queue waits before it delivers again."""

_KEPT = timedelta(days=30)  # more than a queue keeps a message (14 days)


class Claim(StrEnum):
    """Who may send a mail now."""

    WON = "WON"
    ALREADY_SENT = "ALREADY_SENT"
    IN_PROGRESS = "IN_PROGRESS"


def claim(order_id: str, mail: EventType) -> Claim:
    """Take the right to send this mail for LEASE_SECONDS, if nobody has sent it or is about to."""
    now = datetime.now(UTC)
    lease = {"leaseUntil": timestamp(now + timedelta(seconds=LEASE_SECONDS))}
    refused = write(
        "put_item",
        {
            "TableName": table(),
            "Item": _row(order_id, mail, "SENDING", now) | encode(lease),
            "ConditionExpression": (
                "attribute_not_exists(pk) OR (#status = :sending AND leaseUntil < :now)"
            ),
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": encode({":sending": "SENDING", ":now": timestamp(now)}),
        },
    )
    if refused is None:
        return Claim.WON
    return Claim.ALREADY_SENT if refused["status"] == "SENT" else Claim.IN_PROGRESS


def mark_sent(order_id: str, mail: EventType, message_id: str) -> None:
    """Note that the mail is out. Unconditional: whoever sent it, it is sent."""
    row = _row(order_id, mail, "SENT", datetime.now(UTC)) | encode({"messageId": message_id})
    client("dynamodb").put_item(TableName=table(), Item=row)


def _row(order_id: str, mail: EventType, status: str, now: datetime) -> Item:
    expires = int((now + _KEPT).timestamp())
    row = {"status": status, "at": timestamp(now), "expiresAt": expires}
    return key(order_id, f"MAIL#{mail}") | encode(row)
