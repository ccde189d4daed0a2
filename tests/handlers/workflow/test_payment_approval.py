"""ProcessPayment while the customer's bank asks the customer to approve the payment."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.domain.clock import timestamp
from handlers.domain.payment import IntentStatus
from handlers.workflow import process_payment
from tests.handlers.workflow.conftest import Run
from tests.support.database import Item, an_order, everything, ledger, put_order, stored_order
from tests.support.fake_gateway import FakeGateway, an_intent

pytestmark = pytest.mark.usefixtures("orders_table")
S = IntentStatus
PAID = {"payment": {"intentId": "pi_1"}}


@pytest.fixture
def order(orders_table: str) -> Item:
    return put_order(an_order("VALIDATED"))


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
