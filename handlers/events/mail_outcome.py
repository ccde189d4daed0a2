"""Notes what became of mail to customers: SQS messages in, each the JSON of one event of SES.

A mail that does not reach its customer marks the order for operators, and keeps further mail from
the address. The events hold the address, so none of an event is logged but the order and the ids.
"""

import json
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from handlers.adapters import attention, customer_mail, mail_log, order_events, order_table
from handlers.domain import mail_outcome
from handlers.domain.mail_outcome import ABOUT_THE_ADDRESS, MailOutcome, Outcome
from handlers.runtime.observability import logger, metrics


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return which records to deliver again.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    failed: list[dict[str, str]] = []
    for record in event["Records"]:
        try:
            _handle(mail_outcome.of_event(json.loads(record["body"])))
        except Exception:
            logger.exception("mail outcome not noted", sqsMessageId=record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
        finally:
            logger.remove_keys(["orderId", "mail"])
    return {"batchItemFailures": failed}


def _handle(told: MailOutcome | None) -> None:
    """Note one outcome. Again, or older than what is noted, it changes nothing.

    The mail's row is written last: until then another delivery does all of it again.
    """
    if told is None:
        logger.warning("no mail of an order: nothing noted")
        return
    logger.append_keys(orderId=told.order_id, mail=told.mail)
    if told.outcome is Outcome.TRANSIENT:
        _report(told)
        return
    order = order_table.get(told.order_id)
    if order is None:
        logger.warning("no such order: nothing noted")
        return
    is_flagged = attention.MAIL in order["attention"]
    if mail_log.is_news(told):
        if told.outcome in ABOUT_THE_ADDRESS:
            customer_mail.note(order, told.outcome, told.at)
        is_flagged = attention.flag(told.order_id, attention.MAIL)
        mail_log.record_outcome(told)
        _report(told)
    if is_flagged:
        order_events.publish_needs_attention(told.order_id, attention.MAIL)


def _report(told: MailOutcome) -> None:
    """Log and count the outcome, as the metric MailBounced, MailComplained and so on."""
    logger.info(
        "mail outcome",
        outcome=told.outcome,
        sesMessageId=told.message_id,
        feedbackId=told.feedback_id,
    )
    name = f"Mail{told.outcome.title()}"
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)
    metrics.flush_metrics()
