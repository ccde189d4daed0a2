"""The gateway adapter against the sandbox: what it says of the money, and when it gives up."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from handlers.adapters import stripe_gateway
from handlers.adapters.stripe_gateway import StripeGateway
from handlers.domain.payment import IntentStatus, PaymentGatewayUnavailable, PaymentIntent
from handlers.sandbox import intents
from tests.handlers.sandbox.sandbox_server import SECRET_KEY, SandboxServer, running_sandbox

ORDER = "ORDER26CHARACTERS"
Step = Callable[[StripeGateway, str], PaymentIntent]


@pytest.fixture
def sandbox(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxServer]:
    with running_sandbox(monkeypatch) as server:
        yield server


@pytest.fixture
def gateway(sandbox: SandboxServer) -> StripeGateway:
    return StripeGateway()


def created(gateway: StripeGateway, card: str = "pm_card_visa") -> PaymentIntent:
    return gateway.create(ORDER, 1999, "USD", card)


def held(gateway: StripeGateway) -> PaymentIntent:
    return gateway.confirm(ORDER, created(gateway).id)


def captured(gateway: StripeGateway) -> PaymentIntent:
    return gateway.capture(ORDER, held(gateway).id)


def money(sandbox: SandboxServer) -> list[tuple[str, int, int]]:
    """The gateway's own ledger: (status, held, charged and kept) of every intent it has."""
    page = sandbox.sdk().v1.payment_intents.list({"limit": 100, "expand": ["data.latest_charge"]})
    return [
        (
            intent.status,
            intent.amount_capturable,
            intent.amount_received
            - (
                intent.latest_charge.amount_refunded
                if isinstance(intent.latest_charge, stripe.Charge)
                else 0
            ),
        )
        for intent in page.data
    ]


def test_an_intent_is_made_unconfirmed_and_carries_the_order(
    sandbox: SandboxServer, gateway: StripeGateway
) -> None:
    intent = created(gateway)
    assert intent == PaymentIntent(
        id=intent.id,
        status=IntentStatus.REQUIRES_CONFIRMATION,
        amount=1999,
        currency="USD",
        amount_received=0,
        authorized=False,
        decline_code=None,
        refunded=0,
    )
    shown = sandbox.sdk().v1.payment_intents.retrieve(intent.id)
    assert (shown.capture_method, shown.metadata["orderId"]) == ("manual", ORDER)


def test_a_happy_payment_is_held_then_charged_in_three_requests(
    sandbox: SandboxServer, gateway: StripeGateway
) -> None:
    intent = held(gateway)
    assert (intent.status, intent.authorized) == (IntentStatus.REQUIRES_CAPTURE, True)
    assert (intent.amount_received, intent.refunded) == (0, 0)
    charged = gateway.capture(ORDER, intent.id)
    assert (charged.status, charged.amount_received, charged.kept) == (
        IntentStatus.SUCCEEDED,
        1999,
        1999,
    )
    assert len(sandbox.answers) == 3


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("pm_card_chargeDeclined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card"),
    ],
)
def test_a_decline_is_a_value_and_stays_one(
    gateway: StripeGateway, sandbox: SandboxServer, card: str, code: str
) -> None:
    intent = created(gateway, card)
    for declined in (gateway.confirm(ORDER, intent.id), gateway.confirm(ORDER, intent.id)):
        assert (declined.id, declined.status) == (intent.id, IntentStatus.REQUIRES_PAYMENT_METHOD)
        assert (declined.decline_code, declined.authorized) == (code, False)
    assert money(sandbox) == [("requires_payment_method", 0, 0)]


def test_a_card_that_needs_its_customer_is_a_value(gateway: StripeGateway) -> None:
    intent = gateway.confirm(ORDER, created(gateway, "pm_card_authenticationRequired").id)
    assert (intent.status, intent.authorized) == (IntentStatus.REQUIRES_ACTION, False)


def test_an_unknown_payment_method_is_a_decline_with_an_intent_to_show(
    sandbox: SandboxServer, gateway: StripeGateway
) -> None:
    intent, again = created(gateway, "pm_nobody"), created(gateway, "pm_nobody")
    assert intent == again
    assert (intent.status, intent.decline_code) == (
        IntentStatus.REQUIRES_PAYMENT_METHOD,
        "resource_missing",
    )
    assert gateway.confirm(ORDER, intent.id).status is IntentStatus.REQUIRES_PAYMENT_METHOD
    assert gateway.release(ORDER, intent.id).status is IntentStatus.CANCELED
    assert money(sandbox) == [("canceled", 0, 0)]


def test_a_payment_method_used_by_another_order_is_a_decline(
    sandbox: SandboxServer, gateway: StripeGateway
) -> None:
    card = sandbox.sdk().v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    first, second = (gateway.create(order, 1999, "USD", card.id) for order in "AB")
    assert gateway.confirm("A", first.id).status is IntentStatus.REQUIRES_CAPTURE
    for declined in (gateway.confirm("B", second.id), gateway.create("C", 1999, "USD", card.id)):
        assert (declined.status, declined.decline_code) == (
            IntentStatus.REQUIRES_PAYMENT_METHOD,
            "payment_method_unusable",
        )


def create(gateway: StripeGateway, intent_id: str) -> PaymentIntent:
    return created(gateway)


def confirm(gateway: StripeGateway, intent_id: str) -> PaymentIntent:
    return gateway.confirm(ORDER, intent_id)


def capture(gateway: StripeGateway, intent_id: str) -> PaymentIntent:
    return gateway.capture(ORDER, intent_id)


def release(gateway: StripeGateway, intent_id: str) -> PaymentIntent:
    return gateway.release(ORDER, intent_id)


@pytest.mark.parametrize("again", [create, confirm, capture])
def test_a_repeated_step_tells_what_is_and_not_what_was(
    sandbox: SandboxServer, gateway: StripeGateway, again: Step
) -> None:
    intent = captured(gateway)
    gateway.release(ORDER, intent.id)
    assert again(gateway, intent.id) == gateway.retrieve(intent.id)
    assert money(sandbox) == [("succeeded", 0, 0)]


def test_capture_of_a_cancelled_intent_is_a_value_and_charges_nothing(
    sandbox: SandboxServer, gateway: StripeGateway
) -> None:
    intent = held(gateway)
    sandbox.sdk().v1.payment_intents.cancel(intent.id)
    refused = gateway.capture(ORDER, intent.id)
    assert (refused.status, refused.amount_received) == (IntentStatus.CANCELED, 0)
    assert money(sandbox) == [("canceled", 0, 0)]


def test_capture_of_what_was_never_held_is_a_fault(gateway: StripeGateway) -> None:
    with pytest.raises(PaymentGatewayUnavailable, match="payment_intent_unexpected_state"):
        gateway.capture(ORDER, created(gateway).id)


@pytest.mark.parametrize("reach", [created, held])
def test_release_cancels_what_was_not_captured_and_can_be_repeated(
    sandbox: SandboxServer, gateway: StripeGateway, reach: Callable[[StripeGateway], PaymentIntent]
) -> None:
    before = reach(gateway)
    for _ in range(2):
        released = gateway.release(ORDER, before.id)
        assert (released.status, released.kept) == (IntentStatus.CANCELED, 0)
        assert released.authorized is before.authorized
        assert released.refunded == 0
    assert money(sandbox) == [("canceled", 0, 0)]


def test_release_refunds_what_was_captured_once_however_often_it_is_asked(
    sandbox: SandboxServer, gateway: StripeGateway
) -> None:
    intent = captured(gateway)
    for _ in range(3):
        released = gateway.release(ORDER, intent.id)
        assert (released.status, released.refunded) == (IntentStatus.SUCCEEDED, 1999)
        assert (released.amount_received, released.kept) == (1999, 0)
    refunds = sandbox.sdk().v1.refunds.list({"payment_intent": intent.id}).data
    assert [refund.amount for refund in refunds] == [1999]


def test_release_refunds_only_what_remains(sandbox: SandboxServer, gateway: StripeGateway) -> None:
    intent = captured(gateway)
    sandbox.sdk().v1.refunds.create({"payment_intent": intent.id, "amount": 500})
    assert gateway.release(ORDER, intent.id).refunded == 1999


STEPS = [
    (created, confirm, "/confirm", IntentStatus.REQUIRES_CAPTURE),
    (held, capture, "/capture", IntentStatus.SUCCEEDED),
    (held, release, "/cancel", IntentStatus.CANCELED),
    (captured, release, "/refunds", IntentStatus.SUCCEEDED),
]


@pytest.mark.parametrize(("reach", "step", "path", "status"), STEPS)
def test_a_lost_answer_is_looked_up_and_the_status_decides(
    sandbox: SandboxServer,
    gateway: StripeGateway,
    reach: Callable[[StripeGateway], PaymentIntent],
    step: Step,
    path: str,
    status: IntentStatus,
) -> None:
    intent = reach(gateway)
    sandbox.loses = lambda method, asked: method == "POST" and asked.endswith(path)
    assert step(gateway, intent.id).status is status
    assert len(sandbox.statuses("POST", path)) == 5
    assert len(money(sandbox)) == 1


@pytest.mark.parametrize(("reach", "step", "path", "status"), STEPS)
def test_a_stored_fault_is_a_fault_once_and_heals_on_the_next_try(
    sandbox: SandboxServer,
    gateway: StripeGateway,
    monkeypatch: pytest.MonkeyPatch,
    reach: Callable[[StripeGateway], PaymentIntent],
    step: Step,
    path: str,
    status: IntentStatus,
) -> None:
    intent = reach(gateway)
    with monkeypatch.context() as patch:
        patch.setattr(intents, path.strip("/").removesuffix("s"), _broken)
        with pytest.raises(PaymentGatewayUnavailable, match="APIError, HTTP 500"):
            step(gateway, intent.id)
    assert step(gateway, intent.id).status is status
    assert sandbox.statuses("POST", path) == [500, 500, 200]


def test_a_create_whose_answer_was_lost_makes_one_intent(
    sandbox: SandboxServer, gateway: StripeGateway
) -> None:
    sandbox.loses = lambda method, path: len(sandbox.answers) < 3
    assert created(gateway).status is IntentStatus.REQUIRES_CONFIRMATION
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
    monkeypatch.setattr(stripe_gateway, "payment_secret", lambda arn: "sk_test_wrong")
    with pytest.raises(PaymentGatewayUnavailable, match="AuthenticationError, HTTP 401") as fault:
        created(StripeGateway())
    assert "sk_test" not in str(fault.value)


def test_an_unknown_intent_is_a_fault(gateway: StripeGateway) -> None:
    with pytest.raises(PaymentGatewayUnavailable, match="resource_missing"):
        gateway.retrieve("pi_missing")


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
    monkeypatch.setattr(stripe.RequestsClient, "request", request)
    with pytest.raises(PaymentGatewayUnavailable):
        StripeGateway().retrieve("pi_1")
    assert asked == ["https://api.stripe.com/v1/payment_intents/pi_1"]


def _broken(*_: Any) -> None:
    raise ZeroDivisionError
