"""A Pulumi project that tests run on the real engine, with an emulator of its own."""

import json
import subprocess
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from localcloud.engine import cli, session
from localcloud.engine.workspace import Workspace
from localcloud.provision.aws import Aws

WORDS = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
}


@dataclass(frozen=True)
class Done:
    """How one command of the CLI ended, with all that it printed."""

    code: int
    text: str


class Project:
    """Runs the CLI on the program of a workspace."""

    def __init__(self, space: Workspace) -> None:
        self.space = space

    @property
    def aws(self) -> Aws:
        return Aws(self.space.endpoint)

    def write(self, name: str, text: str) -> None:
        path = self.space.program / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))

    def program(self, source: str) -> None:
        header = "import json\nimport pulumi\nimport pulumi_aws as aws\nconfig = pulumi.Config()\n"
        self.write("__main__.py", header + textwrap.dedent(source))

    def run(self, *arguments: str) -> Done:
        with tempfile.TemporaryFile() as output:
            code = session.run(self.space, [*arguments, "--non-interactive"], output)
            output.seek(0)
            return Done(code, output.read().decode())

    def succeed(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.code == 0, done.text
        return done.text

    def up(self, stack: str = "dev", *more: str) -> str:
        return self.succeed("up", "--stack", stack, "--yes", "--skip-preview", *more)

    def destroy(self, stack: str = "dev") -> str:
        return self.succeed("destroy", "--stack", stack, "--yes", "--skip-preview")

    def preview(self, stack: str = "dev") -> dict[str, Any]:
        """What `pulumi preview --json` prints; also if the preview fails."""
        done = self.run("preview", "--stack", stack, "--json")
        return json.loads(done.text[done.text.index("{\n") :])

    def steps(self, stack: str = "dev") -> dict[str, str]:
        """What a preview would do to which resource: create, update, replace or delete."""
        return dict(steps(self.preview(stack)))

    def state(self, stack: str = "dev") -> list[dict[str, Any]]:
        """The custom resources in the stack's state."""
        exported = json.loads(self.said("stack", "export", "--stack", stack))
        found = exported["deployment"].get("resources", [])
        return [each for each in found if each["custom"] and "::pulumi:" not in each["urn"]]

    def said(self, *arguments: str) -> str:
        binary = cli.require()
        environment = self.space.environment(binary)
        return cli.said(binary, environment, self.space.program, *arguments)

    def started(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A command in the background, in a process group of its own."""
        binary = cli.require()
        config = ["--config-file", str(self.space.config_file("dev"))]
        return subprocess.Popen(
            [binary, *arguments, *config],
            cwd=self.space.program,
            env=self.space.environment(binary),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def steps(preview: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and step of each custom resource that a preview does something to."""
    for each in preview.get("steps", []):
        state = each.get("newState") or each.get("oldState") or {}
        if each["op"] in WORDS and state.get("custom") and "::pulumi:" not in each["urn"]:
            yield each["urn"].rpartition("::")[2], WORDS[each["op"]]
