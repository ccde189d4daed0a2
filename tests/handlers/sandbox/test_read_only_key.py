"""The second key, with which everything can be looked at and nothing changed."""

import boto3
import pytest
import stripe
from stripe import PaymentIntent, StripeClient

from handlers.sandbox.payment_sandbox import lambda_handler
from tests.support.sandbox_server import SandboxServer, event_of

READ_KEY = "rk_test_of_this_stack"


@pytest.fixture
def reading(sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> StripeClient:
    secret = boto3.client("secretsmanager").create_secret(Name="read", SecretString=READ_KEY)
    monkeypatch.setenv("PAYMENT_READ_SECRET_ARN", secret["ARN"])
    return sandbox.sdk(READ_KEY)


def test_it_reads_everything(api: StripeClient, reading: StripeClient, held: PaymentIntent) -> None:
    api.v1.payment_intents.capture(held.id)
    refund = api.v1.refunds.create({"payment_intent": held.id})
    assert reading.v1.payment_intents.retrieve(held.id).status == "succeeded"
    assert [each.id for each in reading.v1.payment_intents.list().data] == [held.id]
    assert [each.id for each in reading.v1.refunds.list().data] == [refund.id]
    assert reading.v1.disputes.list().data == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/payment_intents",
        "/v1/payment_intents/{id}/capture",
        "/v1/payment_intents/{id}/cancel",
        "/v1/refunds",
        "/v1/payment_methods",
        "/sandbox/disputes",
        "/sandbox/delivery",
        "/unknown",
    ],
)
def test_it_changes_nothing(reading: StripeClient, held: PaymentIntent, path: str) -> None:
    event = event_of("POST", path.format(id=held.id), key=READ_KEY)
    assert lambda_handler(event, None)["statusCode"] == 403
    with pytest.raises(stripe.PermissionError):
        reading.v1.payment_intents.cancel(held.id)
    assert reading.v1.payment_intents.retrieve(held.id).status == "requires_capture"


@pytest.mark.parametrize("key", ["rk_test_of_another_stack", READ_KEY[:-1], ""])
def test_another_key_is_none(reading: StripeClient, key: str) -> None:
    assert lambda_handler(event_of("GET", "/v1/refunds", key=key), None)["statusCode"] == 401


def test_without_a_second_key_there_is_one(sandbox: SandboxServer) -> None:
    with pytest.raises(stripe.AuthenticationError):
        sandbox.sdk(READ_KEY).v1.refunds.list()
