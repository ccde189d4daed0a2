"""Events as Stripe sends them, signed by its official SDK."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stripe

from tests.support.database import ORDER_ID
from tests.support.live_system import LiveSystem
from tests.support.rest_client import Answer, RestClient

SECRET = "whsec_of_the_test"
PREVIOUS = "whsec_of_the_test_before"
STACK = "dev"
PATH = "/api/payments/webhook"


def an_event(kind: str, event_id: str = "evt_1", **found: Any) -> bytes:
    """The body of an event about an object that has these members, as Stripe formats it."""
    event = {
        "id": event_id,
        "object": "event",
        "api_version": stripe.api_version,
        "created": int(time.time()),
        "data": {"object": found},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
    return json.dumps(event, indent=2, ensure_ascii=False).encode()


def of_payment(kind: str, event_id: str = "evt_1", **metadata: str) -> bytes:
    """The body of an event about an order's payment intent; `metadata` differs from this stack's."""
    told = {"orderId": ORDER_ID, "stack": STACK} | metadata
    return an_event(kind, event_id, id="pi_1", object="payment_intent", metadata=told)


def signed(body: bytes, secret: str = SECRET, at: float | None = None) -> str:
    """The header Stripe-Signature of this body, made `at` (Unix time; now unless told)."""
    sent_at = int(time.time() if at is None else at)
    return stripe.WebhookSignature.generate_signature_header(body.decode(), secret, sent_at)


def send(gateway: RestClient, body: bytes, secret: str = SECRET) -> Answer:
    """POST the event to the webhook, signed."""
    return gateway.request("POST", PATH, body, Stripe_Signature=signed(body, secret))


@contextmanager
def losing_events(shop: LiveSystem) -> Iterator[None]:
    """While inside, the stack hears nothing of what happens at the gateway."""
    shop.gateway().raw_request("post", "/sandbox/delivery", copies=0)
    try:
        yield
    finally:
        shop.gateway().raw_request("post", "/sandbox/delivery")


def compare_books(shop: LiveSystem, **event: str) -> None:
    """Start the comparison of payments as its schedule does, or for one payment as the webhook does."""
    name, payload = shop.function("compare_books")["FunctionName"], json.dumps(event)
    shop.aws.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=payload)
