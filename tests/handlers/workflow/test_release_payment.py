from dataclasses import replace
from typing import Any

import pytest

from handlers.adapters import ledger_rows
from handlers.domain.ledger import LedgerKind
from handlers.domain.order import RELEASING, OrderStatus
from handlers.domain.payment import IntentStatus, PaymentGatewayUnavailable, Refund
from handlers.workflow import release_payment
from tests.handlers.workflow.conftest import Run
from tests.support.database import ORDER_ID, an_order, everything, ledger, ledger_row, put_order
from tests.support.fake_gateway import FakeGateway, a_refund, an_intent

pytestmark = pytest.mark.usefixtures("orders_table")
PAID = {"payment": {"intentId": "pi_1"}}
HELD = an_intent(IntentStatus.HELD)
CHARGED = an_intent(IntentStatus.CAPTURED)


def an_order_to_release(status: str = "REJECTING") -> dict[str, Any]:
    return put_order(an_order(status, **PAID))


@pytest.mark.parametrize(
    ("intent", "rows"),
    [
        (an_intent(), {}),
        (an_intent(IntentStatus.DECLINED), {}),
        (an_intent(IntentStatus.AWAITING_CUSTOMER), {}),
        (an_intent(IntentStatus.CANCELLED), {}),
        (HELD, {"AUTHORIZE": 2801, "RELEASE": 2801}),
        (
            replace(HELD, status=IntentStatus.CANCELLED),
            {"AUTHORIZE": 2801, "RELEASE": 2801},
        ),
        (CHARGED, {"AUTHORIZE": 2801, "CAPTURE": 2801, "REFUND": 2801}),
    ],
    ids=lambda value: value.status if hasattr(value, "status") else "",
)
def test_the_ledger_gets_exactly_the_rows_that_the_gateway_proves(
    run: Run, gateway: FakeGateway, intent: Any, rows: dict[str, int]
) -> None:
    gateway.intent = intent
    order = an_order_to_release()
    answer = run(release_payment, order)
    assert (answer["outcome"], answer["order"]) == ("RELEASED", order)
    assert gateway.requests == [("release", ORDER_ID, "pi_1")]
    assert ledger() == rows


def test_each_refund_has_a_row_of_its_own_under_the_gateways_id(
    run: Run, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Support gave back a part in the gateway's dashboard; the release, the rest."""
    both = (Refund("re_2", 2301), Refund("re_1", 500))
    monkeypatch.setattr(gateway, "release", lambda *_: replace(CHARGED, refunds=both))
    run(release_payment, an_order_to_release())
    rows = {row: ledger_row(f"REFUND#{row}") for row in ("re_1", "re_2")}
    assert {row["gatewayId"]: row["amount"] for row in rows.values()} == {
        "re_1": 500,
        "re_2": 2301,
    }
    assert ledger()["REFUND"] == 2801


def test_rows_that_are_there_stay_and_the_missing_ones_are_added(
    run: Run, gateway: FakeGateway
) -> None:
    gateway.intent = HELD
    order = an_order_to_release()
    run(release_payment, order)
    first = ledger_row("RELEASE")
    before = everything()
    run(release_payment, order)
    assert everything() == before
    assert ledger_row("RELEASE") == first


def test_a_decline_is_not_followed_by_a_release_of_what_was_never_held(
    run: Run, gateway: FakeGateway
) -> None:
    gateway.intent = an_intent(IntentStatus.DECLINED)
    order = an_order_to_release()
    ledger_rows.add([ledger_rows.row(order, LedgerKind.DECLINE, 2801, "pi_1")])
    run(release_payment, order)
    assert ledger() == {"DECLINE": 2801}


def test_an_order_without_a_payment_needs_no_gateway(run: Run, gateway: FakeGateway) -> None:
    answer = run(release_payment, put_order(an_order("REJECTING")))
    assert (answer["outcome"], gateway.requests, ledger()) == ("RELEASED", [], {})


def test_a_cancelled_order_is_refunded_too(run: Run, gateway: FakeGateway) -> None:
    gateway.intent = CHARGED
    assert run(release_payment, an_order_to_release("CANCELLING"))["outcome"] == "RELEASED"
    assert gateway.intent.kept == 0


@pytest.mark.parametrize("status", sorted(set(OrderStatus) - RELEASING))
def test_nothing_is_ever_released_for_any_other_order(
    run: Run, gateway: FakeGateway, status: OrderStatus
) -> None:
    gateway.intent = CHARGED
    with pytest.raises(RuntimeError, match="nothing may be released"):
        run(release_payment, an_order_to_release(status))
    assert (gateway.requests, ledger()) == ([], {})


@pytest.mark.parametrize(
    "left",
    [
        replace(CHARGED, refunds=a_refund(2800)),
        CHARGED,
        HELD,
        an_intent(IntentStatus.PROCESSING),
        an_intent(IntentStatus.AWAITING_CUSTOMER),
    ],
    ids=lambda intent: f"{intent.status}-{intent.refunded}",
)
def test_money_that_is_still_held_or_kept_is_a_fault_so_the_order_stays_open(
    run: Run, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch, left: Any
) -> None:
    monkeypatch.setattr(gateway, "release", lambda *_: left)
    with pytest.raises(RuntimeError, match="pi_1"):
        run(release_payment, an_order_to_release())
    assert ledger() == {}


def test_a_gateway_that_does_not_answer_is_a_fault(run: Run, gateway: FakeGateway) -> None:
    def unreachable() -> None:
        raise PaymentGatewayUnavailable("release pi_1: no answer")

    gateway.before["release"] = unreachable
    with pytest.raises(PaymentGatewayUnavailable):
        run(release_payment, an_order_to_release())
    assert ledger() == {}
