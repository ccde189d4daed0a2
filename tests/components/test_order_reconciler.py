"""What starts the reconciler, what it may do, and where its failed calls go."""

import pytest

from handlers.events.reconcile_orders import AT_MOST, PAUSE_SECONDS, RESERVE_MILLISECONDS
from localcloud.registration import Recording
from tests.support.recorded_stacks import (
    FUNCTION,
    ON_FAILURE,
    QUEUE,
    ROLE_POLICY,
    SCHEDULE,
    allowed,
    document,
    given,
    recording,
    statements,
)

NAME = "reconciler-reconcile-orders"
LETTERS = "<Queue.reconciler-dead-letters.arn>"
TABLE = "<Table.order-store-table.arn>"


def test_every_minute_starts_the_function_and_an_event_is_given_up_when_the_next_one_comes(
    declared: Recording,
) -> None:
    schedule = declared.one(SCHEDULE, "reconciler-schedule")
    assert given(schedule, "scheduleExpression") == "rate(1 minute)"
    assert given(schedule, "flexibleTimeWindow") == {"mode": "OFF"}
    assert given(schedule, "state") == "ENABLED"
    assert given(schedule, "target") == {
        "arn": f"<Function.{NAME}.arn>",
        "roleArn": "<Role.reconciler-role.arn>",
        "retryPolicy": {"maximumEventAgeInSeconds": 60},
        "deadLetterConfig": {"arn": LETTERS},
    }
    assert declared.one(ROLE_POLICY, "reconciler-policy").urn in schedule.dependencies


def test_the_config_stops_the_schedule_and_changes_nothing_else() -> None:
    running, stopped = (recording("dev", reconcilerSchedule=s) for s in ("ENABLED", "DISABLED"))
    states = {each.name: given(each, "state") for each in stopped.of_type(SCHEDULE)}
    assert states.pop("reconciler-schedule") == "DISABLED"
    assert set(states.values()) == {"ENABLED"}
    assert [each.urn for each in running.resources] == [each.urn for each in stopped.resources]


def test_a_failed_call_is_kept_and_not_made_again(declared: Recording) -> None:
    config = declared.one(ON_FAILURE, "reconciler-failures")
    assert given(config, "functionName") == f"<Function.{NAME}.name>"
    assert given(config, "maximumRetryAttempts") == 0
    assert given(config, "maximumEventAgeInSeconds") == 60
    assert given(config, "destinationConfig") == {"onFailure": {"destination": LETTERS}}


def test_a_call_ends_before_the_next_one_begins_and_has_time_for_all_of_its_orders(
    declared: Recording,
) -> None:
    timeout = given(declared.one(FUNCTION, NAME), "timeout")
    reading = 1  # second, for the list of what is due
    assert reading + AT_MOST * PAUSE_SECONDS + RESERVE_MILLISECONDS / 1000 <= timeout < 60


def test_the_function_lists_what_is_open_takes_it_starts_runs_and_tells_operators(
    declared: Recording,
) -> None:
    """And knows nothing of the payment gateway."""
    assert allowed(declared, f"{NAME}-policy") == {
        "dynamodb:Query": {f"{TABLE}/index/open"},
        "dynamodb:GetItem": {TABLE},
        "dynamodb:UpdateItem": {TABLE},
        "states:StartExecution": {"<StateMachine.order-workflow-machine.arn>"},
        "sns:Publish": {"<Topic.order-events-topic.arn>"},
        "sqs:SendMessage": {LETTERS},
    }


def test_the_schedule_may_start_the_function_and_keep_what_it_can_not_deliver(
    declared: Recording,
) -> None:
    assert allowed(declared, "reconciler-policy") == {
        "lambda:InvokeFunction": {f"<Function.{NAME}.arn>"},
        "sqs:SendMessage": {LETTERS},
    }


def test_failed_calls_are_kept_as_long_as_failed_mails_encrypted_and_sent_by_tls_alone(
    declared: Recording,
) -> None:
    queue = declared.one(QUEUE, "reconciler-dead-letters")
    mails = declared.one(QUEUE, "notifier-dead-letters")
    for setting in ("messageRetentionSeconds", "sqsManagedSseEnabled"):
        assert given(queue, setting) == given(mails, setting)
    policy = declared.one("aws:sqs/queuePolicy:QueuePolicy", "reconciler-dead-letters-policy")
    [denied] = statements(document(policy, "policy"))
    assert (denied["Effect"], denied["Principal"], denied["Action"]) == ("Deny", "*", ["sqs:*"])
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("key", "variable", "default"),
    [
        ("attentionAfterMinutes", "ATTENTION_AFTER_MINUTES", "20"),
        ("maxAttempts", "MAX_ATTEMPTS", "5"),
    ],
)
def test_when_operators_hear_of_an_order_is_the_configs(
    key: str, variable: str, default: str
) -> None:
    for found, told in ((recording("dev"), default), (recording("dev", **{key: 7}), "7")):
        variables = given(found.one(FUNCTION, NAME), "environment", "variables")
        assert variables[variable] == told
