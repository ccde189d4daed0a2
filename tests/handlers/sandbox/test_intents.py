"""The life of an intent through the official SDK: what is held, charged and given back."""

import pytest
import stripe
from stripe import PaymentIntent, StripeClient

from tests.support.sandbox_server import RETURN_URL, SandboxServer

Refused = stripe.InvalidRequestError


def test_an_unconfirmed_intent_holds_nothing(api: StripeClient) -> None:
    intent = api.v1.payment_intents.create(
        {
            "amount": 1999,
            "currency": "USD",
            "capture_method": "manual",
            "allowed_payment_method_types": ["card"],
            "payment_method": "pm_card_visa",
            "metadata": {"orderId": "A1"},
        }
    )
    assert (intent.status, intent.amount, intent.currency) == ("requires_confirmation", 1999, "usd")
    assert (intent.amount_capturable, intent.amount_received) == (0, 0)
    assert intent.latest_charge is None
    assert intent.metadata.to_dict() == {"orderId": "A1"}


def test_manual_capture_holds_on_confirmation_and_charges_on_capture(api: StripeClient) -> None:
    created = api.v1.payment_intents.create(
        {
            "amount": 1999,
            "currency": "usd",
            "capture_method": "manual",
            "payment_method": "pm_card_mastercard",
        }
    )
    confirmed = api.v1.payment_intents.confirm(created.id, {"return_url": RETURN_URL})
    assert (confirmed.status, confirmed.amount_capturable) == ("requires_capture", 1999)
    captured = api.v1.payment_intents.capture(created.id, {"expand": ["latest_charge"]})
    assert (captured.status, captured.amount_received) == ("succeeded", 1999)
    assert captured.amount_capturable == 0
    charge = _charge(captured)
    assert (charge.paid, charge.captured, charge.amount_captured) == (True, True, 1999)
    assert confirmed.latest_charge == charge.id


def test_create_and_confirm_in_one_request(held: PaymentIntent) -> None:
    assert (held.status, held.amount_capturable, held.amount_received) == (
        "requires_capture",
        1999,
        0,
    )
    assert isinstance(held.latest_charge, str)


def test_automatic_capture_charges_on_confirmation(api: StripeClient) -> None:
    intent = api.v1.payment_intents.create(
        {
            "amount": 500,
            "currency": "eur",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "return_url": RETURN_URL,
        }
    )
    assert (intent.status, intent.amount_received) == ("succeeded", 500)


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
    ],
)
def test_a_decline_names_its_code_and_leaves_the_intent_without_a_method(
    api: StripeClient, card: str, code: str, decline_code: str | None
) -> None:
    created = api.v1.payment_intents.create(
        {"amount": 1999, "currency": "usd", "payment_method": card}
    )
    with pytest.raises(stripe.CardError) as declined:
        api.v1.payment_intents.confirm(created.id, {"return_url": RETURN_URL})
    error = declined.value.error
    assert error is not None
    assert error.payment_intent is not None
    assert declined.value.http_status == 402
    assert (error.code, getattr(error, "decline_code", None)) == (code, decline_code)
    assert error.payment_intent.status == "requires_payment_method"
    intent = api.v1.payment_intents.retrieve(created.id, {"expand": ["latest_charge"]})
    assert (intent.status, intent.payment_method) == ("requires_payment_method", None)
    assert intent.last_payment_error is not None
    assert intent.last_payment_error.code == code
    assert (_charge(intent).paid, _charge(intent).status) == (False, "failed")


def test_a_declined_intent_takes_another_method(api: StripeClient) -> None:
    with pytest.raises(stripe.CardError) as declined:
        api.v1.payment_intents.create(
            {
                "amount": 1999,
                "currency": "usd",
                "payment_method": "pm_card_chargeDeclined",
                "confirm": True,
                "return_url": RETURN_URL,
            }
        )
    error = declined.value.error
    assert error is not None
    assert error.payment_intent is not None
    again = api.v1.payment_intents.confirm(
        error.payment_intent.id, {"payment_method": "pm_card_visa", "return_url": RETURN_URL}
    )
    assert (again.status, again.last_payment_error) == ("succeeded", None)


def test_a_card_that_needs_its_customer_waits_for_action_and_can_be_cancelled(
    api: StripeClient,
) -> None:
    intent = api.v1.payment_intents.create(
        {
            "amount": 1999,
            "currency": "usd",
            "payment_method": "pm_card_authenticationRequired",
            "confirm": True,
            "return_url": RETURN_URL,
        }
    )
    assert (intent.status, intent.latest_charge) == ("requires_action", None)
    assert intent.next_action is not None
    assert intent.next_action.type == "redirect_to_url"
    assert api.v1.payment_intents.cancel(intent.id).status == "canceled"


def test_cancelling_lets_go_of_the_money_without_a_refund(
    api: StripeClient, held: PaymentIntent
) -> None:
    intent = api.v1.payment_intents.cancel(
        held.id, {"cancellation_reason": "abandoned", "expand": ["latest_charge"]}
    )
    assert (intent.status, intent.cancellation_reason) == ("canceled", "abandoned")
    assert (intent.amount_capturable, intent.amount_received) == (0, 0)
    charge = _charge(intent)
    assert (charge.paid, charge.captured, charge.amount_refunded) == (True, False, 0)
    assert api.v1.refunds.list({"payment_intent": held.id}).data == []


def test_partial_capture_charges_that_much_and_lets_the_rest_go(
    api: StripeClient, held: PaymentIntent
) -> None:
    intent = api.v1.payment_intents.capture(held.id, {"amount_to_capture": 600})
    assert (intent.status, intent.amount_received, intent.amount_capturable) == (
        "succeeded",
        600,
        0,
    )
    with pytest.raises(Refused, match="greater than unrefunded amount"):
        api.v1.refunds.create({"payment_intent": held.id, "amount": 601})


def test_more_than_was_held_is_never_captured(api: StripeClient, held: PaymentIntent) -> None:
    with pytest.raises(Refused) as refused:
        api.v1.payment_intents.capture(held.id, {"amount_to_capture": 2000})
    assert refused.value.code == "amount_too_large"
    assert api.v1.payment_intents.retrieve(held.id).status == "requires_capture"


def test_refunds_add_up_to_what_was_captured_and_no_further(
    api: StripeClient, held: PaymentIntent
) -> None:
    api.v1.payment_intents.capture(held.id)
    first = api.v1.refunds.create({"payment_intent": held.id, "amount": 500})
    with pytest.raises(Refused) as over:
        api.v1.refunds.create({"payment_intent": held.id, "amount": 1500})
    assert over.value.param == "amount"
    rest = api.v1.refunds.create({"payment_intent": held.id, "reason": "requested_by_customer"})
    assert (first.amount, rest.amount, rest.status) == (500, 1499, "succeeded")
    with pytest.raises(Refused) as none_left:
        api.v1.refunds.create({"payment_intent": held.id})
    assert none_left.value.code == "charge_already_refunded"
    refunds = api.v1.refunds.list({"payment_intent": held.id})
    assert [refund.amount for refund in refunds.data] == [1499, 500]
    charge = _charge(api.v1.payment_intents.retrieve(held.id, {"expand": ["latest_charge"]}))
    assert (charge.amount_refunded, charge.refunded) == (1999, True)


@pytest.mark.parametrize("reach", ["requires_capture", "canceled"])
def test_what_was_not_captured_is_not_refunded(
    api: StripeClient, held: PaymentIntent, reach: str
) -> None:
    if reach == "canceled":
        api.v1.payment_intents.cancel(held.id)
    with pytest.raises(Refused):
        api.v1.refunds.create({"payment_intent": held.id})
    assert api.v1.refunds.list({"payment_intent": held.id}).data == []


@pytest.mark.parametrize(("first", "status"), [("capture", "succeeded"), ("cancel", "canceled")])
@pytest.mark.parametrize("second", ["capture", "cancel", "confirm"])
def test_a_settled_intent_refuses_every_further_move(
    api: StripeClient, held: PaymentIntent, first: str, second: str, status: str
) -> None:
    getattr(api.v1.payment_intents, first)(held.id)
    with pytest.raises(Refused) as refused:
        getattr(api.v1.payment_intents, second)(held.id)
    error = refused.value.error
    assert error is not None
    assert error.payment_intent is not None
    assert (refused.value.code, refused.value.http_status) == (
        "payment_intent_unexpected_state",
        400,
    )
    assert error.payment_intent.status == status
    assert api.v1.payment_intents.retrieve(held.id).status == status


def test_a_held_intent_is_not_confirmed_again(
    sandbox: SandboxServer, api: StripeClient, held: PaymentIntent
) -> None:
    with pytest.raises(Refused, match="status of requires_capture"):
        api.v1.payment_intents.confirm(held.id)
    assert sandbox.statuses("POST", "/confirm") == [400]


def _charge(intent: PaymentIntent) -> stripe.Charge:
    assert isinstance(intent.latest_charge, stripe.Charge)
    return intent.latest_charge
