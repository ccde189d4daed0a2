"""Memory and processor time are read from what `ps` prints, on Linux and on macOS."""

import os
import time
from pathlib import Path

import pytest

from bench import processes
from bench.processes import Sizes, seconds

TABLE = """\
  100   2048 python -m localcloud.emulator --state-dir /tmp/x
  100   1024 python /tmp/x/ministack-lambda-orders-dev-order-api-customers-ab/_worker.py
  100    512 python /tmp/x/ministack-lambda-yardstick-pay-cd/_worker.py
  200   4096 python -m somebody.else
"""
TIMES = """\
  100  100 00:00:03 python -m localcloud.emulator --state-dir /tmp/x
  100  101 00:00:02 python /tmp/x/ministack-lambda-orders-dev-order-api-customers-ab/_worker.py
  100  102 00:00:09 python /tmp/x/ministack-lambda-yardstick-pay-cd/_worker.py
  200  200 00:00:09 python -m somebody.else
"""


def test_the_yardsticks_processes_are_not_the_systems() -> None:
    sizes = Sizes(TABLE, leader=100)
    assert (sizes.ours, sizes.yardstick) == (3072 * 1024, 512 * 1024)


def test_processor_time_is_the_emulators_and_that_of_all_processes_but_the_yardsticks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_emulator", lambda state_dir: 100)
    monkeypatch.setattr(processes, "_ps", lambda *arguments: TIMES)
    monkeypatch.setattr(processes, "_exact", lambda process_id: 0.0)
    before = processes.used(tmp_path)
    assert (before.emulator, before.processes) == (3, 5)
    monkeypatch.setattr(processes, "_exact", lambda process_id: 4.25)
    taken = processes.used(tmp_path).since(before)
    assert (taken.emulator, taken.processes) == (1.25, 3.5)


def test_a_processs_own_time_is_what_it_is_said_to_be() -> None:
    listed = seconds(processes._ps("-o", "time=", "-p", str(os.getpid())))
    found = processes._exact(os.getpid()) or listed
    assert found == pytest.approx(time.process_time(), abs=1)
    assert listed == pytest.approx(time.process_time(), abs=1.5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("00:01:02\n", 62), ("1-00:00:01", 86401), ("  3:04.56\n", 184.56)],
)
def test_processor_time_is_read_in_each_of_its_forms(text: str, expected: float) -> None:
    assert seconds(text) == pytest.approx(expected)
