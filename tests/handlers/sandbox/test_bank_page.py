"""The bank's page: who gets to see it, and what it says."""

import re

import pytest
import requests
from stripe import StripeClient

from handlers.sandbox.payment_sandbox import lambda_handler
from tests.support.bank_customer import ASKING, Confirm, bank, decide
from tests.support.sandbox_server import SandboxServer, event_of


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_a_decided_payment_is_not_asked_about_again(confirm: Confirm, decision: str) -> None:
    intent = confirm()
    back = decide(intent, decision).headers["location"]
    page = requests.get(bank(intent), timeout=5)
    assert page.status_code == 200
    assert "<form" not in page.text
    assert f'href="{back.replace("&", "&amp;")}"' in page.text


def test_without_a_way_back_the_page_tells_the_outcome(api: StripeClient, confirm: Confirm) -> None:
    intent = api.v1.payment_intents.create(
        {
            "amount": 1999,
            "currency": "usd",
            "payment_method": ASKING,
            "confirm": True,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        }
    )
    answer = decide(intent, "approve")
    assert answer.status_code == 200
    assert "You have approved this payment." in answer.text


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("secret", ["", "pi_1_secret_2", None])
def test_without_the_client_secret_nothing_is_shown_or_done(
    sandbox: SandboxServer, api: StripeClient, confirm: Confirm, method: str, secret: str | None
) -> None:
    intent = confirm()
    query = "" if secret is None else f"?payment_intent_client_secret={secret}"
    pages = [
        lambda_handler(event_of(method, f"/bank/{id}{query}", "decision=approve", key=""), None)
        for id in (intent.id, "pi_missing", "x" * 500, "")
    ]
    assert {page["statusCode"] for page in pages} == {404}
    assert len({page["body"] for page in pages}) == 1
    assert api.v1.payment_intents.retrieve(intent.id).status == "requires_action"


def test_the_page_says_what_is_to_be_decided(confirm: Confirm) -> None:
    intent = confirm(description="Order <b>A1</b>")
    page = requests.get(bank(intent), timeout=5)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="en">' in page.text
    assert "<title>Approve this payment?</title>" in page.text
    assert "<dd>USD 1,999.00</dd>" in page.text
    assert "Order &lt;b&gt;A1&lt;/b&gt;" in page.text
    assert re.findall(r'<button name="decision" value="(\w+)">', page.text) == [
        "approve",
        "refuse",
        "close",
    ]


@pytest.mark.parametrize(
    ("amount", "currency", "text"), [(1999, "jpy", "JPY 1,999"), (10050, "kwd", "KWD 10.050")]
)
def test_the_amount_has_the_digits_of_its_currency(
    confirm: Confirm, amount: int, currency: str, text: str
) -> None:
    page = requests.get(bank(confirm(amount=amount, currency=currency)), timeout=5)
    assert f"<dd>{text}</dd>" in page.text


def test_the_page_runs_no_script_and_its_form_leads_to_the_shop_alone(confirm: Confirm) -> None:
    page = requests.get(bank(confirm()), timeout=5)
    policy: dict[str, str] = {}
    for rule in page.headers["content-security-policy"].split("; "):
        name, _, value = rule.partition(" ")
        policy[name] = value
    assert policy["default-src"] == "'none'"
    assert policy["form-action"] == "'self' https://shop.example"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy)
    assert "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
