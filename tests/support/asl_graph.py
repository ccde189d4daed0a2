"""A definition in Amazon States Language as a graph: its states, and where each can go on."""

from collections.abc import Mapping
from typing import Any

State = Mapping[str, Any]
States = dict[str, State]


def all_states(machine: State) -> States:
    """The states by name, those inside the branches of a Parallel included."""
    found: States = dict(machine["States"])
    for state in machine["States"].values():
        for branch in branches(state):
            found |= all_states(branch)
    return found


def tasks(machine: State) -> States:
    """The states that call something, those inside branches included."""
    return {name: state for name, state in all_states(machine).items() if state["Type"] == "Task"}


def branches(state: State) -> list[State]:
    """The machines inside a Parallel; none in any other state."""
    return state.get("Branches", [])


def caught(state: State) -> list[str]:
    """Where the state's faults lead."""
    return [catcher["Next"] for catcher in state.get("Catch", [])]


def following(state: State) -> list[str]:
    """Where a run can go on from the state, its faults included; nowhere from one that ends the run."""
    chosen = [choice["Next"] for choice in state.get("Choices", [])]
    return [*chosen, *caught(state), *(state[key] for key in ("Next", "Default") if key in state)]
