"""OrderWorkflow: the state machine that drives an order to its end, and the functions it calls.

The machine is `order_workflow.asl.yaml`; here are its functions, its role and its logs. EXPRESS and
STANDARD run the same definition: correctness lives in the order item, not in the engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from components.choices import WorkflowType
from components.definition import fill, read
from components.function import Function, FunctionArgs, FunctionDefaults
from components.function_limits import check_payment_concurrency
from components.grants import Grant, Statement, assume_role, policy
from components.options import child

_SOURCE = Path(__file__).parent / "order_workflow.asl.yaml"
_PAYING_FUNCTIONS = 3
_CONCURRENT_EXECUTIONS = "L-B99A9384"
"""Lambda's quota of a region: https://docs.aws.amazon.com/general/latest/gr/lambda-service.html"""

_DELIVER_LOGS = Statement(
    # Vended log delivery has no resources to name:
    # https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
    actions=[
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
    ],
    resources=["*"],
)
_ANY_TRACE = Statement(
    # X-Ray has no resources to name, and Step Functions asks it what to sample:
    # https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
    actions=[
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
    ],
    resources=["*"],
)


def definition() -> Any:
    """The state machine as the file has it: `${Name}` stands where a stack's value goes."""
    return read(_SOURCE)


@dataclass(frozen=True, kw_only=True)
class OrderWorkflowArgs:
    """What the states use; `send_back` is where a customer comes back to from the bank's page.

    `payment_concurrency` is what Lambda reserves for each function that asks the payment gateway; 0
    for nothing. LimitError if the account can't reserve as much.
    """

    function_defaults: FunctionDefaults
    workflow_type: WorkflowType
    max_attempts: int
    order_max_age_minutes: int
    orders_per_customer: int
    payment_concurrency: int
    orders_table: pulumi.Input[str]
    order_events_topic_arn: pulumi.Input[str]
    workflow_grants: Sequence[Grant]
    count_orders: Grant
    read_products: Grant
    drive_orders: Grant
    move_stock: Grant
    pay: Grant
    send_back: Grant
    write_receipts: Grant


class OrderWorkflow(pulumi.ComponentResource):
    """One order through its states; safe to start again, or several times at once."""

    state_machine_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: OrderWorkflowArgs, opts: pulumi.ResourceOptions | None = None
    ):
        super().__init__("orders:index:OrderWorkflow", name, {}, opts)
        self._name = name
        self._args = args
        self._steps = self._create_steps()
        self._role = self._create_role()
        self._machine = self._create_machine()
        self.state_machine_arn = self._machine.arn
        self.register_outputs({"stateMachineArn": self.state_machine_arn})

    def grant_start(self) -> Grant:
        """Start runs."""
        start = Statement(actions=["states:StartExecution"], resources=[self.state_machine_arn])
        return Grant(env={"STATE_MACHINE_ARN": self.state_machine_arn}, statements=[start])

    def _create_steps(self) -> dict[str, Function]:
        """The functions by state. A task's own time limit is a little longer than its function's."""
        args = self._args
        limit = Grant(env={"ORDERS_PER_CUSTOMER": str(args.orders_per_customer)})
        stock = [args.drive_orders, args.move_stock]
        reserved = self._payment_concurrency()
        return {
            "ValidateOrder": self._step(
                "validate_order", 6, [args.count_orders, limit, args.read_products]
            ),
            "ProcessPayment": self._paying_step("process_payment", reserved, args.send_back),
            "UpdateInventory": self._step("update_inventory", 6, stock),
            "CapturePayment": self._paying_step("capture_payment", reserved),
            "GenerateReceipt": self._step(
                "generate_receipt", 14, [args.write_receipts], group="receipt"
            ),
            "ReleasePayment": self._paying_step("release_payment", reserved),
            "ReleaseInventory": self._step("release_inventory", 6, stock),
        }

    def _payment_concurrency(self) -> pulumi.Output[int] | None:
        """What is reserved for each function that asks the payment gateway.

        Lambda reserves for a function, not for several together. It is also the most that the
        function gets, so each has its own: a flood of refused orders, which all pass
        ReleasePayment, then can't keep those waiting that are to be paid.
        """
        each = self._args.payment_concurrency
        if not each:
            return None
        quota = aws.servicequotas.get_service_quota_output(
            service_code="lambda", quota_code=_CONCURRENT_EXECUTIONS
        )
        return quota.value.apply(
            lambda limit: check_payment_concurrency(each, _PAYING_FUNCTIONS, limit)
        )

    def _paying_step(
        self, module: str, reserved: pulumi.Input[int] | None, *more: Grant
    ) -> Function:
        grants = [self._args.drive_orders, self._args.pay, *more]
        return self._step(module, 12, grants, group="payment", reserved=reserved)

    def _step(
        self,
        module: str,
        timeout: int,
        grants: Sequence[Grant],
        group: str = "base",
        reserved: pulumi.Input[int] | None = None,
    ) -> Function:
        return Function(
            f"{self._name}-{module.replace('_', '-')}",
            FunctionArgs(
                handler=f"handlers.workflow.{module}.lambda_handler",
                function_defaults=self._args.function_defaults,
                group=group,
                timeout=timeout,
                reserved_concurrency=reserved,
                grants=grants,
            ),
            opts=child(self),
        )

    def _create_role(self) -> aws.iam.Role:
        role = aws.iam.Role(
            f"{self._name}-role",
            assume_role_policy=assume_role(
                "states.amazonaws.com", self._args.function_defaults.account_id
            ),
            tags=self._args.function_defaults.tags,
            opts=child(self),
        )
        invoke = [step.grant_invoke() for step in self._steps.values()]
        traces = [_ANY_TRACE] if self._args.function_defaults.tracing else []
        granted = [s for grant in (*self._args.workflow_grants, *invoke) for s in grant.statements]
        self._policy = aws.iam.RolePolicy(
            f"{self._name}-policy",
            role=role.name,
            policy=policy([_DELIVER_LOGS, *traces, *granted]),
            opts=child(self),
        )
        return role

    def _create_machine(self) -> aws.sfn.StateMachine:
        args = self._args
        logs = aws.cloudwatch.LogGroup(
            f"{self._name}-logs",
            # This prefix keeps the log's resource policy from growing past its limit.
            name_prefix="/aws/vendedlogs/states/orders-",
            retention_in_days=args.function_defaults.log_retention_days,
            tags=args.function_defaults.tags,
            opts=child(self),
        )
        values = {state: step.arn for state, step in self._steps.items()} | {
            "OrdersTable": args.orders_table,
            "OrderEventsTopic": args.order_events_topic_arn,
            "MaxAttempts": args.max_attempts,
            "OrderMaxAgeMinutes": args.order_max_age_minutes,
        }
        filled = fill(definition(), values)
        return aws.sfn.StateMachine(
            f"{self._name}-machine",
            type=args.workflow_type,
            definition=pulumi.Output.json_dumps(filled),
            role_arn=self._role.arn,
            # Errors only, and never their data: an order has a name and an address in it.
            logging_configuration={
                "level": "ERROR",
                "include_execution_data": False,
                "log_destination": pulumi.Output.concat(logs.arn, ":*"),
            },
            tracing_configuration={"enabled": args.function_defaults.tracing},
            tags=args.function_defaults.tags,
            opts=child(self, depends_on=[self._policy]),
        )
