"""Confirming: where the customer's browser goes, and how it comes back."""

import json
from typing import Any

import pytest
import stripe
from stripe import PaymentIntent, StripeClient

from handlers.sandbox.payment_sandbox import lambda_handler
from tests.support.sandbox_server import RETURN_URL, SandboxServer, event_of

INTENTS = "/v1/payment_intents"
NEW: Any = {"amount": 1999, "currency": "usd", "capture_method": "manual"}
ASKING = "pm_card_authenticationRequired"
NO_WAY_BACK = "you must provide a `return_url`"


def confirmed(api: StripeClient, card: str = ASKING, **how: Any) -> PaymentIntent:
    created = api.v1.payment_intents.create(NEW | {"payment_method": card})
    params: Any = {"return_url": RETURN_URL} | how
    return api.v1.payment_intents.confirm(created.id, params)


@pytest.mark.parametrize(
    "methods",
    [
        {},
        {"allowed_payment_method_types": ["card"]},
        {"automatic_payment_methods": {"enabled": True}},
        {"automatic_payment_methods": {"enabled": True, "allow_redirects": "always"}},
    ],
)
@pytest.mark.parametrize("card", ["pm_card_visa", ASKING])
@pytest.mark.parametrize("use_stripe_sdk", [False, True])
def test_methods_that_may_redirect_need_a_way_back_whichever_is_charged(
    api: StripeClient, methods: dict[str, Any], card: str, use_stripe_sdk: bool
) -> None:
    created = api.v1.payment_intents.create(NEW | {"payment_method": card} | methods)
    with pytest.raises(stripe.InvalidRequestError, match=NO_WAY_BACK) as refused:
        api.v1.payment_intents.confirm(created.id, {"use_stripe_sdk": use_stripe_sdk})
    error = refused.value.error
    assert error is not None
    assert error.payment_intent is not None
    assert (refused.value.code, error.payment_intent.id) == (None, created.id)
    assert api.v1.payment_intents.retrieve(created.id).status == "requires_confirmation"


def test_an_intent_confirmed_at_its_creation_needs_a_way_back_too(api: StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=NO_WAY_BACK):
        api.v1.payment_intents.create(NEW | {"payment_method": "pm_card_visa", "confirm": True})
    assert api.v1.payment_intents.list().data == []


@pytest.mark.parametrize(
    "methods", [{"enabled": True, "allow_redirects": "never"}, {"enabled": False}]
)
@pytest.mark.parametrize(
    ("card", "status"), [("pm_card_visa", "requires_capture"), (ASKING, "requires_action")]
)
def test_methods_that_never_redirect_need_none(
    api: StripeClient, methods: Any, card: str, status: str
) -> None:
    created = api.v1.payment_intents.create(
        NEW | {"payment_method": card, "automatic_payment_methods": methods}
    )
    intent = api.v1.payment_intents.confirm(created.id)
    assert intent.status == status
    if intent.next_action:
        assert intent.next_action.type == "use_stripe_sdk"


@pytest.mark.parametrize(
    "url",
    [
        "shop.example/orders/1",
        "/orders/1",
        "javascript:alert(1)",
        "myapp://orders/1",
        "https://",
        "https://shop.example;script-src/",
        "https://me@shop.example/",
        "https://shop.example/a b",
        "https://shop.example/\r\nx:1",
    ],
)
def test_a_way_back_is_an_absolute_web_address(api: StripeClient, url: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        confirmed(api, return_url=url)
    assert (refused.value.code, refused.value.param) == ("url_invalid", "return_url")


def test_a_way_back_is_given_when_the_intent_is_confirmed(api: StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="unless `confirm` is set to true"):
        api.v1.payment_intents.create(NEW | {"return_url": RETURN_URL})


def test_allowed_types_and_automatic_methods_exclude_each_other(api: StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.v1.payment_intents.create(
            NEW
            | {
                "allowed_payment_method_types": ["card"],
                "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            }
        )
    assert refused.value.code == "parameters_exclusive"


def test_the_browser_is_redirected_to_the_bank_and_back(
    sandbox: SandboxServer, api: StripeClient
) -> None:
    intent = confirmed(api)
    assert intent.next_action
    assert intent.next_action.type == "redirect_to_url"
    action = intent.next_action.redirect_to_url
    assert action
    secret = f"payment_intent_client_secret={intent.client_secret}"
    assert action.url == f"{sandbox.url}/bank/{intent.id}?{secret}"
    assert action.return_url == RETURN_URL


def test_a_client_side_sdk_is_told_to_finish_instead(
    sandbox: SandboxServer, api: StripeClient
) -> None:
    intent = confirmed(api, use_stripe_sdk=True)
    assert (intent.status, intent.latest_charge) == ("requires_action", None)
    action = intent.next_action
    assert action
    assert action.type == "use_stripe_sdk"
    assert getattr(action, "redirect_to_url", None) is None
    assert action.use_stripe_sdk
    assert str(action.use_stripe_sdk["stripe_js"]).startswith(f"{sandbox.url}/bank/{intent.id}?")


def test_the_banks_page_is_at_the_address_that_the_sandbox_was_called_at(
    sandbox: SandboxServer, api: StripeClient
) -> None:
    created = api.v1.payment_intents.create(NEW | {"payment_method": ASKING})
    event = event_of("POST", f"{INTENTS}/{created.id}/confirm", f"return_url={RETURN_URL}")
    event["headers"] |= {"host": "id.lambda-url.eu-west-1.on.aws", "x-forwarded-proto": "https"}
    action = json.loads(lambda_handler(event, None)["body"])["next_action"]
    url = action["redirect_to_url"]["url"]
    assert url.startswith(f"https://id.lambda-url.eu-west-1.on.aws/bank/{created.id}?")


@pytest.mark.parametrize("card", ["pm_card_visa", "pm_card_threeDSecureOptional"])
def test_a_card_that_needs_no_approval_holds_the_money_at_once(
    api: StripeClient, card: str
) -> None:
    intent = confirmed(api, card)
    assert (intent.status, intent.next_action) == ("requires_capture", None)


def test_client_secrets_do_not_follow_from_ids(api: StripeClient) -> None:
    intents = [api.v1.payment_intents.create(NEW) for _ in range(2)]
    ids, secrets = zip(*((i.client_secret or "").split("_secret_") for i in intents), strict=True)
    assert ids == tuple(intent.id for intent in intents)
    assert secrets[0] != secrets[1]
    assert not [id for id in ids for part in secrets if part in id]
