from dataclasses import replace
from typing import Any

import pytest

from handlers.domain.payment import IntentStatus, PaymentGatewayUnavailable
from handlers.workflow import capture_payment
from tests.handlers.workflow.conftest import Run
from tests.support.database import (
    ORDER_ID,
    an_order,
    everything,
    ledger,
    ledger_row,
    put_order,
    stored_order,
)
from tests.support.fake_gateway import FakeGateway, a_refund, an_intent

pytestmark = pytest.mark.usefixtures("orders_table", "inventory_table")
PAID = {"payment": {"intentId": "pi_1"}}


@pytest.fixture
def order(orders_table: str, inventory_table: str, gateway: FakeGateway) -> dict[str, Any]:
    """An order whose money and stock are held."""
    gateway.intent = an_intent(IntentStatus.HELD)
    return put_order(an_order("INVENTORY_RESERVED", stock="TAKEN", **PAID))


def test_money_status_ledger_and_stock_agree_that_it_is_sold(
    run: Run, gateway: FakeGateway, order: dict[str, Any]
) -> None:
    answer = run(capture_payment, order)
    assert answer["outcome"] == "CAPTURED"
    assert gateway.requests == [("capture", ORDER_ID, "pi_1")]
    assert answer["order"]["status"] == stored_order()["status"] == "CONFIRMED"
    assert answer["order"]["timeline"] == stored_order()["timeline"]
    assert ledger() == {"CAPTURE": 2801}
    assert ledger_row("CAPTURE")["gatewayId"] == "pi_1"
    assert stored_order()["stock"] == "TAKEN"


def test_a_run_that_comes_late_finds_it_done_and_changes_nothing(
    run: Run, gateway: FakeGateway, order: dict[str, Any]
) -> None:
    run(capture_payment, order)
    before = everything()
    assert run(capture_payment, order) == {"outcome": "SUPERSEDED"}
    assert everything() == before
    assert gateway.intent.amount_received == 2801


def test_an_authorisation_that_ended_is_a_refusal_and_charges_nothing(
    run: Run, gateway: FakeGateway, order: dict[str, Any]
) -> None:
    gateway.intent = an_intent(IntentStatus.CANCELLED)
    before = everything()
    assert run(capture_payment, order) == {
        "outcome": "REFUSED",
        "reason": "AUTHORIZATION_EXPIRED",
        "detail": "",
    }
    assert everything() == before


@pytest.mark.parametrize("amount", [1, 2801])
def test_nothing_is_confirmed_unless_the_gateway_keeps_the_whole_total(
    run: Run, gateway: FakeGateway, order: dict[str, Any], amount: int
) -> None:
    gateway.intent = replace(an_intent(IntentStatus.CAPTURED), refunds=a_refund(amount))
    before = everything()
    answer = run(capture_payment, order)
    assert (answer["outcome"], answer["reason"]) == ("REFUSED", "REFUNDED")
    assert everything() == before


def test_a_refund_that_failed_gave_nothing_back(
    run: Run, gateway: FakeGateway, order: dict[str, Any]
) -> None:
    failed = (replace(a_refund(2801)[0], failed=True),)
    gateway.intent = replace(an_intent(IntentStatus.CAPTURED), refunds=failed)
    assert run(capture_payment, order)["outcome"] == "CAPTURED"


@pytest.mark.parametrize("received", [0, 2800, 2802])
def test_a_capture_of_another_amount_is_a_fault_and_confirms_nothing(
    run: Run, gateway: FakeGateway, order: dict[str, Any], received: int
) -> None:
    gateway.intent = replace(an_intent(IntentStatus.CAPTURED), amount_received=received)
    before = everything()
    with pytest.raises(RuntimeError, match="pi_1"):
        run(capture_payment, order)
    assert everything() == before


@pytest.mark.parametrize(
    "status", [s for s in IntentStatus if s not in ("CAPTURED", "CANCELLED", "HELD")]
)
def test_a_capture_that_proves_nothing_is_a_fault_and_confirms_nothing(
    run: Run, gateway: FakeGateway, order: dict[str, Any], status: IntentStatus
) -> None:
    gateway.intent = replace(an_intent(status), amount_received=2801)
    before = everything()
    with pytest.raises(RuntimeError, match=status):
        run(capture_payment, order)
    assert everything() == before


def test_an_unknown_capture_is_a_fault_and_never_compensated(
    run: Run, gateway: FakeGateway, order: dict[str, Any]
) -> None:
    def unreachable() -> None:
        raise PaymentGatewayUnavailable("capture pi_1: no answer")

    gateway.before["capture"] = unreachable
    before = everything()
    with pytest.raises(PaymentGatewayUnavailable):
        run(capture_payment, order)
    assert everything() == before
    assert gateway.asked == []


@pytest.mark.parametrize("taken", ["RETURNED", None])
def test_a_paid_order_that_holds_no_stock_is_a_fault_and_not_confirmed(
    run: Run, gateway: FakeGateway, taken: str | None
) -> None:
    gateway.intent = an_intent(IntentStatus.HELD)
    stock = {"stock": taken} if taken else {}
    order = put_order(an_order("INVENTORY_RESERVED", **PAID, **stock))
    before = everything()
    with pytest.raises(RuntimeError, match="is paid and holds no stock"):
        run(capture_payment, order)
    assert everything() == before


def test_an_order_that_is_being_refused_is_not_confirmed(
    run: Run, gateway: FakeGateway, order: dict[str, Any]
) -> None:
    put_order(order | {"status": "REJECTING"})
    before = everything()
    assert run(capture_payment, order) == {"outcome": "SUPERSEDED"}
    assert everything() == before
