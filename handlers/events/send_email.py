"""Mails customers about their orders: SQS messages in, each the JSON of one order event.

A message that can't be handled is reported back, so that the queue delivers it again and in the
end keeps it in its dead-letter queue. The function's time is that of one message, which is all
that its queue gives it at once.
"""

import json
from typing import Any

from handlers.adapters import customer_mail, mail_log, mailer
from handlers.adapters.mail_log import Claim
from handlers.domain.events import FOR_CUSTOMERS, EventType
from handlers.domain.mail import Mail, compose, is_true
from handlers.domain.order import Order
from handlers.runtime.observability import logger
from handlers.runtime.settings import MailSettings, load


class NotYet(Exception):
    """Another delivery is sending this mail: only a later one can tell whether it did."""


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return which records to deliver again.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    failed: list[dict[str, str]] = []
    for record in event["Records"]:
        try:
            _handle(json.loads(record["body"]))
        except NotYet:
            failed.append({"itemIdentifier": record["messageId"]})
        except Exception:
            logger.exception("mail failed", event=record["body"])
            failed.append({"itemIdentifier": record["messageId"]})
        finally:
            logger.remove_keys(["orderId", "mail"])
    return {"batchItemFailures": failed}


def _handle(event: dict[str, Any]) -> None:
    mail = EventType(event["type"])
    if mail not in FOR_CUSTOMERS:
        return
    order_id: str = event["orderId"]
    logger.append_keys(orderId=order_id, mail=mail)
    order, undeliverable = customer_mail.get_order(order_id, event.get("customerId", ""))
    if order is None:
        raise LookupError(f"no order {order_id}")
    recipient = mailer.address(order["email"])
    if not is_true(mail, order):
        # The order has moved on since, and the mail about its next event tells so.
        logger.info("mail dropped: untrue by now", status=order["status"])
    elif recipient is None:
        # To deliver the event again would change nothing.
        logger.warning("no mail: SES doesn't take the customer's address")
    elif undeliverable:
        claim = mail_log.skip(order_id, mail, undeliverable)
        logger.info("mail skipped", reason=undeliverable, claim=claim)
    else:
        _send_once(order, mail, recipient)


def _send_once(order: Order, mail: EventType, recipient: str) -> None:
    order_id = order["orderId"]
    letter = compose(mail, order, load(MailSettings).storefront_url)
    match mail_log.claim(order_id, mail):
        case Claim.WON:
            _send(order_id, mail, letter, recipient)
        case Claim.ALREADY_SENT:
            logger.info("mail was sent before")
        case Claim.SKIPPED:
            logger.info("mail was skipped before")
        case Claim.IN_PROGRESS:
            logger.info("mail is being sent")
            raise NotYet
        case Claim.UNCERTAIN:
            raise mailer.OutcomeUnknown("an earlier delivery got no answer from SES")


def _send(order_id: str, mail: EventType, letter: Mail, recipient: str) -> None:
    """Send the mail that this delivery has claimed, and record how that ended.

    A refusal is not recorded: SES has sent nothing, so the lease ends and the mail is sent later.
    """
    try:
        message_id = mailer.send(letter, recipient, order_id, mail)
    except mailer.OutcomeUnknown:
        mail_log.mark_uncertain(order_id, mail)
        raise
    mail_log.mark_sent(order_id, mail, message_id)
    logger.info("mail sent", sesMessageId=message_id)
