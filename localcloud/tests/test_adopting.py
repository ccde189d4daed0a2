"""What a killed run left behind is taken over, and what a program leaves to AWS is no difference."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from localcloud.provision.archive import Archive
from localcloud.provision.aws import Aws
from localcloud.provision.inputs import stored
from localcloud.provision.registry import TYPES
from localcloud.provision.resource import Resource
from localcloud.tests.support.toy import Toy

# One resource of each type that has optional inputs, with the required ones alone.
BARE = """
role = aws.iam.Role("role", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}))
code = pulumi.AssetArchive({"app.py": pulumi.StringAsset("def run(event, context): return 1")})
function = aws.lambda_.Function("function", role=role.arn, runtime="python3.13", handler="app.run", code=code)
aws.iam.RolePolicy("policy", role=role.name, policy=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}))
aws.lambda_.Permission("open", function=function.name, action="lambda:InvokeFunction",
                       principal="s3.amazonaws.com", source_arn="arn:aws:s3:::a", source_account="000000000000")
aws.lambda_.FunctionUrl("url", function_name=function.name, authorization_type="NONE")
queue = aws.sqs.Queue("queue")
aws.sqs.Queue("fifo", fifo_queue=True)
aws.lambda_.EventSourceMapping("mapping", event_source_arn=queue.arn, function_name=function.name)
aws.lambda_.FunctionEventInvokeConfig("failures", function_name=function.name)
aws.scheduler.Schedule("schedule", schedule_expression="rate(1 hour)", flexible_time_window={"mode": "OFF"},
                       target={"arn": function.arn, "role_arn": role.arn})
topic = aws.sns.Topic("topic")
aws.sns.Topic("ordered", fifo_topic=True)
aws.sns.TopicSubscription("subscription", topic=topic.arn, protocol="sqs", endpoint=queue.arn)
aws.cloudwatch.LogGroup("logs")
definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
aws.sfn.StateMachine("machine", role_arn=role.arn, definition=definition)
keys = {"hash_key": "pk", "attributes": [{"name": "pk", "type": "S"}]}
table = aws.dynamodb.Table("table", **keys)
aws.dynamodb.Table("on-demand", billing_mode="PAY_PER_REQUEST", stream_enabled=False,
                   ttl={"attribute_name": "expires", "enabled": False}, **keys)
item = json.dumps({"pk": {"S": "one"}})
aws.dynamodb.TableItem("item", table_name=table.name, hash_key="pk", item=item)
bucket = aws.s3.Bucket("bucket", force_destroy=True)
aws.s3.BucketVersioning("versioning", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"})
aws.s3.BucketPublicAccessBlock("block", bucket=bucket.bucket)
aws.s3.BucketLifecycleConfiguration("lifecycle", bucket=bucket.bucket,
                                    rules=[{"id": "a", "status": "Enabled", "expiration": {"days": 1}}])
aws.s3.BucketObjectv2("object", bucket=bucket.bucket, key="a/b.txt", content="hello")
aws.s3.BucketObjectLockConfiguration(
    "worm", bucket=aws.s3.Bucket("locked", object_lock_enabled=True).bucket)
aws.ssm.Parameter("parameter", type="String", value="5")
secret = aws.secretsmanager.Secret("secret")
aws.secretsmanager.SecretVersion("value", secret_id=secret.id, secret_binary="aGVsbG8=")
pool = aws.cognito.UserPool("pool")
aws.cognito.UserPoolClient("client", user_pool_id=pool.id)
aws.cognito.UserPoolDomain("domain", domain="bare-domain", user_pool_id=pool.id)
aws.cognito.UserGroup("group", user_pool_id=pool.id)
aws.sesv2.EmailIdentity("sender", email_identity="bare@example.com")
mail = aws.sesv2.ConfigurationSet("mail", configuration_set_name="bare-mail")
aws.sesv2.ConfigurationSetEventDestination(
    "events", configuration_set_name=mail.configuration_set_name, event_destination_name="topic",
    event_destination={"matching_event_types": ["BOUNCE"], "sns_destination": {"topic_arn": topic.arn}})
api = aws.apigateway.RestApi("api")
deployment = aws.apigateway.Deployment("deployment", rest_api=api.id)
stage = aws.apigateway.Stage("stage", rest_api=api.id, stage_name="a-b", deployment=deployment.id)
aws.apigateway.MethodSettings("settings", rest_api=api.id, stage_name=stage.stage_name, method_path="*/*",
                              settings={"metrics_enabled": True})
aws.apigateway.ApiKey("key")
aws.apigateway.UsagePlan("plan")
aws.cloudfront.Function("router", runtime="cloudfront-js-2.0", code="function handler(event) {}")
aws.cloudfront.OriginAccessControl("access", origin_access_control_origin_type="s3", signing_behavior="always",
                                   signing_protocol="sigv4")
parameters = {"cookies_config": {"cookie_behavior": "none"}, "headers_config": {"header_behavior": "none"},
              "query_strings_config": {"query_string_behavior": "none"}}
aws.cloudfront.CachePolicy("cached", parameters_in_cache_key_and_forwarded_to_origin=parameters)
aws.cloudfront.ResponseHeadersPolicy("headers")
aws.cloudfront.Distribution(
    "distribution",
    enabled=True,
    origins=[{"origin_id": "a", "domain_name": "a.example.com", "custom_origin_config": {
        "http_port": 80, "https_port": 443, "origin_protocol_policy": "https-only",
        "origin_ssl_protocols": ["TLSv1.2"]}}],
    default_cache_behavior={"target_origin_id": "a", "viewer_protocol_policy": "allow-all",
                            "allowed_methods": ["HEAD", "GET"], "cached_methods": ["HEAD", "GET"]},
    restrictions={"geo_restriction": {"restriction_type": "none"}},
    viewer_certificate={"cloudfront_default_certificate": True},
)
visible = {"metric_name": "m", "cloudwatch_metrics_enabled": True, "sampled_requests_enabled": True}
aws.wafv2.WebAcl("firewall", scope="REGIONAL", default_action={"allow": {}}, visibility_config=visible)
"""
# What each change makes anew, even one to the same: a policy's etag, a parameter's version.
COUNTED = {"etag": "", "version": ""}
Entries = list[Mapping[str, Any]]


@pytest.fixture(scope="module")
def entries(module_toy: Toy) -> Entries:
    module_toy.program(BARE)
    module_toy.up()
    return list(module_toy.entries().values())


def difference(aws: Aws, entry: Mapping[str, Any]) -> dict[str, Any]:
    known = Resource(f"orders-dev-{entry['name']}", entry["inputs"], physical_id=entry["id"])
    found = TYPES[entry["type"]].read(aws, known)
    assert found is not None, entry["name"]
    return {key: value for key, value in found.items() if value != entry["inputs"].get(key)}


def test_what_a_program_leaves_to_aws_is_no_difference(aws: Aws, entries: Entries) -> None:
    differences = {entry["name"]: difference(aws, entry) for entry in entries}
    assert {name: found for name, found in differences.items() if found} == {}


def test_a_type_says_which_input_holds_the_name_that_is_made_up(entries: Entries) -> None:
    for entry in entries:
        named, made_up = TYPES[entry["type"]].named, f"orders-dev-{entry['name']}"
        if named:
            assert entry["outputs"][named].removesuffix(".fifo") == made_up
        else:
            assert made_up not in entry["id"]


def test_a_resource_that_is_found_is_brought_in_line_without_its_past(
    aws: Aws, entries: Entries, module_toy: Toy
) -> None:
    source = pulumi.AssetArchive(
        {"app.py": pulumi.StringAsset("def run(event, context): return 2")}
    )
    code = stored(source, module_toy.directory)
    assert isinstance(code, Archive)
    for entry in entries:
        kind = TYPES[entry["type"]]
        inputs = entry["inputs"] | ({"code": code} if entry["name"] == "function" else {})
        name = f"orders-dev-{entry['name']}"
        found = kind.find(aws, Resource(name, inputs))
        if not found:
            assert entry["name"] == "deployment"
            continue
        adopted = Resource(name, inputs, physical_id=found, previous={}, unfinished=True)
        outputs = dict(kind.configure(aws, adopted))
        assert found == entry["id"], entry["name"]
        assert outputs | COUNTED == entry["outputs"] | COUNTED, entry["name"]
        assert difference(aws, entry) == {}, entry["name"]
