"""What SES publishes of mail to a customer, as its documentation shows it, and the function behind it.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html
"""

import json
from typing import Any

from handlers.events.mail_outcome import lambda_handler

ADDRESS = "zoe@example.com"
SENT_AT, REPORTED_AT = "2026-11-22T10:25:12.000Z", "2026-11-22T10:25:14.000Z"
Report = dict[str, Any]


def bounce(kind: str = "Permanent", sub_type: str = "General", at: str = REPORTED_AT) -> Report:
    about = {
        "bounceType": kind,
        "bounceSubType": sub_type,
        "bouncedRecipients": [{"emailAddress": ADDRESS, "status": "5.1.1"}],
        "timestamp": at,
        "feedbackId": f"bounce-{at}",
    }
    return _about_a_mail({"eventType": "Bounce", "bounce": about})


def complaint(at: str = REPORTED_AT, **more: str) -> Report:
    about = {
        "complainedRecipients": [{"emailAddress": ADDRESS}],
        "timestamp": at,
        "feedbackId": f"complaint-{at}",
    }
    return _about_a_mail({"eventType": "Complaint", "complaint": about | more})


def reject() -> Report:
    return _about_a_mail({"eventType": "Reject", "reject": {"reason": "Bad content"}})


def tagged(report: Report, **tags: str) -> Report:
    """The report of a mail with these tags of its own; those that SES adds are always there."""
    own = {name: [value] for name, value in tags.items()}
    added = {"ses:configuration-set": ["orders-dev-mail"], "ses:from-domain": ["shop.example"]}
    return report | {"mail": report["mail"] | {"tags": own | added}}


def deliver(*reports: Report) -> list[str]:
    """The messages that the queue will deliver again."""
    records = [
        {"messageId": f"report-{number}", "body": json.dumps(report)}
        for number, report in enumerate(reports)
    ]
    answer = lambda_handler({"Records": records}, None)
    assert set(answer) == {"batchItemFailures"}
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def _about_a_mail(report: Report) -> Report:
    mail = {
        "timestamp": SENT_AT,
        "messageId": "m-1",
        "source": "Shop <orders@shop.example>",
        "destination": [ADDRESS],
        "commonHeaders": {"to": [ADDRESS], "subject": "Your order is confirmed"},
    }
    return tagged(report | {"mail": mail}, orderId="A", mail="OrderConfirmed")
