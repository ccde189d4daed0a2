"""Memory and processor time are read from what `ps` prints, on Linux and on macOS."""

import pytest

from bench.processes import Sizes, seconds

TABLE = """\
  100   2048 python -m localcloud.emulator --state-dir /tmp/x
  100   1024 python /tmp/x/ministack-lambda-orders-dev-order-api-customers-ab/_worker.py
  100    512 python /tmp/x/ministack-lambda-yardstick-pay-cd/_worker.py
  200   4096 python -m somebody.else
"""


def test_the_yardsticks_processes_are_not_the_systems() -> None:
    sizes = Sizes(TABLE, leader=100)
    assert (sizes.ours, sizes.yardstick) == (3072 * 1024, 512 * 1024)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("00:01:02\n", 62), ("1-00:00:01", 86401), ("  3:04.56\n", 184.56)],
)
def test_processor_time_is_read_in_each_of_its_forms(text: str, expected: float) -> None:
    assert seconds(text) == pytest.approx(expected)
