"""Payment methods: aliases serve everybody, a method with its own id serves one intent."""

import pytest
import stripe
from stripe import StripeClient

from handlers.sandbox.payment_sandbox import lambda_handler
from tests.support.sandbox_server import RETURN_URL, event_of, overlapping

USED_BEFORE = "previously used with a PaymentIntent"


def method(api: StripeClient, token: str = "tok_visa") -> str:
    return api.v1.payment_methods.create({"type": "card", "card": {"token": token}}).id


def pay(api: StripeClient, payment_method: str) -> stripe.PaymentIntent:
    return api.v1.payment_intents.create(
        {
            "amount": 1999,
            "currency": "usd",
            "payment_method": payment_method,
            "confirm": True,
            "return_url": RETURN_URL,
        }
    )


def test_an_alias_pays_any_number_of_intents(api: StripeClient) -> None:
    assert [pay(api, "pm_card_visa").status for _ in range(2)] == ["succeeded", "succeeded"]


def test_a_method_with_its_own_id_pays_one_intent(api: StripeClient) -> None:
    card = method(api)
    assert pay(api, card).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError, match=USED_BEFORE):
        pay(api, card)


def test_a_used_method_is_refused_when_an_unconfirmed_intent_is_made_with_it(
    api: StripeClient,
) -> None:
    card = method(api)
    pay(api, card)
    with pytest.raises(stripe.InvalidRequestError, match=USED_BEFORE):
        api.v1.payment_intents.create({"amount": 50, "currency": "usd", "payment_method": card})


def test_a_declined_method_is_used_up_all_the_same(api: StripeClient) -> None:
    card = method(api, "tok_chargeDeclinedInsufficientFunds")
    with pytest.raises(stripe.CardError) as declined:
        pay(api, card)
    assert declined.value.error is not None
    assert declined.value.error.decline_code == "insufficient_funds"
    with pytest.raises(stripe.InvalidRequestError, match=USED_BEFORE):
        pay(api, card)


def test_two_intents_racing_for_one_method_have_one_winner(
    api: StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = method(api)
    form = f"amount=1999&currency=usd&payment_method={card}&confirm=true&return_url={RETURN_URL}"
    one, two = (event_of("POST", "/v1/payment_intents", form, idempotency_key=key) for key in "ab")
    with overlapping(monkeypatch, lambda: lambda_handler(two, None)) as inner:
        outer = lambda_handler(one, None)
    assert (inner[0]["statusCode"], outer["statusCode"]) == (200, 400)
    assert USED_BEFORE in outer["body"]
    assert len(api.v1.payment_intents.list().data) == 1


def test_an_unknown_method_is_missing(api: StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        pay(api, "pm_card_nobody")
    assert (refused.value.code, refused.value.param) == ("resource_missing", "payment_method")
    assert api.v1.payment_intents.list().data == []


def test_an_unknown_token_makes_no_method(api: StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        method(api, "tok_nobody")
    assert (refused.value.code, refused.value.param) == ("resource_missing", "card[token]")
