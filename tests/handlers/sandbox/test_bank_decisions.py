"""Decisions at the bank's page: what each does, and that there is one outcome."""

import pytest
import stripe
from stripe import PaymentIntent, StripeClient

from handlers.sandbox.payment_sandbox import lambda_handler
from tests.support.bank_customer import Confirm, bank, decide, way_back
from tests.support.event_queue import EventQueue
from tests.support.sandbox_server import RETURN_URL, event_of, overlapping

POOR = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"


def now(api: StripeClient, intent: PaymentIntent) -> PaymentIntent:
    return api.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})


def test_approval_holds_the_money_and_leads_back_to_the_shop(
    api: StripeClient, confirm: Confirm, events: EventQueue
) -> None:
    intent = confirm()
    address, query = way_back(decide(intent, "approve"))
    assert address == RETURN_URL
    assert query == {
        "payment_intent": intent.id,
        "payment_intent_client_secret": intent.client_secret,
        "redirect_status": "succeeded",
    }
    after = now(api, intent)
    assert (after.status, after.amount_capturable) == ("requires_capture", 199900)
    assert after.next_action is None
    assert isinstance(after.latest_charge, stripe.Charge)
    assert after.latest_charge.paid
    assert events.types() == [
        "payment_intent.requires_action",
        "payment_intent.amount_capturable_updated",
    ]


def test_refusal_fails_the_attempt_and_another_card_may_be_tried(
    api: StripeClient, confirm: Confirm, events: EventQueue
) -> None:
    intent = confirm()
    assert way_back(decide(intent, "refuse"))[1]["redirect_status"] == "failed"
    after = now(api, intent)
    assert (after.status, after.payment_method) == ("requires_payment_method", None)
    assert (after.latest_charge, after.next_action) == (None, None)
    assert after.last_payment_error
    assert after.last_payment_error.code == "payment_intent_authentication_failure"
    assert events.types() == ["payment_intent.requires_action", "payment_intent.payment_failed"]
    again = api.v1.payment_intents.confirm(
        intent.id, {"payment_method": "pm_card_visa", "return_url": RETURN_URL}
    )
    assert (again.status, again.last_payment_error) == ("requires_capture", None)


def test_closing_changes_nothing(api: StripeClient, confirm: Confirm, events: EventQueue) -> None:
    intent = confirm()
    events.take()
    assert way_back(decide(intent, "close"))[1]["redirect_status"] == "pending"
    assert now(api, intent).to_dict() == intent.to_dict()
    assert events.types() == []


def test_an_approved_card_can_still_be_declined(
    api: StripeClient, confirm: Confirm, events: EventQueue
) -> None:
    intent = confirm(POOR)
    assert way_back(decide(intent, "approve"))[1]["redirect_status"] == "failed"
    after = now(api, intent)
    assert after.status == "requires_payment_method"
    assert after.last_payment_error
    assert after.last_payment_error.decline_code == "insufficient_funds"
    assert isinstance(after.latest_charge, stripe.Charge)
    assert after.latest_charge.status == "failed"
    assert events.types() == ["payment_intent.requires_action", "payment_intent.payment_failed"]


def test_approval_charges_at_once_where_nothing_is_captured_by_hand(
    api: StripeClient, confirm: Confirm
) -> None:
    intent = confirm(capture_method="automatic")
    assert way_back(decide(intent, "approve"))[1]["redirect_status"] == "succeeded"
    assert now(api, intent).amount_received == 199900


@pytest.mark.parametrize(
    ("first", "second"),
    [("approve", "approve"), ("approve", "refuse"), ("refuse", "approve"), ("refuse", "refuse")],
)
def test_the_first_decision_counts_and_a_second_gets_its_outcome(
    api: StripeClient, confirm: Confirm, events: EventQueue, first: str, second: str
) -> None:
    intent = confirm()
    outcome = way_back(decide(intent, first))
    settled = now(api, intent).to_dict()
    events.take()
    assert way_back(decide(intent, second)) == outcome
    assert now(api, intent).to_dict() == settled
    assert events.types() == []


@pytest.mark.parametrize(("slow", "fast"), [("approve", "refuse"), ("refuse", "approve")])
def test_of_two_tabs_at_once_one_decides(
    api: StripeClient, confirm: Confirm, monkeypatch: pytest.MonkeyPatch, slow: str, fast: str
) -> None:
    intent = confirm()
    outer, inner = (
        event_of("POST", bank(intent), f"decision={decision}") for decision in (slow, fast)
    )
    with overlapping(monkeypatch, lambda: lambda_handler(inner, None)) as answers:
        late = lambda_handler(outer, None)
    assert answers[0]["headers"]["location"] == late["headers"]["location"]
    held = {"approve": "requires_capture", "refuse": "requires_payment_method"}[fast]
    assert now(api, intent).status == held


def test_what_the_shop_has_cancelled_cannot_be_approved(
    api: StripeClient, confirm: Confirm
) -> None:
    intent = confirm()
    api.v1.payment_intents.cancel(intent.id)
    assert way_back(decide(intent, "approve"))[1]["redirect_status"] == "failed"
    assert (now(api, intent).status, now(api, intent).latest_charge) == ("canceled", None)


def test_the_way_back_keeps_its_own_parameters_and_fragment(confirm: Confirm) -> None:
    intent = confirm(return_url="https://shop.example/pay?order=A1&b=%20#top")
    location = decide(intent, "approve").headers["location"]
    assert location.startswith("https://shop.example/pay?order=A1&b=%20&payment_intent=pi_")
    assert location.endswith("&redirect_status=succeeded#top")


@pytest.mark.parametrize("form", ["", "decision=", "decision=yes", "decision=Approve"])
def test_an_unknown_decision_is_none(api: StripeClient, confirm: Confirm, form: str) -> None:
    intent = confirm()
    assert lambda_handler(event_of("POST", bank(intent), form), None)["statusCode"] == 400
    assert now(api, intent).status == "requires_action"


def test_an_intent_that_never_stands_still_stays_undecided(
    api: StripeClient, confirm: Confirm, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent = confirm()
    with monkeypatch.context() as patch:
        patch.setattr("handlers.sandbox.table.commit", lambda writes: {0})
        page = decide(intent, "approve")
    assert (page.status_code, "try again" in page.text) == (429, True)
    assert now(api, intent).status == "requires_action"
