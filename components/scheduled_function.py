"""ScheduledFunction: a function that a schedule starts, and where its failed calls go."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.choices import ScheduleState
from components.function import Function, FunctionArgs, FunctionDefaults
from components.grants import Grant, Statement, assume_role, policy
from components.options import child

_KEPT = 14 * 24 * 3600  # seconds; the most that SQS keeps


@dataclass(frozen=True, kw_only=True)
class ScheduledFunctionArgs:
    """`handler` is the dotted path, `group` names its libraries, `timeout` is in seconds.

    `rate` is a schedule expression such as `rate(1 minute)`; with `schedule_state` DISABLED nothing is
    started. An event is given up after `max_age` seconds, a call that failed is made again `retries`
    times. `grants` are what the function needs of others.
    """

    handler: str
    function_defaults: FunctionDefaults
    group: str = "base"
    timeout: int
    rate: str
    schedule_state: ScheduleState = "ENABLED"
    max_age: int
    retries: int
    grants: Sequence[Grant]


class ScheduledFunction(pulumi.ComponentResource):
    """A schedule, the function that it starts, and a dead-letter queue.

    `dead_letters_url` is the queue of the calls that failed, and of the events that could not be
    delivered.
    """

    function: Function
    dead_letters_url: pulumi.Output[str]

    def __init__(
        self, name: str, args: ScheduledFunctionArgs, opts: pulumi.ResourceOptions | None = None
    ):
        super().__init__("orders:index:ScheduledFunction", name, {}, opts)
        self._name = name
        self._args = args
        self._dead_letters = self._create_dead_letters()
        self.function = self._create_function()
        self._create_schedule(self._create_role())
        self.dead_letters_url = self._dead_letters.url
        self.register_outputs({"deadLettersUrl": self.dead_letters_url})

    def _create_dead_letters(self) -> aws.sqs.Queue:
        queue = aws.sqs.Queue(
            f"{self._name}-dead-letters",
            message_retention_seconds=_KEPT,
            sqs_managed_sse_enabled=True,
            tags=self._args.function_defaults.tags,
            opts=child(self),
        )
        # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html
        only_tls = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sqs:*",
            "Resource": queue.arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        aws.sqs.QueuePolicy(
            f"{self._name}-dead-letters-policy",
            queue_url=queue.url,
            policy=pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [only_tls]}),
            opts=child(self),
        )
        return queue

    def _grant_dead_letters(self) -> Grant:
        """Send to the dead-letter queue: Lambda does so as the function, Scheduler as its own role.

        https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html and
        https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
        """
        send = Statement(actions=["sqs:SendMessage"], resources=[self._dead_letters.arn])
        return Grant(statements=[send])

    def _create_function(self) -> Function:
        args = self._args
        module = args.handler.split(".")[-2]
        function = Function(
            f"{self._name}-{module.replace('_', '-')}",
            FunctionArgs(
                handler=args.handler,
                function_defaults=args.function_defaults,
                group=args.group,
                timeout=args.timeout,
                grants=[*args.grants, self._grant_dead_letters()],
            ),
            opts=child(self),
        )
        aws.lambda_.FunctionEventInvokeConfig(
            f"{self._name}-failures",
            function_name=function.name,
            maximum_event_age_in_seconds=args.max_age,
            maximum_retry_attempts=args.retries,
            destination_config={"on_failure": {"destination": self._dead_letters.arn}},
            opts=child(self),
        )
        return function

    def _create_role(self) -> aws.iam.Role:
        defaults = self._args.function_defaults
        role = aws.iam.Role(
            f"{self._name}-role",
            assume_role_policy=assume_role("scheduler.amazonaws.com", defaults.account_id),
            tags=defaults.tags,
            opts=child(self),
        )
        granted = [
            *self.function.grant_invoke().statements,
            *self._grant_dead_letters().statements,
        ]
        self._policy = aws.iam.RolePolicy(
            f"{self._name}-policy", role=role.name, policy=policy(granted), opts=child(self)
        )
        return role

    def _create_schedule(self, role: aws.iam.Role) -> None:
        aws.scheduler.Schedule(
            f"{self._name}-schedule",
            schedule_expression=self._args.rate,
            flexible_time_window={"mode": "OFF"},
            state=self._args.schedule_state,
            target={
                "arn": self.function.arn,
                "role_arn": role.arn,
                "retry_policy": {"maximum_event_age_in_seconds": self._args.max_age},
                "dead_letter_config": {"arn": self._dead_letters.arn},
            },
            opts=child(self, depends_on=[self._policy]),
        )
