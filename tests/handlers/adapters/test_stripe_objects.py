from typing import get_args

import pytest
import stripe

from handlers.adapters.stripe_objects import _STATUS, intent_of
from handlers.domain.payment import IntentStatus


def test_every_status_of_stripes_is_one_of_the_order_process() -> None:
    stripes, _ = get_args(stripe.PaymentIntent.__annotations__["status"])
    assert set(_STATUS) == set(get_args(stripes))
    assert sorted(_STATUS.values()) == sorted(IntentStatus)


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        ("succeeded", 0),
        ("pending", 0),
        ("failed", 500),
        ("canceled", 500),
        ("requires_action", 500),
    ],
)
def test_a_refund_counts_once_it_is_under_way_and_not_when_it_failed(
    status: str, kept: int
) -> None:
    refund = {"id": "re_1", "object": "refund", "amount": 500, "status": status}
    refunds = {"object": "list", "url": "/v1/refunds", "has_more": False, "data": [refund]}
    charge = {"id": "ch_1", "object": "charge", "paid": True, "amount_refunded": 500}
    intent = {
        "id": "pi_1",
        "object": "payment_intent",
        "status": "succeeded",
        "amount": 500,
        "currency": "usd",
        "amount_received": 500,
        "client_secret": "pi_1_secret_1",
        "last_payment_error": None,
        "latest_charge": charge | {"refunds": refunds},
    }
    assert intent_of(stripe.PaymentIntent.construct_from(intent, "sk_test")).kept == kept
