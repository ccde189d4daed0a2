"""Which mails went out, and what became of them: the `MAIL#<type>` row beside an order.

SENDING has a lease, which outlives the function that holds it, so two deliveries never send the
same mail at once. SENT, SKIPPED and UNCERTAIN are final: no delivery sends after them. The rows don't
expire, because an order can be driven again after any time and then publishes its event again.
"""

import itertools
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from botocore.exceptions import BotoCoreError, ClientError

from handlers.adapters.conditions import write
from handlers.adapters.items import Item, encode
from handlers.adapters.order_table import key, table
from handlers.domain.clock import timestamp
from handlers.domain.events import EventType
from handlers.domain.mail_outcome import MailOutcome, Outcome
from handlers.runtime.aws import client
from handlers.runtime.patience import Patience

LEASE_SECONDS = 120
"""Longer than the function may run, shorter than the queue waits before it delivers again."""

RECORD_SECONDS = 15
"""How long an outcome that can't be written is tried again."""

_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0  # seconds


class Claim(StrEnum):
    """What a delivery may do about its mail; all but WON mean that it sends nothing."""

    WON = "WON"
    IN_PROGRESS = "IN_PROGRESS"
    ALREADY_SENT = "ALREADY_SENT"
    SKIPPED = "SKIPPED"
    UNCERTAIN = "UNCERTAIN"


def claim(order_id: str, mail: EventType) -> Claim:
    """Take the right to send this mail for LEASE_SECONDS, or say why it is not to be had."""
    now = datetime.now(UTC)
    lease = {"leaseUntil": timestamp(now + timedelta(seconds=LEASE_SECONDS))}
    return _take(_row(order_id, mail, "SENDING", now) | encode(lease), now)


def skip(order_id: str, mail: EventType, reason: Outcome) -> Claim:
    """Note that this mail is not sent, unless a delivery sends it or has sent it. WON if noted."""
    now = datetime.now(UTC)
    return _take(_row(order_id, mail, "SKIPPED", now) | encode({"reason": reason}), now)


def _take(row: Item, now: datetime) -> Claim:
    """Write the row if there is none, or one whose lease is over."""
    refused = write(
        "put_item",
        {
            "TableName": table(),
            "Item": row,
            "ConditionExpression": (
                "attribute_not_exists(pk) OR (#status = :sending AND leaseUntil < :now)"
            ),
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": encode({":sending": "SENDING", ":now": timestamp(now)}),
        },
    )
    if refused is None:
        return Claim.WON
    final = {
        "SENT": Claim.ALREADY_SENT,
        "SKIPPED": Claim.SKIPPED,
        "UNCERTAIN": Claim.UNCERTAIN,
    }
    return final.get(refused["status"], Claim.IN_PROGRESS)


def mark_sent(order_id: str, mail: EventType, message_id: str) -> None:
    """Note that SES has the mail, as `message_id`, whatever the row says but an outcome."""
    row = _row(order_id, mail, "SENT", datetime.now(UTC))
    _record(row | encode({"messageId": message_id}))


def mark_uncertain(order_id: str, mail: EventType) -> None:
    """Note that SES was asked and didn't answer: no delivery sends this mail again."""
    _record(_row(order_id, mail, "UNCERTAIN", datetime.now(UTC)))


def is_news(outcome: MailOutcome) -> bool:
    """Whether nothing as late as this outcome is noted of the mail. A consistent read."""
    sort = f"MAIL#{outcome.mail}"
    found = client("dynamodb").get_item(
        TableName=table(), Key=key(outcome.order_id, sort), ConsistentRead=True
    )
    noted = found.get("Item", {}).get("outcomeAt", {}).get("S", "")
    return noted < outcome.at


def record_outcome(outcome: MailOutcome) -> None:
    """Note what became of the mail, unless something as late is noted.

    SES reports on what it has taken, so the mail is SENT whatever the row said before, or SKIPPED
    if SES suppressed it.
    """
    suppressed = outcome.outcome is Outcome.SUPPRESSED
    what = "reason" if suppressed else "outcome"
    values = {
        ":status": "SKIPPED" if suppressed else "SENT",
        ":what": outcome.outcome,
        ":message": outcome.message_id,
        ":feedback": outcome.feedback_id,
        ":at": outcome.at,
    }
    write(
        "update_item",
        {
            "TableName": table(),
            "Key": key(outcome.order_id, f"MAIL#{outcome.mail}"),
            "UpdateExpression": f"SET #status = :status, {what} = :what, messageId = :message, "
            "feedbackId = :feedback, outcomeAt = :at, #at = if_not_exists(#at, :at) "
            "REMOVE leaseUntil",
            "ConditionExpression": "attribute_not_exists(outcomeAt) OR outcomeAt < :at",
            "ExpressionAttributeNames": {"#status": "status", "#at": "at"},
            "ExpressionAttributeValues": encode(values),
        },
    )


def _record(row: Item) -> None:
    """Write the row, again and again for RECORD_SECONDS: without it the mail is sent once more.

    An outcome that is there already knows more, and stays.
    """
    request = {
        "TableName": table(),
        "Item": row,
        "ConditionExpression": "attribute_not_exists(outcomeAt)",
    }
    patience = Patience(RECORD_SECONDS, _SHORTEST_PAUSE, _LONGEST_PAUSE)
    for tries in itertools.count(1):
        try:
            write("put_item", request)
            return
        except (ClientError, BotoCoreError):
            if not patience.wait(tries):
                raise


def _row(order_id: str, mail: EventType, status: str, now: datetime) -> Item:
    return key(order_id, f"MAIL#{mail}") | encode({"status": status, "at": timestamp(now)})
