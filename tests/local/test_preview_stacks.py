"""Previews of the real stacks: whole, without credentials or network, and the same resources as `up` makes."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from local import shop as local_shop
from local.settings import LOCAL_CONFIG, PREVIEW_CONFIG
from localcloud.preview import report
from localcloud.preview.snapshot import take
from localcloud.recorder import record
from localcloud.registration import Mode
from localcloud.tests.support.history import History
from localcloud.tests.support.toy import Toy
from tests.support.recorded_stacks import OWN

ROOT = Path(__file__).parents[2]
STACKS = ("dev", "staging", "prod")
MODES: tuple[Mode, Mode] = ("unknown", "placeholder")
PROGRAM = ("__main__.py", "Pulumi.*yaml", "components", "handlers", "local", "localcloud")
# Python runs this before anything else, in the process of the other tree too.
NO_NETWORK = """
import socket

def refuse(*_):
    raise SystemError("the network is used")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
"""


@cache
def tree_of(stack: str) -> str:
    return report.as_text(report.preview(stack, config=PREVIEW_CONFIG))


@pytest.fixture
def copy(tmp_path: Path) -> History:
    """The project as it is, committed in a repository of its own."""
    history = History(tmp_path / "copy")
    for pattern in PROGRAM:
        for source in ROOT.glob(pattern):
            target = history.directory / source.name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
    history.write(".gitignore", "__pycache__/\n")
    history.commit()
    return history


def cut_off(copy: History, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in the copy, with neither a network nor anything of the environment."""
    copy.write("../blocked/sitecustomize.py", NO_NETWORK)
    blocked = str(copy.directory.parent / "blocked")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": blocked, "HOME": blocked}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=copy.directory, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("stack", STACKS)
def test_the_tree_shows_documents_whole_and_children_under_their_parents(stack: str) -> None:
    lines = tree_of(stack).splitlines()
    text = "\n".join(lines)
    workflow = lines.index("OrderWorkflow order-workflow")
    step = lines.index("  Function order-workflow-capture-payment")
    assert workflow < step < lines.index("    Role order-workflow-capture-payment-role")
    assert "      StartAt: ReadOrder" in lines
    assert any(line.strip() == "TableName: <Table.order-store-table.name>" for line in lines)
    assert any(line.strip() == "/api/orders/{orderId}:" for line in lines)
    assert any(line.strip() == "Action: sts:AssumeRole" for line in lines)
    assert '{"' not in text.replace('\'{"type":"about:blank"', "")


def test_a_fresh_clone_previews_prod_with_its_key_masked() -> None:
    text = tree_of("prod")
    assert "secretString: '[secret]'" in text
    assert "PAYMENT_SECRET_ARN: <Secret.stripe-key-secret.arn>" in text


def test_a_site_that_was_built_is_no_part_of_it_but_what_the_stack_tells_it_is() -> None:
    lines = tree_of("dev").splitlines()
    files = [line.strip() for line in lines if line.strip().startswith("BucketObjectv2 ")]
    assert files == ["BucketObjectv2 site-config-file"]
    assert any("paymentGateway: sandbox" in line for line in lines)


def test_without_network_and_credentials_a_rewrite_that_means_the_same_is_no_change(
    copy: History,
) -> None:
    probe = cut_off(copy, "-c", "import socket; socket.create_connection(('127.0.0.1', 9))")
    assert "the network is used" in probe.stderr
    for path in copy.directory.rglob("*.py"):
        path.write_text(f"# A comment.\n\n{path.read_text()}\n# The end.\n")
    for path in copy.directory.rglob("*.yaml"):
        path.write_text(f"# A comment.\n{path.read_text()}")
    for path in copy.directory.glob("components/*.js"):
        path.write_text(f"// A comment.\n\n{path.read_text()}\n  // The end.\n")
    done = cut_off(copy, "-m", "local", "preview", "--stack", "prod", "--base", "main")
    short = copy.git("rev-parse", "--short=7", "HEAD")
    assert done.stdout == f"prod against main ({short}): no changes\n", done.stderr
    assert ("the network is used" in done.stderr, done.returncode) == (False, 0)
    failed = cut_off(copy, "-m", "local", "preview", "--stack", "prod", "--base", "gone")
    line = "preview: git knows no commit 'gone' (is it fetched?)\n"
    assert (failed.stdout, failed.stderr, failed.returncode) == ("", line, 1)


def test_edits_of_the_real_program_are_told_in_order(copy: History) -> None:
    before = take("prod", ROOT, PREVIEW_CONFIG)
    copy.edit(
        "components/order_store.py",
        '"dynamodb:GetItem", "dynamodb:BatchGetItem"',
        '"dynamodb:GetItem"',
    )
    copy.edit("components/order_store.py", 'range_key="sk"', 'range_key="sort"')
    copy.edit("components/order_workflow.asl.yaml", "StartAt: ReadOrder", "StartAt: ValidateOrder")
    copy.edit("handlers/api/openapi.yaml", "openapi: 3.0.3", "openapi: 3.0.2")
    with (copy.directory / "handlers/requirements/receipt.txt").open("a") as lock:
        lock.write("# one more\n")
    found = report.differences("prod", before, take("prod", copy.directory, PREVIEW_CONFIG))
    titles = [section.title for section in found.sections]
    assert titles == [
        "DATA IS LOST",
        "Pulumi refuses",
        "Permissions",
        "Resources",
        "OpenAPI document order-api-rest",
        "State machine order-workflow-machine",
    ]
    data, refused, permissions, resources, contract, machine = (
        each.lines for each in found.sections
    )
    replaced = "Table order-store-table is REPLACED by an empty one (rangeKey: sk -> sort)"
    assert data == [f"- !!! {replaced}"]
    assert refused == [
        "- !!! Table order-store-table is protected and can't be replaced:"
        " lift its protection in an update of its own first"
    ]
    assert f"- {' ' * 6}Allow dynamodb:BatchGetItem on <Table.order-store-table.arn>" in permissions
    assert f"{' ' * 6}code: changed (handlers/requirements/receipt.txt)" in resources
    assert {"-StartAt: ReadOrder", "+StartAt: ValidateOrder"} <= set(machine)
    assert {"-openapi: 3.0.3", "+openapi: 3.0.2"} <= set(contract)


def test_a_preview_is_of_the_stacks_own_region(copy: History) -> None:
    copy.edit("Pulumi.dev.yaml", "us-east-1", "eu-west-1")
    text = report.as_text(report.preview("dev", "main", copy.directory, PREVIEW_CONFIG))
    assert "- !!! The stack moves from us-east-1 to eu-west-1" in text
    assert ".auth.eu-west-1.amazoncognito.com" in text


@pytest.mark.parametrize("key", ["senderEmail", "domainName", "signInUrl", "maxAttempts"])
def test_any_key_may_be_encrypted(copy: History, key: str) -> None:
    zone = "  orders:hostedZoneId: Z0123456789\n" if key == "domainName" else ""
    with (copy.directory / "Pulumi.staging.yaml").open("a") as config:
        config.write(f"{zone}  orders:{key}:\n    secure: AAAABAEz\n")
    assert "'[secret]" in report.as_text(
        report.preview("staging", "main", copy.directory, PREVIEW_CONFIG)
    )


def test_unknown_preview_placeholder_preview_and_up_have_the_same_urns(lone_toy: Toy) -> None:
    for stack in STACKS:
        own = OWN.get(stack, {})
        local_shop.up(stack, state_dir=lone_toy.state_dir, port=lone_toy.port, config=own)
        config = {**LOCAL_CONFIG, **own}
        unknown, known = (record(stack, mode, config).resources for mode in MODES)
        assert [each.urn for each in unknown] == [each.urn for each in known]
        assert set(lone_toy.entries()) == {each.urn for each in known if each.custom}
