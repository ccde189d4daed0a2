"""The definition's faults, retries and time limits, read."""

from handlers.adapters import conditions, stripe_requests
from tests.support import asl_graph
from tests.support.order_paths import (
    UPDATE,
    all_states,
    definition,
    simple_paths,
    start,
    states,
)

REFUSED = "DynamoDB.ConditionalCheckFailedException"
# Their failure ends the run and leaves the order open: there is nowhere left to write it down.
LAST_RESORTS = {"ReadOrder", "RecordFault", "LookAgain", "FlagForAttention"}
AT_MOST_SECONDS = 240
TASKS = asl_graph.tasks(definition())
UPDATES = {name: state for name, state in TASKS.items() if state["Resource"] == UPDATE}


def seconds(name: str) -> float:
    """The longest that a state can take: every try to its limit, every pause in full.

    A try that is told to wait ends when the function's patience does.
    """
    state = all_states()[name]
    if branches := asl_graph.branches(state):
        return max(sum(map(seconds, asl_graph.all_states(branch))) for branch in branches)
    if state["Type"] != "Task":
        return 0
    total = state["TimeoutSeconds"]
    for retrier in state["Retry"]:
        busy = "Contended" in retrier["ErrorEquals"]
        longest = patience(name) if busy else state["TimeoutSeconds"]
        for attempt in range(retrier["MaxAttempts"]):
            pause = retrier["IntervalSeconds"] * retrier["BackoffRate"] ** attempt
            total += pause + longest
    return total


def patience(name: str) -> float:
    """How long a state's function waits at most before it says that it was told to wait."""
    if name in ("ProcessPayment", "CapturePayment", "ReleasePayment"):
        return max(stripe_requests._PATIENCE_SECONDS, conditions._PATIENCE_SECONDS)
    return conditions._PATIENCE_SECONDS if name.endswith("Inventory") else 0


def test_every_task_has_a_limit_and_is_tried_again() -> None:
    for name, state in TASKS.items():
        assert 0 < state["TimeoutSeconds"] <= 15, name
        everything = state["Retry"][-1]
        assert everything["ErrorEquals"] == ["States.ALL"], name
        assert everything["MaxAttempts"] >= 1, name
        assert everything["BackoffRate"] > 1, name
        assert everything["JitterStrategy"] == "FULL", name


def test_every_fault_is_written_down_before_the_run_ends() -> None:
    for name, state in TASKS.items():
        last = state.get("Catch", [{}])[-1]
        if name in LAST_RESORTS:
            assert last.get("ErrorEquals") != ["States.ALL"], name
            continue
        assert last["ErrorEquals"] == ["States.ALL"], name
        if name in states() and name != "AlertOperators":
            assert last["Next"] == "RecordFault", name
            assert "'state': $states.context.State.Name" in last["Assign"]["fault"], name


def test_a_lost_alert_stops_nothing() -> None:
    assert TASKS["AlertOperators"]["Catch"][-1]["Next"] == TASKS["AlertOperators"]["Next"]


def test_each_branch_catches_for_itself_and_says_so_to_the_next_state() -> None:
    for name in ("SendNotification", "GenerateReceipt"):
        [catcher] = TASKS[name]["Catch"]
        assert f"{{'fault': {{'state': '{name}'" in catcher["Output"]
        assert all_states()[catcher["Next"]] == {"Type": "Pass", "End": True}
    conditions = [each["Condition"] for each in states()["IsFulfilled"]["Choices"]]
    wanted = [f"{{% $exists($states.input[{branch}].fault) %}}" for branch in (0, 1)]
    assert conditions == wanted


def test_a_refused_condition_is_never_tried_again_and_the_order_is_read_anew() -> None:
    for name, state in UPDATES.items():
        assert state["Retry"][0] == {"ErrorEquals": [REFUSED], "MaxAttempts": 0}, name
        first = state["Catch"][0]
        assert first["ErrorEquals"] == [REFUSED], name
        assert first["Next"] == ("LookAgain" if name == "RecordFault" else "ReadOrder"), name


def test_only_what_was_superseded_reads_the_order_again() -> None:
    """An outcome without a rule would go round until the machine's limit."""
    for name, state in states().items():
        outcomes = [each for each in state.get("Choices", []) if "outcome" in each["Condition"]]
        if outcomes:
            again = [each["Condition"] for each in outcomes if each["Next"] == "ReadOrder"]
            assert again == ["{% $states.input.outcome = 'SUPERSEDED' %}"], name
            assert state["Default"] == "UnknownOutcome", name


def test_the_longest_run_ends_before_the_machine_does_and_that_before_the_engine_would() -> None:
    """EXPRESS ends at 300 seconds without running any Catch."""
    slowest = max(simple_paths(start()), key=lambda path: sum(map(seconds, path)))
    parts = {name: seconds(name) for name in slowest if seconds(name)}
    assert sum(parts.values()) <= AT_MOST_SECONDS, parts
    assert definition()["TimeoutSeconds"] == 280
