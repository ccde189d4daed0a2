from datetime import UTC, datetime, timedelta, timezone

import pytest

from handlers.domain.clock import timestamp


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 22, 10, 25, 10, 123456, UTC), "2026-11-22T10:25:10.123Z"),
        (datetime(2026, 11, 22, 10, 25, 10, 0, UTC), "2026-11-22T10:25:10.000Z"),
        (
            datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=2))),
            "2025-12-31T22:30:00.000Z",
        ),
    ],
)
def test_a_timestamp_is_utc_with_milliseconds(moment: datetime, text: str) -> None:
    assert timestamp(moment) == text


def test_timestamps_sort_as_text_in_the_order_of_time() -> None:
    start = datetime(2026, 12, 31, 23, 59, 59, 999000, UTC)
    moments = [start + timedelta(milliseconds=step) for step in (0, 1, 999, 1000, 60_000)]
    texts = [timestamp(moment) for moment in moments]
    assert texts == sorted(texts)
    assert len({len(text) for text in texts}) == 1


def test_a_timestamp_is_of_now_unless_told_otherwise() -> None:
    before = timestamp(datetime.now(UTC))
    assert before <= timestamp() <= timestamp(datetime.now(UTC))
