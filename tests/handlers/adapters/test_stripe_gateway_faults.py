"""The gateway adapter when answers get lost, are stored faults, or never come."""

import logging
from typing import Any, NamedTuple

import pytest
import stripe

from handlers.adapters import stripe_requests
from handlers.adapters.stripe_gateway import StripeGateway
from handlers.adapters.stripe_http import Urllib3Client
from handlers.domain.payment import IntentStatus, PaymentGatewayUnavailable
from handlers.sandbox import intents
from handlers.sandbox.api_error import ApiError
from tests.support.gateway_payments import (
    ORDER,
    PAGE,
    Reach,
    Step,
    capture,
    captured,
    confirm,
    create,
    created,
    held,
    money,
    release,
)
from tests.support.sandbox_server import SECRET_KEY, SandboxServer


class Case(NamedTuple):
    """One step from where the payment stands: the path it posts to, the status it is to reach."""

    reach: Reach
    step: Step
    path: str
    status: IntentStatus


CASES = [
    Case(created, confirm, "/confirm", IntentStatus.HELD),
    Case(held, capture, "/capture", IntentStatus.CAPTURED),
    Case(held, release, "/cancel", IntentStatus.CANCELLED),
    Case(captured, release, "/refunds", IntentStatus.CAPTURED),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_a_lost_answer_is_looked_up_and_the_status_decides(
    sandbox: SandboxServer, gateway: StripeGateway, case: Case
) -> None:
    intent = case.reach(gateway)
    sandbox.loses = lambda method, path: method == "POST" and path.endswith(case.path)
    assert case.step(gateway, intent.id).status is case.status
    assert len(sandbox.statuses("POST", case.path)) == 3
    assert len(money(sandbox)) == 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_a_stored_fault_is_a_fault_once_and_heals_on_the_next_try(
    sandbox: SandboxServer,
    gateway: StripeGateway,
    monkeypatch: pytest.MonkeyPatch,
    case: Case,
) -> None:
    intent = case.reach(gateway)
    with monkeypatch.context() as patch:
        patch.setattr(intents, case.path.strip("/").removesuffix("s"), _broken)
        with pytest.raises(PaymentGatewayUnavailable, match="APIError, HTTP 500"):
            case.step(gateway, intent.id)
    assert case.step(gateway, intent.id).status is case.status
    assert sandbox.statuses("POST", case.path) == [500, 500, 200]


def test_a_create_whose_answer_was_lost_makes_one_intent(
    sandbox: SandboxServer, gateway: StripeGateway
) -> None:
    sandbox.loses = lambda method, path: len(sandbox.answers) < 2
    assert created(gateway).status is IntentStatus.CREATED
    assert len(money(sandbox)) == 1


@pytest.mark.parametrize("step", [create, confirm, capture, release])
def test_a_gateway_that_is_down_is_a_fault_without_secrets(
    sandbox: SandboxServer, gateway: StripeGateway, caplog: pytest.LogCaptureFixture, step: Step
) -> None:
    intent = created(gateway)
    sandbox.stop()
    with caplog.at_level(logging.DEBUG), pytest.raises(PaymentGatewayUnavailable) as fault:
        step(gateway, intent.id)
    assert "APIConnectionError, no answer" in str(fault.value)
    assert SECRET_KEY not in f"{fault.value!r} {fault.value.__cause__!r} {caplog.text}"


def test_a_wrong_key_is_a_fault_without_secrets(
    sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_requests, "payment_secret", lambda arn, fresh=False: "sk_test_wrong")
    with pytest.raises(PaymentGatewayUnavailable, match="AuthenticationError, HTTP 401") as fault:
        created(StripeGateway())
    assert "sk_test" not in str(fault.value)


def test_an_unknown_intent_is_a_fault(gateway: StripeGateway) -> None:
    with pytest.raises(PaymentGatewayUnavailable, match="resource_missing"):
        gateway.retrieve("pi_missing")


@pytest.mark.parametrize(
    ("message", "param", "code"),
    [
        ("This method cannot be used here.", "payment_method", "payment_method_unusable"),
        ("The provided PaymentMethod was detached.", None, "payment_method_unusable"),
        ("Your account cannot currently make charges.", None, None),
        ("No such type.", "payment_method_options", None),
    ],
)
def test_only_a_refused_payment_method_is_a_decline(
    gateway: StripeGateway,
    monkeypatch: pytest.MonkeyPatch,
    message: str,
    param: str | None,
    code: str | None,
) -> None:
    def refuse(*_: Any) -> None:
        raise ApiError(400, message, param=param)

    monkeypatch.setattr(intents, "confirm", refuse)
    intent = created(gateway)
    if code is None:
        with pytest.raises(PaymentGatewayUnavailable, match="InvalidRequestError, HTTP 400"):
            gateway.confirm(ORDER, intent.id, PAGE)
    else:
        declined = gateway.confirm(ORDER, intent.id, PAGE)
        assert (declined.status, declined.decline_code) == (
            IntentStatus.DECLINED,
            code,
        )


def test_a_configuration_fault_is_never_taken_for_a_decline(
    sandbox: SandboxServer, gateway: StripeGateway
) -> None:
    with pytest.raises(PaymentGatewayUnavailable, match="amount_too_small"):
        gateway.create(ORDER, 1, "USD", "pm_card_visa")
    assert money(sandbox) == []


def test_without_an_address_the_gateway_is_stripe_itself(
    sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def request(self: Any, method: str, url: str, *_: Any, **__: Any) -> Any:
        asked.append(url.partition("?")[0])
        raise stripe.APIConnectionError("offline", should_retry=False)

    monkeypatch.delenv("PAYMENT_API_URL")
    monkeypatch.setattr(Urllib3Client, "request", request)
    with pytest.raises(PaymentGatewayUnavailable):
        StripeGateway().retrieve("pi_1")
    assert asked == ["https://api.stripe.com/v1/payment_intents/pi_1"]


def _broken(*_: Any) -> None:
    raise ZeroDivisionError
