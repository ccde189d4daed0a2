"""What starts the comparison of payments, with which key, what it may do, and who else may start it."""

import pytest

from handlers.events.compare_books import RESERVE_MILLISECONDS
from localcloud.registration import Recording
from tests.support.recorded_stacks import (
    FUNCTION,
    ON_FAILURE,
    SCHEDULE,
    allowed,
    given,
    recording,
)

NAME = "payment-books-compare-books"
ARN = f"<Function.{NAME}.arn>"
LETTERS = "<Queue.payment-books-dead-letters.arn>"
TABLE = "<Table.order-store-table.arn>"
SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion"


def test_every_quarter_of_an_hour_starts_a_call_that_ends_before_the_next_one(
    declared: Recording,
) -> None:
    schedule = declared.one(SCHEDULE, "payment-books-schedule")
    assert given(schedule, "scheduleExpression") == "rate(15 minutes)"
    assert given(schedule, "state") == "ENABLED"
    assert given(schedule, "target", "arn") == ARN
    timeout = given(declared.one(FUNCTION, NAME), "timeout")
    assert RESERVE_MILLISECONDS / 1000 * 2 < timeout < 15 * 60


def test_a_call_that_fails_is_made_again_and_then_kept(declared: Recording) -> None:
    """The events of the webhook are as rare as what they are about."""
    config = declared.one(ON_FAILURE, "payment-books-failures")
    assert given(config, "functionName") == f"<Function.{NAME}.name>"
    assert given(config, "maximumRetryAttempts") == 2
    assert given(config, "destinationConfig") == {"onFailure": {"destination": LETTERS}}


@pytest.mark.parametrize(
    ("stack_name", "key"),
    [("dev", "payment-sandbox-read-key-secret"), ("prod", "stripe-read-key-secret")],
)
def test_the_function_has_the_key_that_only_reads_and_no_other(stack_name: str, key: str) -> None:
    found = recording(stack_name)
    secret = f"<Secret.{key}.arn>"
    told = given(found.one(FUNCTION, NAME), "environment", "variables")
    assert (told["PAYMENT_SECRET_ARN"], told["STACK_NAME"]) == (secret, stack_name)
    assert allowed(found, f"{NAME}-policy") == {
        "dynamodb:GetItem": {TABLE},
        "dynamodb:Query": {TABLE},
        "dynamodb:Scan": {TABLE},
        "dynamodb:PutItem": {TABLE},
        "dynamodb:UpdateItem": {TABLE},
        "sns:Publish": {"<Topic.order-events-topic.arn>"},
        "secretsmanager:GetSecretValue": {secret},
        "sqs:SendMessage": {LETTERS},
    }


def test_stripes_read_key_is_in_its_secret_alone() -> None:
    found = recording("prod")
    key = "rk_live_of_the_test"
    holders = [each.name for each in found.resources if key in str(dict(each.inputs))]
    assert holders == [found.one(SECRET_VERSION, "stripe-read-key-value").name]
    assert [each.name for each in found.resources if key in str(dict(each.masked_inputs))] == []


def test_schedule_and_webhook_and_nothing_else_may_start_the_function(declared: Recording) -> None:
    starters = {
        policy
        for policy in (
            "payment-books-policy",
            "payment-webhook-policy",
            "order-api-customers-policy",
        )
        if ARN in allowed(declared, policy).get("lambda:InvokeFunction", set())
    }
    assert starters == {"payment-books-policy", "payment-webhook-policy"}
