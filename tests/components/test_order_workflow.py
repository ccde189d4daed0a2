import json
import re

from components.order_workflow import definition
from handlers.domain.events import FOR_CUSTOMERS, FOR_OPERATORS, EventType
from localcloud.registration import Recording
from tests.support import asl_graph
from tests.support.recorded_stacks import (
    FUNCTION,
    MACHINE,
    ROLE_POLICY,
    document,
    given,
    recording,
    statements,
)


def test_every_placeholder_of_the_definition_is_filled(declared: Recording) -> None:
    [machine] = declared.of_type(MACHINE)
    assert "${" not in given(machine, "definition")


def test_the_definition_is_the_files_but_for_its_placeholders(declared: Recording) -> None:
    filled = document(declared.of_type(MACHINE)[0], "definition")

    def same(one: object, other: object) -> bool:
        if isinstance(one, str) and one.startswith("${"):
            return True
        if isinstance(one, dict) and isinstance(other, dict):
            return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
        if isinstance(one, list) and isinstance(other, list):
            return len(one) == len(other) and all(map(same, one, other))
        return one == other

    assert same(definition(), filled)


def test_every_function_of_the_component_is_called_by_a_state(declared: Recording) -> None:
    text = given(declared.of_type(MACHINE)[0], "definition")
    own = [e for e in declared.of_type(FUNCTION) if e.name.startswith("order-workflow-")]
    assert len(own) == 7
    assert [e.name for e in own if f"<Function.{e.name}.arn>" not in text] == []


def test_the_number_of_attempts_is_a_number_and_the_configs() -> None:
    assert '"maxAttempts": 5' in given(recording("dev").of_type(MACHINE)[0], "definition")


def test_how_many_orders_a_customer_may_place_is_the_configs() -> None:
    function = recording("dev", ordersPerCustomer=7).one(FUNCTION, "order-workflow-validate-order")
    assert given(function, "environment", "variables")["ORDERS_PER_CUSTOMER"] == "7"


def test_every_stack_has_its_own_type_of_the_same_definition() -> None:
    machines = {s: recording(s).of_type(MACHINE)[0] for s in ("dev", "staging", "prod")}
    types = {stack: given(each, "type") for stack, each in machines.items()}
    assert types == {"dev": "EXPRESS", "staging": "STANDARD", "prod": "EXPRESS"}
    assert len({given(each, "definition") for each in machines.values()}) == 1


def test_the_machine_logs_errors_and_never_an_orders_data(declared: Recording) -> None:
    logging = given(declared.of_type(MACHINE)[0], "loggingConfiguration")
    assert logging == {
        "level": "ERROR",
        "includeExecutionData": False,
        "logDestination": "<LogGroup.order-workflow-logs.arn>:*",
    }


def test_the_machine_may_do_what_its_states_do_and_send_its_traces_and_nothing_more(
    declared: Recording,
) -> None:
    """Of traces: https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html"""
    assert given(declared.of_type(MACHINE)[0], "tracingConfiguration", "enabled")
    allowed: dict[str, set[str]] = {}
    policy = document(declared.one(ROLE_POLICY, "order-workflow-policy"), "policy")
    for statement in statements(policy):
        for action in statement["Action"]:
            allowed.setdefault(action, set()).update(statement["Resource"])
    functions = {
        f"<Function.{e.name}.arn>"
        for e in declared.of_type(FUNCTION)
        if e.name.startswith("order-workflow-")
    }
    assert {k: v for k, v in allowed.items() if not k.startswith("logs:")} == {
        "dynamodb:GetItem": {"<Table.order-store-table.arn>"},
        "dynamodb:UpdateItem": {"<Table.order-store-table.arn>"},
        "lambda:InvokeFunction": functions,
        "sns:Publish": {"<Topic.order-events-topic.arn>"},
        "xray:PutTraceSegments": {"*"},
        "xray:PutTelemetryRecords": {"*"},
        "xray:GetSamplingRules": {"*"},
        "xray:GetSamplingTargets": {"*"},
    }


def test_the_workflow_publishes_every_event_about_an_order() -> None:
    published = set(re.findall(r"'((?:Order|Payment)[A-Z]\w+)'", json.dumps(definition())))
    assert published == set(EventType) - {EventType.STOCK_LOW}


def test_every_event_for_a_customer_names_them_and_no_other_event_does() -> None:
    """So that the mail's function reads the order and the customer's row at once."""
    messages = [
        task["Arguments"]["Message"]
        for task in asl_graph.tasks(definition()).values()
        if task["Resource"].endswith(":sns:publish")
    ]
    for message in messages:
        is_for_customers = any(f"'{kind}'" in message for kind in FOR_CUSTOMERS)
        assert ("'customerId': $order.customerId.S" in message) == is_for_customers
        assert is_for_customers or any(f"'{kind}'" in message for kind in FOR_OPERATORS)
