"""What Stripe's errors ask for: to wait, another key, a key read anew, or none of them."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest
from stripe._payment_intent_service import PaymentIntentService
from stripe._refund_service import RefundService

from handlers.adapters import stripe_requests
from handlers.adapters.stripe_gateway import StripeGateway
from handlers.domain.payment import (
    IntentStatus,
    PaymentGatewayBusy,
    PaymentGatewayRefused,
    PaymentGatewayUnavailable,
)
from handlers.runtime import patience
from handlers.sandbox import intents, payment_sandbox
from handlers.sandbox.api_error import ApiError
from tests.support.gateway_payments import (
    ORDER,
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
from tests.support.sandbox_server import SandboxServer

STEPS: list[tuple[Reach, Step, str, IntentStatus]] = [
    (created, confirm, "/confirm", IntentStatus.HELD),
    (held, capture, "/capture", IntentStatus.CAPTURED),
    (held, release, "/cancel", IntentStatus.CANCELLED),
    (captured, release, "/refunds", IntentStatus.CAPTURED),
]
PATHS = [path for _, _, path, _ in STEPS]
Refuse = Callable[[str, int, int], None]


@pytest.fixture
def refuses(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Let the first requests to a path end with this status, as Stripe's limiter lets them: it
    doesn't say whether to try again.
    """
    left: dict[str, list[int]] = {}
    respond = payment_sandbox._respond

    def limited(event: Mapping[str, Any], request_id: str) -> Any:
        for path, statuses in left.items():
            if event["rawPath"].endswith(path) and statuses:
                raise ApiError(statuses.pop(), "Try again later.", code="rate_limit")
        return respond(event, request_id)

    monkeypatch.setattr(payment_sandbox, "_respond", limited)
    return lambda path, status, times: left.update({path: [status] * times})


@pytest.mark.parametrize(("reach", "step", "path", "end"), STEPS, ids=PATHS)
@pytest.mark.parametrize("status", [429, 409])
def test_a_busy_gateway_is_waited_for(
    gateway: StripeGateway,
    refuses: Refuse,
    monkeypatch: pytest.MonkeyPatch,
    reach: Reach,
    step: Step,
    path: str,
    end: IntentStatus,
    status: int,
) -> None:
    monkeypatch.setattr(stripe_requests, "_RETRIES", 0)
    intent = reach(gateway)
    refuses(path, status, 3)
    assert step(gateway, intent.id).status is end


def test_waiting_for_a_busy_gateway_ends_in_time_and_is_no_outage(
    sandbox: SandboxServer,
    gateway: StripeGateway,
    refuses: Refuse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    intent = held(gateway)
    refuses("/capture", 429, 1000)
    refuses(intent.id, 429, 1000)
    waited: list[float] = []
    start = time.monotonic()
    monkeypatch.setattr(patience.time, "sleep", waited.append)
    monkeypatch.setattr(patience.time, "monotonic", lambda: start + sum(waited))
    with pytest.raises(PaymentGatewayBusy, match="RateLimitError, HTTP 429"):
        StripeGateway().capture(ORDER, intent.id)
    assert 2 < sum(waited) <= 4
    assert max(waited) <= 2
    assert len(set(waited)) == len(waited), "with jitter"
    assert money(sandbox) == [("requires_capture", 1999, 0)]


@pytest.mark.parametrize(("reach", "step", "path", "end"), STEPS, ids=PATHS)
def test_a_release_that_changes_a_parameter_does_not_strand_an_order_for_a_day(
    gateway: StripeGateway,
    monkeypatch: pytest.MonkeyPatch,
    reach: Reach,
    step: Step,
    path: str,
    end: IntentStatus,
) -> None:
    """Stripe has stored a 500 under the key, with the parameters of the release before."""
    intent = reach(gateway)
    with monkeypatch.context() as patch:
        patch.setattr(intents, path.strip("/").removesuffix("s"), _broken)
        with pytest.raises(PaymentGatewayUnavailable):
            step(gateway, intent.id)
    sends_more(monkeypatch)
    assert step(gateway, intent.id).status is end


def test_a_change_with_other_parameters_is_made_once_however_often_it_is_sent(
    sandbox: SandboxServer, gateway: StripeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(gateway, "")
    sends_more(monkeypatch)
    again = [created(gateway).id, created(gateway).id]
    assert len(set(again)) == 1
    assert len(money(sandbox)) == 2, "one for each release; only the recorded one is confirmed"


def test_a_key_that_was_rolled_at_the_gateway_is_read_anew(
    sandbox: SandboxServer, gateway: StripeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = stripe_requests.payment_secret
    read: list[bool] = []

    def old_at_first(arn: str, *, fresh: bool = False) -> str:
        read.append(fresh)
        return real(arn, fresh=True) if fresh else "sk_test_of_yesterday"

    monkeypatch.setattr(stripe_requests, "payment_secret", old_at_first)
    intent = created(StripeGateway())
    assert (intent.status, read) == (IntentStatus.CREATED, [False, True])


def test_a_key_that_stays_wrong_is_asked_for_once_and_is_the_shops_fault(
    sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_requests, "payment_secret", lambda arn, fresh=False: "sk_test_no")
    with pytest.raises(PaymentGatewayRefused, match="AuthenticationError, HTTP 401"):
        created(StripeGateway())
    assert sandbox.statuses("POST", "/payment_intents") == [401, 401]


@pytest.mark.parametrize("step", [confirm, capture, release])
def test_what_the_gateway_refuses_for_good_is_sent_once(
    sandbox: SandboxServer, gateway: StripeGateway, step: Step
) -> None:
    with pytest.raises(PaymentGatewayRefused, match="resource_missing"):
        step(gateway, "pi_missing")
    assert len([path for method, path, _ in sandbox.answers if method == "POST"]) == 1


def test_the_secret_itself_is_read_once_in_five_minutes(gateway: StripeGateway) -> None:
    secrets = boto3.client("secretsmanager")
    [secret] = secrets.list_secrets()["SecretList"]
    before = stripe_requests.payment_secret(secret["ARN"])
    secrets.put_secret_value(SecretId=secret["ARN"], SecretString="sk_test_rolled")
    assert stripe_requests.payment_secret(secret["ARN"]) == before
    assert stripe_requests.payment_secret(secret["ARN"], fresh=True) == "sk_test_rolled"


def sends_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next release sends one parameter more, which changes nothing here."""

    def more(service: Any, verb: str, extra: Mapping[str, Any]) -> None:
        before = getattr(service, verb)

        def send(self: Any, *arguments: Any) -> Any:
            *place, params, options = arguments
            return before(self, *place, {**params, **extra}, options)

        monkeypatch.setattr(service, verb, send)

    more(PaymentIntentService, "create", {"description": "of the shop"})
    more(PaymentIntentService, "confirm", {"receipt_email": "a@example.com"})
    more(PaymentIntentService, "capture", {"statement_descriptor_suffix": "SHOP"})
    more(PaymentIntentService, "cancel", {"cancellation_reason": "abandoned"})
    more(RefundService, "create", {"reason": "requested_by_customer"})


def _broken(*_: Any) -> None:
    raise ZeroDivisionError
