from typing import get_args

import stripe

from handlers.adapters.stripe_objects import _STATUS
from handlers.domain.payment import IntentStatus


def test_every_status_of_stripes_is_one_of_the_order_process() -> None:
    stripes, _ = get_args(stripe.PaymentIntent.__annotations__["status"])
    assert set(_STATUS) == set(get_args(stripes))
    assert sorted(_STATUS.values()) == sorted(IntentStatus)
