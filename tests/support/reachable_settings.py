"""What a handler can reach, read from the source: the settings that it will ask its environment for.

Function by function, not file by file: a handler that only reads products must not need the
variables of those who move stock. A name is followed wherever the source says it; methods of an
object are followed as soon as its class is named.
"""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SETTINGS = "handlers.runtime.settings"
Place = tuple[str, str]  # a module, and a name at its top ("" for what runs on import)


def settings_of(handler: str) -> set[str]:
    """The settings classes that `handler` (dotted path of a function) can load."""
    module, _, function = handler.rpartition(".")
    found: set[str] = set()
    seen: set[Place] = set()
    waiting: list[Place] = [(module, ""), (module, function)]
    while waiting:
        place = waiting.pop()
        if place in seen or not _file(place[0]):
            continue
        seen.add(place)
        for node in _nodes(place):
            found |= _loaded(node)
            waiting += _named(node, place[0])
    return found


def _loaded(node: ast.AST) -> set[str]:
    called = {
        each.args[0].id
        for each in ast.walk(node)
        if isinstance(each, ast.Call)
        and isinstance(each.func, ast.Name)
        and each.func.id == "load"
        and isinstance(each.args[0], ast.Name)
    }
    return {name for name in called if name.endswith("Settings")}


def _named(node: ast.AST, module: str) -> list[Place]:
    """The places that the names in `node` stand for."""
    imported = _imports(module)
    places: list[Place] = []
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            places.append(imported.get(each.id, (module, each.id)))
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            owner, name = imported.get(each.value.id, (module, each.value.id))
            places.append((owner, each.attr) if not name else (owner, name))
        if isinstance(each, ast.Import | ast.ImportFrom):
            places += [(source, "") for source, _ in imported.values()]
    return places


def _nodes(place: Place) -> list[ast.AST]:
    module, name = place
    body = _tree(module).body
    if name:
        return [each for each in body if name in _names(each)]
    return [each for each in body if not _is_definition(each) or _registers_itself(each)]


def _names(node: ast.stmt) -> set[str]:
    if _is_definition(node):
        return {node.name}  # pyright: ignore[reportAttributeAccessIssue]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return {
        each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)
    }


def _is_definition(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.ClassDef)


def _registers_itself(node: ast.stmt) -> bool:
    """A decorator such as `@router.get(…)` makes the function reachable by whoever has the router."""
    decorators = getattr(node, "decorator_list", [])
    called = [each.func if isinstance(each, ast.Call) else each for each in decorators]
    return any(isinstance(each, ast.Attribute) for each in called)


@cache
def _imports(module: str) -> dict[str, Place]:
    """Local name -> where it comes from; a module's own name is ""."""
    found: dict[str, Place] = {}
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                place = (inner, "") if _file(inner) else (node.module, alias.name)
                found[alias.asname or alias.name] = place
    return found


@cache
def _tree(module: str) -> ast.Module:
    path = _file(module)
    assert path
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _file(module: str) -> Path | None:
    """The source of a module of ours; None for everybody else's and for the settings themselves."""
    if module.partition(".")[0] != "handlers" or module == SETTINGS:
        return None
    path = ROOT.joinpath(*module.split("."))
    found = [each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()]
    return found[0] if found else None
