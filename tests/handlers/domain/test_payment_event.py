import json
from typing import Any

import pytest

from handlers.domain.payment_event import FOR_BOOKS, WAKING, PaymentEvent
from tests.support.database import ORDER_ID
from tests.support.payment_events import STACK, an_event, of_payment


def test_an_event_of_a_payment_names_its_order_and_its_stack() -> None:
    event = PaymentEvent.of(of_payment("payment_intent.canceled", "evt_7"))
    assert event == PaymentEvent("evt_7", "payment_intent.canceled", STACK, ORDER_ID, "")


@pytest.mark.parametrize("kind", sorted(FOR_BOOKS))
def test_an_event_for_the_books_names_its_payment(kind: str) -> None:
    event = PaymentEvent.of(an_event(kind, id="re_1", payment_intent="pi_1", metadata={}))
    assert event == PaymentEvent("evt_1", kind, "", "", "pi_1")


@pytest.mark.parametrize("found", [{}, {"metadata": None, "payment_intent": None}, {"metadata": 7}])
def test_what_an_event_does_not_have_is_empty(found: dict[str, Any]) -> None:
    event = PaymentEvent.of(an_event("charge.refunded", **found))
    assert (event.stack, event.order_id, event.intent_id) == ("", "", "")


@pytest.mark.parametrize(
    "body", [{}, {"id": "evt_1"}, {"type": "x"}, {"id": 1, "type": "x"}, [], 7]
)
def test_what_is_no_event_is_refused(body: Any) -> None:
    with pytest.raises(ValueError, match="an id and a type"):
        PaymentEvent.of(json.dumps(body).encode())


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"id=evt_1"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):
        PaymentEvent.of(body)


@pytest.mark.parametrize(
    ("event_id", "kept"),
    [
        ("evt_1NG8Du2eZvKYlo2CUI79vXWy", True),
        ("evt_" + "x" * 49, True),
        ("evt_" + "x" * 50, False),
        ("evt_" + "x" * 251, False),
        ("evt:1/2", False),
        ("evt_é", False),
        ("evt_1\n", False),
    ],
)
def test_an_events_id_fits_into_the_name_of_a_run(event_id: str, kept: bool) -> None:
    """https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html"""
    event = PaymentEvent.of(of_payment(min(WAKING), event_id))
    assert (event.cause == event_id) is kept
    assert len(f"{ORDER_ID}-{event.cause}") <= 80
    assert event.cause.isascii()
    assert event.cause.replace("_", "").isalnum()


def test_two_long_ids_are_two_causes() -> None:
    one, other = (PaymentEvent.of(of_payment(min(WAKING), "e" * 200 + end)) for end in "ab")
    assert one.cause != other.cause
