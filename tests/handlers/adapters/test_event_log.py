import io
import json
import re

import pytest
from botocore.exceptions import ClientError

from handlers.adapters import event_log
from handlers.runtime.aws import client
from handlers.runtime.observability import logger
from tests.support.database import ORDER_ID, all_orders, an_order, put_order, stored_order

pytestmark = pytest.mark.usefixtures("orders_table")
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.mark.parametrize("status", ["AWAITING_PAYMENT", "PAYMENT_AUTHORIZED", "CONFIRMED"])
def test_an_event_is_noted_and_nothing_else_changes_wherever_its_run_has_come_to(
    status: str,
) -> None:
    before = put_order(an_order(status))
    event_log.note(ORDER_ID, "evt_1", "payment_intent.canceled")
    after = stored_order()
    seen = after.pop("lastEvent")
    assert ISO.fullmatch(seen.pop("at"))
    assert seen == {"id": "evt_1", "type": "payment_intent.canceled"}
    assert after == before


def test_the_last_event_takes_the_place_of_the_one_before() -> None:
    put_order(an_order("AWAITING_PAYMENT"))
    event_log.note(ORDER_ID, "evt_1", "payment_intent.payment_failed")
    event_log.note(ORDER_ID, "evt_2", "payment_intent.canceled")
    assert stored_order()["lastEvent"]["id"] == "evt_2"


def test_an_event_never_creates_an_order() -> None:
    event_log.note(ORDER_ID, "evt_1", "payment_intent.canceled")
    assert all_orders() == []


def test_a_write_that_fails_is_logged_and_never_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)

    def throttled(**_: str) -> None:
        error = {"Error": {"Code": "ThrottlingException", "Message": ""}}
        raise ClientError(error, "UpdateItem")

    monkeypatch.setattr(client("dynamodb"), "update_item", throttled)
    event_log.note(ORDER_ID, "evt_1", "payment_intent.canceled")
    assert json.loads(stream.getvalue())["message"] == "event not noted"
