"""One order's payment, step by step, and what the gateway's own books say of it."""

from collections.abc import Callable

import stripe

from handlers.adapters.stripe_gateway import StripeGateway
from handlers.domain.payment import PaymentIntent
from tests.support.sandbox_server import SandboxServer

ORDER = "ORDER26CHARACTERS"
PAGE = f"https://shop.example/orders/{ORDER}"
Reach = Callable[[StripeGateway], PaymentIntent]
Step = Callable[[StripeGateway, str], PaymentIntent]


def created(gateway: StripeGateway, card: str = "pm_card_visa") -> PaymentIntent:
    return gateway.create(ORDER, 1999, "USD", card)


def held(gateway: StripeGateway) -> PaymentIntent:
    return gateway.confirm(ORDER, created(gateway).id, PAGE)


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


def create(gateway: StripeGateway, intent_id: str) -> PaymentIntent:
    return created(gateway)


def confirm(gateway: StripeGateway, intent_id: str) -> PaymentIntent:
    return gateway.confirm(ORDER, intent_id, PAGE)


def capture(gateway: StripeGateway, intent_id: str) -> PaymentIntent:
    return gateway.capture(ORDER, intent_id)


def release(gateway: StripeGateway, intent_id: str) -> PaymentIntent:
    return gateway.release(ORDER, intent_id)
