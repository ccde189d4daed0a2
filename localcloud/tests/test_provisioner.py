"""Create, update, replace, delete, resume: what a second run does to what a first one made."""

import json

import pytest

from localcloud.errors import LocalError
from localcloud.provision.aws import Aws
from localcloud.tests.support.toy import Toy

ROLE = """
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]})
ALLOW = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
role = aws.iam.Role("role", assume_role_policy=TRUST)
"""
TABLE = """
table = aws.dynamodb.Table("table", hash_key="{key}", attributes=[{{"name": "{key}", "type": "S"}}],
                           billing_mode="PAY_PER_REQUEST")
"""
ITEM = """
aws.dynamodb.TableItem("item", table_name=table.name, hash_key="{key}",
                       item=json.dumps({{"{key}": {{"S": "{value}"}}}}))
"""


def function(code: str = "x = 1", timeout: int = 3, **variables: str) -> str:
    return f"""
aws.lambda_.Function("worker", runtime="python3.13", handler="worker.run", role=role.arn, timeout={timeout},
                     code=pulumi.AssetArchive({{"worker.py": pulumi.StringAsset({code!r})}}),
                     environment={{"variables": {variables!r}}})
"""


def queue(**inputs: object) -> str:
    given = "".join(f", {key}={value!r}" for key, value in inputs.items())
    return f'queue = aws.sqs.Queue("queue"{given})\n'


def test_a_second_run_changes_nothing(toy: Toy) -> None:
    toy.program("")
    toy.up()
    toy.program(ROLE + function() + queue())
    first = toy.up()
    assert toy.did("created") == ["queue", "role", "worker"]
    entries = toy.entries()
    assert toy.up() == first
    assert toy.events == [("unchanged", name) for _, name in toy.events]
    assert toy.entries() == entries


def test_only_what_changed_is_updated_in_place(toy: Toy, aws: Aws) -> None:
    toy.program(ROLE + function(MODE="a") + queue(visibility_timeout_seconds=10))
    toy.up()
    toy.program(
        ROLE + function("x = 2", timeout=9, MODE="b") + queue(visibility_timeout_seconds=10)
    )
    toy.up()
    assert (toy.did("updated"), toy.did("unchanged")) == (["worker"], ["queue", "role"])
    found = aws.lambda_.get_function_configuration(FunctionName="orders-dev-worker")
    assert (found["Timeout"], found["Environment"]["Variables"]) == (9, {"MODE": "b"})


def test_an_input_that_is_no_longer_given_goes_back_to_its_default(toy: Toy, aws: Aws) -> None:
    toy.program(queue(visibility_timeout_seconds=10))
    toy.up()
    toy.program(queue())
    toy.up()
    url = aws.sqs.get_queue_url(QueueName="orders-dev-queue")["QueueUrl"]
    attributes = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
    assert attributes["Attributes"] == {"VisibilityTimeout": "30"}


def test_a_changed_immutable_input_replaces_the_resource_and_what_lives_in_it(
    toy: Toy, aws: Aws
) -> None:
    toy.program(TABLE.format(key="pk") + ITEM.format(key="pk", value="one"))
    toy.up()
    toy.program(TABLE.format(key="id") + ITEM.format(key="id", value="one"))
    toy.up()
    assert toy.did("replaced") == ["item", "table"]
    assert aws.dynamodb.scan(TableName="orders-dev-table")["Items"] == [{"id": {"S": "one"}}]


def test_what_lives_in_a_replaced_resource_is_made_again_though_its_inputs_are_the_same(
    toy: Toy, aws: Aws
) -> None:
    lock = 'bucket = aws.s3.Bucket("bucket"{lock})\n'
    versioning = """
aws.s3.BucketVersioning("versioning", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"})
"""
    toy.program(lock.format(lock="") + versioning)
    toy.up()
    toy.program(lock.format(lock=", object_lock_enabled=True") + versioning)
    toy.up()
    assert toy.did("replaced") == ["bucket", "versioning"]
    assert aws.s3.get_bucket_versioning(Bucket="orders-dev-bucket")["Status"] == "Enabled"


def test_undeclared_resources_are_deleted_dependants_first(toy: Toy, aws: Aws) -> None:
    policy = 'aws.iam.RolePolicy("policy", role=role.name, policy=ALLOW)\n'
    toy.program(ROLE + policy + function() + queue())
    toy.up()
    toy.program(queue())
    toy.up()
    deleted = [name for action, name in toy.events if action == "deleted"]
    assert sorted(deleted) == ["policy", "role", "worker"]
    assert deleted[-1] == "role"
    assert aws.lambda_.list_functions()["Functions"] == []


def test_ignored_changes_keep_the_value_of_the_creation(toy: Toy, aws: Aws) -> None:
    item = """
aws.dynamodb.TableItem("item", table_name=table.name, hash_key="pk",
                       item=json.dumps({{"pk": {{"S": "one"}}, "stock": {{"N": "{stock}"}}}}),
                       opts=pulumi.ResourceOptions(ignore_changes=["item"]))
secret = aws.secretsmanager.Secret("secret")
aws.secretsmanager.SecretVersion("value", secret_id=secret.id,
                                 secret_string=aws.secretsmanager.get_random_password_output().random_password,
                                 opts=pulumi.ResourceOptions(ignore_changes=["secretString"]))
"""
    toy.program(TABLE.format(key="pk") + item.format(stock=10))
    toy.up()
    key = {"pk": {"S": "one"}}
    aws.dynamodb.put_item(TableName="orders-dev-table", Item=key | {"stock": {"N": "4"}})
    value = aws.secretsmanager.get_secret_value(SecretId="orders-dev-secret")["SecretString"]
    assert len(value) == 32
    toy.program(TABLE.format(key="pk") + item.format(stock=99))
    toy.up()
    assert toy.did("unchanged") == ["item", "secret", "table", "value"]
    assert aws.dynamodb.get_item(TableName="orders-dev-table", Key=key)["Item"]["stock"] == {
        "N": "4"
    }
    assert (
        aws.secretsmanager.get_secret_value(SecretId="orders-dev-secret")["SecretString"] == value
    )


def test_an_ignored_nested_property_is_kept_while_its_neighbour_changes(toy: Toy, aws: Aws) -> None:
    opts = ", opts=pulumi.ResourceOptions(ignore_changes=['environment.variables.KEPT']))\n"
    toy.program(ROLE + function(KEPT="1", MODE="a").strip()[:-1] + opts)
    toy.up()
    toy.program(ROLE + function(KEPT="2", MODE="b").strip()[:-1] + opts)
    toy.up()
    found = aws.lambda_.get_function_configuration(FunctionName="orders-dev-worker")
    assert found["Environment"]["Variables"] == {"KEPT": "1", "MODE": "b"}


def test_a_failed_run_is_taken_up_by_the_next(toy: Toy) -> None:
    good = 'first = aws.sqs.Queue("first")\nsecond = aws.sqs.Queue("second")\n'
    nowhere = "arn:aws:sns:us-east-1:000000000000:nowhere"
    toy.program(
        good
        + f'aws.sns.TopicSubscription("sub", topic="{nowhere}", protocol="sqs", endpoint=first.arn,'
        " opts=pulumi.ResourceOptions(depends_on=[first, second]))"
    )
    with pytest.raises(LocalError, match="TopicSubscription sub: "):
        toy.up()
    assert toy.did("created") == ["first", "second"]
    toy.program(good)
    toy.up()
    assert (toy.did("created"), toy.did("unchanged")) == ([], ["first", "second"])


def test_a_resource_whose_configuration_failed_is_configured_by_the_next_run(toy: Toy) -> None:
    half = 'aws.sqs.Queue("half", redrive_policy={!r})\n'
    toy.program(half.format("not json"))
    with pytest.raises(LocalError, match="Queue half: "):
        toy.up()
    finished = {entry["name"]: entry["finished"] for entry in toy.entries().values()}
    assert finished["half"] is False
    toy.program(half.format(None))
    toy.up()
    assert toy.did("updated") == ["half"]
    toy.up()
    assert toy.did("unchanged") == ["half"]


def test_an_input_that_would_be_lost_is_an_error_in_every_run(toy: Toy) -> None:
    toy.program(queue(fifo_queue=True) + 'aws.sns.Topic("topic", archive_policy="{}")')
    for _ in range(2):
        with pytest.raises(
            LocalError,
            match=r"Topic topic: the local cloud does not know the input.* archivePolicy",
        ):
            toy.up()


def test_a_renamed_resource_with_an_alias_is_the_same_resource(toy: Toy) -> None:
    toy.program(queue())
    toy.up()
    before = list(toy.entries().values())
    toy.program(
        'aws.sqs.Queue("inbox", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="queue")]))'
    )
    toy.up()
    assert [action for action, _name in toy.events] == ["unchanged"]
    assert [entry["id"] for entry in toy.entries().values()] == [entry["id"] for entry in before]


def test_tags_are_put_and_taken_back(toy: Toy, aws: Aws) -> None:
    def tags() -> object:
        return aws.iam.list_role_tags(RoleName="orders-dev-role")["Tags"]

    for given in ({"team": "shop", "tier": "1"}, {"team": "ops"}, {}):
        toy.program(
            ROLE.replace("assume_role_policy=TRUST", f"assume_role_policy=TRUST, tags={given!r}")
        )
        toy.up()
        assert {tag["Key"]: tag["Value"] for tag in tags()} == given  # type: ignore[attr-defined]


def test_a_new_deployment_takes_over_before_the_old_one_goes(toy: Toy, aws: Aws) -> None:
    body = json.dumps({"openapi": "3.0.1", "info": {"title": "toy", "version": "1"}, "paths": {}})
    api = f"""
api = aws.apigateway.RestApi("api", body={body!r})
deployment = aws.apigateway.Deployment("deployment", rest_api=api.id, triggers={{"body": "%s"}})
aws.apigateway.Stage("stage", rest_api=api.id, stage_name="live", deployment=deployment.id)
"""
    toy.program(api % "1")
    toy.up()
    toy.program(api % "2")
    toy.up()
    assert (toy.did("replaced"), toy.did("updated"), toy.did("deleted")) == (
        ["deployment"],
        ["stage"],
        [],
    )
    (found,) = aws.apigateway.get_rest_apis()["items"]
    (deployment,) = aws.apigateway.get_deployments(restApiId=found["id"])["items"]
    stage = aws.apigateway.get_stage(restApiId=found["id"], stageName="live")
    assert stage["deploymentId"] == deployment["id"]
