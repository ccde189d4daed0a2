"""Patch: an execution starts after 10 ms. MiniStack sleeps 150 ms first, more than many a whole workflow takes."""

import time
from typing import Any

from ministack.services import stepfunctions

from localcloud.emulator import anchors

ORIGINAL_DELAY = 0.15
START_DELAY = 0.01  # seconds; StartExecution answers before the run begins


class _Clock:
    """The time module, except for that one sleep."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def sleep(self, seconds: float) -> None:
        time.sleep(START_DELAY if seconds == ORIGINAL_DELAY else seconds)


def apply() -> None:
    """Replaces the module's clock."""
    anchors.source_contains(stepfunctions, f"time.sleep({ORIGINAL_DELAY})")
    stepfunctions.time = _Clock()
