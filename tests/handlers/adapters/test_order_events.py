import io
import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import ANY, Stubber

from handlers.adapters.order_events import publish_needs_attention
from handlers.domain.events import FOR_OPERATORS
from handlers.runtime.aws import client
from tests.support.asl_graph import tasks
from tests.support.database import ORDER_ID
from tests.support.order_paths import definition

TOPIC = "arn:aws:sns:us-east-1:000000000000:events"


@pytest.fixture
def sns(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """SNS as a script; a call too many or too few fails the test."""
    monkeypatch.setenv("ORDER_EVENTS_TOPIC_ARN", TOPIC)
    with Stubber(client("sns")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def published(sns: Stubber) -> dict[str, Any]:
    """What is published of an order that is stuck."""
    sns.add_response("publish", {"MessageId": "1"}, {"TopicArn": TOPIC, "Message": ANY})
    with patch.object(client("sns"), "publish", wraps=client("sns").publish) as publish:
        publish_needs_attention(ORDER_ID, "STUCK")
    return json.loads(publish.call_args.kwargs["Message"])


def test_an_event_has_an_id_of_its_order_and_cause_and_nothing_personal(sns: Stubber) -> None:
    event = published(sns)
    assert event.pop("occurredAt")
    assert event == {
        "eventVersion": 1,
        "eventId": f"{ORDER_ID}#OrderNeedsAttention#STUCK",
        "type": "OrderNeedsAttention",
        "orderId": ORDER_ID,
    }
    assert event["type"] in FOR_OPERATORS


def test_an_event_has_the_fields_of_the_workflows(sns: Stubber) -> None:
    message = tasks(definition())["AlertOperators"]["Arguments"]["Message"]
    assert [name for name in published(sns) if f"'{name}':" not in message] == []


def test_an_event_that_is_refused_is_logged_and_never_raised(
    sns: Stubber, log: io.StringIO
) -> None:
    sns.add_client_error("publish", "AuthorizationError")
    publish_needs_attention(ORDER_ID, "STUCK")
    [line] = [json.loads(line) for line in log.getvalue().splitlines()]
    assert (line["level"], line["message"]) == ("ERROR", "event not published")


def test_a_topic_that_cannot_be_reached_is_logged_and_never_raised(
    sns: Stubber, log: io.StringIO
) -> None:
    unreachable = EndpointConnectionError(endpoint_url="https://sns.us-east-1.amazonaws.com")
    with patch.object(client("sns"), "publish", side_effect=unreachable):
        publish_needs_attention(ORDER_ID, "STUCK")
    assert json.loads(log.getvalue())["message"] == "event not published"
