"""How events are delivered where a test has said so: twice, never, late, in another order."""

import pytest
from stripe import PaymentIntent, StripeClient

from handlers.sandbox.payment_sandbox import lambda_handler
from tests.support.event_queue import EventQueue
from tests.support.sandbox_server import RETURN_URL, SandboxServer, event_of


def deliver(form: str = "") -> None:
    answer = lambda_handler(event_of("POST", "/sandbox/delivery", form), None)
    assert answer["statusCode"] == 200, answer["body"]


def hold(api: StripeClient) -> PaymentIntent:
    return api.v1.payment_intents.create(
        {
            "amount": 1999,
            "currency": "usd",
            "capture_method": "manual",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "return_url": RETURN_URL,
        }
    )


def test_events_are_delivered_twice_on_demand(api: StripeClient, events: EventQueue) -> None:
    deliver("copies=2")
    hold(api)
    [one, other] = events.take()
    assert one == other


def test_events_are_lost_on_demand(api: StripeClient, events: EventQueue) -> None:
    deliver("copies=0")
    intent = hold(api)
    deliver()
    api.v1.payment_intents.capture(intent.id)
    assert events.types() == ["payment_intent.succeeded"]


def test_events_are_late_on_demand(api: StripeClient, events: EventQueue) -> None:
    deliver("delay=900")
    hold(api)
    assert (events.types(), events.late()) == ([], 1)


def test_one_type_overtakes_another_on_demand(api: StripeClient, events: EventQueue) -> None:
    deliver("delay[payment_intent.amount_capturable_updated]=60")
    intent = hold(api)
    api.v1.payment_intents.capture(intent.id)
    assert (events.types(), events.late()) == (["payment_intent.succeeded"], 1)


@pytest.mark.parametrize(
    "form",
    ["delay=901", "delay=-1", "copies=4", "copies=x", "delay[no.such]=1", "delay[=1", "when=1"],
)
def test_a_delivery_that_cannot_be_is_refused(sandbox: SandboxServer, form: str) -> None:
    assert lambda_handler(event_of("POST", "/sandbox/delivery", form), None)["statusCode"] == 400
