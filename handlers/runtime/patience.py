"""Waiting between tries, with full jitter, until a deadline.

https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

import random
import time


class Patience:
    """The pauses of tries that wait `seconds` at most, counted from when this is made.

    Each pause is a random part of what doubles from `shortest` to `longest` (both in seconds).
    """

    def __init__(self, seconds: float, shortest: float, longest: float):
        self._until = time.monotonic() + seconds
        self._shortest, self._longest = shortest, longest

    def wait(self, failed: int) -> bool:
        """Sleep after so many failed tries (from 1). False, without sleeping, if that were too long."""
        pause = random.uniform(0, min(self._longest, self._shortest * 2 ** (failed - 1)))
        if time.monotonic() + pause > self._until:
            return False
        time.sleep(pause)
        return True
