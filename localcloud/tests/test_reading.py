"""What the emulator has can be read back as the program's inputs, and found again from them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localcloud.provision.aws import Aws
from localcloud.provision.registry import TYPES
from localcloud.provision.resource import Resource
from localcloud.tests.support.toy import Toy, up_every_type

# Nothing tells one deployment of an API from another.
UNFINDABLE = {"aws:apigateway/deployment:Deployment"}
GONE = ("NotFound", "NoSuch", "NonExistent", "DoesNotExist")
Entries = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def entries(module_toy: Toy) -> Entries:
    """The state after `up` of every type, by type and name."""
    up_every_type(module_toy)
    return {f"{entry['type']} {entry['name']}": entry for entry in module_toy.entries().values()}


def resource(entry: Mapping[str, Any], inputs: Mapping[str, Any] | None = None) -> Resource:
    known = entry["inputs"] if inputs is None else inputs
    return Resource(f"orders-dev-{entry['name']}", known, physical_id=entry["id"])


def read(aws: Aws, entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """As its callers take it: an error with one of these words in its code means the same as None."""
    try:
        return TYPES[entry["type"]].read(aws, resource(entry))
    except ClientError as error:
        if any(word in error.response["Error"]["Code"] for word in GONE):
            return None
        raise


def drift(aws: Aws, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that were read and that are not the known ones."""
    found = read(aws, entry)
    assert found is not None
    return {key: value for key, value in found.items() if value != entry["inputs"].get(key)}


def test_a_refresh_after_an_update_shows_no_change(aws: Aws, entries: Entries) -> None:
    differences = {key: drift(aws, entry) for key, entry in entries.items()}
    assert {key: found for key, found in differences.items() if found} == {}


def test_every_resource_is_found_from_its_inputs(aws: Aws, entries: Entries) -> None:
    for key, entry in entries.items():
        kind = TYPES[entry["type"]]
        expected = "" if entry["type"] in UNFINDABLE else entry["id"]
        assert kind.find(aws, resource(entry)) == expected, key


NO_UPLOADS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:PutObject",
                "Resource": "arn:aws:s3:::orders-dev-bucket/*",
            }
        ],
    }
)
FUNCTION = "orders-dev-function"
DRIFTS: dict[str, tuple[Callable[[Aws, Mapping[str, Any]], Any], dict[str, Any]]] = {
    "function:Function function": (
        lambda aws, _entry: aws.lambda_.update_function_configuration(
            FunctionName=FUNCTION, Environment={"Variables": {"MODE": "x"}}, Timeout=3
        ),
        {"environment": {"variables": {"MODE": "x"}}, "timeout": 3},
    ),
    "role:Role role": (
        lambda aws, entry: aws.iam.untag_role(RoleName=entry["id"], TagKeys=["team"]),
        {"tags": None},
    ),
    "logGroup:LogGroup logs": (
        lambda aws, entry: aws.logs.delete_retention_policy(logGroupName=entry["id"]),
        {"retentionInDays": None},
    ),
    "bucketPolicy:BucketPolicy bucket-policy": (
        lambda aws, entry: aws.s3.put_bucket_policy(Bucket=entry["id"], Policy=NO_UPLOADS),
        {"policy": NO_UPLOADS},
    ),
    "queue:Queue queue": (
        lambda aws, entry: aws.sqs.set_queue_attributes(
            QueueUrl=entry["id"], Attributes={"VisibilityTimeout": "30", "DelaySeconds": "7"}
        ),
        {"visibilityTimeoutSeconds": 30, "delaySeconds": 7},
    ),
    "topicSubscription:TopicSubscription subscription": (
        lambda aws, entry: aws.sns.set_subscription_attributes(
            SubscriptionArn=entry["id"], AttributeName="FilterPolicy", AttributeValue='{"a":["b"]}'
        ),
        {"filterPolicy": '{"a":["b"]}'},
    ),
    "bucketObjectv2:BucketObjectv2 file-index.html": (
        lambda aws, entry: aws.s3.put_object(
            Bucket=entry["inputs"]["bucket"], Key=entry["id"], ContentType="text/plain"
        ),
        {"contentType": "text/plain", "cacheControl": None},
    ),
    "userPool:UserPool pool": (
        lambda aws, entry: aws.cognito_idp.update_user_pool(
            UserPoolId=entry["id"], DeletionProtection="ACTIVE"
        ),
        {"deletionProtection": "ACTIVE"},
    ),
    "webAcl:WebAcl firewall": (
        lambda aws, entry: block_everything(aws, entry["id"]),
        {"defaultAction": {"block": {}}, "rules": []},
    ),
    "parameter:Parameter parameter": (
        lambda aws, entry: aws.ssm.put_parameter(Name=entry["id"], Value="7", Overwrite=True),
        {"value": "7", "allowedPattern": ""},
    ),
    "functionEventInvokeConfig:FunctionEventInvokeConfig failures": (
        lambda aws, _entry: aws.lambda_.put_function_event_invoke_config(FunctionName=FUNCTION),
        {
            "maximumRetryAttempts": 2,
            "maximumEventAgeInSeconds": 21600,
            "destinationConfig": None,
        },
    ),
    "configurationSet:ConfigurationSet mail": (
        lambda aws, entry: aws.sesv2.put_configuration_set_sending_options(
            ConfigurationSetName=entry["id"], SendingEnabled=False
        ),
        {"sendingOptions": {"sendingEnabled": False}},
    ),
    "table:Table table": (
        lambda aws, entry: aws.dynamodb.update_time_to_live(
            TableName=entry["id"],
            TimeToLiveSpecification={"AttributeName": "expires", "Enabled": False},
        ),
        {"ttl": None},
    ),
}


def block_everything(aws: Aws, arn: str) -> None:
    *_, name, identifier = arn.split("/")
    key = {"Name": name, "Id": identifier, "Scope": "CLOUDFRONT"}
    found = aws.wafv2.get_web_acl(**key)
    aws.wafv2.update_web_acl(
        **key,
        LockToken=found["LockToken"],
        DefaultAction={"Block": {}},
        Rules=[],
        VisibilityConfig=found["WebACL"]["VisibilityConfig"],
    )


@pytest.mark.parametrize("place", DRIFTS)
def test_what_was_changed_behind_the_program_is_shown_and_no_more(
    aws: Aws, entries: Entries, place: str
) -> None:
    [entry] = [found for key, found in entries.items() if key.endswith(f"/{place}")]
    change, expected = DRIFTS[place]
    change(aws, entry)
    assert drift(aws, entry) == expected


REMOVALS: dict[str, Callable[[Aws, Mapping[str, Any]], Any]] = {
    "rolePolicy:RolePolicy policy": lambda aws, _entry: aws.iam.delete_role_policy(
        RoleName="orders-dev-role", PolicyName="orders-dev-policy"
    ),
    "topicPolicy:TopicPolicy topic-policy": lambda aws, entry: TYPES[entry["type"]].delete(
        aws, resource(entry)
    ),
    "queuePolicy:QueuePolicy queue-policy": lambda aws, entry: aws.sqs.set_queue_attributes(
        QueueUrl=entry["id"], Attributes={"Policy": ""}
    ),
    "permission:Permission open": lambda aws, entry: aws.lambda_.remove_permission(
        FunctionName=FUNCTION, StatementId=entry["id"]
    ),
    "tableItem:TableItem item": lambda aws, _entry: aws.dynamodb.delete_item(
        TableName="orders-dev-table", Key={"pk": {"S": "P#1"}, "sk": {"S": "P"}}
    ),
    "configurationSetEventDestination:ConfigurationSetEventDestination mail-events": (
        lambda aws, _entry: aws.sesv2.delete_configuration_set_event_destination(
            ConfigurationSetName="toy-mail", EventDestinationName="topic"
        )
    ),
    "table:Table table": lambda aws, entry: aws.dynamodb.delete_table(TableName=entry["id"]),
}


@pytest.mark.parametrize("place", REMOVALS)
def test_what_was_deleted_behind_the_program_is_gone(
    aws: Aws, entries: Entries, place: str
) -> None:
    [entry] = [found for key, found in entries.items() if key.endswith(f"/{place}")]
    REMOVALS[place](aws, entry)
    assert read(aws, entry) is None
    assert TYPES[entry["type"]].find(aws, resource(entry)) == ""


def test_when_everything_is_deleted_nothing_is_read_or_found(
    module_toy: Toy, aws: Aws, entries: Entries
) -> None:
    module_toy.program("")
    module_toy.up()
    assert module_toy.entries() == {}
    for key, entry in entries.items():
        assert read(aws, entry) is None, key
        assert TYPES[entry["type"]].find(aws, resource(entry)) == "", key
