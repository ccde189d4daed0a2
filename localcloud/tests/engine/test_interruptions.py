"""Runs that end early: interrupted, refused, or killed. The next `up` finishes what they began."""

import os
import signal
import time

import pytest

from localcloud.engine import workspace
from localcloud.errors import LocalError
from localcloud.tests.support.engine_project import Project

QUEUES = """
first = aws.sqs.Queue("first")
aws.sqs.Queue("second", opts=pulumi.ResourceOptions(depends_on=[first]))
"""
ROLE = """
aws.iam.Role("role", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": []}))
"""
FUNCTION = """
aws.lambda_.Function("worker", role={role!r}, handler="worker.run", runtime="python3.13",
    code=pulumi.AssetArchive({{"worker.py": pulumi.StringAsset("def run(event, context): pass")}}))
"""


def queues(project: Project) -> list[str]:
    """The names of the queues on the emulator."""
    urls = project.aws.sqs.list_queues().get("QueueUrls", [])
    return sorted(url.rpartition("/")[2] for url in urls)


def wait_for_queues(project: Project, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(queues(project)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def slow(lone_toy: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose first queue exists for a while before the engine is told."""
    plugins = workspace.PLUGINS | {"pulumi-resource-aws": "localcloud.tests.support.slow_provider"}
    monkeypatch.setattr(workspace, "PLUGINS", plugins)
    lone_toy.program("")
    lone_toy.up()
    lone_toy.program(QUEUES)
    return lone_toy


def test_an_interrupted_run_notes_what_it_made_and_the_next_finishes(
    slow: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENGINE_TEST_PAUSE", "2")
    running = slow.started("up", "--stack", "dev", "--yes", "--skip-preview")
    wait_for_queues(slow, 1)
    os.killpg(running.pid, signal.SIGINT)
    assert running.wait(30) != 0
    assert [each["urn"].rpartition("::")[2] for each in slow.state()] == ["first"]
    monkeypatch.setenv("ENGINE_TEST_PAUSE", "0")
    slow.up()
    assert len(queues(slow)) == len(slow.state()) == 2


def test_what_a_killed_run_made_is_found_by_its_name_and_adopted(
    slow: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENGINE_TEST_PAUSE", "60")
    running = slow.started("up", "--stack", "dev", "--yes", "--skip-preview")
    wait_for_queues(slow, 1)
    [made] = queues(slow)
    os.kill(running.pid, signal.SIGKILL)
    running.wait(30)
    monkeypatch.setenv("ENGINE_TEST_PAUSE", "0")
    with pytest.raises(LocalError, match="was killed: run `python -m local pulumi cancel"):
        slow.up()
    slow.said("cancel", "--yes", "--stack", "dev")
    slow.program(QUEUES.replace('"first"', '"first", delay_seconds=3'))
    slow.up()
    [first, second] = queues(slow)
    assert made in (first, second)
    assert made in {each["id"].rpartition("/")[2] for each in slow.state()}
    url = slow.aws.sqs.get_queue_url(QueueName=made)["QueueUrl"]
    read = slow.aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])
    assert read["Attributes"] == {"DelaySeconds": "3"}
    assert slow.steps() == {}
    slow.destroy()
    assert queues(slow) == []


def test_a_creation_that_was_refused_is_finished_by_the_next_up(lone_toy: Project) -> None:
    missing = "arn:aws:iam::000000000000:role/missing"
    lone_toy.program(ROLE + FUNCTION.format(role=missing))
    failed = lone_toy.run("up", "--stack", "dev", "--yes", "--skip-preview")
    assert failed.code != 0
    assert "Function worker: " in failed.text
    assert "Traceback" not in failed.text
    [role] = lone_toy.state()
    lone_toy.program(ROLE + FUNCTION.format(role=role["outputs"]["arn"]))
    lone_toy.up()
    assert len(lone_toy.state()) == 2


def test_a_resource_that_could_not_be_configured_is_noted_and_configured_later(
    lone_toy: Project,
) -> None:
    table = (
        'aws.dynamodb.Table("orders", hash_key="pk", attributes=[{"name": "pk", "type": "S"}], %s)'
    )
    lone_toy.program(table % 'on_demand_throughput={"max_read_request_units": 5}')
    failed = lone_toy.run("up", "--stack", "dev", "--yes", "--skip-preview")
    assert failed.code != 0
    assert (
        "Table orders: the local cloud does not know the input(s) onDemandThroughput" in failed.text
    )
    [made] = lone_toy.state()
    lone_toy.program(table % 'tags={"shop": "ours"}')
    lone_toy.up()
    [finished] = lone_toy.state()
    assert finished["id"] == made["id"]
    tags = lone_toy.aws.dynamodb.list_tags_of_resource(ResourceArn=finished["outputs"]["arn"])
    assert tags["Tags"] == [{"Key": "shop", "Value": "ours"}]


def test_two_stacks_of_an_account_can_not_create_the_same_mail_identity(lone_toy: Project) -> None:
    lone_toy.write("Pulumi.staging.yaml", "config:\n  aws:region: us-east-1\n")
    lone_toy.program('aws.sesv2.EmailIdentity("sender", email_identity="orders@shop.localhost")')
    lone_toy.up("dev")
    refused = lone_toy.run("up", "--stack", "staging", "--yes", "--skip-preview")
    assert refused.code != 0
    assert "orders@shop.localhost already exists in this account" in refused.text
    assert len(lone_toy.state("dev")) == 1
