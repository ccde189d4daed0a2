"""What the AWS provider updates in place is updated in place here: the id stays, and the emulator has the new value."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from localcloud.errors import LocalError
from localcloud.provision.aws import Aws
from localcloud.provision.registry import TYPES
from localcloud.provision.resource import Resource
from localcloud.tests.support.toy import Toy

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "lambda.amazonaws.com"},
            }
        ],
    }
)
DENY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}'
POOL = 'pool = aws.cognito.UserPool("pool")\n'
STAGED = """
body = json.dumps({"openapi": "3.0.1", "info": {"title": "toy", "version": "1"}, "paths": {}})
api = aws.apigateway.RestApi("api", body=body)
deployment = aws.apigateway.Deployment("deployment", rest_api=api.id)
for name in ("one", "two"):
    aws.apigateway.Stage(name, rest_api=api.id, stage_name=name, deployment=deployment.id)
"""
FUNCTION = f"""
role = aws.iam.Role("role", assume_role_policy={TRUST!r})
files = pulumi.AssetArchive({{"app.py": pulumi.StringAsset("def run(event, context): return 1")}})
function = aws.lambda_.Function("%s", role=role.arn, runtime="python3.13", handler="app.run", code=files, %s)
"""
# For each type: the program, its inputs at first, and what they become, one after the other.
CHANGES: dict[str, tuple[str, list[str]]] = {
    "api key": (
        'aws.apigateway.ApiKey("it", %s)',
        [
            'name="a", description="d", enabled=False, customer_id="c"',
            'name="b", description="e", enabled=True, customer_id="d"',
            'name="b", enabled=False',
            "",
        ],
    ),
    "usage plan": (
        STAGED + 'aws.apigateway.UsagePlan("it", %s)',
        [
            'name="a", description="d", api_stages=[{"api_id": api.id, "stage": "one"}]',
            'name="b", api_stages=[{"api_id": api.id, "stage": "two"}]',
            'name="b", description="e"',
        ],
    ),
    "REST API": (
        'aws.apigateway.RestApi("it", %s)',
        [
            'name="a", description="d", binary_media_types=["image/png"]',
            'name="b", binary_media_types=["application/pdf", "image/*"], api_key_source="AUTHORIZER",'
            ' minimum_compression_size="1024", endpoint_configuration={"types": "REGIONAL"}',
            'name="b", minimum_compression_size="0", endpoint_configuration={"types": "EDGE"}',
            "",
        ],
    ),
    "deployment": (
        'api = aws.apigateway.RestApi("api")\n'
        'aws.apigateway.Deployment("it", rest_api=api.id, triggers={"a": "1"}, %s)',
        ['description="a"', 'description="b"', ""],
    ),
    "stage": (
        'api = aws.apigateway.RestApi("api")\n'
        'deployment = aws.apigateway.Deployment("deployment", rest_api=api.id)\n'
        'aws.apigateway.Stage("it", rest_api=api.id, stage_name="live", deployment=deployment.id, %s)',
        [
            'description="a", variables={"A": "1", "B": "2"}',
            'variables={"A": "3"}, xray_tracing_enabled=True',
            "",
        ],
    ),
    "role": (
        f'aws.iam.Role("it", assume_role_policy={TRUST!r}, %s)',
        [
            f'description="a", inline_policies=[{{"name": "a", "policy": {DENY!r}}}]',
            f'max_session_duration=7200, inline_policies=[{{"name": "b", "policy": {DENY!r}}}]',
            "",
        ],
    ),
    "function": (
        FUNCTION % ("it", "%s"),
        [
            'description="a", architectures=["x86_64"], tracing_config={"mode": "Active"},'
            ' ephemeral_storage={"size": 1024}, memory_size=256',
            'architectures=["arm64"], timeout=9, logging_config={"log_format": "JSON"}',
            "",
        ],
    ),
    "event source mapping": (
        FUNCTION % ("worker", "")
        + 'queue = aws.sqs.Queue("queue")\n'
        + 'aws.lambda_.EventSourceMapping("it", event_source_arn=queue.arn, function_name=function.name, %s)',
        [
            'batch_size=5, enabled=False, function_response_types=["ReportBatchItemFailures"]',
            'batch_size=7, scaling_config={"maximum_concurrency": 2}',
            "",
        ],
    ),
    "secret version": (
        'secret = aws.secretsmanager.Secret("secret", description="a")\n'
        'aws.secretsmanager.SecretVersion("it", secret_id=secret.id, secret_string="x", version_stages=%s)',
        ['["AWSCURRENT"]', '["AWSCURRENT", "BLUE"]', '["AWSCURRENT", "GREEN"]'],
    ),
    "log group": (
        'aws.cloudwatch.LogGroup("it", %s)',
        ['kms_key_id="arn:aws:kms:us-east-1:000000000000:key/a"', "retention_in_days=7", ""],
    ),
    "user pool": (
        'aws.cognito.UserPool("it", %s)',
        [
            'auto_verified_attributes=["email"], password_policy={"minimum_length": 12},'
            ' schemas=[{"name": "tier", "attribute_data_type": "String"}]',
            'deletion_protection="ACTIVE", schemas=[{"name": "tier", "attribute_data_type": "String"},'
            ' {"name": "shop", "attribute_data_type": "Number", "mutable": True}]',
        ],
    ),
    "user pool client": (
        POOL + 'aws.cognito.UserPoolClient("it", user_pool_id=pool.id, %s)',
        [
            'name="a", callback_urls=["https://a.example"], refresh_token_validity=5',
            'name="b", prevent_user_existence_errors="ENABLED"',
            "",
        ],
    ),
    "user group": (
        POOL + 'aws.cognito.UserGroup("it", user_pool_id=pool.id, %s)',
        ['description="a", precedence=1', 'description="b", precedence=2', ""],
    ),
    "web ACL": (
        'aws.wafv2.WebAcl("it", scope="REGIONAL", default_action={"allow": {}}, visibility_config={'
        '"metric_name": "m", "cloudwatch_metrics_enabled": True, "sampled_requests_enabled": True}, %s)',
        ['description="a"', 'description="b"', ""],
    ),
    "cache policy": (
        'aws.cloudfront.CachePolicy("it", parameters_in_cache_key_and_forwarded_to_origin={'
        '"cookies_config": {"cookie_behavior": "none"}, "headers_config": {"header_behavior": "none"},'
        ' "query_strings_config": {"query_string_behavior": "none"}}, %s)',
        ['name="a", max_ttl=10, default_ttl=1', 'name="b", max_ttl=20, default_ttl=2'],
    ),
    "access control": (
        'aws.cloudfront.OriginAccessControl("it", origin_access_control_origin_type="s3",'
        ' signing_protocol="sigv4", %s)',
        ['name="a", signing_behavior="always"', 'name="b", signing_behavior="never"'],
    ),
    "table": (
        'aws.dynamodb.Table("it", hash_key="pk", attributes=[{"name": "pk", "type": "S"}], %s)',
        [
            'billing_mode="PAY_PER_REQUEST", table_class="STANDARD_INFREQUENT_ACCESS"',
            "read_capacity=5, write_capacity=6",
        ],
    ),
}


def entry(toy: Toy) -> Mapping[str, Any]:
    [found] = [each for each in toy.entries().values() if each["name"] == "it"]
    return found


def differences(aws: Aws, found: Mapping[str, Any]) -> dict[str, Any]:
    """What the emulator has and the program does not say, or says otherwise."""
    known = Resource("orders-dev-it", found["inputs"], physical_id=found["id"])
    read = TYPES[found["type"]].read(aws, known)
    assert read is not None
    return {key: value for key, value in read.items() if value != found["inputs"].get(key)}


@pytest.mark.parametrize("what", CHANGES)
def test_an_update_in_place_keeps_the_resource_and_takes_effect(
    toy: Toy, aws: Aws, what: str
) -> None:
    source, steps = CHANGES[what]
    toy.program("")
    toy.up()
    toy.program(source % steps[0])
    toy.up()
    first = entry(toy)
    for step in steps[1:]:
        assert differences(aws, entry(toy)) == {}
        toy.program(source % step)
        toy.up()
        assert toy.did("replaced") == []
        assert entry(toy)["id"] == first["id"]
    assert differences(aws, entry(toy)) == {}


def test_a_disabled_api_key_lets_nothing_in(toy: Toy, aws: Aws) -> None:
    for enabled in (True, False):
        toy.program(f'aws.apigateway.ApiKey("it", enabled={enabled})')
        toy.up()
        found = aws.apigateway.get_api_key(apiKey=entry(toy)["id"])
        assert found["enabled"] is enabled


def test_a_record_that_changes_its_type_leaves_no_old_one(toy: Toy, aws: Aws) -> None:
    toy.program("")
    toy.up()
    zone = aws.route53.create_hosted_zone(Name="toy.example", CallerReference="toy")["HostedZone"]
    record = 'aws.route53.Record("it", zone_id="%s", name="a.toy.example", ttl=60, type="%s", records=["%s"])'
    identifier = zone["Id"].rpartition("/")[2]
    for kind, value in (("A", "192.0.2.1"), ("CNAME", "b.toy.example")):
        toy.program(record % (identifier, kind, value))
        toy.up()
    assert toy.did("updated") == ["it"]
    assert differences(aws, entry(toy)) == {}
    sets = aws.route53.list_resource_record_sets(HostedZoneId=identifier)["ResourceRecordSets"]
    assert [each["Type"] for each in sets if each["Name"] == "a.toy.example."] == ["CNAME"]
    toy.program("")
    toy.up()
    aws.route53.delete_hosted_zone(Id=identifier)


def test_the_members_of_a_changed_group_stay_in_it(toy: Toy, aws: Aws) -> None:
    group = (
        POOL + 'aws.cognito.UserGroup("it", user_pool_id=pool.id, name="staff", description="%s")'
    )
    toy.program(group % "a")
    toy.up()
    key = {"UserPoolId": entry(toy)["inputs"]["userPoolId"]}
    aws.cognito_idp.admin_create_user(**key, Username="ann")
    aws.cognito_idp.admin_add_user_to_group(**key, Username="ann", GroupName="staff")
    toy.program(group % "b")
    toy.up()
    users = aws.cognito_idp.list_users_in_group(**key, GroupName="staff")["Users"]
    assert [user["Username"] for user in users] == ["ann"]


def test_an_attribute_of_a_user_pool_can_be_added_but_never_changed(toy: Toy) -> None:
    pool = 'aws.cognito.UserPool("it", schemas=[{"name": "tier", "attribute_data_type": "%s"}])'
    toy.program(pool % "String")
    toy.up()
    toy.program(pool % "Number")
    with pytest.raises(LocalError, match="schemas may only grow"):
        toy.up()
