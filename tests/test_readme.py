"""What README and docs say is compared with what the code does: config, outputs, commands, diagrams, links.

It does not read prose.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import pytest
import stripe
import yaml

from components.order_workflow import definition
from handlers.api.contract import document
from handlers.api.payment_webhook import Outcome
from handlers.domain.order import TRANSITIONS
from handlers.domain.payment_event import FOR_BOOKS, WAKING
from local.settings import LOCAL_CONFIG
from localcloud.recorder import record
from localcloud.registration import Recording
from tests.support import asl_graph

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
PAGES = sorted([README, *ROOT.glob("docs/**/*.md")])
# A key that is declared secret has to be encrypted in every stack; tests/components/test_settings.py.
SECRETS = (
    "stripeSecretKey",
    "stripeReadKey",
    "stripeWebhookSecret",
    "stripeWebhookSecretPrevious",
)
UNDECLARED = {key: ("string", '`""`') for key in SECRETS}

Edges = set[tuple[str, str]]


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="module")
def recording() -> Recording:
    return record("dev", config=LOCAL_CONFIG)


def test_the_config_table_is_the_declared_config_and_the_secrets_that_cannot_be_declared():
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    expected = {
        key: (schema["type"], f"`{_as_config(schema['default'])}`")
        for key, schema in declared.items()
        if ":" not in key  # those are Pulumi's own
    }
    told = {key: (kind, default) for key, kind, default, _ in _table("key")}
    assert told == expected | UNDECLARED


def test_the_outputs_table_lists_every_exported_output(recording: Recording):
    assert {name for name, _ in _table("output")} == set(recording.exports)


def test_the_registered_webhook_is_the_one_that_is_listened_to():
    page = (ROOT / "docs" / "payments.md").read_text()
    assert set(re.findall(r"enabled_events\[\]=([\w.]+)", page)) == WAKING | FOR_BOOKS
    assert re.findall(r'api_version="([^"]+)"', page) == [stripe.api_version]
    path = "/api/payments/webhook"
    assert path in document()["paths"]
    assert set(re.findall(r'url="https://your.shop([^"]*)"', page)) == {path}
    assert set(re.findall(r"`([A-Z_]+)`", page)) == {*Outcome}


def test_each_change_of_the_emulator_is_written_up_for_its_authors():
    modules = (ROOT / "localcloud" / "emulator").glob("*.py")
    changes = {path.name for path in modules if "\ndef apply(" in path.read_text()}
    page = (ROOT / "docs" / "upstream.md").read_text()
    assert set(re.findall(r"\(`([a-z_]+\.py)`\)", page)) == changes | {"server.py"}


def test_the_commands_table_lists_every_make_target():
    printed = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    targets = {line.split()[0] for line in printed.splitlines()} - {"help"}
    assert {cell.strip("`") for cell, _ in _table("command")} == {
        f"make {name}" for name in targets
    }


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_make_command_on_the_page_exists(page: Path):
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    code = re.findall(r"```sh\n.*?```|`[^`\n]+`", page.read_text(), re.DOTALL)
    assert set(re.findall(r"\bmake ([a-z]+)", "\n".join(code))) <= targets


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_relative_link_on_the_page_leads_somewhere(page: Path):
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if "://" in link:
            continue
        path, anchor = urldefrag(link)
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


def test_every_decision_record_is_in_the_index_and_has_its_sections():
    folder = ROOT / "docs" / "adr"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert re.findall(r"\]\((\d{4}-[^)]+)\)", (folder / "README.md").read_text()) == records
    for name in records:
        text = (folder / name).read_text()
        sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert sections == ["Status", "Context", "Decision", "Consequences"], name
        assert len(text.splitlines()) <= 45, name


def test_the_diagram_of_the_statuses_shows_the_legal_moves():
    legal = {(source, target) for source, targets in TRANSITIONS.items() for target in targets}
    assert {edge for edge in _drawn() if edge[0] in set(TRANSITIONS)} == legal


def test_the_diagrams_of_the_workflow_show_its_definition():
    """Without the ways back to ReadOrder and on to RecordFault, which the text tells of all states."""
    told = {"ReadOrder", "RecordFault"}
    defined = {edge for edge in _defined(_definition()) if edge[1] not in told}
    statuses = set(TRANSITIONS)
    assert {edge for edge in _drawn() if edge[0] not in statuses} == defined


def _as_config(default: Any) -> str:
    """A default as `pulumi config` shows it; the empty text needs its quotes to be seen."""
    if default == "":
        return '""'
    return default if isinstance(default, str) else json.dumps(default)


def _table(head: str) -> Iterator[list[str]]:
    """The rows of the README's table whose first column is headed so."""
    tables = re.findall(
        rf"^\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)+)", README.read_text(), re.MULTILINE
    )
    assert len(tables) == 1, f"{len(tables)} tables start with the column {head}"
    for row in tables[0].splitlines():
        yield [cell.strip() for cell in row.strip("|").split(" | ")]


def _anchors(page: Path) -> set[str]:
    """The headings as GitHub links to them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


def _drawn() -> Edges:
    """The arrows of all state diagrams, but where they start and end."""
    diagrams = re.findall(
        r"```mermaid\nstateDiagram-v2\n(.*?)```", ARCHITECTURE.read_text(), re.DOTALL
    )
    arrows = re.findall(r"^ *(\S+) --> (\w+)", "\n".join(diagrams), re.MULTILINE)
    return {(source, target) for source, target in arrows if source != "[*]"}


def _definition() -> dict[str, Any]:
    return definition()["States"]


def _defined(states: dict[str, Any]) -> Edges:
    """The definition's moves, with its Choice and Pass states left out as the diagrams do."""
    return {
        (name, target)
        for name, state in states.items()
        if state["Type"] not in ("Choice", "Pass")
        for step in asl_graph.following(state)
        for target in _through(states, step)
    }


def _through(states: dict[str, Any], name: str) -> set[str]:
    """The states that are reached from `name` without stopping at a Choice or a Pass."""
    if states[name]["Type"] not in ("Choice", "Pass"):
        return {name}
    onward = asl_graph.following(states[name])
    return {target for each in onward for target in _through(states, each)}
