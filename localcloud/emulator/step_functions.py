"""Patch: an execution starts after 10 ms. MiniStack sleeps 150 ms first, more than many a whole workflow takes."""

import time

from ministack.services import stepfunctions

from localcloud.emulator import anchors
from localcloud.emulator.stand_in import StandIn

ORIGINAL_DELAY = 0.15
START_DELAY = 0.01  # seconds; StartExecution answers before the run begins


def apply() -> None:
    """Replaces that one sleep."""
    anchors.source_contains(stepfunctions, f"time.sleep({ORIGINAL_DELAY})")
    stepfunctions.time = StandIn(time, sleep=_sleep)


def _sleep(seconds: float) -> None:
    time.sleep(START_DELAY if seconds == ORIGINAL_DELAY else seconds)
