"""PaymentSandboxEvents: sends the sandbox's events to the shop's webhook, as Stripe does.

Apart from the sandbox, because it needs the API's address, and the API's functions need the sandbox.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.function import Function, FunctionArgs, FunctionDefaults
from components.grants import Grant
from components.options import child

SEND_TIMEOUT = 20
"""Seconds that one event may take: to read the secret, 7 at most, to connect and to be answered."""


@dataclass(frozen=True, kw_only=True)
class PaymentSandboxEventsArgs:
    """`queue_arn` is the sandbox's queue of events, `consume` the grant to take them.

    `webhook_url` is the whole URL that they are sent to. `webhook_secret` is the grant to read the
    signing secrets, a JSON list with the newest first: `WEBHOOK_SECRET_ARN` names it.
    """

    function_defaults: FunctionDefaults
    queue_arn: pulumi.Input[str]
    consume: Grant
    webhook_url: pulumi.Input[str]
    webhook_secret: Grant


class PaymentSandboxEvents(pulumi.ComponentResource):
    """A function that the queue of events starts, one event at a time."""

    def __init__(
        self,
        name: str,
        args: PaymentSandboxEventsArgs,
        opts: pulumi.ResourceOptions | None = None,
    ):
        super().__init__("orders:index:PaymentSandboxEvents", name, {}, opts)
        sender = Function(
            f"{name}-send",
            FunctionArgs(
                handler="handlers.sandbox.send_events.lambda_handler",
                function_defaults=args.function_defaults,
                timeout=SEND_TIMEOUT,
                grants=[
                    Grant(env={"WEBHOOK_URL": args.webhook_url}),
                    args.consume,
                    args.webhook_secret,
                ],
            ),
            opts=child(self),
        )
        aws.lambda_.EventSourceMapping(
            f"{name}-to-send",
            event_source_arn=args.queue_arn,
            function_name=sender.arn,
            batch_size=1,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config={"maximum_concurrency": 5},
            tags=args.function_defaults.tags,
            opts=child(self),
        )
        self.register_outputs({"functionName": sender.name})
