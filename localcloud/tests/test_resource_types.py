"""Every type of the table is made as declared: one program with all of them, read back through the AWS API."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from localcloud import web
from localcloud.provision.aws import Aws
from localcloud.provision.registry import TYPES
from localcloud.tests.support.toy import Toy, up_every_type


@pytest.fixture(scope="module")
def outputs(module_toy: Toy) -> Mapping[str, Any]:
    return up_every_type(module_toy)


def test_the_program_uses_every_type_of_the_table(
    module_toy: Toy, outputs: Mapping[str, Any]
) -> None:
    assert outputs
    assert {entry["type"] for entry in module_toy.entries().values()} == set(TYPES)


def test_preview_and_up_compute_the_same_outputs(
    module_toy: Toy, outputs: Mapping[str, Any]
) -> None:
    assert outputs
    for entry in module_toy.entries().values():
        missing = (
            set(TYPES[entry["type"]].computed) - entry["outputs"].keys() - entry["inputs"].keys()
        )
        assert not missing, entry["type"]
        unknown = (
            entry["outputs"].keys() - set(TYPES[entry["type"]].computed) - entry["inputs"].keys()
        )
        assert not unknown, entry["type"]


def test_table(outputs: Mapping[str, Any], aws: Aws) -> None:
    table = aws.dynamodb.describe_table(TableName="orders-dev-table")["Table"]
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["Projection"] == {
        "ProjectionType": "INCLUDE",
        "NonKeyAttributes": ["status", "total"],
    }
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["StreamSpecification"] == {
        "StreamEnabled": True,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }
    assert table["LatestStreamArn"] == outputs["streamArn"]
    assert table["SSEDescription"]["Status"] == "ENABLED"
    ttl = aws.dynamodb.describe_time_to_live(TableName="orders-dev-table")["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    backups = aws.dynamodb.describe_continuous_backups(TableName="orders-dev-table")
    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
    assert aws.dynamodb.scan(TableName="orders-dev-table")["Items"][0]["stock"] == {"N": "3"}


def test_function(outputs: Mapping[str, Any], aws: Aws) -> None:
    found = aws.lambda_.get_function(FunctionName="orders-dev-function")
    config = found["Configuration"]
    assert (config["Timeout"], config["MemorySize"], config["Architectures"]) == (9, 256, ["arm64"])
    assert config["TracingConfig"]["Mode"] == "Active"
    assert config["LoggingConfig"]["LogGroup"] == outputs["logs"] == "/toy/orders-dev-logs"
    assert found["Concurrency"] == {"ReservedConcurrentExecutions": 5}
    assert web.request("GET", outputs["url"]).json() == {"v": 1, "email": None}
    (mapping,) = aws.lambda_.list_event_source_mappings()["EventSourceMappings"]
    assert (mapping["BatchSize"], mapping["ScalingConfig"]) == (5, {"MaximumConcurrency": 2})
    (statement,) = json.loads(aws.lambda_.get_policy(FunctionName="orders-dev-function")["Policy"])[
        "Statement"
    ]
    assert (statement["Sid"], statement["Action"]) == (
        "orders-dev-open",
        "lambda:InvokeFunctionUrl",
    )


def test_role(outputs: Mapping[str, Any], aws: Aws) -> None:
    role = aws.iam.get_role(RoleName="orders-dev-role")["Role"]
    assert (role["Description"], role["MaxSessionDuration"], role["Arn"]) == (
        "runs it",
        7200,
        outputs["role"],
    )
    policy = aws.iam.get_role_policy(RoleName="orders-dev-role", PolicyName="orders-dev-policy")
    assert policy["PolicyDocument"]["Statement"][0]["Action"] == ["sqs:*", "dynamodb:*"]


def test_log_group(outputs: Mapping[str, Any], aws: Aws) -> None:
    (group,) = aws.logs.describe_log_groups(logGroupNamePrefix=outputs["logs"])["logGroups"]
    assert group["retentionInDays"] == 7


def test_state_machine(outputs: Mapping[str, Any], aws: Aws) -> None:
    machine = aws.stepfunctions.describe_state_machine(stateMachineArn=outputs["machine"])
    assert (machine["type"], machine["loggingConfiguration"]["level"]) == ("STANDARD", "ERROR")
    assert machine["loggingConfiguration"]["destinations"]


def test_bucket(outputs: Mapping[str, Any], aws: Aws) -> None:
    assert outputs
    name = {"Bucket": "orders-dev-bucket"}
    assert aws.s3.get_bucket_versioning(**name)["Status"] == "Enabled"
    assert set(
        aws.s3.get_public_access_block(**name)["PublicAccessBlockConfiguration"].values()
    ) == {True}
    encryption = aws.s3.get_bucket_encryption(**name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert encryption[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    (rule,) = aws.s3.get_bucket_lifecycle_configuration(**name)["Rules"]
    assert (rule["ID"], rule["Expiration"], rule["Filter"]) == (
        "old",
        {"Days": 3},
        {"Prefix": "tmp/"},
    )
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    controls = aws.s3.get_bucket_ownership_controls(**name)["OwnershipControls"]["Rules"]
    assert controls == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert "cloudfront" in aws.s3.get_bucket_policy(**name)["Policy"]
    lock = aws.s3.get_object_lock_configuration(**name)["ObjectLockConfiguration"]
    assert lock["ObjectLockEnabled"] == "Enabled"
    assert lock["Rule"]["DefaultRetention"] == {"Mode": "GOVERNANCE", "Days": 2}


def test_topic_and_queue(outputs: Mapping[str, Any], aws: Aws) -> None:
    topic = aws.sns.get_topic_attributes(TopicArn=outputs["topic"])["Attributes"]
    assert topic["DisplayName"] == "News"
    assert "states.amazonaws.com" in topic["Policy"]
    (subscription,) = aws.sns.list_subscriptions_by_topic(TopicArn=outputs["topic"])[
        "Subscriptions"
    ]
    found = aws.sns.get_subscription_attributes(SubscriptionArn=subscription["SubscriptionArn"])[
        "Attributes"
    ]
    assert (found["RawMessageDelivery"], json.loads(found["FilterPolicy"])) == (
        "true",
        {"type": ["a"]},
    )
    queue = aws.sqs.get_queue_attributes(QueueUrl=outputs["queue"], AttributeNames=["All"])[
        "Attributes"
    ]
    assert queue["VisibilityTimeout"] == "60"
    assert json.loads(queue["RedrivePolicy"])["maxReceiveCount"] == 3
    assert "sns.amazonaws.com" in queue["Policy"]


def test_secret(outputs: Mapping[str, Any], aws: Aws) -> None:
    assert outputs
    secret = aws.secretsmanager.describe_secret(SecretId="orders-dev-secret")
    assert (secret["Description"], secret["Tags"]) == ("a key", [{"Key": "team", "Value": "shop"}])
    assert (
        aws.secretsmanager.get_secret_value(SecretId="orders-dev-secret")["SecretString"] == "hush"
    )


def test_parameter(outputs: Mapping[str, Any], aws: Aws) -> None:
    assert outputs
    found = aws.ssm.get_parameter(Name="/toy/limit")["Parameter"]
    assert (found["Type"], found["Value"], found["Version"]) == ("String", "5", 1)


def test_user_pool(outputs: Mapping[str, Any], aws: Aws) -> None:
    key = {"UserPoolId": outputs["userPoolId"]}
    pool = aws.cognito_idp.describe_user_pool(**key)["UserPool"]
    assert pool["UsernameAttributes"] == ["email"]
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == 12
    assert pool["Domain"] == "toy-domain"
    client = aws.cognito_idp.describe_user_pool_client(**key, ClientId=outputs["userPoolClientId"])[
        "UserPoolClient"
    ]
    assert client["CallbackURLs"] == ["http://localhost:1/in"]
    assert (client["AllowedOAuthFlows"], client["IdTokenValidity"]) == (["code"], 60)
    assert [group["GroupName"] for group in aws.cognito_idp.list_groups(**key)["Groups"]] == [
        "operators"
    ]


def test_api(outputs: Mapping[str, Any], aws: Aws) -> None:
    assert outputs["apiUrl"] == f"{outputs['endpointUrl']}/_aws/execute-api/{outputs['apiId']}/live"
    assert web.request("GET", f"{outputs['apiUrl']}/open").json() == {"v": 1, "email": None}
    refused = web.request("GET", f"{outputs['apiUrl']}/own/1")
    assert (refused.status, refused.json()) == (401, {"title": "sign in"})
    stage = aws.apigateway.get_stage(restApiId=outputs["apiId"], stageName="live")
    assert stage["tracingEnabled"] is True
    assert stage["methodSettings"]["*/*"]["throttlingRateLimit"] == 50
    assert aws.apigateway.get_rest_api(restApiId=outputs["apiId"])["description"] == "the toy's"


def test_domain_and_firewall(outputs: Mapping[str, Any], aws: Aws) -> None:
    certificate = aws.acm.describe_certificate(CertificateArn=outputs["certificate"])["Certificate"]
    [option] = certificate["DomainValidationOptions"]
    assert option["DomainName"] == "toy.example.com"
    zones = aws.route53.list_hosted_zones()["HostedZones"]
    records = [
        record
        for zone in zones
        for record in aws.route53.list_resource_record_sets(HostedZoneId=zone["Id"])[
            "ResourceRecordSets"
        ]
    ]
    [found] = [each for each in records if each["Type"] == "CNAME"]
    assert found["ResourceRecords"] == [{"Value": option["ResourceRecord"]["Value"]}]
    *_, name, identifier = outputs["firewall"].split("/")
    acl = aws.wafv2.get_web_acl(Name=name, Id=identifier, Scope="CLOUDFRONT")["WebACL"]
    [rule] = acl["Rules"]
    assert rule["Statement"] == {"RateBasedStatement": {"Limit": 500, "AggregateKeyType": "IP"}}
    assert acl["VisibilityConfig"]["MetricName"] == "toy"


def test_distribution(outputs: Mapping[str, Any], aws: Aws) -> None:
    found = aws.cloudfront.get_distribution_config(Id=outputs["distributionId"])
    config = found["DistributionConfig"]
    assert (config["HttpVersion"], config["IsIPV6Enabled"]) == ("http2and3", True)
    assert (config["Comment"], config["PriceClass"]) == ("the toy's", "PriceClass_100")
    assert config["WebACLId"] == outputs["firewall"]
    assert config["ViewerCertificate"]["ACMCertificateArn"] == outputs["certificate"]
    assert config["CustomErrorResponses"]["Items"][0]["ErrorCachingMinTTL"] == 0
    arn = f"arn:aws:cloudfront::000000000000:distribution/{outputs['distributionId']}"
    tags = aws.cloudfront.list_tags_for_resource(Resource=arn)["Tags"]["Items"]
    assert tags == [{"Key": "team", "Value": "shop"}]


def test_email_identity(outputs: Mapping[str, Any], aws: Aws) -> None:
    assert outputs
    assert (
        aws.sesv2.get_email_identity(EmailIdentity="shop@example.com")["VerifiedForSendingStatus"]
        is True
    )


def test_a_second_run_changes_nothing(module_toy: Toy, outputs: Mapping[str, Any]) -> None:
    assert module_toy.up() == outputs
    assert module_toy.did("unchanged") == sorted(
        entry["name"] for entry in module_toy.entries().values()
    )


def test_all_of_it_can_be_deleted(module_toy: Toy, outputs: Mapping[str, Any]) -> None:
    assert outputs
    count = len(module_toy.entries())
    module_toy.program("")
    module_toy.up()
    assert len(module_toy.did("deleted")) == count
    assert module_toy.entries() == {}
