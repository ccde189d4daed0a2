"""The yardstick: the plain original design, on the same emulator as the system that is measured against it.

Six functions in a row as a STANDARD workflow: no compensation, no repetition, no ledger, no API. The
original's order had one product; here it has lines, so that orders of several can be compared.
"""

import io
import json
import time
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.system import LOOK, PRICE
from localcloud.provision.aws import Aws

STEPS = {
    "ValidateOrder": "validate",
    "SaveOrderToDatabase": "save",
    "ProcessPayment": "pay",
    "UpdateInventory": "inventory",
    "SendNotification": "notify",
    "GenerateReceipt": "receipt",
}
"""The states in their order, with the function of each."""

NAME = "yardstick"
MEMORY = 256
_PRODUCTS = [f"bench-{number}" for number in range(3)]
_CODE = Path(__file__).parent / "yardstick_functions.py"


@dataclass(frozen=True)
class Run:
    """One order through the yardstick; times in seconds since the epoch."""

    order_id: str
    sent: float
    ended: float


class Yardstick:
    """The original design, running."""

    def __init__(self, aws: Aws):
        self.aws = aws
        self.tables = {"ORDERS_TABLE": "OrderId", "PRODUCTS_TABLE": "productId"}
        settings = self._create_stores()
        role = self._create_role()
        arns = {name: self._create_function(name, role, settings) for name in STEPS.values()}
        self.machine = aws.stepfunctions.create_state_machine(
            name=NAME, definition=json.dumps(definition(arns)), roleArn=role, type="STANDARD"
        )["stateMachineArn"]

    def order(self, lines: int = 1, look: float = LOOK) -> Run:
        """Run one order of so many products to its end, looking at it every `look` seconds."""
        order_id, sent = uuid.uuid4().hex, time.time()
        request = {
            "OrderId": order_id,
            "customerEmail": "bench@example.com",
            "lines": [{"productId": each, "quantity": 1} for each in _PRODUCTS[:lines]],
            "amount": lines * PRICE,
            "paymentMethod": "pm_card_visa",
        }
        run = self.aws.stepfunctions.start_execution(
            stateMachineArn=self.machine, name=order_id, input=json.dumps(request)
        )["executionArn"]
        found: dict[str, Any] = {"status": "RUNNING"}
        while found["status"] == "RUNNING":
            time.sleep(look)
            found = self.aws.stepfunctions.describe_execution(executionArn=run)
        if found["status"] != "SUCCEEDED":
            raise RuntimeError(f"the yardstick failed: {found}")
        return Run(order_id, sent, found["stopDate"].timestamp())

    def functions(self) -> dict[str, dict[str, Any]]:
        """The configurations of its functions by name."""
        get = self.aws.lambda_.get_function_configuration
        names = [f"{NAME}-{each}" for each in STEPS.values()]
        return {name: get(FunctionName=name) for name in names}

    def _create_stores(self) -> dict[str, str]:
        """Tables, topic and bucket; what the functions are told of them."""
        for name, key in self.tables.items():
            self.aws.dynamodb.create_table(
                TableName=table_name(name),
                KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
        for name in _PRODUCTS:
            product = {"productId": {"S": name}, "stock": {"N": "1000000"}}
            self.aws.dynamodb.put_item(TableName=table_name("PRODUCTS_TABLE"), Item=product)
        self.aws.s3.create_bucket(Bucket=f"{NAME}-receipts")
        topic = self.aws.sns.create_topic(Name=NAME)["TopicArn"]
        names = {name: table_name(name) for name in self.tables}
        return names | {"TOPIC_ARN": topic, "RECEIPTS_BUCKET": f"{NAME}-receipts"}

    def _create_role(self) -> str:
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]},
            "Action": "sts:AssumeRole",
        }
        role = self.aws.iam.create_role(
            RoleName=NAME, AssumeRolePolicyDocument=_policy(trust), Path="/"
        )["Role"]["Arn"]
        # It is not on trial for its permissions.
        everything = _policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
        self.aws.iam.put_role_policy(RoleName=NAME, PolicyName=NAME, PolicyDocument=everything)
        return role

    def _create_function(self, name: str, role: str, settings: dict[str, str]) -> str:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as target:
            target.writestr("functions.py", _CODE.read_text(encoding="utf-8"))
        return self.aws.lambda_.create_function(
            FunctionName=f"{NAME}-{name}",
            Runtime="python3.13",
            Handler=f"functions.{name}",
            Role=role,
            Code={"ZipFile": archive.getvalue()},
            Timeout=30,
            MemorySize=MEMORY,
            Environment={"Variables": settings},
        )["FunctionArn"]


def table_name(setting: str) -> str:
    """`ORDERS_TABLE` -> `yardstick-orders`."""
    return f"{NAME}-{setting.removesuffix('_TABLE').lower()}"


def definition(arns: dict[str, str]) -> dict[str, Any]:
    """The original state machine, in JSONPath as it was, with `lines` for its one product."""
    order = ("OrderId", "customerEmail", "lines", "amount", "paymentMethod")
    taken = {
        "SaveOrderToDatabase": _from("$.validationOutput", *order),
        "ProcessPayment": _from(
            "$.saveOrderOutput", "amount", "paymentMethod", "OrderId", "customerEmail"
        ),
        "UpdateInventory": _from("$.saveOrderOutput", "OrderId", "lines"),
        "SendNotification": _from("$", "customerEmail", "lines"),
        "GenerateReceipt": _from("$.saveOrderOutput", "OrderId", "lines"),
    }
    kept = {"ValidateOrder": "$.validationOutput", "SaveOrderToDatabase": "$.saveOrderOutput"}
    following = dict(zip(STEPS, [*list(STEPS)[1:], None], strict=True))
    states: dict[str, Any] = {}
    for name, step in STEPS.items():
        state: dict[str, Any] = {"Type": "Task", "Resource": arns[step]}
        state |= {"Parameters": taken[name]} if name in taken else {}
        state["ResultPath"] = kept.get(name, f"$.{step}Output")
        state |= {"Next": following[name]} if following[name] else {"End": True}
        states[name] = state
    return {"StartAt": next(iter(STEPS)), "States": states}


def _from(path: str, *names: str) -> dict[str, str]:
    return {f"{name}.$": f"{path}.{name}" for name in names}


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
