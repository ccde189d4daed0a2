"""The gateway adapter against the sandbox: what it says of the money, and when it gives up."""

import pytest

from handlers.adapters.stripe_gateway import StripeGateway
from handlers.domain.payment import (
    IntentStatus,
    PaymentGatewayRefused,
    PaymentGatewayUnavailable,
    PaymentIntent,
)
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
)
from tests.support.sandbox_server import SandboxServer


def test_an_intent_is_made_unconfirmed_and_carries_the_order(
    sandbox: SandboxServer, gateway: StripeGateway
) -> None:
    intent = created(gateway)
    assert intent == PaymentIntent(
        id=intent.id,
        status=IntentStatus.CREATED,
        amount=1999,
        currency="USD",
        amount_received=0,
        authorized=False,
        decline_code=None,
        refunds=(),
        client_secret=intent.client_secret,
    )
    shown = sandbox.sdk().v1.payment_intents.retrieve(intent.id)
    assert (shown.capture_method, shown.metadata.to_dict()) == (
        "manual",
        {"orderId": ORDER, "stack": "test"},
    )


def test_a_happy_payment_is_held_then_charged_in_three_requests(
    sandbox: SandboxServer, gateway: StripeGateway
) -> None:
    intent = held(gateway)
    assert (intent.status, intent.authorized) == (IntentStatus.HELD, True)
    assert (intent.amount_received, intent.refunded) == (0, 0)
    charged = gateway.capture(ORDER, intent.id)
    assert (charged.status, charged.amount_received, charged.kept) == (
        IntentStatus.CAPTURED,
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
    for declined in (
        gateway.confirm(ORDER, intent.id, PAGE),
        gateway.confirm(ORDER, intent.id, PAGE),
    ):
        assert (declined.id, declined.status) == (intent.id, IntentStatus.DECLINED)
        assert (declined.decline_code, declined.authorized) == (code, False)
    assert sandbox.statuses("POST", "/confirm") == [402, 402]
    assert money(sandbox) == [("requires_payment_method", 0, 0)]


def test_a_card_that_needs_its_customer_is_a_value(gateway: StripeGateway) -> None:
    intent = gateway.confirm(ORDER, created(gateway, "pm_card_authenticationRequired").id, PAGE)
    assert (intent.status, intent.authorized) == (IntentStatus.AWAITING_CUSTOMER, False)


def test_a_payment_method_that_the_gateway_never_made_is_the_shops_fault_and_no_decline(
    sandbox: SandboxServer, gateway: StripeGateway
) -> None:
    """The browser's key and the functions' are of two accounts, or of two modes."""
    with pytest.raises(PaymentGatewayRefused, match="resource_missing"):
        created(gateway, "pm_1OfAnotherAccount")
    assert money(sandbox) == []


def test_a_payment_method_used_by_another_order_is_a_decline(
    sandbox: SandboxServer, gateway: StripeGateway
) -> None:
    card = sandbox.sdk().v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    first, second = (gateway.create(order, 1999, "USD", card.id) for order in "AB")
    assert gateway.confirm("A", first.id, PAGE).status is IntentStatus.HELD
    for declined in (
        gateway.confirm("B", second.id, PAGE),
        gateway.create("C", 1999, "USD", card.id),
    ):
        assert (declined.status, declined.decline_code) == (
            IntentStatus.DECLINED,
            "payment_method_unusable",
        )


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
    assert (refused.status, refused.amount_received) == (IntentStatus.CANCELLED, 0)
    assert money(sandbox) == [("canceled", 0, 0)]


def test_capture_of_what_was_never_held_is_a_fault(gateway: StripeGateway) -> None:
    with pytest.raises(PaymentGatewayUnavailable, match="payment_intent_unexpected_state"):
        gateway.capture(ORDER, created(gateway).id)


@pytest.mark.parametrize("reach", [created, held])
def test_release_cancels_what_was_not_captured_and_can_be_repeated(
    sandbox: SandboxServer, gateway: StripeGateway, reach: Reach
) -> None:
    before = reach(gateway)
    for _ in range(2):
        released = gateway.release(ORDER, before.id)
        assert (released.status, released.kept) == (IntentStatus.CANCELLED, 0)
        assert released.authorized is before.authorized
        assert released.refunded == 0
    assert money(sandbox) == [("canceled", 0, 0)]


def test_release_refunds_what_was_captured_once_however_often_it_is_asked(
    sandbox: SandboxServer, gateway: StripeGateway
) -> None:
    intent = captured(gateway)
    for _ in range(3):
        released = gateway.release(ORDER, intent.id)
        assert (released.status, released.refunded) == (IntentStatus.CAPTURED, 1999)
        assert (released.amount_received, released.kept) == (1999, 0)
    refunds = sandbox.sdk().v1.refunds.list({"payment_intent": intent.id}).data
    assert [refund.amount for refund in refunds] == [1999]


def test_release_refunds_only_what_remains(sandbox: SandboxServer, gateway: StripeGateway) -> None:
    intent = captured(gateway)
    sandbox.sdk().v1.refunds.create({"payment_intent": intent.id, "amount": 500})
    assert gateway.release(ORDER, intent.id).refunded == 1999
