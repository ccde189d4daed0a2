"""The type check finds what AWS would refuse at deploy time: it is run, as the project sets it, over wrong code."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
STRICT = ("__main__.py", "components", "handlers", "local", "localcloud")
# A file of components/, a property that is given in it, and how it could be misspelt.
MISSPELT = [
    ("order_api.py", "xray_tracing_enabled", "xray_tracing_enabld"),
    ("order_api.py", "throttling_rate_limit", "throttling_rate_limt"),
    ("private_bucket.py", "object_ownership", "object_ownershp"),
    ("receipt_store.py", "noncurrent_days", "noncurent_days"),
]
# Right for a check that is not strict.
UNTYPED = "def same(value):\n    return value\n"
MAY_BE_SWITCHED_OFF = {"reportPrivateUsage=false"}

Errors = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> Errors:
    """What the check says of each file of a tree with wrong files in it; one run for all."""
    tree = tmp_path_factory.mktemp("tree").resolve()
    shutil.copy(ROOT / "pyproject.toml", tree)
    shutil.copytree(ROOT / "components", tree / "components")
    (tree / ".venv").symlink_to(sys.prefix)
    for name, right, wrong in MISSPELT:
        text = (tree / "components" / name).read_text(encoding="utf-8")
        assert text.count(right) == 1, f"{right} is no longer in {name}"
        (tree / misspelt(wrong)).write_text(text.replace(right, wrong), encoding="utf-8")
    for part in STRICT:
        (tree / untyped(part)).parent.mkdir(exist_ok=True)
        (tree / untyped(part)).write_text(UNTYPED)
    return checked(tree, [f"components/{name}" for name, _, _ in MISSPELT])


def misspelt(wrong: str) -> str:
    """The path of the file in which `wrong` is the only mistake."""
    return f"components/with_{wrong}.py"


def untyped(part: str) -> str:
    """The path of the file without types in a part of the tree."""
    return part if part.endswith(".py") else f"{part}/untyped.py"


def checked(tree: Path, right: list[str]) -> Errors:
    """The errors by path, of the wrong files and of these that should be right."""
    wrong = [misspelt(each) for _, _, each in MISSPELT] + [untyped(part) for part in STRICT]
    command = [sys.executable, "-m", "basedpyright", "--outputjson", *sorted({*wrong, *right})]
    said = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False).stdout
    found: Errors = defaultdict(list)
    for each in json.loads(said)["generalDiagnostics"]:
        found[Path(each["file"]).relative_to(tree).as_posix()].append(each)
    return found


def test_the_files_as_they_are_pass(errors: Errors) -> None:
    assert [errors[f"components/{name}"] for name, _, _ in MISSPELT] == [[]] * len(MISSPELT)


@pytest.mark.parametrize(("name", "right", "wrong"), MISSPELT)
def test_a_misspelt_property_is_an_error_where_it_stands_however_deep(
    errors: Errors, name: str, right: str, wrong: str
) -> None:
    lines = (ROOT / "components" / name).read_text(encoding="utf-8").splitlines()
    [line] = [index for index, text in enumerate(lines) if right in text]
    [error] = errors[misspelt(wrong)]
    assert error["range"]["start"]["line"] <= line <= error["range"]["end"]["line"]
    assert error["severity"] == "error"


@pytest.mark.parametrize("part", STRICT)
def test_everything_that_runs_is_checked_strictly(errors: Errors, part: str) -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert part in pyproject["tool"]["basedpyright"]["include"]
    assert "reportMissingParameterType" in {error["rule"] for error in errors[untyped(part)]}


def test_no_file_opts_out_of_the_check() -> None:
    files = [
        path
        for part in STRICT[1:]
        for path in (ROOT / part).rglob("*.py")
        if "tests" not in path.relative_to(ROOT).parts
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / STRICT[0], *files])
    assert set(re.findall(r"^# *pyright: *(.*)$", text, re.M)) <= MAY_BE_SWITCHED_OFF
    # An exception is for one line, and says from what.
    assert re.findall(r"# *type: *ignore.*|# *pyright: *ignore(?!\[).*", text) == []
