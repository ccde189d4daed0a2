import io
import json
from collections.abc import Iterator

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from handlers.adapters import books
from handlers.runtime.aws import client

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:books"
EVENT = {"intentId": "pi_1", "eventId": "evt_1", "eventType": "refund.failed"}


@pytest.fixture
def functions(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """Lambda as a script; a call too many or too few fails the test."""
    monkeypatch.setenv("BOOKS_FUNCTION_ARN", FUNCTION)
    with Stubber(client("lambda")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def test_the_function_is_asked_and_not_waited_for(functions: Stubber) -> None:
    payload = json.dumps(EVENT).encode()
    expected = {"FunctionName": FUNCTION, "InvocationType": "Event", "Payload": payload}
    functions.add_response("invoke", {"StatusCode": 202}, expected)
    assert books.check("pi_1", "evt_1", "refund.failed")


@pytest.mark.parametrize("code", ["TooManyRequestsException", "ResourceNotFoundException"])
def test_a_refusal_is_logged_and_never_raised(
    functions: Stubber, log: io.StringIO, code: str
) -> None:
    functions.add_client_error("invoke", code)
    assert not books.check("pi_1", "evt_1", "refund.failed")
    assert code in json.loads(log.getvalue())["exception"]


def test_a_service_that_cannot_be_reached_is_logged_and_never_raised(
    functions: Stubber, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(**_: str) -> None:
        raise EndpointConnectionError(endpoint_url="https://lambda.us-east-1.amazonaws.com")

    monkeypatch.setattr(client("lambda"), "invoke", unreachable)
    assert not books.check("pi_1", "evt_1", "refund.failed")
    assert json.loads(log.getvalue())["message"] == "books function not invoked"


def test_a_stack_without_the_function_says_so(
    functions: Stubber, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BOOKS_FUNCTION_ARN")
    assert not books.check("pi_1", "evt_1", "refund.failed")
    assert json.loads(log.getvalue())["level"] == "ERROR"
