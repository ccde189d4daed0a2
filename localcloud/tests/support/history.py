"""A small project in a git repository of its own, for previews."""

import os
import subprocess
import textwrap
from pathlib import Path

from localcloud.preview import report
from localcloud.preview.snapshot import Snapshot, take

HEADER = "import json\nimport pulumi\nimport pulumi_aws as aws\nconfig = pulumi.Config()\n"
AUTHORITY = (
    "\n\n`pulumi preview` is the authority: it knows the stack's state and all that is replaced."
)
IDENTITY = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.com"]
UNTOUCHED = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


class History:
    """Edit with `write`, `program` and `edit`; each `commit` is a base to compare with."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.directory), *IDENTITY, *arguments]
        environment = os.environ | UNTOUCHED
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    def write(self, name: str, text: str) -> None:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))

    def program(self, source: str) -> None:
        self.write("__main__.py", HEADER + textwrap.dedent(source))

    def edit(self, name: str, old: str, new: str) -> None:
        """Replaces the only occurrence of `old` in a file."""
        path = self.directory / name
        text = path.read_text()
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new))

    def commit(self) -> str:
        """Commits everything and returns the commit's short name."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "one more")
        return self.git("rev-parse", "--short=7", "HEAD")

    def preview(self, base: str | None = "HEAD") -> report.Report:
        """The preview of the files as they are; the base runs in a process of its own."""
        return report.preview("dev", base, self.directory)

    def since(self, base: str) -> str:
        """The same as it is printed."""
        return report.as_text(self.preview(base))

    def snapshot(self) -> Snapshot:
        """What the files as they are declare."""
        return take("dev", self.directory)


class Edited(History):
    """The toy in its first version; later edits are compared with it."""

    def keep(self) -> None:
        """Compares with the files as they are from now on."""
        self.before = self.snapshot()

    def edits(self) -> report.Report:
        return report.differences("dev", self.before, self.snapshot())

    def text(self) -> str:
        return report.as_text(self.edits())


def says(project: Edited, expected: str) -> None:
    """The preview is exactly this, between its title and its note."""
    assert project.text() == f"dev: {textwrap.dedent(expected).rstrip()}{AUTHORITY}"
