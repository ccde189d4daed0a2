"""The program on the real engine: made, used, looked at again, and destroyed, two stacks side by side."""

import json
import re
import shutil
from functools import partial
from pathlib import Path

import pytest

from local.settings import ROOT, overrides
from localcloud.engine.workspace import Workspace
from localcloud.instance import running
from localcloud.ports import free_port
from localcloud.tests.support.emulator_contents import everything
from localcloud.tests.support.engine_project import Project
from tests.support.live_system import LiveSystem

CHANGE = re.compile(r"^ [~-]  aws:\S+ (\S+) (update|delete)\b", re.MULTILINE)


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """The project's own files, before anything ran."""
    return {path.name: path.read_text() for path in ROOT.glob("Pulumi*.yaml")}


@pytest.fixture(scope="module")
def stacks(project: Project, settings: dict[str, str]) -> dict[str, LiveSystem]:
    """dev and staging, made one after the other in one account."""
    return {stack: made(project, stack) for stack in ("dev", "staging")}


def made(project: Project, stack: str) -> LiveSystem:
    project.up(stack)
    outputs = json.loads(project.said("stack", "output", "--json", "--stack", stack))
    return LiveSystem(outputs | {"endpointUrl": project.space.endpoint})


def confirm_an_order(shop: LiveSystem) -> str:
    order_id = shop.customer().accepted({"notebook": 1})
    assert shop.settled(order_id)["status"] == "CONFIRMED"
    return order_id


@pytest.mark.parametrize("stack", ["dev", "staging"])
def test_a_stack_that_was_made_from_nothing_confirms_an_order(
    stacks: dict[str, LiveSystem], stack: str
) -> None:
    confirm_an_order(stacks[stack])


def test_no_file_of_the_tree_is_written(
    stacks: dict[str, LiveSystem], settings: dict[str, str]
) -> None:
    assert {path.name: path.read_text() for path in ROOT.glob("Pulumi*.yaml")} == settings


def test_two_stacks_of_one_account_share_nothing(stacks: dict[str, LiveSystem]) -> None:
    order_id = confirm_an_order(stacks["dev"])
    assert stacks["staging"].rows(order_id) == []
    names = ("ordersTableName", "receiptsBucketName", "userPoolId", "stateMachineArn", "apiUrl")
    for name in names:
        assert stacks["dev"].outputs[name] != stacks["staging"].outputs[name]


def test_a_second_preview_and_a_refresh_change_nothing(
    project: Project, stacks: dict[str, LiveSystem]
) -> None:
    for stack in stacks:
        project.succeed("preview", "--stack", stack, "--expect-no-changes")
        project.succeed("refresh", "--stack", stack, "--preview-only", "--expect-no-changes")


def test_a_refresh_names_what_was_changed_behind_the_engine(
    project: Project, stacks: dict[str, LiveSystem]
) -> None:
    aws, shop = project.aws, stacks["dev"]
    ids = {each["urn"].rpartition("::")[2]: each for each in project.state("dev")}
    function = ids["order-workflow-validate-order"]["id"]
    variables = aws.lambda_.get_function_configuration(FunctionName=function)["Environment"]
    changed = {"Variables": variables["Variables"] | {"INVENTORY_TABLE": "another"}}
    aws.lambda_.update_function_configuration(FunctionName=function, Environment=changed)
    policy = ids["order-workflow-policy"]["inputs"]
    aws.iam.delete_role_policy(RoleName=policy["role"], PolicyName=policy["name"])
    aws.dynamodb.delete_table(TableName=ids["payment-sandbox-table"]["id"])
    told = project.succeed("refresh", "--stack", "dev", "--preview-only")
    assert dict(CHANGE.findall(told)) == {
        "order-workflow-validate-order": "update",
        "order-workflow-policy": "delete",
        "payment-sandbox-table": "delete",
    }
    project.up("dev", "--refresh")
    confirm_an_order(shop)


def test_what_is_secret_is_in_clear_nowhere(
    project: Project, stacks: dict[str, LiveSystem]
) -> None:
    aws = project.aws
    [key, *_] = [
        aws.secretsmanager.get_secret_value(SecretId=each["ARN"])["SecretString"]
        for each in aws.secretsmanager.list_secrets()["SecretList"]
        if "orders-dev-" in each["Name"]
    ]
    keys = [each["value"] for each in aws.apigateway.get_api_keys(includeValues=True)["items"]]
    written = [path.read_text(errors="replace") for path in _files(project.space.backend)]
    seen = [*written, project.run("preview", "--stack", "dev", "--json").text, project.up("dev")]
    for secret in (key, *keys):
        assert len(secret) >= 20
        assert not any(secret in text for text in seen)


def test_destroying_stacks_that_had_orders_leaves_nothing(
    project: Project, stacks: dict[str, LiveSystem]
) -> None:
    for stack in stacks:
        project.destroy(stack)
        assert project.state(stack) == []
    assert everything(project.aws) == {}


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_preview_needs_no_built_site(tmp_path: Path) -> None:
    program = tmp_path / "program"
    for name in ("components", "handlers"):
        shutil.copytree(ROOT / name, program / name)
    for file in (ROOT / "__main__.py", *ROOT.glob("Pulumi*.yaml")):
        shutil.copy(file, program)
    port = free_port()
    project = Project(Workspace(tmp_path / "state", port, program, partial(overrides, port)))
    try:
        told = project.succeed("preview", "--stack", "dev")
    finally:
        running.down_engine(tmp_path / "state")
    assert "This preview shows index.html alone" in told
