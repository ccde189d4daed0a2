"""Sends a mail through SES. It doesn't know whether the mail has been sent before."""

from email.utils import formataddr
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from handlers.domain import shop
from handlers.domain.mail import Mail
from handlers.runtime.aws import code, configured
from handlers.runtime.settings import MailSettings, load


class MailRefused(Exception):
    """SES refused a mail; says only SES's error code, because its message quotes addresses."""


def send(mail: Mail, recipient: str) -> str:
    """Send `mail` to the address `recipient` and answer SES's message id. Raises MailRefused."""
    try:
        answer = _ses().send_email(
            FromEmailAddress=formataddr((shop.NAME, load(MailSettings).sender_email)),
            Destination={"ToAddresses": [recipient]},
            Content={
                "Simple": {
                    "Subject": _utf8(mail.subject),
                    "Body": {"Text": _utf8(mail.text), "Html": _utf8(mail.html)},
                }
            },
        )
    except ClientError as error:
        raise MailRefused(code(error)) from None
    return answer["MessageId"]


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


@cache
def _ses() -> Any:
    """One try: SES sends twice what it is asked twice, and the queue delivers again anyway."""
    config = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1})
    return configured("sesv2", config)
