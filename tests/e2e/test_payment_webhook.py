"""Signed events on the running system, as the gateway would send them to the storefront's address."""

import json
import uuid
from typing import Any

import pytest

from tests.support.live_system import Customer, LiveSystem
from tests.support.payment_events import PATH, of_payment, signed
from tests.support.wire import Answer, send

_ASKS = "pm_card_authenticationRequired"
CANCELED = "payment_intent.canceled"


class Gateway:
    """Sends events to the webhook, signed with the stack's own secret."""

    def __init__(self, shop: LiveSystem):
        found = shop.aws.secretsmanager.list_secrets()["SecretList"]
        (arn,) = [each["ARN"] for each in found if "payment-webhook" in each["Name"]]
        kept = shop.aws.secretsmanager.get_secret_value(SecretId=arn)["SecretString"]
        (self._secret,) = json.loads(kept)
        origin = {**shop.outputs, "apiUrl": shop.outputs["storefrontUrl"]}
        self._sender = Customer(origin, "gateway@example.com")

    def send(self, body: bytes, **headers: Any) -> Answer:
        named = {"Stripe_Signature": signed(body, self._secret), "Authorization": None} | headers
        return send(self._sender, "POST", PATH, body, **named)


@pytest.fixture(scope="module")
def gateway(shop: LiveSystem) -> Gateway:
    return Gateway(shop)


def waiting(shop: LiveSystem) -> str:
    """The id of an order whose bank asks its customer."""
    order_id = shop.customer().accepted({shop.product(): 1}, _ASKS)
    shop.until(order_id, lambda order: order["status"] == "AWAITING_PAYMENT")
    return order_id


def test_an_event_drives_an_order_that_waits_for_its_payment_to_its_end(
    shop: LiveSystem, gateway: Gateway
) -> None:
    order_id, event_id = waiting(shop), f"evt_{uuid.uuid4().hex}"
    [intent] = shop.intents(order_id)
    shop.gateway().v1.payment_intents.cancel(intent.id)
    body = of_payment(CANCELED, event_id, orderId=order_id)
    assert json.loads(gateway.send(body).body) == {"outcome": "RUN_STARTED"}
    order = shop.settled(order_id)
    assert (order["status"], order["reason"]) == ("REJECTED", "AUTHORIZATION_EXPIRED")
    assert order["timeline"][-1]["run"] == event_id
    assert order["lastEvent"]["id"] == event_id
    assert json.loads(gateway.send(body).body) == {"outcome": "NOTHING_TO_DO"}


def test_an_event_decides_nothing_the_gateway_does(shop: LiveSystem, gateway: Gateway) -> None:
    """The intent is as it was, whatever the event says."""
    order_id = waiting(shop)
    before = shop.order(order_id)
    body = of_payment(CANCELED, f"evt_{uuid.uuid4().hex}", orderId=order_id)
    assert gateway.send(body).status == 200
    after = shop.until(order_id, lambda order: "lastEvent" in order)
    del after["lastEvent"]
    assert after == before


def test_what_is_not_signed_wakes_nothing(shop: LiveSystem, gateway: Gateway) -> None:
    order_id = waiting(shop)
    before = shop.order(order_id)
    body = of_payment(CANCELED, "evt_forged", orderId=order_id)
    for header in (None, signed(body, "whsec_of_another"), signed(body + b" ")):
        answer = gateway.send(body, Stripe_Signature=header)
        assert answer.status == 400
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert shop.order(order_id) == before
