"""The secrets that the payment gateway signs its events with: a JSON list in Secrets Manager.

The current secret comes first, then the one before it.
"""

import json
import time

from handlers.runtime.aws import client
from handlers.runtime.settings import WebhookSettings, load

_kept: dict[str, tuple[float, list[str]]] = {}
"""By ARN: when the secrets were read (Unix time), and what they were."""


def webhook_secrets(max_age: float) -> list[str]:
    """Return the secrets as they were at most `max_age` seconds ago.

    Raises ClientError or BotoCoreError when they can't be read.
    """
    arn = load(WebhookSettings).webhook_secret_arn
    read_at, secrets = _kept.get(arn, (0.0, []))
    if time.time() - read_at > max_age:
        answer = client("secretsmanager").get_secret_value(SecretId=arn)
        secrets = json.loads(answer["SecretString"])
        _kept[arn] = time.time(), secrets
    return secrets
