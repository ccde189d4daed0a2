"""Function: one Lambda function with its role, its log group and nothing more than its grants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.bundle import bundle
from components.choices import BundlePlatform, PlatformLogLevel
from components.function_limits import check_environment, check_settings
from components.grants import Grant, Statement, assume_role, policy
from components.options import child

_ANY_TRACE = Statement(
    # X-Ray has no resources to name:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    actions=["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
    resources=["*"],
)


@dataclass(frozen=True, kw_only=True)
class FunctionDefaults:
    """What all functions of a stack have in common; `account_id` is the AWS account of all of them.

    `platform_log_level` is the level of Lambda's own log lines. With `tracing`, X-Ray has the traces
    of what it samples.
    """

    tags: Mapping[str, str]
    account_id: pulumi.Input[str]
    log_retention_days: int
    platform_log_level: PlatformLogLevel
    tracing: bool
    platform: BundlePlatform


@dataclass(frozen=True, kw_only=True)
class FunctionArgs:
    """`handler` is the dotted path; `group` names its libraries (`handlers/requirements/`).

    `timeout` is in seconds, `memory` in MB; LimitError if Lambda would refuse them. Of the account's
    concurrent executions, `reserved_concurrency` are this function's alone, and all that it gets.
    """

    handler: str
    function_defaults: FunctionDefaults
    group: str = "base"
    timeout: int = 10
    memory: int = 512
    reserved_concurrency: pulumi.Input[int] | None = None
    grants: Sequence[Grant] = ()


class Function(pulumi.ComponentResource):
    """A function, its role from its grants, and a log group that does not keep logs for ever."""

    arn: pulumi.Output[str]
    name: pulumi.Output[str]
    invoke_arn: pulumi.Output[str]

    def __init__(self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None):
        check_settings(name, args.timeout, args.memory)
        super().__init__("orders:index:Function", name, {}, opts)
        self._name = name
        self._args = args
        self.logs = self._create_log_group()
        self.role = self._create_role()
        self.function = self._create_function()
        self.arn = self.function.arn
        self.name = self.function.name
        self.invoke_arn = self.function.invoke_arn
        self.register_outputs({"arn": self.arn, "name": self.name})

    def grant_invoke(self) -> Grant:
        """Call this function by its ARN."""
        statement = Statement(actions=["lambda:InvokeFunction"], resources=[self.arn])
        return Grant(statements=[statement])

    def _create_log_group(self) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            f"{self._name}-logs",
            retention_in_days=self._args.function_defaults.log_retention_days,
            tags=self._args.function_defaults.tags,
            opts=child(self),
        )

    def _create_role(self) -> aws.iam.Role:
        own_logs = Statement(
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[pulumi.Output.concat(self.logs.arn, ":*")],
        )
        granted = [each for grant in self._args.grants for each in grant.statements]
        traces = [_ANY_TRACE] if self._args.function_defaults.tracing else []
        role = aws.iam.Role(
            f"{self._name}-role",
            assume_role_policy=assume_role(
                "lambda.amazonaws.com", self._args.function_defaults.account_id
            ),
            tags=self._args.function_defaults.tags,
            opts=child(self),
        )
        self._policy = aws.iam.RolePolicy(
            f"{self._name}-policy",
            role=role.name,
            policy=policy([own_logs, *traces, *granted]),
            opts=child(self),
        )
        return role

    def _create_function(self) -> aws.lambda_.Function:
        args = self._args
        defaults = args.function_defaults
        env = {key: value for grant in args.grants for key, value in grant.env.items()}
        return aws.lambda_.Function(
            self._name,
            runtime="python3.13",
            architectures=["arm64"],
            handler=args.handler,
            code=bundle(args.handler, args.group, defaults.platform),
            role=self.role.arn,
            timeout=args.timeout,
            memory_size=args.memory,
            reserved_concurrent_executions=args.reserved_concurrency,
            environment={"variables": env},
            logging_config={
                "log_format": "JSON",
                "log_group": self.logs.name,
                "system_log_level": defaults.platform_log_level,
            },
            tracing_config={"mode": "Active" if defaults.tracing else "PassThrough"},
            tags=defaults.tags,
            # The policy must be there before the first call, not only the role.
            opts=child(self, depends_on=[self._policy, self._policy_if_fits(env)]),
        )

    def _policy_if_fits(
        self, env: Mapping[str, pulumi.Input[str]]
    ) -> pulumi.Output[pulumi.Resource]:
        """An input of the function that fails if its environment is too long for Lambda.

        Not made from the environment itself, of which a preview would then show nothing as long
        as a part of it is unknown.
        """

        def check(variables: dict[str, str]) -> pulumi.Resource:
            check_environment(self._name, variables)
            return self._policy

        return pulumi.Output.all(**env).apply(check)
