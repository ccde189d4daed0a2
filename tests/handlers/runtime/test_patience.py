import random
from itertools import count, takewhile

import pytest

from handlers.runtime import patience
from handlers.runtime.patience import Patience


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses in seconds, of a clock that only they move."""
    made: list[float] = []
    monkeypatch.setattr(patience.time, "sleep", made.append)
    monkeypatch.setattr(patience.time, "monotonic", lambda: sum(made))
    return made


def waited(waiting: Patience) -> int:
    """How often it waits until the deadline forbids it."""
    return len(list(takewhile(waiting.wait, count(1))))


def test_the_pauses_never_pass_the_deadline_and_use_most_of_the_time(pauses: list[float]) -> None:
    assert waited(Patience(10, 0.1, 1)) == len(pauses)
    assert 9 <= sum(pauses) <= 10


def test_the_longest_pause_doubles_up_to_its_limit(
    pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience.random, "uniform", lambda low, high: high)
    waited(Patience(5, 0.5, 1.5))
    assert pauses == [0.5, 1.0, 1.5, 1.5]


def test_a_pause_is_any_part_of_the_longest_one(pauses: list[float]) -> None:
    """Callers that were refused together don't come back together."""
    random.seed(7)
    for _ in range(100):
        Patience(10, 1, 1).wait(1)
    assert min(pauses) < 0.1
    assert max(pauses) > 0.9


def test_time_spent_between_the_pauses_counts(pauses: list[float]) -> None:
    waiting = Patience(5, 1, 1)
    pauses.append(5)
    assert not waiting.wait(1)
