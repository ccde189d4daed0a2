import pytest
import stripe
from stripe import StripeClient

from handlers.domain.money import CURRENCIES


def create(api: StripeClient, amount: int, currency: str) -> stripe.PaymentIntent:
    return api.v1.payment_intents.create({"amount": amount, "currency": currency.lower()})


@pytest.mark.parametrize("currency", CURRENCIES)
def test_the_shops_limits_are_the_gateways(api: StripeClient, currency: str) -> None:
    least, most = CURRENCIES[currency]["least"], CURRENCIES[currency]["most"]
    for amount in (least, most):
        assert create(api, amount, currency).amount == amount
    for amount, code in ((least - 1, "amount_too_small"), (most + 1, "amount_too_large")):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            create(api, amount, currency)
        assert refused.value.code == code


@pytest.mark.parametrize(("amount", "currency"), [(1010, "KWD"), (10, "BHD"), (500, "ISK")])
def test_a_currency_with_a_fixed_last_digit_is_charged_if_it_is_0(
    api: StripeClient, amount: int, currency: str
) -> None:
    assert create(api, amount, currency).amount == amount
