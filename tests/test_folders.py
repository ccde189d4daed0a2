"""No folder imports one that imports it, in the end: each can be read before those that use it."""

import ast
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ("bench", "components", "handlers", "local", "localcloud")
Graph = dict[str, set[str]]


def folders() -> Graph:
    """Folder -> the folders that its modules import."""
    found: Graph = defaultdict(set)
    for part in PARTS:
        for path in (ROOT / part).rglob("*.py"):
            if {"tests", "examples"} & set(path.relative_to(ROOT).parts):
                continue
            here = path.parent.relative_to(ROOT).as_posix()
            found[here] |= {
                folder for name in imported(path) if (folder := folder_of(name)) != here
            }
    return {folder: used - {""} for folder, used in found.items()}


def imported(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def folder_of(name: str) -> str:
    """The folder of the module that a dotted name means, "" if it is none of ours."""
    parts = name.split(".")
    while parts:
        path = ROOT.joinpath(*parts)
        if path.with_suffix(".py").is_file():
            return "/".join(parts[:-1])
        if (path / "__init__.py").is_file():
            return "/".join(parts)
        parts.pop()
    return ""


def test_folders_form_no_circle() -> None:
    graph = folders()
    assert len(graph) > 15
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' -> '.join(error.args[1])}")
