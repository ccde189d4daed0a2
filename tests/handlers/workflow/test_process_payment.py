from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.adapters import order_table
from handlers.domain.clock import timestamp
from handlers.domain.payment import IntentStatus, PaymentGatewayUnavailable
from handlers.workflow import process_payment
from tests.handlers.workflow.conftest import SHOP, Run
from tests.support.database import (
    ORDER_ID,
    Item,
    an_order,
    everything,
    ledger,
    ledger_row,
    put_order,
    stored_order,
)
from tests.support.fake_gateway import FakeGateway, an_intent

pytestmark = pytest.mark.usefixtures("orders_table")
S = IntentStatus
PAID = {"payment": {"intentId": "pi_1"}}
PAGE = f"{SHOP}/orders/{ORDER_ID}"


def rejected_meanwhile() -> None:
    put_order(stored_order() | {"status": "REJECTING", "version": 9})


@pytest.fixture
def order(orders_table: str) -> Item:
    return put_order(an_order("VALIDATED"))


def test_the_total_is_held_and_status_and_ledger_say_so(
    run: Run, gateway: FakeGateway, order: Item
) -> None:
    answer = run(process_payment, order)
    assert answer["outcome"] == "AUTHORIZED"
    assert gateway.requests == [
        ("create", ORDER_ID, "2801", "USD", "pm_card_visa"),
        ("confirm", ORDER_ID, "pi_1", PAGE),
    ]
    assert stored_order()["status"] == "PAYMENT_AUTHORIZED"
    assert answer["order"] | {"version": 0} == stored_order() | {"version": 0}
    assert ledger() == {"AUTHORIZE": 2801}
    assert ledger_row("AUTHORIZE")["gatewayId"] == "pi_1"


def test_the_intent_is_on_the_order_before_the_bank_is_asked(
    run: Run, gateway: FakeGateway, order: Item
) -> None:
    """Whoever rejects the order meanwhile must find what to cancel."""
    noted: list[Item] = []
    gateway.before["confirm"] = lambda: noted.append(stored_order()["payment"])
    run(process_payment, order)
    assert noted == [{"intentId": "pi_1"}]


def test_an_order_with_an_intent_makes_no_second_one(run: Run, gateway: FakeGateway) -> None:
    answer = run(process_payment, put_order(an_order("VALIDATED", **PAID)))
    assert answer["outcome"] == "AUTHORIZED"
    assert gateway.asked == ["retrieve", "confirm"]


def test_an_intent_that_holds_the_money_already_is_not_confirmed_again(
    run: Run, gateway: FakeGateway
) -> None:
    gateway.intent = an_intent(S.HELD)
    answer = run(process_payment, put_order(an_order("VALIDATED", **PAID)))
    assert answer["outcome"] == "AUTHORIZED"
    assert gateway.asked == ["retrieve"]
    assert ledger() == {"AUTHORIZE": 2801}


def test_the_loser_of_a_race_goes_on_with_the_intent_that_is_recorded(
    run: Run, gateway: FakeGateway, order: Item
) -> None:
    gateway.before["create"] = lambda: order_table.record_intent(order, "pi_first")
    answer = run(process_payment, order)
    assert gateway.requests[1:] == [
        ("retrieve", "pi_first"),
        ("confirm", ORDER_ID, "pi_first", PAGE),
    ]
    assert answer["order"]["payment"] == stored_order()["payment"] == {"intentId": "pi_first"}
    assert ledger_row("AUTHORIZE")["gatewayId"] == "pi_first"


def test_the_bank_is_never_asked_for_an_order_that_moved_on(
    run: Run, gateway: FakeGateway, order: Item
) -> None:
    gateway.before["create"] = rejected_meanwhile
    assert run(process_payment, order) == {"outcome": "SUPERSEDED"}
    assert gateway.asked == ["create"]
    assert "payment" not in stored_order()
    assert ledger() == {}


def test_an_order_rejected_while_the_bank_was_asked_is_not_moved_and_has_its_intent(
    run: Run, gateway: FakeGateway, order: Item
) -> None:
    gateway.before["confirm"] = rejected_meanwhile
    assert run(process_payment, order) == {"outcome": "SUPERSEDED"}
    after = stored_order()
    assert (after["status"], after["version"]) == ("REJECTING", 9)
    assert after["payment"] == {"intentId": "pi_1"}
    assert ledger() == {}


@pytest.mark.parametrize(
    ("code", "detail"),
    [("insufficient_funds", "INSUFFICIENT_FUNDS"), (None, "CARD_DECLINED")],
)
def test_a_decline_is_a_value_with_the_banks_word_and_a_ledger_row(
    run: Run, gateway: FakeGateway, order: Item, code: str | None, detail: str
) -> None:
    gateway.bank, gateway.decline_code = S.DECLINED, code
    assert run(process_payment, order) == {
        "outcome": "REFUSED",
        "reason": "PAYMENT_DECLINED",
        "detail": detail,
    }
    assert ledger() == {"DECLINE": 2801}
    assert stored_order()["status"] == "VALIDATED"


def test_a_decline_seen_twice_is_one_row(run: Run, gateway: FakeGateway, order: Item) -> None:
    gateway.bank = S.DECLINED
    first = run(process_payment, order)
    row = ledger_row("DECLINE")
    assert run(process_payment, stored_order()) == first
    assert ledger_row("DECLINE") == row


def test_a_card_that_the_gateway_does_not_take_is_a_decline_without_asking_the_bank(
    run: Run, gateway: FakeGateway, order: Item
) -> None:
    refusal = replace(an_intent(S.DECLINED), decline_code="resource_missing")
    gateway.intent = refusal
    assert run(process_payment, order)["reason"] == "PAYMENT_DECLINED"
    assert gateway.asked == ["create"]
    assert ledger() == {"DECLINE": 2801}


def test_a_cancelled_intent_is_a_refusal_and_never_confirmed(
    run: Run, gateway: FakeGateway
) -> None:
    gateway.intent = an_intent(S.CANCELLED)
    answer = run(process_payment, put_order(an_order("VALIDATED", **PAID)))
    assert (answer["outcome"], answer["reason"]) == ("REFUSED", "AUTHORIZATION_EXPIRED")
    assert gateway.asked == ["retrieve"]


def test_a_bank_that_asks_the_customer_gives_them_half_an_hour(
    run: Run, gateway: FakeGateway, order: Item
) -> None:
    gateway.bank = S.AWAITING_CUSTOMER
    answer = run(process_payment, order)
    after = stored_order()
    assert (answer["outcome"], after["status"]) == ("AWAITING", "AWAITING_PAYMENT")
    assert answer["order"]["approveBy"] == after["approveBy"]
    left = datetime.fromisoformat(after["approveBy"]) - datetime.now(UTC)
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    assert after["clientSecret"] == gateway.intent.client_secret
    assert ledger() == {}


def test_an_order_that_waits_for_its_customer_is_looked_at_a_minute_later(
    run: Run, gateway: FakeGateway, order: Item
) -> None:
    gateway.bank = S.AWAITING_CUSTOMER
    run(process_payment, order)
    until = datetime.fromisoformat(stored_order()["dueAt"]) - datetime.now(UTC)
    assert timedelta(seconds=50) < until <= timedelta(minutes=1)


def awaiting(left: timedelta, **attributes: object) -> Item:
    """Its customer has so much time left; a fault has moved the next look to any other time."""
    approve_by = timestamp(datetime.now(UTC) + left)
    due_at = timestamp(datetime.now(UTC) - left)
    waits = {"approveBy": approve_by, "dueAt": due_at, "clientSecret": "pi_1_secret_1"}
    return put_order(an_order("AWAITING_PAYMENT", **waits, **PAID, **attributes))


def test_a_customer_with_time_left_is_waited_for_and_nothing_changes(
    run: Run, gateway: FakeGateway
) -> None:
    gateway.intent = an_intent(S.AWAITING_CUSTOMER)
    order = awaiting(timedelta(minutes=1))
    before = everything()
    assert run(process_payment, order) == {"outcome": "STILL_AWAITING", "order": order}
    assert everything() == before


def test_a_customer_who_let_the_time_pass_is_refused(run: Run, gateway: FakeGateway) -> None:
    gateway.intent = an_intent(S.AWAITING_CUSTOMER)
    answer = run(process_payment, awaiting(timedelta(seconds=-1)))
    assert (answer["outcome"], answer["reason"]) == ("REFUSED", "PAYMENT_TIMEOUT")


@pytest.mark.parametrize(
    ("minutes", "state", "outcome"),
    [
        (9, "ProcessPayment", "AWAITING"),
        (11, "ProcessPayment", "REFUSED"),
        (1, "AskForApproval", "REFUSED"),
    ],
    ids=["a minute too early", "long enough", "not the gateway's fault"],
)
def test_time_is_not_up_before_the_gateway_has_been_back_for_ten_minutes(
    run: Run, gateway: FakeGateway, minutes: int, state: str, outcome: str
) -> None:
    gateway.intent = an_intent(S.AWAITING_CUSTOMER)
    at = timestamp(datetime.now(UTC) - timedelta(minutes=minutes))
    fault = {"state": state, "error": "E", "cause": "", "at": at}
    order = awaiting(timedelta(hours=-1), lastFault=fault)
    assert run(process_payment, order)["outcome"] == outcome


def test_the_client_secret_goes_with_the_status_that_needs_it(
    run: Run, gateway: FakeGateway
) -> None:
    gateway.intent = an_intent(S.HELD)
    answer = run(process_payment, awaiting(timedelta(minutes=1)))
    assert answer["outcome"] == "AUTHORIZED"
    assert "clientSecret" not in stored_order()
    assert "clientSecret" not in answer["order"]


def test_a_customer_who_passed_the_check_is_authorised_however_late(
    run: Run, gateway: FakeGateway
) -> None:
    gateway.intent = an_intent(S.HELD)
    assert run(process_payment, awaiting(timedelta(hours=-1)))["outcome"] == "AUTHORIZED"
    assert stored_order()["status"] == "PAYMENT_AUTHORIZED"


def test_an_intent_that_makes_no_sense_here_is_a_fault(run: Run, gateway: FakeGateway) -> None:
    gateway.intent = an_intent(S.PROCESSING)
    order = put_order(an_order("VALIDATED", **PAID))
    with pytest.raises(RuntimeError, match=S.PROCESSING):
        run(process_payment, order)
    assert (stored_order(), ledger()) == (order, {})


def test_a_run_so_late_that_another_one_has_charged_the_order_changes_nothing(
    run: Run, gateway: FakeGateway, order: Item
) -> None:
    gateway.intent = an_intent(S.CAPTURED)
    put_order(order | PAID | {"status": "CONFIRMED", "version": 9})
    before = everything()
    assert run(process_payment, order) == {"outcome": "SUPERSEDED"}
    assert everything() == before


def test_an_order_that_is_charged_already_was_authorised(run: Run, gateway: FakeGateway) -> None:
    gateway.intent = an_intent(S.CAPTURED)
    assert run(process_payment, put_order(an_order("VALIDATED", **PAID)))["outcome"] == "AUTHORIZED"
    assert (stored_order()["status"], ledger()) == ("PAYMENT_AUTHORIZED", {"AUTHORIZE": 2801})


@pytest.mark.parametrize("request_name", ["create", "confirm"])
def test_a_gateway_that_does_not_answer_is_a_fault_and_the_next_try_ends_well(
    run: Run, gateway: FakeGateway, order: Item, request_name: str
) -> None:
    def unreachable() -> None:
        raise PaymentGatewayUnavailable("no answer")

    gateway.before[request_name] = unreachable
    with pytest.raises(PaymentGatewayUnavailable):
        run(process_payment, order)
    assert (stored_order()["status"], ledger()) == ("VALIDATED", {})
    gateway.before.clear()
    assert run(process_payment, stored_order())["outcome"] == "AUTHORIZED"
    assert ledger() == {"AUTHORIZE": 2801}
