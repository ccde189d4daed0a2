"""A REST API from an OpenAPI document, deployed to a stage."""

import json

import people
import pulumi
import pulumi_aws as aws
import serving
from policies import TAGS


def document(pool_arn, invoke_arn):
    route = {
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "uri": invoke_arn,
        }
    }
    return json.dumps(
        {
            "openapi": "3.0.1",
            "info": {"title": "toy", "version": "1"},
            "paths": {
                "/open": {"get": route},
                "/keyed": {"get": {**route, "security": [{"distribution": []}]}},
                "/own/{id}": {"get": {**route, "security": [{"customer": []}]}},
            },
            "components": {
                "securitySchemes": {
                    "distribution": {"type": "apiKey", "name": "x-api-key", "in": "header"},
                    "customer": {
                        "type": "apiKey",
                        "name": "Authorization",
                        "in": "header",
                        "x-amazon-apigateway-authtype": "cognito_user_pools",
                        "x-amazon-apigateway-authorizer": {
                            "type": "cognito_user_pools",
                            "providerARNs": [pool_arn],
                        },
                    },
                }
            },
            "x-amazon-apigateway-gateway-responses": {
                "UNAUTHORIZED": {
                    "statusCode": 401,
                    "responseTemplates": {"application/json": '{"title":"sign in"}'},
                }
            },
        }
    )


api = aws.apigateway.RestApi(
    "api",
    tags=TAGS,
    description="the toy's",
    body=pulumi.Output.all(people.pool.arn, serving.function.invoke_arn).apply(
        lambda a: document(*a)
    ),
    endpoint_configuration={"types": "REGIONAL"},
)
deployment = aws.apigateway.Deployment("deployment", rest_api=api.id, triggers={"body": api.body})
stage = aws.apigateway.Stage(
    "stage",
    rest_api=api.id,
    stage_name="live",
    deployment=deployment.id,
    xray_tracing_enabled=True,
    tags=TAGS,
)
aws.apigateway.MethodSettings(
    "limits",
    rest_api=api.id,
    stage_name=stage.stage_name,
    method_path="*/*",
    settings={"throttling_rate_limit": 50, "throttling_burst_limit": 100, "metrics_enabled": True},
)
