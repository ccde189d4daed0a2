"""The yardstick is the original design: six functions in a row, and nothing else."""

from bench import yardstick_stack as stack


def definition() -> dict[str, dict[str, str]]:
    return stack.definition({name: f"arn:{name}" for name in stack.STEPS.values()})["States"]


def test_its_six_states_follow_one_another_to_the_end() -> None:
    states = definition()
    assert list(states) == list(stack.STEPS)
    assert [state.get("Next") for state in states.values()] == [*list(states)[1:], None]


def test_each_state_calls_its_function_and_none_retries_or_compensates() -> None:
    for name, state in definition().items():
        assert state["Resource"] == f"arn:{stack.STEPS[name]}"
        assert not {"Retry", "Catch"} & set(state)
