"""A function's archive holds what its handler imports, and nothing that another one does."""

import ast
import importlib.metadata
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pulumi
import pytest
import yaml

import components.function
from components.bundle import bundle, closure, contents
from local.settings import LOCAL_CONFIG
from localcloud.recorder import record
from tests.support.recorded_stacks import FUNCTION, given, recording

ROOT = Path(__file__).parents[2]
IN_THE_RUNTIME = {"boto3", "botocore"}

# Imports one handler after the other, each as if it were the first, and prints what it loaded.
LOADER = """
import importlib, sys
for handler in sys.argv[1:]:
    for name in [name for name in sys.modules if name.partition(".")[0] == "handlers"]:
        del sys.modules[name]
    module, _, function = handler.rpartition(".")
    assert callable(getattr(importlib.import_module(module), function))
    ours = [m for name, m in sys.modules.items() if name.partition(".")[0] == "handlers"]
    print(handler, *sorted(m.__file__ for m in ours))
"""


def handlers() -> list[str]:
    return sorted({given(each, "handler") for each in recording("dev").of_type(FUNCTION)})


def modules(handler: str) -> set[str]:
    return set(contents(handler.rpartition(".")[0]))


@pytest.fixture(scope="module")
def loaded() -> dict[str, set[str]]:
    """What each handler really imports, in a process without any environment of AWS."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "ORDERS_"))}
    result = subprocess.run(
        [sys.executable, "-c", LOADER, *handlers()],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split() for line in result.stdout.splitlines()]
    return {
        handler: {Path(each).relative_to(ROOT).as_posix() for each in files}
        for handler, *files in lines
    }


def test_a_bundle_holds_exactly_what_its_handler_imports(loaded: dict[str, set[str]]) -> None:
    assert set(loaded) == set(handlers())
    for handler, files in loaded.items():
        assert {name for name in modules(handler) if name.endswith(".py")} == files, handler


def test_a_bundle_holds_the_data_that_its_modules_read_and_no_other() -> None:
    """So an edit of the shop's name changes the functions that say it, and not the rest."""
    read = {
        "handlers.api.app.lambda_handler": {
            "handlers/api/openapi.json",
            "handlers/domain/currencies.json",
            "handlers/domain/refusals.json",
        },
        "handlers.events.send_email.lambda_handler": {
            "handlers/domain/currencies.json",
            "handlers/domain/refusals.json",
            "handlers/domain/shop.json",
        },
        "handlers.workflow.generate_receipt.lambda_handler": {
            "handlers/domain/currencies.json",
            "handlers/domain/shop.json",
        },
        "handlers.workflow.validate_order.lambda_handler": {"handlers/domain/currencies.json"},
        "handlers.sandbox.payment_sandbox.lambda_handler": set[str](),
        # Without the contract, and so without its validator: the signature says who has sent it.
        "handlers.api.payment_webhook.lambda_handler": {"handlers/domain/currencies.json"},
    }
    for handler, files in read.items():
        data = {name for name in modules(handler) if not name.endswith(".py")}
        assert data == files, handler


def test_a_yaml_file_is_the_same_document_as_json_in_the_bundle() -> None:
    bundled = contents("handlers.api.app")["handlers/api/openapi.json"]
    source = (ROOT / "handlers" / "api" / "openapi.yaml").read_text(encoding="utf-8")
    # The loader in Python, as another parser reads it.
    assert json.loads(bundled.read_bytes()) == yaml.load(source, Loader=yaml.SafeLoader)


def test_a_bundle_holds_its_own_handler_and_no_other() -> None:
    """So an edit to one changes that one's archive alone."""
    files = {each: each.rpartition(".")[0].replace(".", "/") + ".py" for each in handlers()}
    for handler, own in files.items():
        assert modules(handler) & set(files.values()) == {own}


def test_the_bundle_of_a_step_has_nothing_of_the_api_or_of_other_libraries() -> None:
    found = modules("handlers.workflow.validate_order.lambda_handler")
    assert {name for name in found if name.startswith("handlers/api")} == set()
    assert "handlers/adapters/stripe_gateway.py" not in found
    assert "handlers/adapters/items.py" in found


def test_the_archive_has_the_sources_under_their_own_paths_and_the_lock_of_its_libraries() -> None:
    handler = "handlers.workflow.validate_order.lambda_handler"
    archive = bundle(handler, "base", "host")
    assert isinstance(archive, pulumi.AssetArchive)
    assert set(archive.assets) == modules(handler) | {"handlers/requirements/base.txt"}


def test_what_is_not_ours_is_in_no_closure() -> None:
    assert closure("json") == frozenset()
    assert closure("components.bundle") == frozenset()


def imported(handler: str) -> set[str]:
    """The foreign packages that a handler's own modules import."""
    names = {
        name.partition(".")[0]
        for path in closure(handler.rpartition(".")[0])
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    return names - sys.stdlib_module_names - {"handlers", *IN_THE_RUNTIME}


@cache
def provided(distribution: str) -> set[str]:
    """The packages that a library installs."""
    files = importlib.metadata.files(distribution) or []
    return {file.parts[0].removesuffix(".py") for file in files}


def test_every_function_has_the_libraries_that_it_imports_in_its_group(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    groups: dict[str, str] = {}

    def noted(handler: str, group: str, platform: str) -> object:
        groups[handler] = group
        return bundle(handler, group, platform)

    monkeypatch.setattr(components.function, "bundle", noted)
    record("dev", "unknown", LOCAL_CONFIG)
    assert set(groups) == set(handlers())
    for handler, group in groups.items():
        pinned = (ROOT / "handlers" / "requirements" / f"{group}.txt").read_text("utf-8")
        names = re.findall(r"^([\w.-]+)==", pinned, re.MULTILINE)
        assert imported(handler) <= set().union(*map(provided, names)), handler
