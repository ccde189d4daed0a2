"""One command of the Pulumi CLI, with the emulator in the place of AWS."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from localcloud.engine import cli, recovery
from localcloud.engine.workspace import Workspace
from localcloud.program import stack_config

CONFIGURED = {"up", "update", "preview", "refresh", "destroy", "import", "config", "watch"}
"""The CLI's commands that read a stack's settings, and take `--config-file`."""


def run(space: Workspace, arguments: Sequence[str], output: IO[bytes] | None = None) -> int:
    """Runs the CLI with these arguments and returns its exit code; Ctrl-C is the CLI's to handle.

    What it prints goes to `output`, or where this process's goes. LocalError if it can't run.
    """
    binary = cli.require()
    command = next((each for each in arguments if not each.startswith("-")), "")
    stack = stack_of(arguments)
    if notice := space.prepare():
        print(notice, file=sys.stderr)
    environment = space.environment(binary) | {"PULUMI_STACK": stack}
    updates = command in ("up", "update")
    given = [str(binary), *arguments]
    if command in CONFIGURED:
        recovery.refuse_locked(space, stack)
        _prepare_stack(binary, environment, space, stack)
        if updates:
            for line in recovery.adopt(binary, environment, space):
                print(line, file=sys.stderr)
        given += ["--config-file", str(space.config_file(stack))]
    code = _wait(given, environment, space.program, output)
    if code == 0 and updates:
        space.adopted.unlink(missing_ok=True)
        found = cli.said(binary, environment, space.program, "stack", "output", "--json")
        space.write_outputs(json.loads(found))
    return code


def stack_of(arguments: Sequence[str]) -> str:
    """The stack that the arguments name, or PULUMI_STACK does, or else dev."""
    for position, each in enumerate(arguments):
        if each in ("-s", "--stack") and position + 1 < len(arguments):
            return arguments[position + 1]
        if each.startswith("--stack="):
            return each.removeprefix("--stack=")
    return os.environ.get("PULUMI_STACK") or "dev"


def _prepare_stack(
    binary: Path, environment: Mapping[str, str], space: Workspace, stack: str
) -> None:
    """Creates the stack if need be, and writes the copy of its settings. LocalError if it has none."""
    stack_config(space.program, space.project, stack)
    if not space.has_stack(stack):
        # In a folder of its own: `stack init` writes the salt of its secrets into the stack's file there.
        folder = space.config_file(stack).parent
        (folder / "Pulumi.yaml").write_text(f"name: {space.project}\nruntime: python\n")
        cli.said(binary, environment, folder, "stack", "init", stack, "--no-select")
    space.write_config(stack)


def _wait(
    command: Sequence[str],
    environment: Mapping[str, str],
    directory: Path,
    output: IO[bytes] | None,
) -> int:
    with subprocess.Popen(
        command, cwd=directory, env=environment, stdout=output, stderr=output
    ) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
