"""What one stack of one tree declares, as plain JSON values that another process can hand over.

Secrets are masked before anything else sees them, and no bundle is built: an archive is the
fingerprints of the files that go into it. The built site's files are left out, because a tree that
was not built has none. Run as a program, it takes the snapshot of another tree.
"""

import ast
import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pulumi
import yaml

from localcloud.errors import LocalError, program_error
from localcloud.json_values import is_array, is_object
from localcloud.program import Program, load
from localcloud.provision.archive import contents
from localcloud.recorder import run
from localcloud.recorder.backends import PlaceholderPreview
from localcloud.registration import Registration
from localcloud.settings import PACKAGE_PARENT
from localcloud.values import SECRET

SITE_FILE = "aws:s3/bucketObjectv2:BucketObjectv2"
CODE = "(code)"
"""The only key of an archive: {CODE: {file name: fingerprint}}."""


@dataclass(frozen=True)
class Declared:
    """One resource as a preview shows it; `inputs` are camelCase, masked and in the order of their names."""

    urn: str
    type: str
    name: str
    parent: str
    protect: bool
    aliases: tuple[str, ...]
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    input_dependencies: dict[str, list[str]]
    inputs: dict[str, Any]

    @property
    def kind(self) -> str:
        """The type's own name, such as `Table`."""
        return self.type.rpartition(":")[2]


@dataclass(frozen=True)
class Snapshot:
    """The resources by URN, and the stack's outputs.

    `config` is what no resource shows: the provider's settings, and what is assumed of encrypted ones.
    """

    stack: str
    config: dict[str, str]
    resources: dict[str, Declared]
    outputs: dict[str, Any]

    def to_json(self) -> str:
        """The form that `from_json` reads."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Snapshot":
        """What `to_json` wrote."""
        read = json.loads(text)
        resources = {urn: Declared(**each) for urn, each in read["resources"].items()}
        return cls(read["stack"], read["config"], resources, read["outputs"])


def take(stack: str, directory: Path = Path(), config: Mapping[str, Any] | None = None) -> Snapshot:
    """Runs the program below `directory`. LocalError, in one line, if it has no such stack or can't run."""
    try:
        loaded = load(stack, directory, config, without_secrets=True)
        # What the program prints is no part of the preview.
        with contextlib.redirect_stdout(sys.stderr):
            recording = run(loaded, PlaceholderPreview(loaded.config["aws:region"]))
    except LocalError as error:
        raise LocalError(_one_line(str(error))) from None
    except (Exception, SystemExit) as error:
        raise LocalError(_one_line(program_error(error, directory))) from None
    return Snapshot(
        stack,
        _unseen(loaded),
        {
            each.urn: _declared(each, directory)
            for each in recording.resources
            if not _is_built(each)
        },
        _plain(recording.exports, directory),
    )


def _unseen(program: Program) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in program.config.items():
        if key in program.secret_keys and value != SECRET:
            found[key] = f"{SECRET}, taken as {value}"
        elif key.startswith("aws:"):
            found[key] = value
    return found


def _is_built(resource: Registration) -> bool:
    return resource.type == SITE_FILE and "source" in resource.inputs


def _declared(resource: Registration, directory: Path) -> Declared:
    return Declared(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        parent=resource.parent,
        protect=resource.protect,
        aliases=resource.aliases,
        ignore_changes=resource.ignore_changes,
        replace_on_changes=resource.replace_on_changes,
        input_dependencies={key: list(urns) for key, urns in resource.input_dependencies.items()},
        inputs=_plain(resource.masked_inputs, directory),
    )


def _plain(value: Any, directory: Path) -> Any:
    if isinstance(value, pulumi.Archive):
        files = contents(value, directory)
        return {CODE: {name: _fingerprint(Path(name).suffix, content) for name, content in files}}
    if isinstance(value, pulumi.Asset):
        return _plain(pulumi.AssetArchive({"": value}), directory)
    if is_object(value):
        return {key: _plain(value[key], directory) for key in sorted(value)}
    if is_array(value):
        return [_plain(item, directory) for item in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)


@cache
def _fingerprint(suffix: str, content: bytes) -> str:
    """Differs if the file means something else: comments, formatting and line numbers don't count."""
    meaning = content
    with contextlib.suppress(SyntaxError, ValueError, yaml.YAMLError):
        if suffix == ".py":
            meaning = ast.dump(ast.parse(content)).encode()
        elif suffix in (".json", ".yaml", ".yml"):
            document = yaml.load(content, yaml.CSafeLoader)
            meaning = json.dumps(document, sort_keys=True, default=str).encode()
    return hashlib.sha256(meaning).hexdigest()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def main(stack: str, directory: str, target: str, config: str) -> int:
    """Writes the snapshot of another tree to the file `target`; says why on stderr if there is none."""
    # This package is loaded; from a checkout, what lies beside it must not be taken for the other tree's.
    if PACKAGE_PARENT.name != "site-packages":
        sys.path[:] = [each for each in sys.path if Path(each).resolve() != PACKAGE_PARENT]
    os.chdir(directory)
    try:
        found = take(stack, Path(directory), json.loads(config))
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    Path(target).write_text(found.to_json())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
