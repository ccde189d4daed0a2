import json
from datetime import timedelta
from pathlib import Path

from handlers.domain import refusals
from handlers.domain.order_limit import WINDOW, counted
from tests.support.database import an_order


def test_the_ten_minutes_before_an_order_count_without_its_own_moment() -> None:
    order = an_order("RECEIVED", createdAt="2026-11-22T10:05:00.000Z")
    assert counted(order) == ("2026-11-22T09:55:00.000Z", "2026-11-22T10:04:59.999Z")  # pyright: ignore[reportArgumentType]


def test_the_customers_text_names_the_same_time() -> None:
    texts = json.loads(Path(refusals.__file__).with_name("refusals.json").read_text("utf-8"))
    assert timedelta(minutes=10) == WINDOW
    assert "ten minutes after your latest order" in texts["reasons"]["TOO_MANY_ORDERS"]["next"]
