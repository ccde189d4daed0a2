"""What each role may do, tried as itself on the running system, where IAM is enforced.

Every role is held against every call below: what its row doesn't name must be refused. The calls
are made so that they change nothing where they are allowed.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from localcloud.provision.aws import arn
from tests.support import asl_graph
from tests.support.live_system import LiveSystem
from tests.support.permission_probes import KEY, OTHER_SECRET, OTHER_TABLE, attempts
from tests.support.recorded_stacks import FUNCTION, recording
from tests.support.roles import Call, may, session_of

# The rows: what a function may, and no more. A function without a row fails the tests.
_DRIVE = {"write an order row", "move an order"}
_STOCK = {"move stock"}
_CATALOGUE = {"read products", "list products"}
_ORDERS = {"read an order", "read orders", "list orders", "list open orders"}
_PAY = {"read the payment key"}
MAY: Mapping[str, set[str]] = {
    "order-api-customers": _ORDERS
    | _CATALOGUE
    | {"write an order row", "move an order", "read a receipt", "start a run"},
    "notifier-send-email": {
        *("read orders", "write an order row"),
        *("receive mail jobs", "send mail"),
    },
    "notifier-outcomes-mail-outcome": {
        *("read an order", "write an order row", "move an order"),
        *("receive mail reports", "publish an event"),
    },
    "order-workflow-validate-order": _CATALOGUE | {"list orders"},
    "order-workflow-process-payment": _DRIVE | _PAY | {"read the storefront's address"},
    "order-workflow-update-inventory": _DRIVE | _STOCK,
    "order-workflow-capture-payment": _DRIVE | _PAY,
    "order-workflow-generate-receipt": {"write a receipt"},
    "order-workflow-release-payment": _DRIVE | _PAY,
    "order-workflow-release-inventory": _DRIVE | _STOCK,
    "reconciler-reconcile-orders": {
        *("list open orders", "read an order", "move an order"),
        *("start a run", "publish an event", "report a failed minute"),
    },
    "payment-books-compare-books": {
        *("read an order", "read all orders", "write an order row", "move an order"),
        *("read the key that only reads payments", "publish an event"),
    },
    "payment-sandbox": {
        *_PAY,
        *("read the key that only reads payments", "use the sandbox's table"),
        "make payment events",
    },
    "payment-sandbox-events-send": {
        *("receive payment events", "read the secret of payment events"),
    },
    "payment-webhook": {
        *("read an order", "move an order", "start a run"),
        *("read the secret of payment events", "have a payment compared"),
    },
}


@pytest.fixture(scope="module")
def neighbours(shop: LiveSystem) -> Iterator[None]:
    """What another stack of the same account has."""
    shop.aws.dynamodb.create_table(
        TableName=OTHER_TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in KEY],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
    )
    shop.aws.secretsmanager.create_secret(Name=OTHER_SECRET, SecretString="sk_of_another")
    yield
    shop.aws.dynamodb.delete_table(TableName=OTHER_TABLE)
    shop.aws.secretsmanager.delete_secret(SecretId=OTHER_SECRET, ForceDeleteWithoutRecovery=True)


@pytest.fixture(scope="module")
def calls(shop: LiveSystem, neighbours: None) -> dict[str, Call]:
    return attempts(shop)


def test_every_function_has_a_row() -> None:
    assert set(MAY) == {each.name for each in recording("dev").of_type(FUNCTION)}


@pytest.mark.parametrize("function", sorted(MAY))
def test_a_function_may_what_its_row_says_and_nothing_else(
    shop: LiveSystem, calls: Mapping[str, Call], function: str
) -> None:
    session = session_of(shop, function)
    allowed = {what for what, call in calls.items() if may(session, shop, call)}
    assert allowed == MAY[function]


def test_every_call_of_a_row_is_tried(calls: Mapping[str, Call]) -> None:
    assert set().union(*MAY.values()) <= set(calls)


# What a state's service integration needs: https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
_NEEDS = {
    "arn:aws:states:::dynamodb:getItem": "dynamodb:GetItem",
    "arn:aws:states:::dynamodb:updateItem": "dynamodb:UpdateItem",
    "arn:aws:states:::sns:publish": "sns:Publish",
    "arn:aws:states:::lambda:invoke": "lambda:InvokeFunction",
}
_NEVER_NEEDED = [
    "dynamodb:PutItem",
    "dynamodb:DeleteItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "lambda:UpdateFunctionCode",
    "sns:Subscribe",
    "s3:GetObject",
    "secretsmanager:GetSecretValue",
    "states:StartExecution",
]


def resource_of(task: Mapping[str, Any]) -> str:
    called = task["Arguments"]
    if "TableName" in called:
        return arn("dynamodb", f"table/{called['TableName']}")
    return called.get("TopicArn") or called["FunctionName"]


def test_the_workflow_may_what_its_states_call_and_nothing_else(shop: LiveSystem) -> None:
    """By simulation: the emulator doesn't hold a state machine to its role."""
    machine = shop.aws.stepfunctions.describe_state_machine(
        stateMachineArn=shop.outputs["stateMachineArn"]
    )
    tasks = asl_graph.tasks(json.loads(machine["definition"])).values()
    needed = {(_NEEDS[task["Resource"]], resource_of(task)) for task in tasks}
    functions = shop.aws.lambda_.list_functions()["Functions"]
    tables = shop.aws.dynamodb.list_tables()["TableNames"]
    topic = shop.outputs["orderEventsTopicArn"]
    resources = {
        *(each["FunctionArn"] for each in functions),
        *(arn("dynamodb", f"table/{name}") for name in tables),
        *(topic, f"{topic}-2", shop.outputs["stateMachineArn"], "*"),
        f"arn:aws:s3:::{shop.outputs['receiptsBucketName']}/receipts/x.pdf",
    }
    assert {resource for _, resource in needed} < resources
    allowed = {
        (result["EvalActionName"], resource)
        for resource in resources
        for result in shop.aws.iam.simulate_principal_policy(
            PolicySourceArn=machine["roleArn"],
            ActionNames=[*sorted(set(_NEEDS.values())), *_NEVER_NEEDED],
            ResourceArns=[resource],
        )["EvaluationResults"]
        if result["EvalDecision"] == "allowed"
    }
    assert allowed == needed


def test_only_the_gateway_and_the_sandboxs_callers_come_in_from_outside(shop: LiveSystem) -> None:
    api = shop.outputs["apiUrl"].rsplit("/", 2)[1]
    callers: dict[str, Any] = {}
    for function in shop.aws.lambda_.list_functions()["Functions"]:
        try:
            answer = shop.aws.lambda_.get_policy(FunctionName=function["FunctionName"])
        except shop.aws.lambda_.exceptions.ResourceNotFoundException:
            continue
        name = function["FunctionName"].removeprefix("orders-dev-")
        for each in json.loads(answer["Policy"])["Statement"]:
            condition = next(iter(each["Condition"].values()))
            callers.setdefault(name, {})[each["Action"]] = (each["Principal"], condition)
    gateway = {"Service": "apigateway.amazonaws.com"}
    own_api = {"AWS:SourceArn": f"{arn('execute-api', api)}/*"}
    assert callers == {
        "order-api-customers": {"lambda:InvokeFunction": (gateway, own_api)},
        "payment-webhook": {"lambda:InvokeFunction": (gateway, own_api)},
        "payment-sandbox": {
            "lambda:InvokeFunctionUrl": ("*", {"lambda:FunctionUrlAuthType": "NONE"}),
            "lambda:InvokeFunction": ("*", {"lambda:InvokedViaFunctionUrl": "true"}),
        },
    }
