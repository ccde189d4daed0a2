"""Functions and what is wired to them: logs, environment, time limits, dead letters."""

from pathlib import Path

import pytest

from handlers.domain.events import FOR_CUSTOMERS, FOR_OPERATORS
from handlers.runtime import settings as handler_settings
from localcloud.registration import Recording, Registration
from tests.support import asl_graph
from tests.support.reachable_settings import settings_of
from tests.support.recorded_stacks import (
    EVENT_SOURCE,
    FUNCTION,
    LOG_GROUP,
    MACHINE,
    ON_FAILURE,
    QUEUE,
    ROLE_POLICY,
    SCHEDULE,
    SUBSCRIPTION,
    document,
    given,
    of_stand_in,
    recording,
    stand_in,
)

ROOT = Path(__file__).parents[2]
STAGE = "aws:apigateway/stage:Stage"
# Other ways to reach a function without waiting for its answer. Whoever adds one adds its rule.
OTHER_ASYNC = (
    "aws:cloudwatch/eventTarget",
    "aws:pipes/",
)


def variables(function: Registration) -> set[str]:
    return set(given(function, "environment", "variables") or {})


def wanted_variables(handler: str) -> tuple[set[str], set[str]]:
    """What the handler must be told, and what it may be told besides."""
    classes = [getattr(handler_settings, name) for name in settings_of(handler)]
    every = {name.upper() for cls in classes for name in cls._fields}
    optional = {name.upper() for cls in classes for name in cls._field_defaults}
    return every - optional, optional


def test_every_function_keeps_its_logs_in_its_own_group_and_not_for_ever(
    declared: Recording,
) -> None:
    functions = declared.of_type(FUNCTION)
    groups = [
        of_stand_in(declared, LOG_GROUP, given(each, "loggingConfig", "logGroup"), "name")
        for each in functions
    ]
    assert len({group.urn for group in groups}) == len(functions) >= 9
    assert all(given(group, "retentionInDays") >= 1 for group in groups)
    assert {given(each, "loggingConfig", "logFormat") for each in functions} == {"JSON"}


def test_the_log_retention_is_the_configs(stack: str, declared: Recording) -> None:
    days = {"dev": 7, "staging": 30, "prod": 90}[stack]
    assert {given(each, "retentionInDays") for each in declared.of_type(LOG_GROUP)} == {days}


def test_the_level_of_lambdas_own_log_lines_is_the_configs(stack: str, declared: Recording) -> None:
    level = {"dev": "INFO", "staging": "INFO", "prod": "WARN"}[stack]
    functions = declared.of_type(FUNCTION)
    assert {given(each, "loggingConfig", "systemLogLevel") for each in functions} == {level}


def test_every_function_runs_on_the_same_platform(declared: Recording) -> None:
    for function in declared.of_type(FUNCTION):
        assert given(function, "runtime") == "python3.13"
        assert given(function, "architectures") == ["arm64"]


@pytest.mark.parametrize("tracing", [True, False])
def test_gateway_functions_and_machine_are_traced_together_or_not_at_all(tracing: bool) -> None:
    found = recording("dev", tracing=tracing)
    modes = {given(each, "tracingConfig", "mode") for each in found.of_type(FUNCTION)}
    assert modes == {"Active" if tracing else "PassThrough"}
    [stage], [machine] = found.of_type(STAGE), found.of_type(MACHINE)
    assert given(stage, "xrayTracingEnabled") == tracing
    assert given(machine, "tracingConfiguration", "enabled") == tracing


@pytest.mark.parametrize("tracing", [True, False])
def test_only_who_is_traced_may_send_traces(tracing: bool) -> None:
    found = recording("dev", tracing=tracing)
    senders = {
        policy.name
        for policy in found.of_type(ROLE_POLICY)
        if "xray:" in str(document(policy, "policy"))
    }
    traced = {f"{each.name}-policy" for each in found.of_type(FUNCTION)} | {"order-workflow-policy"}
    assert senders == (traced if tracing else set())


def test_every_function_has_a_handler_that_is_there(declared: Recording) -> None:
    for function in declared.of_type(FUNCTION):
        module, _, name = given(function, "handler").rpartition(".")
        source = ROOT.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")
        assert f"\ndef {name}(" in source


def test_a_functions_environment_is_what_its_code_asks_for_and_nothing_more(
    declared: Recording,
) -> None:
    wrong = {}
    for function in declared.of_type(FUNCTION):
        needed, optional = wanted_variables(given(function, "handler"))
        told = variables(function)
        if not needed <= told <= needed | optional:
            wrong[function.name] = {"missing": needed - told, "needless": told - needed - optional}
    assert wrong == {}


def test_what_a_handler_asks_for_is_found_in_its_source() -> None:
    """The rule above is worth what this finds."""
    assert settings_of("handlers.workflow.validate_order.lambda_handler") == {
        "InventoryTableSettings",
        "OrderLimitSettings",
        "OrderTableSettings",
    }
    assert settings_of("handlers.workflow.capture_payment.lambda_handler") == {
        "OrderTableSettings",
        "PaymentSettings",
    }
    assert settings_of("handlers.api.app.lambda_handler") == {
        "InventoryTableSettings",
        "OrderTableSettings",
        "ReceiptSettings",
        "WorkflowSettings",
    }


def test_with_a_sandbox_every_function_that_pays_or_reads_payments_is_told_its_address() -> None:
    paying = [
        each for each in recording("dev").of_type(FUNCTION) if "PAYMENT_API_URL" in variables(each)
    ]
    names = {each.name.removeprefix("order-workflow-") for each in paying}
    assert names == {
        *("process-payment", "capture-payment", "release-payment"),
        "payment-books-compare-books",
    }


def test_a_function_ends_before_the_task_that_waits_for_it(declared: Recording) -> None:
    [machine] = declared.of_type(MACHINE)
    tasks = asl_graph.tasks(document(machine, "definition")).values()
    calling = [task for task in tasks if task["Resource"].endswith(":lambda:invoke")]
    assert len(calling) == 7
    for task in calling:
        function = of_stand_in(declared, FUNCTION, task["Arguments"]["FunctionName"])
        assert given(function, "timeout") < task["TimeoutSeconds"], function.name


def test_a_function_behind_the_api_ends_before_the_gateway_gives_up(declared: Recording) -> None:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html: 29 seconds."""
    for name in ("order-api-customers", "payment-webhook"):
        assert given(declared.one(FUNCTION, name), "timeout") < 29


def test_a_queue_hides_a_message_for_six_times_as_long_as_its_function_may_take(
    declared: Recording,
) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""
    for source in declared.of_type(EVENT_SOURCE):
        function = of_stand_in(declared, FUNCTION, given(source, "functionName"))
        queue = of_stand_in(declared, QUEUE, given(source, "eventSourceArn"))
        assert given(queue, "visibilityTimeoutSeconds") >= 6 * given(function, "timeout")
        assert given(source, "functionResponseTypes") == ["ReportBatchItemFailures"]


def dead_letters(declared: Recording, resource: Registration) -> Registration:
    """The queue that takes what can't be delivered."""
    target = document(resource, "redrivePolicy")["deadLetterTargetArn"]
    return of_stand_in(declared, QUEUE, target)


def test_every_asynchronous_path_has_a_dead_letter_queue(declared: Recording) -> None:
    for source in declared.of_type(EVENT_SOURCE):
        queue = of_stand_in(declared, QUEUE, given(source, "eventSourceArn"))
        assert dead_letters(declared, queue).urn != queue.urn
        assert document(queue, "redrivePolicy")["maxReceiveCount"] >= 3
    for subscription in declared.of_type(SUBSCRIPTION):
        # An e-mail that SNS can't deliver is not retried, and not kept either.
        if given(subscription, "protocol") != "email":
            assert dead_letters(declared, subscription)
    for schedule in declared.of_type(SCHEDULE):
        assert of_stand_in(declared, QUEUE, given(schedule, "target", "deadLetterConfig", "arn"))


def test_a_function_that_a_schedule_starts_reports_the_calls_that_fail(
    declared: Recording,
) -> None:
    """A schedule only delivers: what becomes of the call is between Lambda and the function."""
    reporting = {given(each, "functionName"): each for each in declared.of_type(ON_FAILURE)}
    for schedule in declared.of_type(SCHEDULE):
        function = of_stand_in(declared, FUNCTION, given(schedule, "target", "arn"))
        config = reporting[stand_in(function, "name")]
        queue = given(config, "destinationConfig", "onFailure", "destination")
        assert of_stand_in(declared, QUEUE, queue)


def test_no_other_asynchronous_path_goes_unnoticed(declared: Recording) -> None:
    others = [each.type for each in declared.resources if each.type.startswith(OTHER_ASYNC)]
    assert others == []


def test_dead_letters_are_kept_at_least_as_long_as_the_letters(declared: Recording) -> None:
    """The clock of a message runs on when it is moved."""
    for source in declared.of_type(EVENT_SOURCE):
        queue = of_stand_in(declared, QUEUE, given(source, "eventSourceArn"))
        kept = given(dead_letters(declared, queue), "messageRetentionSeconds")
        assert kept >= given(queue, "messageRetentionSeconds")


def test_the_topic_may_write_to_every_queue_that_it_feeds(declared: Recording) -> None:
    policies = declared.of_type("aws:sqs/queuePolicy:QueuePolicy")
    open_queues = {given(each, "queueUrl") for each in policies}
    for subscription in declared.of_type(SUBSCRIPTION):
        if given(subscription, "protocol") == "sqs":
            queue = of_stand_in(declared, QUEUE, given(subscription, "endpoint"))
            letters = dead_letters(declared, subscription)
            assert {stand_in(queue, "url"), stand_in(letters, "url")} <= open_queues


def test_every_event_goes_to_those_who_should_hear_it() -> None:
    def heard(stack: str) -> dict[str, set[str]]:
        return {
            given(each, "protocol"): set(document(each, "filterPolicy")["type"])
            for each in recording(stack).of_type(SUBSCRIPTION)
            if given(each, "topic") == "<Topic.order-events-topic.arn>"
        }

    assert heard("prod") == {"sqs": FOR_CUSTOMERS, "email": FOR_OPERATORS}
    # Without an operations address the list of flagged orders is all that operators have.
    assert heard("dev") == {"sqs": FOR_CUSTOMERS}
