from dataclasses import replace

import pytest

from handlers.adapters import order_table
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
