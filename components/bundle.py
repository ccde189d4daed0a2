"""Makes a function's code archive: the modules that its handler reaches, and what they need.

A bundle holds the import closure of one handler, so an edit changes only the functions that it
reaches. The libraries of the function's group are wheels for the platform that runs it; boto3
comes with the runtime. On `host` (the local cloud) the project's own environment has them.
"""

import ast
import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

import pulumi

_ROOT = Path(__file__).parent.parent
_BUILD = _ROOT / ".build"
_PLATFORMS = ("manylinux_2_28_aarch64", "manylinux2014_aarch64")


def bundle(handler: str, group: str, platform: str) -> pulumi.AssetArchive:
    """The archive of `handler` (dotted path of the function) with the libraries of `group`.

    `platform` is `lambda` or `host`. Raises RuntimeError when the libraries can't be installed.
    """
    files = {
        path.relative_to(_ROOT).as_posix(): path for path in closure(handler.rpartition(".")[0])
    }
    if platform == "lambda":
        libraries = _libraries(group)
        files |= {
            path.relative_to(libraries).as_posix(): path
            for path in sorted(libraries.rglob("*"))
            if path.is_file()
        }
    return pulumi.AssetArchive({name: pulumi.FileAsset(str(path)) for name, path in files.items()})


@cache
def closure(module: str) -> frozenset[Path]:
    """The files that importing `module` needs from `handlers/`, data files of its packages too."""
    found: set[Path] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = _source(name)
        if path is None or path in found:
            continue
        found.add(path)
        found.update(each for each in path.parent.glob("*.yaml"))
        waiting += [name.rpartition(".")[0], *_imports(path)]
    return frozenset(found)


def _source(module: str) -> Path | None:
    path = _ROOT.joinpath(*module.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if module.partition(".")[0] == "handlers" and candidate.is_file():
            return candidate
    return None


def _imports(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names


def _libraries(group: str) -> Path:
    """The group's pinned libraries for Lambda, installed once per content of their list."""
    wanted = _ROOT / "handlers" / "requirements" / f"{group}.txt"
    target = _BUILD / f"{group}-{sha256(wanted.read_bytes()).hexdigest()[:12]}"
    if not target.exists():
        fresh = target.with_suffix(".new")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile"]
        command += ["--only-binary=:all:", "--implementation=cp", "--python-version=3.13"]
        command += [f"--platform={platform}" for platform in _PLATFORMS]
        command += ["--target", str(fresh), "--requirement", str(wanted)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            raise RuntimeError(f"the libraries of {wanted.name} don't install: {result.stderr}")
        fresh.rename(target)
    return target
