"""Threads that are used again: for what runs on one, it is a new one."""

import contextvars
import threading
from typing import Any

import pytest

from localcloud.emulator.reused_threads import Reused

account = contextvars.ContextVar("account", default="none")


def run(target: Any, *args: Any) -> None:
    thread = Reused(target=target, args=args)
    thread.start()
    thread.join()
    assert not thread.is_alive()


def test_a_thread_is_used_again_and_knows_nothing_of_the_last_use() -> None:
    found: list[tuple[int, str]] = []

    def note() -> None:
        found.append((threading.get_ident(), account.get()))
        account.set("somebody's")

    account.set("the starter's")
    for _ in range(20):
        run(note)
    assert {seen for _, seen in found} == {"none"}
    assert len({thread for thread, _ in found}) < 20


def test_an_exception_is_told_as_that_of_any_thread_and_the_thread_lives_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", told.append)

    def fail(error: BaseException) -> None:
        raise error

    run(fail, ValueError("lost"))
    run(fail, SystemExit(1))
    assert [(each.exc_type, str(each.exc_value)) for each in told] == [(ValueError, "lost")]
    done: list[bool] = []
    run(done.append, True)
    assert done == [True]


def test_a_chain_of_threads_of_which_each_waits_for_the_next_comes_to_its_end() -> None:
    deepest: list[int] = []

    def descend(left: int) -> None:
        if left:
            run(descend, left - 1)
        deepest.append(left)

    for _ in range(3):
        run(descend, 50)
    assert deepest == [*range(51)] * 3


def test_waiting_for_a_thread_ends_with_the_time_for_it() -> None:
    go_on = threading.Event()
    thread = Reused(target=go_on.wait)
    assert not thread.is_alive()
    thread.start()
    thread.join(timeout=0.01)
    assert thread.is_alive()
    go_on.set()
    thread.join()
    assert not thread.is_alive()
