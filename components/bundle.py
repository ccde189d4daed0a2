"""What goes into a function's code archive: the modules that its handler reaches, and no others.

An edit therefore changes only the functions that it reaches. A YAML file goes in as JSON, which a
function reads without a library. For Lambda the archive is a folder (`lambda_zip.py`) with the
libraries of the function's group; on `host`, the local cloud, the project's own environment has
them: there the group's lock stands for them, so that a change of the libraries changes the archive
too. boto3 comes with the runtime.
"""

import ast
import hashlib
import json
import tempfile
from functools import cache
from pathlib import Path

import pulumi

from components import lambda_zip
from components.choices import BundlePlatform
from components.definition import read

ROOT = Path(__file__).parent.parent
_BUILD = ROOT / ".build"
_DATA = {".json", ".yaml"}


def bundle(handler: str, group: str, platform: BundlePlatform) -> pulumi.Archive:
    """The archive of `handler` (dotted path of the function) with the libraries of `group`.

    Raises lambda_zip.BundleError when it can't be built.
    """
    files = contents(handler.rpartition(".")[0])
    if platform == "lambda":
        return pulumi.FileArchive(str(lambda_zip.build(handler, files, group)))
    lock = lambda_zip.lock_file(group)
    files[lock.relative_to(ROOT).as_posix()] = lock
    return pulumi.AssetArchive({name: pulumi.FileAsset(str(path)) for name, path in files.items()})


def contents(module: str) -> dict[str, Path]:
    """Return the files that importing `module` needs, by their names in the archive."""
    found: dict[str, Path] = {}
    for path in closure(module):
        is_yaml = path.suffix == ".yaml"
        name = (path.with_suffix(".json") if is_yaml else path).relative_to(ROOT).as_posix()
        found[name] = _as_json(path) if is_yaml else path
    return found


@cache
def closure(module: str) -> frozenset[Path]:
    """The files that importing `module` needs from `handlers/`, with the data files they name."""
    found: set[Path] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = _source(name)
        if path is None or path in found:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {path, *_data_files(path.parent, tree)}
        waiting += [name.rpartition(".")[0], *_imports(tree)]
    return frozenset(found)


def _source(module: str) -> Path | None:
    path = ROOT.joinpath(*module.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if module.partition(".")[0] == "handlers" and candidate.is_file():
            return candidate
    return None


def _data_files(folder: Path, tree: ast.Module) -> set[Path]:
    """The files in `folder` whose JSON a module there names as text, e.g. "shop.json"."""
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    data = [path for path in folder.iterdir() if path.suffix in _DATA]
    return {path for path in data if path.with_suffix(".json").name in texts}


def _as_json(source: Path) -> Path:
    """Return a file with the same document as JSON; its name is made from its content."""
    content = json.dumps(read(source), ensure_ascii=False, separators=(",", ":")).encode()
    target = _BUILD / f"{source.stem}-{hashlib.sha256(content).hexdigest()[:16]}.json"
    if not target.exists():
        _BUILD.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_BUILD) as folder:
            fresh = Path(folder) / target.name
            fresh.write_bytes(content)
            fresh.replace(target)
    return target


def _imports(tree: ast.Module) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names
