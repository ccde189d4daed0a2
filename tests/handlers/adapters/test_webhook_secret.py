import json
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from handlers.adapters import webhook_secret
from handlers.adapters.webhook_secret import webhook_secrets
from handlers.runtime.aws import client
from tests.support.database import down


class Clock:
    """A time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(webhook_secret, "time", made)
    return made


@pytest.fixture
def arn(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The secret of a function environment that has read nothing yet."""
    made = client("secretsmanager").create_secret(Name="webhook", SecretString='["whsec_1"]')
    monkeypatch.setenv("WEBHOOK_SECRET_ARN", made["ARN"])
    monkeypatch.setenv("STACK_NAME", "dev")
    webhook_secret._kept.clear()
    yield made["ARN"]
    webhook_secret._kept.clear()


def roll(arn: str, *secrets: str) -> None:
    client("secretsmanager").put_secret_value(SecretId=arn, SecretString=json.dumps(secrets))


def test_the_secrets_are_a_list_with_the_current_one_first(arn: str, clock: Clock) -> None:
    roll(arn, "whsec_2", "whsec_1")
    assert webhook_secrets(300) == ["whsec_2", "whsec_1"]


def test_they_are_kept_for_as_long_as_is_asked_for(arn: str, clock: Clock) -> None:
    assert webhook_secrets(300) == ["whsec_1"]
    roll(arn, "whsec_2")
    clock.now += 300
    assert webhook_secrets(300) == ["whsec_1"]
    clock.now += 1
    assert webhook_secrets(300) == ["whsec_2"]


def test_younger_ones_are_read_once_in_that_time(arn: str, clock: Clock) -> None:
    webhook_secrets(300)
    roll(arn, "whsec_2")
    clock.now += 61
    assert webhook_secrets(60) == ["whsec_2"]
    roll(arn, "whsec_3")
    clock.now += 60
    assert webhook_secrets(60) == ["whsec_2"]


def test_what_cannot_be_read_is_a_fault_and_what_was_read_is_kept(arn: str, clock: Clock) -> None:
    webhook_secrets(300)
    clock.now += 200
    with down("secretsmanager", "get_secret_value"), pytest.raises(RuntimeError):
        webhook_secrets(60)
    assert webhook_secrets(300) == ["whsec_1"]


def test_another_stacks_secret_is_not_taken_for_this_ones(
    arn: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook_secrets(300)
    monkeypatch.setenv("WEBHOOK_SECRET_ARN", "arn:aws:secretsmanager:us-east-1:0:secret:other")
    with pytest.raises(ClientError):
        webhook_secrets(300)
