"""What became of a mail that SES has taken: read from the event that SES publishes about it.

An event names its order by the tags that the mail was sent with, so no address leads to it.
https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from handlers.domain.clock import timestamp
from handlers.domain.events import FOR_CUSTOMERS, EventType

ORDER_TAG, MAIL_TAG = "orderId", "mail"
"""The tags of a mail. Their names and values may have ASCII letters, digits, _ and - alone.
https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html"""


class Outcome(StrEnum):
    """How a mail ended. SUPPRESSED: SES did not send it, because its address is on a suppression
    list. TRANSIENT: it may arrive the next time; no order and no address is marked for it.
    """

    BOUNCED = "BOUNCED"
    COMPLAINED = "COMPLAINED"
    REJECTED = "REJECTED"
    SUPPRESSED = "SUPPRESSED"
    TRANSIENT = "TRANSIENT"


ABOUT_THE_ADDRESS = frozenset({Outcome.BOUNCED, Outcome.COMPLAINED, Outcome.SUPPRESSED})
"""No further mail goes to the address. SES rejects a mail for a virus in it, whatever its address."""


class MailOutcome(NamedTuple):
    """How the mail about `mail` of an order ended; `message_id` is SES's id of it, `at` a timestamp.

    `feedback_id` is SES's id of the bounce or complaint; a rejection has the message's id.
    """

    outcome: Outcome
    order_id: str
    mail: EventType
    message_id: str
    feedback_id: str
    at: str


def of_event(event: Mapping[str, Any]) -> MailOutcome | None:
    """Return what the event says, or None if it is not about a mail of an order.

    Raises KeyError or ValueError for what is no event of SES.
    """
    mail = event["mail"]
    tags = mail.get("tags", {})
    order_id, kind = (tags.get(name, [""])[0] for name in (ORDER_TAG, MAIL_TAG))
    if not order_id or kind not in FOR_CUSTOMERS:
        return None
    about: Mapping[str, Any] = event.get("bounce") or event.get("complaint") or {}
    return MailOutcome(
        outcome=_outcome(event),
        order_id=order_id,
        mail=EventType(kind),
        message_id=mail["messageId"],
        feedback_id=about.get("feedbackId", mail["messageId"]),
        at=timestamp(datetime.fromisoformat(about.get("timestamp", mail["timestamp"]))),
    )


def _outcome(event: Mapping[str, Any]) -> Outcome:
    """Of the reports of mailbox providers, `not-spam` takes a complaint back."""
    suppressed = ("Suppressed", "OnAccountSuppressionList")
    match event:
        case {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", **bounce}}:
            is_suppressed = bounce.get("bounceSubType") in suppressed
            return Outcome.SUPPRESSED if is_suppressed else Outcome.BOUNCED
        case {"eventType": "Complaint", "complaint": {"complaintFeedbackType": "not-spam"}}:
            return Outcome.TRANSIENT
        case {"eventType": "Complaint", "complaint": complaint}:
            is_suppressed = complaint.get("complaintSubType") in suppressed
            return Outcome.SUPPRESSED if is_suppressed else Outcome.COMPLAINED
        case {"eventType": "Reject"}:
            return Outcome.REJECTED
        case _:
            return Outcome.TRANSIENT
