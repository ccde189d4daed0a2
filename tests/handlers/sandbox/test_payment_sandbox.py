"""The door of the sandbox: who gets in, what is understood, and that it never raises."""

import base64
import json
from typing import Any

import boto3
import pytest
import stripe
from stripe import PaymentIntent, StripeClient

from handlers.sandbox.payment_sandbox import lambda_handler
from tests.support.sandbox_server import SECRET_KEY, SandboxServer, event_of

INTENTS = "/v1/payment_intents"
METHOD = "payment_method"
CONFIRMED = "amount=50&currency=usd&confirm=true"


def answer(event: Any) -> tuple[int, dict[str, Any]]:
    response = lambda_handler(event, None)
    return response["statusCode"], json.loads(response["body"])


@pytest.mark.parametrize("key", ["sk_test_of_another_stack", SECRET_KEY + "x", SECRET_KEY[:-1]])
def test_another_key_gets_401_and_learns_nothing(sandbox: SandboxServer, key: str) -> None:
    with pytest.raises(stripe.AuthenticationError) as refused:
        sandbox.sdk(key).v1.payment_intents.list()
    assert SECRET_KEY not in (refused.value.http_body or "")


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Basic", "Basic ?", "Basic Og==", "Digest x", "x"]
)
@pytest.mark.parametrize("path", [INTENTS, "/", "/v1/unknown"])
def test_nobody_gets_in_without_a_key(
    sandbox: SandboxServer, path: str, authorization: str
) -> None:
    event = event_of("GET", path)
    event["headers"] = {"authorization": authorization} if authorization else {}
    status, content = answer(event)
    assert (status, content["error"]["type"]) == (401, "invalid_request_error")


def test_the_key_may_come_as_the_user_of_basic_authentication(sandbox: SandboxServer) -> None:
    event = event_of("GET", INTENTS)
    event["headers"]["authorization"] = (
        "Basic " + base64.b64encode(f"{SECRET_KEY}:".encode()).decode()
    )
    assert answer(event)[0] == 200


def test_a_plain_text_body_is_read_like_an_encoded_one(sandbox: SandboxServer) -> None:
    event = event_of("POST", INTENTS) | {
        "body": "amount=1999&currency=usd&metadata%5BorderId%5D=%C5%81",
        "isBase64Encoded": False,
    }
    status, content = answer(event)
    assert (status, content["metadata"]) == (200, {"orderId": "Ł"})


@pytest.mark.parametrize(
    ("form", "code", "param"),
    [
        ("currency=usd", "parameter_missing", "amount"),
        ("amount=1999", "parameter_missing", "currency"),
        ("amount=&currency=usd", "parameter_invalid_empty", "amount"),
        ("amount=19.99&currency=usd", "parameter_invalid_integer", "amount"),
        ("amount=-1&currency=usd", "parameter_invalid_integer", "amount"),
        ("amount=-000&currency=usd", "parameter_invalid_integer", "amount"),
        ("amount=²&currency=usd", "parameter_invalid_integer", "amount"),
        ("amount=49&currency=usd", "amount_too_small", "amount"),
        ("amount=100000000&currency=usd", "amount_too_large", "amount"),
        (f"amount={'9' * 5000}&currency=usd", "amount_too_large", "amount"),
        (f"amount={'9' * 5001}&currency=usd", None, "amount"),
        ("amount=50&currency=dollars", None, "currency"),
        ("amount=50&currency=dem", None, "currency"),
        ("amount=1005&currency=kwd", "invalid_charge_amount", "amount"),
        ("amount=250&currency=isk", "invalid_charge_amount", "amount"),
        ("amount=17499&currency=huf", "amount_too_small", "amount"),
        ("amount=50&currency=usd&capture_method=later", None, "capture_method"),
        ("amount=50&currency=usd&confirm=yes", None, "confirm"),
        ("amount=50&currency=usd&metadata[a]=" + "x" * 501, None, "metadata"),
        ("amount=50&currency=usd&expand[]=customer", None, None),
        ("amount=50&currency=usd&customer=cus_1", "parameter_unknown", "customer"),
        (
            "amount=50&currency=usd&payment_method_types[]=card",
            "payment_method_types_no_longer_supported",
            "payment_method_types",
        ),
        ("amount=50&currency=usd&confirm=true", None, None),
        (f"{CONFIRMED}&return_url=https://a.example", "payment_intent_unexpected_state", None),
        (f"amount=50&currency=usd&payment_method={'x' * 4000}", "resource_missing", METHOD),
    ],
)
def test_a_parameter_at_fault_is_named(
    sandbox: SandboxServer, form: str, code: str | None, param: str | None
) -> None:
    status, content = answer(event_of("POST", INTENTS, form))
    error = content["error"]
    assert (status, error.get("code"), error.get("param")) == (400, code, param)
    assert answer(event_of("GET", INTENTS))[1]["data"] == []


def test_parameters_that_change_no_outcome_are_taken(api: StripeClient) -> None:
    intent = api.v1.payment_intents.create(
        {
            "amount": 1999,
            "currency": "usd",
            "description": "Order A1",
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "receipt_email": "shop@example.com",
        }
    )
    assert intent.description == "Order A1"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{INTENTS}/pi_missing"),
        ("POST", f"{INTENTS}/pi_missing/confirm"),
        ("POST", f"{INTENTS}/pi_missing/capture"),
        ("POST", f"{INTENTS}/pi_missing/cancel"),
        ("GET", "/v1/refunds?payment_intent=pi_missing"),
    ],
)
def test_an_unknown_intent_is_404(sandbox: SandboxServer, method: str, path: str) -> None:
    status, content = answer(event_of(method, path))
    assert (status, content["error"]["code"]) == (404, "resource_missing")
    assert content["error"]["message"] == "No such payment_intent: 'pi_missing'"


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH"])
def test_an_unknown_route_is_404(sandbox: SandboxServer, method: str) -> None:
    assert answer(event_of(method, "/v1/charges"))[0] == 404


def test_listing_gives_every_intent_once_newest_first(api: StripeClient) -> None:
    made = [
        api.v1.payment_intents.create({"amount": 100 + number, "currency": "usd"}).id
        for number in range(5)
    ]
    page = api.v1.payment_intents.list({"limit": 2, "expand": ["data.latest_charge"]})
    assert ([intent.id for intent in page.data], page.has_more) == (made[:2:-1], True)
    assert [intent.id for intent in page.auto_paging_iter()] == made[::-1]
    last = api.v1.payment_intents.list({"limit": 2, "starting_after": made[1]})
    assert ([intent.id for intent in last.data], last.has_more) == ([made[0]], False)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "starting_after=pi_missing",
        f"starting_after={'x' * 4000}",
    ],
)
def test_a_page_that_cannot_be_is_refused(sandbox: SandboxServer, query: str) -> None:
    assert answer(event_of("GET", f"{INTENTS}?{query}"))[0] == 400


def test_the_charge_is_an_id_unless_it_is_expanded(api: StripeClient, held: PaymentIntent) -> None:
    plain = api.v1.payment_intents.retrieve(held.id)
    full = api.v1.payment_intents.retrieve(held.id, {"expand": ["latest_charge"]})
    assert isinstance(full.latest_charge, stripe.Charge)
    assert plain.latest_charge == full.latest_charge.id


def test_a_charges_refunds_are_shown_where_they_are_expanded(
    api: StripeClient, held: PaymentIntent
) -> None:
    api.v1.payment_intents.capture(held.id)
    refund = api.v1.refunds.create({"payment_intent": held.id, "amount": 1})
    plain = api.v1.payment_intents.retrieve(held.id, {"expand": ["latest_charge"]})
    full = api.v1.payment_intents.retrieve(held.id, {"expand": ["latest_charge.refunds"]})
    assert isinstance(plain.latest_charge, stripe.Charge)
    assert isinstance(full.latest_charge, stripe.Charge)
    assert getattr(plain.latest_charge, "refunds", None) is None
    assert full.latest_charge.refunds
    assert [each.id for each in full.latest_charge.refunds.auto_paging_iter()] == [refund.id]


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        {},
        {"headers": None},
        {"headers": []},
        event_of("POST", INTENTS) | {"body": "%%%"},
        event_of("POST", INTENTS) | {"body": base64.b64encode(b"\xff\xfe=1").decode()},
        event_of("POST", INTENTS) | {"body": None, "isBase64Encoded": False},
        event_of("POST", INTENTS) | {"body": "a=\ud800", "isBase64Encoded": False},
        event_of("POST", INTENTS) | {"body": 7, "isBase64Encoded": False},
        event_of("POST", INTENTS, "&".join(f"a{n}=1" for n in range(2000))),
        event_of("POST", INTENTS, "a" + "[b]" * 50_000 + "=1"),
        event_of("POST", INTENTS, "\0\r\n<script>%00%zz&&==&amount[amount]=1&amount=1"),
        event_of("GET", f"{INTENTS}/{'x' * 5000}"),
        event_of("GET", f"{INTENTS}/../../secret\r\n"),
        event_of("GET", "/" + "ü" * 300),
    ],
)
def test_garbage_gets_a_json_error_and_never_a_traceback(
    sandbox: SandboxServer, event: Any
) -> None:
    response = lambda_handler(event, None)
    assert 400 <= response["statusCode"] <= 500
    assert set(json.loads(response["body"])) == {"error"}
    assert "Traceback" not in response["body"]
    assert ".py" not in response["body"]


def test_without_its_table_it_answers_500_and_not_a_traceback(sandbox: SandboxServer) -> None:
    boto3.client("dynamodb").delete_table(TableName="sandbox")
    for event in (event_of("GET", INTENTS), event_of("POST", f"{INTENTS}/pi_1/cancel")):
        status, content = answer(event)
        assert (status, content["error"]["type"]) == (500, "api_error")


def test_every_answer_has_a_request_id(sandbox: SandboxServer) -> None:
    seen = {lambda_handler({}, None)["headers"]["request-id"] for _ in range(3)}
    assert len(seen) == 3
