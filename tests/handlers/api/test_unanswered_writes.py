"""A customer who reads a 5xx must not be charged later: what was written is accepted."""

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from handlers.adapters import conditions, order_table
from handlers.runtime.aws import client
from tests.support.database import all_orders
from tests.support.rest_client import RestClient
from tests.support.state_machine import StateMachine

Body = dict[str, Any]


class LosesAnswers:
    """DynamoDB takes the first write, and its answer doesn't come; `down`: nothing comes after it."""

    def __init__(self, down: bool):
        self.down, self.asked = down, 0

    def __getattr__(self, operation: str) -> Any:
        def call(**request: Any) -> Any:
            self.asked += 1
            if self.asked > 1 and not self.down:
                return getattr(client("dynamodb"), operation)(**request)
            if self.asked == 1:
                getattr(client("dynamodb"), operation)(**request)
            raise ReadTimeoutError(endpoint_url="https://dynamodb.us-east-1.amazonaws.com")

        return call


def test_an_order_that_was_written_without_an_answer_is_accepted(
    anna: RestClient, machine: StateMachine, basket: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    lossy = LosesAnswers(down=False)
    for module in (conditions, order_table):
        monkeypatch.setattr(module, "client", lambda service: lossy)
    assert anna.place(basket, "key-1").status == 202
    assert len(all_orders()) == 1
    assert len(machine.started) == 1


def test_an_order_that_may_have_arrived_is_asked_for_again_under_its_key(
    anna: RestClient, basket: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    lossy = LosesAnswers(down=True)
    with monkeypatch.context() as patch:
        for module in (conditions, order_table):
            patch.setattr(module, "client", lambda service: lossy)
        answer = anna.place(basket, "key-1")
    assert answer.status == 503
    assert "Idempotency-Key" in answer.body["detail"]
    assert anna.place(basket, "key-1").status == 202
    assert len(all_orders()) == 1
