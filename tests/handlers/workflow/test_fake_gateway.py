import inspect

import pytest

from handlers.adapters.stripe_gateway import StripeGateway
from handlers.domain.payment import PaymentGateway
from tests.support.fake_gateway import FakeGateway

PORT = {
    name: f for name, f in vars(PaymentGateway).items() if inspect.isfunction(f) and name[0] != "_"
}


@pytest.mark.parametrize("method", PORT)
@pytest.mark.parametrize("gateway", [FakeGateway, StripeGateway])
def test_a_gateway_is_asked_as_the_order_process_asks(gateway: type, method: str) -> None:
    wanted = inspect.signature(PORT[method])
    assert inspect.signature(getattr(gateway, method)) == wanted
