"""The events of each change: as Stripe writes them, and never without it."""

from typing import Any

import pytest
import stripe
from stripe import PaymentIntent, StripeClient

from handlers.sandbox import events as made
from handlers.sandbox.payment_sandbox import lambda_handler
from tests.support.event_queue import EventQueue
from tests.support.sandbox_server import RETURN_URL, event_of

NEW: Any = {
    "amount": 1999,
    "currency": "usd",
    "capture_method": "manual",
    "metadata": {"orderId": "A1", "stack": "test"},
}
CONFIRM: Any = {"return_url": RETURN_URL}


def create(api: StripeClient, card: str = "pm_card_visa", **changes: Any) -> PaymentIntent:
    return api.v1.payment_intents.create(NEW | {"payment_method": card} | changes)


def post(path: str, form: str = "") -> dict[str, Any]:
    answer = lambda_handler(event_of("POST", path, form), None)
    assert answer["statusCode"] == 200, answer["body"]
    return answer


def test_authorising_and_capturing_make_an_event_each(
    api: StripeClient, events: EventQueue
) -> None:
    intent = create(api)
    assert events.types() == []
    api.v1.payment_intents.confirm(intent.id, CONFIRM)
    assert events.types() == ["payment_intent.amount_capturable_updated"]
    api.v1.payment_intents.capture(intent.id)
    assert events.types() == ["payment_intent.succeeded"]


@pytest.mark.parametrize(
    ("card", "capture_method", "types"),
    [
        ("pm_card_visa", "manual", ["payment_intent.amount_capturable_updated"]),
        ("pm_card_visa", "automatic", ["payment_intent.succeeded"]),
        ("pm_card_authenticationRequired", "manual", ["payment_intent.requires_action"]),
        ("pm_card_chargeDeclined", "manual", ["payment_intent.payment_failed"]),
    ],
)
def test_confirmation_at_creation_makes_the_event_of_its_outcome(
    api: StripeClient, events: EventQueue, card: str, capture_method: Any, types: list[str]
) -> None:
    declined = card == "pm_card_chargeDeclined"
    try:
        create(api, card, capture_method=capture_method, confirm=True, **CONFIRM)
    except stripe.CardError:
        assert declined
    assert events.types() == types


def test_every_failed_attempt_makes_an_event(api: StripeClient, events: EventQueue) -> None:
    intent = create(api, "pm_card_chargeDeclined")
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            api.v1.payment_intents.confirm(
                intent.id, CONFIRM | {"payment_method": "pm_card_chargeDeclined"}
            )
    [first, second] = events.take()
    assert first["type"] == second["type"] == "payment_intent.payment_failed"
    charges = [each["data"]["object"]["last_payment_error"]["charge"] for each in (first, second)]
    assert charges[0] != charges[1]


def test_cancelling_makes_an_event(
    api: StripeClient, events: EventQueue, held: PaymentIntent
) -> None:
    events.take()
    api.v1.payment_intents.cancel(held.id)
    [event] = events.take()
    assert (event["type"], event["data"]["object"]["status"]) == (
        "payment_intent.canceled",
        "canceled",
    )


def test_each_refund_makes_its_events(
    api: StripeClient, events: EventQueue, held: PaymentIntent
) -> None:
    api.v1.payment_intents.capture(held.id)
    events.take()
    refund = api.v1.refunds.create({"payment_intent": held.id, "amount": 500})
    [created, refunded] = events.take()
    assert (created["type"], refunded["type"]) == ("refund.created", "charge.refunded")
    assert created["data"]["object"] == refund.to_dict()
    charge = refunded["data"]["object"]
    assert (charge["object"], charge["amount_refunded"]) == ("charge", 500)
    assert charge["payment_intent"] == held.id
    assert "refunds" not in charge  # no longer expanded since 2022-11-15


def test_a_refund_that_fails_later_makes_its_events(
    api: StripeClient, events: EventQueue, held: PaymentIntent
) -> None:
    api.v1.payment_intents.capture(held.id)
    refund = api.v1.refunds.create({"payment_intent": held.id})
    events.take()
    post(f"/sandbox/refunds/{refund.id}/fail", "reason=declined")
    [updated, failed] = events.take()
    assert (updated["type"], failed["type"]) == ("refund.updated", "refund.failed")
    assert updated["data"]["previous_attributes"] == {
        "status": "succeeded",
        "failure_reason": None,
    }
    assert failed["data"]["object"]["failure_reason"] == "declined"


def test_a_dispute_makes_an_event_when_it_is_opened_and_when_it_is_closed(
    api: StripeClient, events: EventQueue, held: PaymentIntent
) -> None:
    api.v1.payment_intents.capture(held.id)
    events.take()
    post("/sandbox/disputes", f"payment_intent={held.id}")
    [dispute] = api.v1.disputes.list().data
    post(f"/sandbox/disputes/{dispute.id}/close", "status=lost")
    [opened, closed] = events.take()
    assert (opened["type"], closed["type"]) == ("charge.dispute.created", "charge.dispute.closed")
    statuses = [each["data"]["object"]["status"] for each in (opened, closed)]
    assert statuses == ["needs_response", "lost"]
    assert opened["data"]["object"]["payment_intent"] == held.id


def test_an_event_is_as_the_api_shows_it(api: StripeClient, events: EventQueue) -> None:
    intent = create(api)
    confirmed = api.v1.payment_intents.confirm(intent.id, CONFIRM, {"idempotency_key": "A1"})
    [event] = events.take()
    assert confirmed.last_response
    assert event["request"] == {
        "id": confirmed.last_response.headers["request-id"],
        "idempotency_key": "A1",
    }
    assert event["data"] == {"object": confirmed.to_dict()}
    shown = stripe.Event.construct_from(event, None)
    assert (shown.object, shown.livemode, shown.pending_webhooks) == ("event", False, 1)
    assert shown.id.startswith("evt_")
    assert isinstance(shown.data.object, stripe.PaymentIntent)
    assert shown.data.object.metadata.to_dict() == NEW["metadata"]
    assert isinstance(shown.data.object.latest_charge, str)


def test_a_charge_carries_the_metadata_of_its_intent(api: StripeClient, events: EventQueue) -> None:
    intent = create(api, confirm=True, **CONFIRM)
    api.v1.payment_intents.capture(intent.id)
    api.v1.refunds.create({"payment_intent": intent.id})
    [*_, refunded] = events.take()
    assert refunded["data"]["object"]["metadata"] == NEW["metadata"]


def test_what_customers_do_names_no_request(api: StripeClient, events: EventQueue) -> None:
    intent = create(api, "pm_card_authenticationRequired", confirm=True, **CONFIRM)
    events.take()
    assert intent.next_action
    assert intent.next_action.redirect_to_url
    url = str(intent.next_action.redirect_to_url.url)
    lambda_handler(event_of("POST", url, "decision=approve"), None)
    [event] = events.take()
    assert event["request"] == {"id": None, "idempotency_key": None}


def test_objects_are_written_in_the_version_of_the_sdk() -> None:
    assert stripe.api_version == made.API_VERSION


def test_a_repeated_or_refused_request_makes_no_event(
    api: StripeClient, events: EventQueue, held: PaymentIntent
) -> None:
    for _ in range(2):
        api.v1.payment_intents.capture(held.id, {}, {"idempotency_key": "A1:capture"})
    assert events.types() == [
        "payment_intent.amount_capturable_updated",
        "payment_intent.succeeded",
    ]
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.payment_intents.cancel(held.id)
    assert events.types() == []


def test_an_effect_that_is_not_committed_makes_no_event(
    api: StripeClient, events: EventQueue, held: PaymentIntent, monkeypatch: pytest.MonkeyPatch
) -> None:
    events.take()
    with monkeypatch.context() as patch:
        patch.setattr("handlers.sandbox.table.commit", lambda writes: {0})
        with pytest.raises(stripe.RateLimitError):
            api.v1.payment_intents.capture(held.id, {}, {"idempotency_key": "A1:capture"})
    assert events.types() == []


def test_an_effect_whose_event_the_queue_refuses_is_an_error_and_done(
    api: StripeClient, events: EventQueue, held: PaymentIntent
) -> None:
    events.delete()
    with pytest.raises(stripe.APIError) as fault:
        api.v1.payment_intents.capture(held.id, {}, {"idempotency_key": "A1:capture"})
    assert fault.value.http_status == 500
    again = api.v1.payment_intents.capture(held.id, {}, {"idempotency_key": "A1:capture"})
    assert again.status == "succeeded"


def test_without_a_queue_there_are_no_events(api: StripeClient, held: PaymentIntent) -> None:
    assert api.v1.payment_intents.capture(held.id).status == "succeeded"
