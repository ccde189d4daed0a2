"""The sandbox's keys and events: who may do what with them, and what sends them."""

from pathlib import Path
from typing import Any

import pytest

from handlers.runtime import aws
from handlers.sandbox import send_events
from localcloud.recorder import record
from localcloud.registration import Recording, Registration
from tests.support.recorded_stacks import (
    EVENT_SOURCE,
    FUNCTION,
    QUEUE,
    ROLE_POLICY,
    document,
    given,
    of_stand_in,
    stand_in,
    statements,
)

PROGRAM = """
from components.function import Function, FunctionArgs, FunctionDefaults
from components.payment_key import PaymentKey, PaymentKeyArgs
from components.grants import Grant
from components.payment_sandbox import PaymentSandbox, PaymentSandboxArgs
from components.payment_sandbox_events import PaymentSandboxEvents, PaymentSandboxEventsArgs

defaults = FunctionDefaults(
    tags={}, account_id="000000000000", log_retention_days=7, platform_log_level="INFO",
    tracing=False, platform="host",
)
sandbox = PaymentSandbox(
    "payment-sandbox", PaymentSandboxArgs(function_defaults=defaults, payment_gateway="sandbox")
)
secret = PaymentKey("webhook", PaymentKeyArgs(tags={}, key="[]"))
PaymentSandboxEvents(
    "sandbox-events",
    PaymentSandboxEventsArgs(
        function_defaults=defaults,
        queue_arn=sandbox.events_queue_arn,
        consume=sandbox.grant_consume_events(),
        webhook_url="https://shop.example/api/payments/webhook",
        webhook_secret=Grant(
            env={"WEBHOOK_SECRET_ARN": secret.arn}, statements=secret.grant_read().statements
        ),
    ),
)
for name, grant in (("pays", sandbox.grant_pay()), ("reads", sandbox.grant_read_payments())):
    Function(
        name,
        FunctionArgs(
            handler="handlers.workflow.capture_payment.lambda_handler",
            function_defaults=defaults, grants=[grant],
        ),
    )
"""


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    directory: Path = tmp_path_factory.mktemp("program")
    directory.joinpath("Pulumi.yaml").write_text("name: orders\nruntime: python\n")
    directory.joinpath("Pulumi.dev.yaml").write_text("config: {}\n")
    directory.joinpath("__main__.py").write_text(PROGRAM)
    return record("dev", directory=directory)


def allowed(declared: Recording, function: str) -> dict[str, set[str]]:
    """The actions of a function's role but those on its logs, and their resources."""
    found: dict[str, set[str]] = {}
    for statement in statements(
        document(declared.one(ROLE_POLICY, f"{function}-policy"), "policy")
    ):
        for action in statement["Action"]:
            if not action.startswith("logs:"):
                found.setdefault(action, set()).update(statement["Resource"])
    return found


def told(declared: Recording, function: str) -> dict[str, Any]:
    return given(declared.one(FUNCTION, function), "environment", "variables")


def secret(declared: Recording, name: str) -> str:
    return stand_in(declared.one("aws:secretsmanager/secret:Secret", f"{name}-secret"), "arn")


def test_who_reads_payments_and_who_pays_have_each_one_key_of_the_same_address(
    declared: Recording,
) -> None:
    keys = {"pays": secret(declared, "payment-sandbox-key")}
    keys["reads"] = secret(declared, "payment-sandbox-read-key")
    addresses = set()
    for function, key in keys.items():
        assert allowed(declared, function) == {"secretsmanager:GetSecretValue": {key}}
        variables = told(declared, function)
        assert variables.keys() == {"PAYMENT_SECRET_ARN", "PAYMENT_API_URL"}
        assert variables["PAYMENT_SECRET_ARN"] == key
        addresses.add(variables["PAYMENT_API_URL"])
    assert len(addresses) == 1


def test_the_sandbox_knows_both_keys_and_only_puts_events_into_its_queue(
    declared: Recording,
) -> None:
    actions = allowed(declared, "payment-sandbox")
    keys = {secret(declared, f"payment-sandbox-{key}") for key in ("key", "read-key")}
    assert actions["secretsmanager:GetSecretValue"] == keys
    queue = declared.one(QUEUE, "payment-sandbox-events")
    assert {each: arns for each, arns in actions.items() if each.startswith("sqs:")} == {
        "sqs:SendMessage": {stand_in(queue, "arn")}
    }
    variables = told(declared, "payment-sandbox")
    assert variables["SANDBOX_EVENTS_QUEUE_URL"] == stand_in(queue, "url")
    assert {variables["PAYMENT_SECRET_ARN"], variables["PAYMENT_READ_SECRET_ARN"]} == keys


def test_the_two_keys_are_two(declared: Recording) -> None:
    values = declared.of_type("aws:secretsmanager/secretVersion:SecretVersion")
    prefixes = {each.name: str(given(each, "secretString"))[:8] for each in values}
    assert prefixes["payment-sandbox-key-value"] == "sk_test_"
    assert prefixes["payment-sandbox-read-key-value"] == "rk_test_"


def test_the_sender_takes_events_and_reads_the_signing_secret_and_no_more(
    declared: Recording,
) -> None:
    queue = stand_in(declared.one(QUEUE, "payment-sandbox-events"), "arn")
    assert allowed(declared, "sandbox-events-send") == {
        "sqs:ReceiveMessage": {queue},
        "sqs:DeleteMessage": {queue},
        "sqs:GetQueueAttributes": {queue},
        "secretsmanager:GetSecretValue": {secret(declared, "webhook")},
    }
    assert told(declared, "sandbox-events-send") == {
        "WEBHOOK_URL": "https://shop.example/api/payments/webhook",
        "WEBHOOK_SECRET_ARN": secret(declared, "webhook"),
    }


def test_an_event_that_is_not_taken_is_sent_again_and_kept_in_the_end(declared: Recording) -> None:
    [source] = declared.of_type(EVENT_SOURCE)
    queue = of_stand_in(declared, QUEUE, given(source, "eventSourceArn"))
    policy = document(queue, "redrivePolicy")
    letters = of_stand_in(declared, QUEUE, policy["deadLetterTargetArn"])
    assert letters.name == "payment-sandbox-events-dead-letters"
    assert policy["maxReceiveCount"] >= 3
    assert given(source, "functionResponseTypes") == ["ReportBatchItemFailures"]
    assert kept(letters) >= kept(queue)


def test_one_event_at_a_time_ends_within_the_function_and_the_queue_hides_it_for_longer(
    declared: Recording,
) -> None:
    """Slow as everything may be: the secret's read, connecting, and the answer."""
    config = aws._CONFIG  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
    tries = config.retries["total_max_attempts"]
    one_call = tries * (config.connect_timeout + config.read_timeout) + (tries - 1) * 1
    longest = one_call + 2 * send_events.TIMEOUT_SECONDS
    timeout = given(declared.one(FUNCTION, "sandbox-events-send"), "timeout")
    [source] = declared.of_type(EVENT_SOURCE)
    assert given(source, "batchSize") == 1
    hidden = given(declared.one(QUEUE, "payment-sandbox-events"), "visibilityTimeoutSeconds")
    assert longest < timeout
    assert 6 * timeout <= hidden


def kept(queue: Registration) -> int:
    return given(queue, "messageRetentionSeconds")
