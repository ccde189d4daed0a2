"""What is written and told of a payment whose books don't agree, by an event and by a sweep."""

import io
import json
from typing import Any

import pytest

from handlers.adapters.stripe_books import StripeBooks
from handlers.domain.payment import PaymentGatewayRefused
from tests.support.bookkeeping import Bookkeeping, entered, findings, orphans
from tests.support.database import everything, stored_order
from tests.support.reconciliation import ago

WAYS = ("event", "sweep")


def compare(books: Bookkeeping, intent: Any, way: str) -> None:
    if way == "event":
        books.on_event(intent)
    else:
        books.sweep()


@pytest.mark.parametrize("way", WAYS)
def test_books_that_agree_are_left_as_they_are(books: Bookkeeping, way: str) -> None:
    intent = books.paid()
    before = {key: row for key, row in everything()["orders"].items() if key[0] != "BOOKS"}
    compare(books, intent, way)
    after = {key: row for key, row in everything()["orders"].items() if key[0] != "BOOKS"}
    assert (after, books.alerts, orphans()) == (before, [], set())


@pytest.mark.parametrize("way", WAYS)
def test_a_refund_from_outside_is_entered_and_listed_and_changes_nothing_else(
    books: Bookkeeping, way: str
) -> None:
    intent = books.paid()
    before = stored_order("A")
    refund = books.refund(intent, 500)
    compare(books, intent, way)
    after = stored_order("A")
    since = after["attention"].pop("REFUNDED_OUTSIDE")
    assert (after.pop("attentionShard"), after.pop("attentionSince")) == ("0", since)
    assert after == before
    assert findings("A") == {f"REFUNDED_OUTSIDE#{refund}": 500}
    assert entered("A") == {"AUTHORIZE", "CAPTURE", f"REFUND#{refund}"}
    assert books.alerts == ["A#OrderNeedsAttention#REFUNDED_OUTSIDE"]


@pytest.mark.parametrize("way", WAYS)
def test_a_refund_that_fails_after_the_order_was_cancelled_is_told(
    books: Bookkeeping, way: str
) -> None:
    intent = books.paid(status="CANCELLED")
    refund = books.refund(intent)
    books.enter("A", books.gateway.retrieve(intent.id))
    books.fail(refund)
    compare(books, intent, way)
    assert findings("A") == {f"REFUND_FAILED#{refund}": 2801, f"BOOKS#{intent.id}": 2801}
    assert entered("A") >= {f"REFUND#{refund}", f"REFUND_FAILED#{refund}"}
    assert books.alerts == [f"A#OrderNeedsAttention#{each}" for each in ("REFUND_FAILED", "BOOKS")]


@pytest.mark.parametrize("way", WAYS)
def test_a_dispute_is_entered_and_listed(books: Bookkeeping, way: str) -> None:
    intent = books.paid()
    dispute = books.dispute(intent)
    compare(books, intent, way)
    assert findings("A") == {f"DISPUTED#{dispute}": 2801}
    assert entered("A") == {"AUTHORIZE", "CAPTURE", f"DISPUTE#{dispute}"}
    assert set(stored_order("A")["attention"]) == {"DISPUTED"}


@pytest.mark.parametrize("way", WAYS)
def test_money_that_is_held_for_a_rejected_order_is_told(books: Bookkeeping, way: str) -> None:
    intent = books.intent("A", "held")
    books.put("A", "REJECTED", intent.id)
    compare(books, intent, way)
    assert findings("A") == {f"BOOKS#{intent.id}": 2801}
    assert books.alerts == ["A#OrderNeedsAttention#BOOKS"]


def test_what_was_found_once_is_told_once_and_not_again_after_it_was_resolved(
    books: Bookkeeping,
) -> None:
    intent = books.paid()
    refund = books.refund(intent, 500)
    books.on_event(intent)
    books.on_event(intent)
    books.sweep()
    resolved = {**stored_order("A"), "attention": {}}
    books.put("A", "CONFIRMED", intent.id, **{k: resolved[k] for k in ("attention", "version")})
    books.on_event(intent)
    assert stored_order("A")["attention"] == {}
    assert len(books.alerts) == 1
    second = books.refund(intent, 300)
    books.on_event(intent)
    assert set(stored_order("A")["attention"]) == {"REFUNDED_OUTSIDE"}
    assert findings("A").keys() == {f"REFUNDED_OUTSIDE#{each}" for each in (refund, second)}
    assert len(books.alerts) == 2


def test_two_findings_of_one_cause_are_one_message(books: Bookkeeping) -> None:
    intent = books.paid()
    for amount in (500, 300):
        books.refund(intent, amount)
    books.on_event(intent)
    assert len(findings("A")) == 2
    assert books.alerts == ["A#OrderNeedsAttention#REFUNDED_OUTSIDE"]


def test_an_order_stays_on_the_list_since_its_first_cause(books: Bookkeeping) -> None:
    since = ago(hours=2)
    flagged = {"attention": {"MAIL": since}, "attentionSince": since, "attentionShard": "0"}
    intent = books.paid(**flagged)
    books.refund(intent, 500)
    books.on_event(intent)
    after = stored_order("A")
    assert set(after["attention"]) == {"MAIL", "REFUNDED_OUTSIDE"}
    assert (after["attention"]["MAIL"], after["attentionSince"]) == (since, since)


def test_the_list_of_orders_does_not_depend_on_the_message(books: Bookkeeping) -> None:
    intent = books.paid()
    books.refund(intent, 500)
    books.published.down = True
    books.on_event(intent)
    assert set(stored_order("A")["attention"]) == {"REFUNDED_OUTSIDE"}


@pytest.mark.parametrize("way", WAYS)
def test_a_payment_of_another_stack_is_not_looked_at(
    books: Bookkeeping, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    intent, without_order = books.intent("A"), books.intent("B")
    books.put("A", "CONFIRMED", intent.id)
    books.refund(intent, 500)
    monkeypatch.setenv("STACK_NAME", "other")
    compare(books, intent, way)
    compare(books, without_order, way)
    assert (findings("A"), entered("A"), orphans(), books.alerts) == ({}, set(), set(), [])


def test_a_payment_that_the_gateway_does_not_have_is_not_looked_at(books: Bookkeeping) -> None:
    before = everything()
    books.call(intentId="pi_unknown", eventId="evt_1", eventType="refund.updated")
    assert everything() == before


def test_a_cancel_meanwhile_is_not_taken_for_a_refund_from_outside(
    books: Bookkeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order is read after the gateway is asked, so it is not CONFIRMED any more."""
    intent = books.paid()
    ask = StripeBooks.payment

    def cancel_and_ask(gateway: StripeBooks, intent_id: str) -> Any:
        books.put("A", "CANCELLING", intent_id)
        books.refund(intent)
        return ask(gateway, intent_id)

    monkeypatch.setattr(StripeBooks, "payment", cancel_and_ask)
    books.on_event(intent)
    assert (findings("A"), books.alerts) == ({}, [])


def test_money_without_an_order_is_reported_once(
    books: Bookkeeping, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    held, kept = books.intent("HELD", "held"), books.intent("KEPT")
    books.intent("NEVER_CONFIRMED", "created")
    books.refund(books.intent("GIVEN_BACK"))
    for _ in range(2):
        books.sweep()
        books.on_event(kept)
    assert orphans() == {held.id, kept.id}
    lines = [json.loads(text) for text in log.getvalue().splitlines()]
    errors = [each for each in lines if each["level"] == "ERROR"]
    assert {each["intentId"] for each in errors} == {held.id, kept.id}
    assert len(errors) == 2
    metrics = [json.loads(text) for text in capsys.readouterr().out.splitlines() if "_aws" in text]
    assert sum(sum(each.get("PaymentsWithoutOrder", [])) for each in metrics) == 2
    assert books.alerts == []


def test_a_malformed_order_stops_no_other(books: Bookkeeping, log: io.StringIO) -> None:
    broken, fine = books.paid("A", timeline=[]), books.paid("B")
    for intent in (broken, fine):
        books.refund(intent, 500)
    books.sweep()
    assert set(stored_order("B")["attention"]) == {"REFUNDED_OUTSIDE"}
    lines = [json.loads(text) for text in log.getvalue().splitlines()]
    assert [each["orderId"] for each in lines if each["message"] == "order malformed"] == ["A"] * 2
    with pytest.raises(IndexError):
        books.on_event(broken)


def test_nothing_but_reading_is_asked_of_the_gateway(books: Bookkeeping) -> None:
    intent = books.paid()
    books.refund(intent, 500)
    books.dispute(intent)
    before = len(books.sandbox.answers)
    books.sweep()
    books.on_event(intent)
    assert {method for method, _, _ in books.sandbox.answers[before:]} == {"GET"}
    assert {status for _, _, status in books.sandbox.answers[before:]} == {200}


def test_a_key_that_may_not_read_is_a_fault(
    books: Bookkeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent = books.paid()
    monkeypatch.delenv("PAYMENT_READ_SECRET_ARN")
    with pytest.raises(PaymentGatewayRefused, match="AuthenticationError"):
        books.on_event(intent)
    assert isinstance(StripeBooks().payment(intent.id), tuple)
