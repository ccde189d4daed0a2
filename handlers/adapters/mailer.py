"""Sends a mail through SES. It doesn't know whether the mail has been sent before."""

from email.utils import formataddr
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

from handlers.domain import shop
from handlers.domain.events import EventType
from handlers.domain.mail import Mail
from handlers.domain.mail_outcome import MAIL_TAG, ORDER_TAG
from handlers.runtime.aws import code, configured
from handlers.runtime.settings import MailSettings, load

CONNECT_SECONDS, ANSWER_SECONDS = 1, 20
"""How long SES may take; `components/notifier.py` gives the function the time for it."""


class MailRefused(Exception):
    """SES refused a mail; says only SES's error code, because its message quotes addresses."""


class OutcomeUnknown(Exception):
    """SES was asked to send a mail and did not answer: it may have sent it."""


def address(given: str) -> str | None:
    """Return an e-mail address as SES takes it, its domain in Punycode; None if SES takes none such.

    SES speaks no SMTPUTF8, so the part before the @ has to be ASCII. By IDNA 2008, as registries
    have it: the codec of Python's library would make another domain of one with a ß.
    https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html
    """
    name, _, domain = given.rpartition("@")
    if not name.isascii():
        return None
    if domain.isascii():
        return given
    import idna  # noqa: PLC0415 - its tables are large, and few domains need them

    try:
        return f"{name}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        return None


def send(mail: Mail, recipient: str, order_id: str, event: EventType) -> str:
    """Send `mail` to `recipient`, which is an `address`, and return SES's message id.

    What SES reports of the mail later names the order and the event that it is about.
    Raises MailRefused or OutcomeUnknown. Any other exception means that SES was not reached.
    """
    ses, settings = _ses(), load(MailSettings)
    try:
        answer = ses.send_email(
            FromEmailAddress=formataddr((shop.NAME, settings.sender_email)),
            ReplyToAddresses=[shop.CONTACT],
            Destination={"ToAddresses": [recipient]},
            Content={
                "Simple": {
                    "Subject": _utf8(mail.subject),
                    "Body": {"Text": _utf8(mail.text), "Html": _utf8(mail.html)},
                }
            },
            ConfigurationSetName=settings.configuration_set,
            EmailTags=[
                {"Name": ORDER_TAG, "Value": order_id},
                {"Name": MAIL_TAG, "Value": event},
            ],
        )
    except ClientError as error:
        raise MailRefused(code(error)) from None
    except HTTPClientError as error:
        raise OutcomeUnknown(type(error).__name__) from None
    finally:
        # Each mail has a connection of its own. One that is kept is closed by SES while the
        # function sleeps, and the next mail's outcome would be unknown without any need.
        ses.close()
    return answer["MessageId"]


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


@cache
def _ses() -> Any:
    """Return the client. It asks once, because SES sends twice what it is asked twice."""
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=ANSWER_SECONDS,
        retries={"total_max_attempts": 1},
    )
    return configured("sesv2", config)
