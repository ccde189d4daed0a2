"""What goes to Lambda is what everything here was tested with."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
GROUPS = sorted((ROOT / "handlers" / "requirements").glob("*.txt"))
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


def pins(path: Path) -> dict[str, str]:
    found = PIN.findall(path.read_text(encoding="utf-8"))
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize("group", GROUPS, ids=lambda path: path.stem)
def test_a_functions_libraries_have_the_locked_versions(group: Path) -> None:
    locked = pins(ROOT / "requirements" / "local.txt")
    wanted = pins(group)
    assert wanted == {name: locked.get(name) for name in wanted}


@pytest.mark.parametrize("group", GROUPS, ids=lambda path: path.stem)
def test_every_line_of_a_group_is_an_exact_pin(group: Path) -> None:
    lines = group.read_text(encoding="utf-8").splitlines()
    named = [line for line in lines if not line.lstrip().startswith(("--hash=sha256:", "#"))]
    assert len(pins(group)) == len(named) > 0


def test_every_group_has_what_all_functions_share() -> None:
    base = pins(ROOT / "handlers" / "requirements" / "base.txt")
    assert all(base.items() <= pins(group).items() for group in GROUPS)


def test_each_layer_of_the_environment_adds_to_the_one_before() -> None:
    program, local, checks = (
        pins(ROOT / "requirements" / f"{layer}.txt") for layer in ("program", "local", "checks")
    )
    assert program.items() < local.items() < checks.items()
    assert {"ministack", "stripe"} <= local.keys() - program.keys()
    assert {"pytest", "ruff"} <= checks.keys() - local.keys()
