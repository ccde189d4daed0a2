"""The commands of a local cloud: `python -m localcloud`, or with more of them a project's own program.

An error that the user can act on is one line and exit code 1.
"""

import argparse
import importlib
import os
import sys
from typing import Any

from localcloud.errors import LocalError
from localcloud.project import Project


class CommandLine:
    """Commands that are functions of the modules in a `commands` package, imported when they are asked for."""

    def __init__(self, prog: str, project: Project) -> None:
        self._project = project
        self._parser = argparse.ArgumentParser(
            prog=prog,
            description="Run a Pulumi program for AWS on this machine."
            " LOCAL_PORT (4566) and LOCAL_STATE_DIR (.local) say where.",
        )
        self._commands = self._parser.add_subparsers(
            dest="command", required=True, metavar="COMMAND"
        )
        self._add_own()

    def add(self, name: str, text: str, module: str) -> argparse.ArgumentParser:
        """The parser of a new command: the function `name` of `module`, described by `text`."""
        parser = self._commands.add_parser(name, help=text, description=text.capitalize() + ".")
        parser.set_defaults(module=module)
        return parser

    def run(self, argv: list[str] | None = None) -> int:
        """Runs one command and returns the exit code."""
        given = sys.argv[1:] if argv is None else argv
        # Whatever follows `pulumi` is the CLI's.
        own, rest = (given[:1], given[1:]) if given[:1] == ["pulumi"] else (given, [])
        known = argparse.Namespace(rest=rest, project=self._project)
        arguments = self._parser.parse_args(own, known)
        try:
            # Imported when asked for: `up` needs Pulumi and takes a second to load, the others are quick.
            module = importlib.import_module(arguments.module)
            command: Any = getattr(module, arguments.command)
            return command(arguments)
        except LocalError as error:
            print(f"{arguments.command}: {error}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print(f"{arguments.command}: interrupted", file=sys.stderr)
            return 130
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def _add_own(self) -> None:
        package = "localcloud.commands"
        up = self.add("up", "start it, or bring it in line with the program", f"{package}.up")
        up.add_argument(
            "--stack", default="dev", help="the stack whose config is used (default: dev)"
        )
        text = "show what a stack is made of, or what changes"
        preview = self.add("preview", text, f"{package}.preview")
        preview.add_argument("--stack", default="dev", help="the stack (default: dev)")
        preview.add_argument(
            "--base", metavar="REF", help="compare with this git ref, instead of showing everything"
        )
        preview.add_argument(
            "--markdown", action="store_true", help="for a pull request, instead of a terminal"
        )
        text = "run Pulumi's own engine on an emulator of its own: up, preview, …"
        self.add("pulumi", text, f"{package}.pulumi")
        self.add("down", "stop it and forget its data", f"{package}.state")
        self.add("outputs", "print the stack's outputs as JSON", f"{package}.state")
