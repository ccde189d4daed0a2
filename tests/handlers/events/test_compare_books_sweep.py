"""A sweep compares every payment of its days, in calls that may end anywhere, at a bounded rate."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from unittest.mock import patch

import pytest

from handlers.adapters import books_sweep, order_books, stripe_books
from handlers.adapters.books_sweep import Progress
from handlers.domain.clock import timestamp
from handlers.domain.payment import PaymentGatewayUnavailable
from handlers.domain.sweep import Part
from handlers.events.compare_books import RESERVE_MILLISECONDS, NoPaymentOfThisStack
from tests.support.bookkeeping import Bookkeeping, findings, orphans
from tests.support.database import ORDER_ID, Item, everything
from tests.support.reconciliation import ago

RESERVE = RESERVE_MILLISECONDS / 1000  # seconds
LISTS = ["/v1/payment_intents", "/v1/refunds", "/v1/disputes"]


def make(books: Bookkeeping, number: int) -> list[str]:
    """The ids of so many confirmed orders whose payments were given back in the dashboard in part."""
    ids = [f"ORDER{each}" for each in range(number)]
    for each in ids:
        books.refund(books.paid(each), 500)
    return ids


def written() -> dict[tuple[str, str], Item]:
    """All rows but those that say how far a sweep has come."""
    rows = everything()["orders"].items()
    return {key: row for key, row in rows if not key[1].startswith(("CURSOR", "SEEN#"))}


def told(books: Bookkeeping) -> list[str]:
    """The orders that operators heard of, as often as they did."""
    return sorted(each.partition("#")[0] for each in books.alerts)


def test_agreeing_books_cost_three_requests_for_a_hundred_orders(books: Bookkeeping) -> None:
    """The orders' payments are in the list, so no capture is asked for by itself."""
    for each in range(3):
        books.paid(f"ORDER{each}")
    assert books.sweep() == LISTS
    assert books.part == Part.DONE


def test_each_payment_of_all_pages_is_compared(
    books: Bookkeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_books, "_PAGE", 2)
    ids = make(books, 5)
    books.sweep()
    assert told(books) == ids


def test_no_more_than_five_requests_a_second_go_to_the_gateway(books: Bookkeeping) -> None:
    make(books, 5)
    books.dispute(books.paid("DISPUTED"))
    assert len(books.sweep()) > 10
    times = [at for at, _ in books.asked]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.199


@pytest.mark.parametrize(("seconds", "calls"), [(-1, 12), (0.1, 5), (0.5, 3)])
def test_a_call_without_time_is_followed_by_one_that_goes_on(
    books: Bookkeeping, monkeypatch: pytest.MonkeyPatch, seconds: float, calls: int
) -> None:
    """`seconds` beyond what is kept in reserve."""
    monkeypatch.setattr(stripe_books, "_PAGE", 2)
    monkeypatch.setattr(books_sweep, "SAVE_EVERY", 2)
    ids = make(books, 3)
    books.dispute(books.paid("DISPUTED"))
    books.begin()
    parts = list[Part]()
    while books.part != Part.DONE:
        books.call(RESERVE + seconds)
        parts.append(books.part)
        assert len(parts) < 50
    assert len(parts) >= calls
    assert parts == sorted(parts, key=list(Part).index)
    assert told(books) == sorted([*ids, "DISPUTED"])


@pytest.mark.parametrize("request_number", range(12))
def test_a_call_that_dies_anywhere_is_made_up_for_by_the_next_one(
    books: Bookkeeping, monkeypatch: pytest.MonkeyPatch, request_number: int
) -> None:
    monkeypatch.setattr(stripe_books, "_PAGE", 2)
    monkeypatch.setattr(books_sweep, "SAVE_EVERY", 2)
    ids = make(books, 3)
    books.begin()
    left = iter(range(request_number))
    monkeypatch.setattr(books.sandbox, "loses", lambda method, path: next(left, None) is None)
    try:
        books.call()
    except PaymentGatewayUnavailable:
        monkeypatch.setattr(books.sandbox, "loses", lambda method, path: False)
        books.call()
    assert (books.part, told(books)) == (Part.DONE, ids)


def test_what_was_saved_before_a_call_dies_is_not_compared_again(
    books: Bookkeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five payments are three pages; the third one is never answered at first."""
    monkeypatch.setattr(stripe_books, "_PAGE", 2)
    monkeypatch.setattr(books_sweep, "SAVE_EVERY", 2)
    for each in range(5):
        books.paid(f"ORDER{each}")
    books.begin()
    monkeypatch.setattr(books.sandbox, "loses", lambda method, path: len(books.asked) > 2)
    with pytest.raises(PaymentGatewayUnavailable):
        books.call()
    monkeypatch.setattr(books.sandbox, "loses", lambda method, path: False)
    assert books.call() == LISTS


def test_a_sweep_that_is_over_is_not_repeated_on_the_same_day(books: Bookkeeping) -> None:
    make(books, 1)
    books.sweep()
    after = everything()
    assert books.call() == []
    assert everything() == after


def test_a_sweep_that_is_repeated_has_one_effect(books: Bookkeeping) -> None:
    ids = make(books, 2)
    books.intent("NO_ORDER")
    books.sweep()
    after = written()
    books.sweep()
    assert (written(), told(books)) == (after, ids)


def test_of_two_calls_at_once_one_goes_on(
    books: Bookkeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = make(books, 2)
    read_by_both = books.begin()
    Progress(read_by_both).go_to(Part.REFUNDS)
    monkeypatch.setattr(books_sweep, "last", lambda: read_by_both)
    assert books.call() == LISTS[:1]
    assert told(books) == ids


def test_what_is_outside_of_the_sweeps_days_is_not_asked_for(books: Bookkeeping) -> None:
    make(books, 1)
    books.begin(days_ago=9)
    assert books.call() == LISTS
    assert books.alerts == []


def test_a_refund_that_fails_weeks_later_is_found(books: Bookkeeping) -> None:
    fine, broken = books.paid("FINE"), books.paid("BROKEN")
    books.refund(fine)
    refund = books.refund(broken)
    books.fail(refund)
    books.begin(days_ago=-20)
    assert books.call() == [*LISTS[:2], f"/v1/payment_intents/{broken.id}", *LISTS[2:]]
    assert findings("BROKEN") == {f"REFUND_FAILED#{refund}": 2801}
    assert findings("FINE") == {}


def test_a_capture_that_was_noted_days_after_its_payment_was_made_is_compared_too(
    books: Bookkeeping,
) -> None:
    intent = books.intent("LATE")
    books.put("LATE", "REJECTED", intent.id)
    books.enter("LATE", intent, timestamp(datetime.now(UTC) + timedelta(days=3)))
    books.begin(days_ago=-4)
    assert books.call() == [*LISTS, f"/v1/payment_intents/{intent.id}"]
    assert findings("LATE") == {f"BOOKS#{intent.id}": 2801}


def test_a_capture_that_the_gateway_does_not_know_is_found(books: Bookkeeping) -> None:
    seen = books.paid("SEEN")
    books.put("LOST", "CONFIRMED", "pi_unknown")
    books.enter("LOST", replace(seen, id="pi_unknown"))
    assert books.sweep() == [*LISTS, "/v1/payment_intents/pi_unknown"]
    assert findings("LOST") == {"BOOKS#pi_unknown": 0}
    assert findings("SEEN") == {}


@pytest.mark.parametrize(
    ("at", "is_asked"), [(ago(hours=1), False), (ago(hours=3), True), (ago(days=2), False)]
)
def test_a_capture_is_looked_at_in_the_sweep_of_its_day_alone(
    books: Bookkeeping, at: str, is_asked: bool
) -> None:
    intent = books.intent("A")
    books.put("A", "CONFIRMED", intent.id)
    books.enter("A", intent, at)
    books.begin(Part.CAPTURES)
    assert books.call() == [f"/v1/payment_intents/{intent.id}"] * is_asked


def test_with_the_key_of_another_account_no_order_is_blamed_and_the_call_fails_once(
    books: Bookkeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in ("A", "B"):
        books.paid(each)
    monkeypatch.setenv("STACK_NAME", "other")
    with pytest.raises(NoPaymentOfThisStack):
        books.sweep()
    assert books.part == Part.DONE
    assert (findings("A"), findings("B"), orphans()) == ({}, {}, set())
    assert books.call() == []


def test_a_table_that_does_not_answer_is_a_fault_and_nothing_is_skipped(
    books: Bookkeeping,
) -> None:
    ids = make(books, 2)
    books.begin()
    away = patch.object(order_books, "read", side_effect=RuntimeError)
    with away, pytest.raises(RuntimeError):
        books.call()
    assert books.part == Part.PAYMENTS
    books.call()
    assert told(books) == ids


def test_the_number_of_compared_payments_is_a_metric(
    books: Bookkeeping, capsys: pytest.CaptureFixture[str]
) -> None:
    for each in (ORDER_ID, "B"):
        books.paid(each)
    capsys.readouterr()
    books.sweep()
    assert '"PaymentsCompared":[2.0]' in capsys.readouterr().out
