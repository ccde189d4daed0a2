"""Which events of the gateway start a run, and what is answered so that none is lost."""

import io
import json
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from handlers.adapters import order_table
from handlers.domain.order import OrderStatus
from handlers.domain.payment_event import FOR_BOOKS, WAKING
from handlers.runtime.aws import client
from tests.handlers.api.conftest import Books, StateMachine
from tests.support.database import ORDER_ID, an_order, down, everything, put_order, stored_order
from tests.support.payment_events import an_event, of_payment, send
from tests.support.rest_client import Answer, RestClient

CANCELED = "payment_intent.canceled"
THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "Any")
UNREACHABLE = EndpointConnectionError(endpoint_url="https://states.us-east-1.amazonaws.com")


def outcome(answer: Answer) -> str:
    assert answer.status == 200
    return answer.body["outcome"]


@pytest.mark.parametrize("status", OrderStatus)
@pytest.mark.parametrize("kind", sorted(WAKING))
def test_an_event_of_a_payment_wakes_an_order_that_waits_for_it_and_no_other(
    gateway: RestClient, machine: StateMachine, kind: str, status: OrderStatus
) -> None:
    before = put_order(an_order(status))
    answer = send(gateway, of_payment(kind, "evt_7"))
    waited = status == OrderStatus.AWAITING_PAYMENT
    assert outcome(answer) == ("RUN_STARTED" if waited else "NOTHING_TO_DO")
    assert machine.started == ([f"{ORDER_ID}-evt_7"] if waited else [])
    after = stored_order()
    seen = after.pop("lastEvent", {})
    assert (seen.get("id"), seen.get("type")) == (("evt_7", kind) if waited else (None, None))
    assert after == before


def test_the_same_event_again_starts_nothing_and_another_one_does(
    gateway: RestClient, machine: StateMachine
) -> None:
    put_order(an_order("AWAITING_PAYMENT"))
    for event_id, expected in [
        ("evt_1", "RUN_STARTED"),
        ("evt_1", "NOTHING_TO_DO"),
        ("evt_2", "RUN_STARTED"),
    ]:
        assert outcome(send(gateway, of_payment(CANCELED, event_id))) == expected
    assert machine.started == [f"{ORDER_ID}-evt_1", f"{ORDER_ID}-evt_2"]


def test_an_event_that_has_a_run_already_is_answered_as_if_it_had_just_started_it(
    gateway: RestClient, machine: StateMachine
) -> None:
    put_order(an_order("AWAITING_PAYMENT"))
    machine.started = [f"{ORDER_ID}-evt_1"]
    assert outcome(send(gateway, of_payment(CANCELED))) == "RUN_STARTED"
    assert stored_order()["lastEvent"]["id"] == "evt_1"


@pytest.mark.parametrize("failure", [THROTTLED, UNREACHABLE])
def test_an_event_whose_run_could_not_be_started_is_to_be_sent_again_and_then_starts_it(
    gateway: RestClient, machine: StateMachine, failure: Exception
) -> None:
    before = put_order(an_order("AWAITING_PAYMENT"))
    machine.failure = failure
    assert send(gateway, of_payment(CANCELED)).status == 500
    assert stored_order() == before
    machine.failure = None
    assert outcome(send(gateway, of_payment(CANCELED))) == "RUN_STARTED"
    assert machine.started == [f"{ORDER_ID}-evt_1"]


def test_an_event_whose_order_cannot_be_read_is_to_be_sent_again(
    gateway: RestClient, machine: StateMachine
) -> None:
    put_order(an_order("AWAITING_PAYMENT"))
    with down("dynamodb", "get_item"):
        assert send(gateway, of_payment(CANCELED)).status == 500
    assert machine.started == []


def test_an_event_that_has_its_run_is_done_even_if_it_could_not_be_noted(
    gateway: RestClient, machine: StateMachine
) -> None:
    put_order(an_order("AWAITING_PAYMENT"))
    with patch.object(client("dynamodb"), "update_item", side_effect=THROTTLED):
        assert outcome(send(gateway, of_payment(CANCELED))) == "RUN_STARTED"
    assert outcome(send(gateway, of_payment(CANCELED))) == "RUN_STARTED"
    assert machine.started == [f"{ORDER_ID}-evt_1"]


def test_the_order_is_read_as_it_stands_now(gateway: RestClient) -> None:
    with patch.object(client("dynamodb"), "get_item", return_value={}) as read:
        send(gateway, of_payment(CANCELED))
    assert read.call_args.kwargs["ConsistentRead"] is True


@pytest.mark.parametrize("kind", sorted(WAKING))
def test_an_order_that_is_not_there_is_logged_and_not_waited_for(
    gateway: RestClient, machine: StateMachine, log: io.StringIO, kind: str
) -> None:
    assert outcome(send(gateway, of_payment(kind))) == "NOTHING_TO_DO"
    warning = json.loads(log.getvalue().splitlines()[0])
    assert (warning["level"], warning["orderId"]) == ("WARNING", ORDER_ID)
    assert (machine.started, everything()) == ([], {"orders": {}})


@pytest.mark.parametrize("kind", sorted(WAKING | FOR_BOOKS))
def test_an_event_of_another_stack_is_answered_and_nothing_is_read_or_counted(
    gateway: RestClient,
    ledger: Books,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
) -> None:
    monkeypatch.delattr(order_table, "get")
    told = {"orderId": ORDER_ID, "stack": "staging"}
    body = an_event(kind, payment_intent="pi_1", metadata=told)
    assert outcome(send(gateway, body)) == "NOTHING_TO_DO"
    assert (ledger.asked, capsys.readouterr().out) == ([], "")


def test_an_order_of_an_intent_from_before_intents_named_their_stack_is_woken(
    gateway: RestClient,
) -> None:
    put_order(an_order("AWAITING_PAYMENT"))
    body = an_event(CANCELED, metadata={"orderId": ORDER_ID})
    assert outcome(send(gateway, body)) == "RUN_STARTED"


def test_an_intent_that_is_no_orders_wakes_nothing(
    gateway: RestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(order_table, "get")
    assert outcome(send(gateway, an_event(CANCELED, metadata={}))) == "NOTHING_TO_DO"


@pytest.mark.parametrize("kind", sorted(FOR_BOOKS))
def test_refunds_and_disputes_go_to_the_books_and_touch_no_order(
    gateway: RestClient, machine: StateMachine, ledger: Books, kind: str
) -> None:
    put_order(an_order("AWAITING_PAYMENT"))
    before = everything()
    body = an_event(kind, "evt_7", id="re_1", payment_intent="pi_1", metadata={})
    assert outcome(send(gateway, body)) == "PASSED_ON"
    assert ledger.asked == [{"intentId": "pi_1", "eventId": "evt_7", "eventType": kind}]
    assert (machine.started, everything()) == ([], before)


@pytest.mark.parametrize("failure", [THROTTLED, UNREACHABLE])
def test_what_the_books_did_not_take_is_to_be_sent_again(
    gateway: RestClient, ledger: Books, failure: Exception
) -> None:
    body = an_event("refund.failed", payment_intent="pi_1")
    ledger.failure = failure
    assert send(gateway, body).status == 500
    ledger.failure = None
    assert outcome(send(gateway, body)) == "PASSED_ON"


def test_a_charge_without_a_payment_intent_is_not_the_shops(
    gateway: RestClient, ledger: Books
) -> None:
    body = an_event("charge.refunded", payment_intent=None)
    assert outcome(send(gateway, body)) == "NOTHING_TO_DO"
    assert ledger.asked == []


@pytest.mark.parametrize("kind", ["payment_intent.succeeded", "refund.created", "x"])
def test_any_other_event_is_counted_and_otherwise_ignored(
    gateway: RestClient, machine: StateMachine, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    put_order(an_order("AWAITING_PAYMENT"))
    before = everything()
    assert outcome(send(gateway, of_payment(kind))) == "IGNORED"
    metric = json.loads(capsys.readouterr().out)
    assert metric["PaymentEventIgnored"] == [1.0]
    assert (machine.started, everything()) == ([], before)
