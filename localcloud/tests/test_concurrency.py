"""The bound on concurrent invocations: how many run at once, and who does not wait for whom."""

import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from localcloud import web
from localcloud.provision.aws import Aws
from localcloud.tests.support.spans import most_at_once
from localcloud.tests.support.toy import FUNCTION_BOUND, TOTAL_BOUND, Toy, invoked

Invoke = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def outputs(module_toy: Toy) -> Mapping[str, Any]:
    module_toy.use("emulator")
    return module_toy.up()


@pytest.fixture
def invoke(outputs: Mapping[str, Any], aws: Aws) -> Invoke:
    assert outputs
    return partial(invoked, aws)


def at_once(invoke: Invoke, names: list[str]) -> int:
    """How many invocations ran at once when all were made at once; workers are warm, so that none comes late."""
    with ThreadPoolExecutor(len(names)) as pool:
        list(pool.map(lambda name: invoke(name, do="sleep"), names))
        answers = list(pool.map(lambda name: invoke(name, do="sleep"), names))
    return most_at_once([answer["span"] for answer in answers])


def test_no_more_invocations_of_one_function_run_at_once_than_its_bound(invoke: Invoke) -> None:
    assert at_once(invoke, ["one"] * 8) == FUNCTION_BOUND


def test_no_more_invocations_run_at_once_than_the_total_bound(invoke: Invoke) -> None:
    assert at_once(invoke, ["one", "two"] * 4) == TOTAL_BOUND


def test_a_task_is_not_timed_while_it_waits_for_its_turn(
    outputs: Mapping[str, Any], aws: Aws
) -> None:
    start = partial(aws.stepfunctions.start_sync_execution, stateMachineArn=outputs["timed"])

    def run(do: str) -> tuple[str, str]:
        answer = start(input=json.dumps({"do": do}))
        return answer["status"], answer.get("error", "")

    began = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        ends = list(pool.map(run, ["sleep"] * 16))
    assert time.monotonic() - began > 2  # the last ones waited for longer than a task may take
    assert ends == [("SUCCEEDED", "")] * 16
    assert run("oversleep") == ("FAILED", "States.Timeout")


def test_nested_invocations_do_not_wait_for_their_callers_place(invoke: Invoke) -> None:
    with ThreadPoolExecutor(TOTAL_BOUND) as pool:
        answers = list(pool.map(lambda name: invoke(name, do="nested"), ["one", "one", "two"]))
    assert all("span" in answer for answer in answers)


def test_functions_reached_over_http_do_not_wait_for_their_callers_place(
    invoke: Invoke, outputs: Mapping[str, Any]
) -> None:
    with ThreadPoolExecutor(TOTAL_BOUND) as pool:
        answers = list(
            pool.map(
                lambda name: invoke(name, do="call", url=outputs["url"]), ["one", "one", "two"]
            )
        )
    assert all("span" in answer for answer in answers)


@pytest.mark.parametrize("through_a_function", [False, True])
def test_functions_behind_an_api_do_not_wait_for_their_callers_place(
    invoke: Invoke, outputs: Mapping[str, Any], through_a_function: bool
) -> None:
    call: dict[str, Any] = {"do": "call", "url": f"{outputs['api']}/"}
    if through_a_function:
        call = {"do": "call", "url": outputs["url"], "body": call}
    with ThreadPoolExecutor(TOTAL_BOUND) as pool:
        answers = list(pool.map(lambda name: invoke(name, **call), ["one", "one", "two"]))
    assert all("span" in answer for answer in answers)


def test_a_function_behind_an_api_has_a_bound_of_its_own(outputs: Mapping[str, Any]) -> None:
    def post(_: int) -> Any:
        return web.request("POST", f"{outputs['api']}/", body={"do": "sleep"}).json()

    with ThreadPoolExecutor(6) as pool:
        spans = [list(pool.map(post, range(6))) for _ in range(2)]
    assert most_at_once(spans[1]) == FUNCTION_BOUND
