import io
import json

import pytest

from handlers.adapters.items import encode
from handlers.domain.order import RejectionReason
from handlers.runtime.observability import logger
from handlers.workflow.step import SUPERSEDED, Step, refused
from tests.handlers.database import ORDER_ID, an_order

EVENT = {"order": encode(an_order("RECEIVED")), "execution": "run-7"}


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    return stream


def test_a_step_reads_the_order_from_its_event_and_the_runs_name() -> None:
    assert Step.of(EVENT) == Step(an_order("RECEIVED"), "run-7")


def test_a_step_that_is_done_answers_the_order_as_it_came() -> None:
    answer = Step.of(EVENT).done("VALID")
    assert answer == {"outcome": "VALID", "order": EVENT["order"]}


def test_a_step_that_changed_the_order_answers_the_changed_one() -> None:
    answer = Step.of(EVENT).done("SAVED", an_order("VALIDATED"))
    assert answer == {"outcome": "SAVED", "order": encode(an_order("VALIDATED"))}


def test_every_answer_is_json() -> None:
    step = Step.of(EVENT)
    answers = [step.done("VALID"), SUPERSEDED, refused(RejectionReason.OUT_OF_STOCK, "mug")]
    assert json.loads(json.dumps(answers)) == answers


def test_a_refusal_carries_its_reason_and_always_a_detail() -> None:
    """The workflow reads both without asking whether they are there."""
    assert refused(RejectionReason.PAYMENT_TIMEOUT) == {
        "outcome": "REFUSED",
        "reason": "PAYMENT_TIMEOUT",
        "detail": "",
    }


def test_an_outcome_is_one_line_with_the_order_and_the_execution(log: io.StringIO) -> None:
    Step.of(EVENT).done("VALID")
    line = json.loads(log.getvalue())
    assert (line["level"], line["message"]) == ("INFO", "VALID")
    assert (line["orderId"], line["execution"]) == (ORDER_ID, "run-7")


def test_a_refusal_is_information_and_no_error(log: io.StringIO) -> None:
    Step.of(EVENT)
    refused(RejectionReason.OUT_OF_STOCK, "mug")
    line = json.loads(log.getvalue())
    assert (line["level"], line["reason"], line["detail"]) == ("INFO", "OUT_OF_STOCK", "mug")


def test_no_step_logs_who_the_customer_is(log: io.StringIO) -> None:
    step = Step.of({"order": encode(an_order("RECEIVED", name="Anna")), "execution": "run-7"})
    step.done("VALID")
    refused(RejectionReason.OUT_OF_STOCK, "mug")
    told = log.getvalue().lower()
    assert not [word for word in ("anna", "example.com", "pm_card") if word in told]
