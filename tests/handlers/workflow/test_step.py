import io
import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from handlers.adapters.items import encode
from handlers.domain.order import RejectionReason
from handlers.workflow import step
from handlers.workflow.step import SUPERSEDED, Step, logged, refused
from tests.support.database import ORDER_ID, an_order, as_stored

EVENT = {"order": encode(as_stored(an_order("RECEIVED"))), "execution": "run-7"}


def test_a_step_reads_the_order_from_its_event_and_the_runs_name() -> None:
    assert Step.of(EVENT) == Step(an_order("RECEIVED"), "run-7")


def test_a_run_goes_into_the_timeline_without_the_orders_id() -> None:
    assert Step.of(EVENT | {"execution": f"{ORDER_ID}-1"}).run == "1"


def test_a_step_that_is_done_answers_the_order_as_it_came() -> None:
    answer = Step.of(EVENT).done("VALID")
    assert answer == {"outcome": "VALID", "order": EVENT["order"]}


def test_a_step_that_changed_the_order_answers_the_changed_one() -> None:
    answer = Step.of(EVENT).done("SAVED", an_order("VALIDATED"))
    assert answer == {"outcome": "SAVED", "order": encode(as_stored(an_order("VALIDATED")))}


def test_every_answer_is_json() -> None:
    answers = [
        Step.of(EVENT).done("VALID"),
        SUPERSEDED,
        refused(RejectionReason.OUT_OF_STOCK, "mug"),
    ]
    assert json.loads(json.dumps(answers)) == answers


def test_a_refusal_carries_its_reason_and_always_a_detail() -> None:
    """The workflow reads both without asking whether they are there."""
    assert refused(RejectionReason.PAYMENT_TIMEOUT) == {
        "outcome": "REFUSED",
        "reason": "PAYMENT_TIMEOUT",
        "detail": "",
    }


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Step.of(EVENT).done("VALID"), {"message": "VALID"}),
        (SUPERSEDED, {"message": "SUPERSEDED"}),
        (
            refused(RejectionReason.OUT_OF_STOCK, "mug"),
            {"message": "REFUSED", "reason": "OUT_OF_STOCK", "detail": "mug"},
        ),
    ],
    ids=lambda value: value.get("message"),
)
def test_an_outcome_is_one_line_of_information_with_the_order_and_the_execution(
    log: io.StringIO, answer: dict[str, Any], told: dict[str, str]
) -> None:
    assert logged(lambda event, context: answer)(EVENT, None) == answer
    line = json.loads(log.getvalue())
    del line["timestamp"]
    expected = {"level": "INFO", "service": "orders", "orderId": ORDER_ID, "execution": "run-7"}
    assert line == expected | told


def test_a_fault_is_one_line_without_its_words_and_goes_on_to_the_workflow(
    log: io.StringIO,
) -> None:
    def fail(event: dict[str, Any], context: object) -> dict[str, Any]:
        raise ValueError("zoe@example.com")

    with pytest.raises(ValueError, match="zoe"):
        logged(fail)(EVENT, None)
    line = json.loads(log.getvalue())
    assert (line["level"], line["message"], line["error"]) == ("ERROR", "FAILED", "ValueError")
    assert (line["orderId"], line["execution"]) == (ORDER_ID, "run-7")
    assert "zoe" not in log.getvalue()


def test_every_step_is_logged() -> None:
    steps = Path(step.__file__).parent.glob("*.py")
    for name in {path.stem for path in steps} - {"__init__", "step"}:
        handler = import_module(f"handlers.workflow.{name}").lambda_handler
        assert handler.__code__ is logged(handler).__code__, name


def test_no_step_logs_who_the_customer_is(log: io.StringIO) -> None:
    event = {"order": encode(as_stored(an_order("RECEIVED", name="Anna"))), "execution": "run-7"}
    logged(lambda event, context: Step.of(event).done("VALID"))(event, None)
    told = log.getvalue().lower()
    assert not [word for word in ("anna", "example.com", "pm_card") if word in told]
