"""The yardstick is the original design: six functions in a row, and nothing else."""

import importlib

import pytest

from bench import yardstick_stack as stack


def definition() -> dict[str, dict[str, str]]:
    return stack.definition({name: f"arn:{name}" for name in stack.STEPS.values()})["States"]


def test_its_six_states_follow_one_another_to_the_end() -> None:
    states = definition()
    assert list(states) == list(stack.STEPS)
    assert [state.get("Next") for state in states.values()] == [*list(states)[1:], None]


def test_each_line_of_an_order_is_read_and_deducted_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[str] = []

    class Products:
        def get_item(self, Key: dict[str, str]) -> dict[str, dict[str, int]]:
            calls.append(f"read {Key['productId']}")
            return {"Item": {"stock": 1}}

        def update_item(self, Key: dict[str, str], **_: object) -> None:
            calls.append(f"write {Key['productId']}")

    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    functions = importlib.import_module("bench.yardstick_functions")
    monkeypatch.setattr(functions, "_table", lambda name: Products())
    wanted = dict.fromkeys(("OrderId", "customerEmail", "amount", "paymentMethod"), "")
    event = wanted | {"lines": [{"productId": each, "quantity": 1} for each in "ab"]}
    functions.inventory(functions.validate(event, None), None)
    assert calls == ["read a", "read b", "write a", "write b"]


def test_each_state_calls_its_function_and_none_retries_or_compensates() -> None:
    for name, state in definition().items():
        assert state["Resource"] == f"arn:{stack.STEPS[name]}"
        assert not {"Retry", "Catch"} & set(state)
