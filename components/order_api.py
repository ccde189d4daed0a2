"""OrderApi: the REST API that the contract describes, and the customers' function behind it.

`handlers/api/openapi.yaml` is the contract: routes, authorizer and the gateway's own answers.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from components.definition import fill, read
from components.function import Function, FunctionArgs, FunctionDefaults
from components.gateway_document import gateway_document
from components.grants import Grant
from components.options import child

CONTRACT = Path(__file__).parent.parent / "handlers" / "api" / "openapi.yaml"
_STAGE = "live"
# What the API has beside its body. A stage shows the API as it was when it was deployed, so a
# change of any of it is deployed anew:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/updating-api.html
SETTINGS: dict[str, Any] = {
    # Bodies come as they were sent. As text they would come with what is not UTF-8 replaced, and
    # be taken for something that the client never wrote. The import takes this setting away; the
    # provider puts it back:
    # https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/apigateway/rest_api.go
    "binary_media_types": ["*/*"],
    "endpoint_configuration": {"types": "REGIONAL"},
}


@dataclass(frozen=True, kw_only=True)
class OrderApiArgs:
    """`rate_limit` is in requests a second, for all clients together.

    With `require_key` the API answers only who sends its key. There is one in any case: whoever
    is to send it does so before it is required, and a running shop can be closed without a gap.
    `payment_webhook` is the function that receives the payment gateway's events.
    """

    function_defaults: FunctionDefaults
    user_pool_arn: pulumi.Input[str]
    rate_limit: int
    require_key: bool
    grants: Sequence[Grant]
    payment_webhook: Function


class OrderApi(pulumi.ComponentResource):
    """The customers' API. `url` ends before `/api`; `key` is a secret."""

    url: pulumi.Output[str]
    key: pulumi.Output[str]

    def __init__(self, name: str, args: OrderApiArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("orders:index:OrderApi", name, {}, opts)
        self._name = name
        self._args = args
        self._function = self._create_function()
        self._api = self._create_api()
        stage = self._create_stage()
        self.url = stage.invoke_url
        self.key = self._create_key(stage)
        self.register_outputs({"url": self.url})

    def _create_function(self) -> Function:
        return Function(
            f"{self._name}-customers",
            FunctionArgs(
                handler="handlers.api.app.lambda_handler",
                function_defaults=self._args.function_defaults,
                group="api",
                timeout=15,
                grants=self._args.grants,
            ),
            opts=child(self),
        )

    def _create_api(self) -> aws.apigateway.RestApi:
        contract = read(CONTRACT)
        document = fill(
            gateway_document(contract, require_key=self._args.require_key),
            {
                "ApiFunctionInvokeArn": self._function.invoke_arn,
                "WebhookFunctionInvokeArn": self._args.payment_webhook.invoke_arn,
                "UserPoolArn": self._args.user_pool_arn,
            },
        )
        body = pulumi.Output.json_dumps(document, sort_keys=True)
        self._deployed = pulumi.Output.json_dumps({"body": body, **SETTINGS}, sort_keys=True)
        api = aws.apigateway.RestApi(
            f"{self._name}-rest",
            body=body,
            put_rest_api_mode="overwrite",
            # A warning of the import can mean that a route is missing.
            fail_on_warnings=True,
            tags=self._args.function_defaults.tags,
            opts=child(self),
            **SETTINGS,
        )
        self._permit("permission", self._function, api)
        self._permit("webhook-permission", self._args.payment_webhook, api)
        return api

    def _permit(self, suffix: str, function: Function, api: aws.apigateway.RestApi) -> None:
        aws.lambda_.Permission(
            f"{self._name}-{suffix}",
            function=function.name,
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            source_arn=pulumi.Output.concat(api.execution_arn, "/*"),
            opts=child(self),
        )

    def _create_stage(self) -> aws.apigateway.Stage:
        tags = self._args.function_defaults.tags
        deployment = aws.apigateway.Deployment(
            f"{self._name}-deployment",
            rest_api=self._api.id,
            # A changed API is deployed; an unchanged one is not.
            triggers={"api": self._deployed.apply(_digest)},
            opts=child(self),
        )
        stage = aws.apigateway.Stage(
            f"{self._name}-stage",
            rest_api=self._api.id,
            deployment=deployment.id,
            stage_name=_STAGE,
            xray_tracing_enabled=self._args.function_defaults.tracing,
            tags=tags,
            opts=child(self),
        )
        aws.apigateway.MethodSettings(
            f"{self._name}-limits",
            rest_api=self._api.id,
            stage_name=stage.stage_name,
            method_path="*/*",
            settings={
                "throttling_rate_limit": self._args.rate_limit,
                "throttling_burst_limit": 2 * self._args.rate_limit,
                "metrics_enabled": True,
            },
            opts=child(self),
        )
        return stage

    def _create_key(self, stage: aws.apigateway.Stage) -> pulumi.Output[str]:
        """A key lets nobody in before it is in a usage plan of the stage."""
        tags = self._args.function_defaults.tags
        key = aws.apigateway.ApiKey(f"{self._name}-key", tags=tags, opts=child(self))
        plan = aws.apigateway.UsagePlan(
            f"{self._name}-plan",
            api_stages=[{"api_id": self._api.id, "stage": stage.stage_name}],
            tags=tags,
            opts=child(self),
        )
        aws.apigateway.UsagePlanKey(
            f"{self._name}-plan-key",
            key_id=key.id,
            key_type="API_KEY",
            usage_plan_id=plan.id,
            opts=child(self),
        )
        return key.value  # the provider marks it as a secret


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
