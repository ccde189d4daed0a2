import io
import json
from collections.abc import Iterator

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from handlers.adapters import workflow
from handlers.runtime.aws import client
from tests.support.database import ORDER_ID

MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:orders"


@pytest.fixture
def stepfunctions(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """Step Functions as a script; a call too many or too few fails the test."""
    monkeypatch.setenv("STATE_MACHINE_ARN", MACHINE)
    with Stubber(client("stepfunctions")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def test_a_run_is_named_for_its_order_and_what_started_it(stepfunctions: Stubber) -> None:
    started = {"executionArn": f"{MACHINE}:x", "startDate": "2026-11-22T10:25:10Z"}
    expected = {
        "stateMachineArn": MACHINE,
        "name": "MFRGGZDFMZTWQ2LKNNWG23TPOB-evt_1",
        "input": json.dumps({"orderId": "MFRGGZDFMZTWQ2LKNNWG23TPOB", "command": "process"}),
    }
    stepfunctions.add_response("start_execution", started, expected)
    assert workflow.start(ORDER_ID, "evt_1")


def test_a_run_of_that_name_is_as_good(stepfunctions: Stubber, log: io.StringIO) -> None:
    stepfunctions.add_client_error("start_execution", "ExecutionAlreadyExists")
    assert workflow.start(ORDER_ID, "evt_1")
    assert log.getvalue() == ""


@pytest.mark.parametrize("code", ["StateMachineDoesNotExist", "ThrottlingException"])
def test_a_start_that_fails_is_logged_and_never_raised(
    stepfunctions: Stubber, log: io.StringIO, code: str
) -> None:
    stepfunctions.add_client_error("start_execution", code)
    assert not workflow.start(ORDER_ID, "evt_1")
    [line] = [json.loads(line) for line in log.getvalue().splitlines()]
    assert (line["level"], line["message"]) == ("ERROR", "workflow not started")
    assert code in line["exception"]


def test_a_service_that_cannot_be_reached_is_logged_and_never_raised(
    aws: None, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    monkeypatch.setenv("STATE_MACHINE_ARN", MACHINE)

    def unreachable(**_: str) -> None:
        raise EndpointConnectionError(endpoint_url="https://states.us-east-1.amazonaws.com")

    monkeypatch.setattr(client("stepfunctions"), "start_execution", unreachable)
    assert not workflow.start(ORDER_ID, "evt_1")
    assert json.loads(log.getvalue())["message"] == "workflow not started"
