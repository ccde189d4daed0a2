"""Toy programs: what most tests bring up, and where."""

import json
import shutil
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from localcloud.instance import cloud
from localcloud.provision.aws import Aws
from localcloud.recorder import record
from localcloud.registration import Mode, Recording

PROGRAMS = Path(__file__).parent / "programs"
FUNCTION_BOUND = 2
TOTAL_BOUND = 3
SECRET_OF_THE_SHELL = "must-not-reach-functions"


class Toy:
    """A project directory with a program of its own, and where it is brought up."""

    def __init__(self, directory: Path, state_dir: Path, port: int) -> None:
        self.directory = directory
        self.state_dir = state_dir
        self.port = port
        self.events: list[tuple[str, str]] = []
        self.notices: list[str] = []
        self.write("Pulumi.yaml", "name: orders\nruntime: python\n")
        self.write("Pulumi.dev.yaml", "config: {}\n")

    def write(self, name: str, text: str) -> None:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))

    def program(self, source: str) -> None:
        header = "import json\nimport pulumi\nimport pulumi_aws as aws\n"
        self.write("__main__.py", header + textwrap.dedent(source))

    def use(self, name: str) -> None:
        """Takes a program of support/programs."""
        shutil.copytree(PROGRAMS / name, self.directory, dirs_exist_ok=True)

    def record(self, mode: Mode = "placeholder", **config: Any) -> Recording:
        return record("dev", mode=mode, config=config, directory=self.directory)

    def up(self, **config: Any) -> dict[str, Any]:
        self.events.clear()
        self.notices.clear()
        return cloud.up(
            state_dir=self.state_dir,
            port=self.port,
            directory=self.directory,
            config=config,
            on_event=lambda event: self.events.append((event.action, event.name)),
            on_notice=self.notices.append,
        )

    def clear(self) -> None:
        """Removes what another program left and this one could not: what is protected, or there once."""
        state = self.state_dir / "state.json"
        text = state.read_text() if state.is_file() else ""
        if '"protect": true' in text or "EmailIdentity" in text:
            state.write_text(text.replace('"protect": true', '"protect": false'))
            self.program("")
            self.up()

    def did(self, action: str) -> list[str]:
        """The names of the resources that the last run created, updated and so on, sorted."""
        return sorted(name for done, name in self.events if done == action)

    def entries(self) -> Mapping[str, Any]:
        """The resources in the state file."""
        return json.loads((self.state_dir / "state.json").read_text())["resources"]


def up_every_type(toy: Toy) -> dict[str, Any]:
    """Brings up the program with every type, in a hosted zone, which no program makes here."""
    toy.program("")
    aws = Aws(toy.up()["endpointUrl"])
    zone = aws.route53.create_hosted_zone(Name="example.com", CallerReference=str(toy.directory))
    toy.use("every_type")
    zone_id = zone["HostedZone"]["Id"].rpartition("/")[2]
    toy.write("Pulumi.dev.yaml", f"config:\n  orders:zone: {zone_id}\n")
    return toy.up()


def invoked(aws: Aws, name: str, **event: Any) -> dict[str, Any]:
    """What a toy's function answers, or its error with the key `errorType`."""
    answer = aws.lambda_.invoke(FunctionName=f"orders-dev-{name}", Payload=json.dumps(event))
    return json.loads(answer["Payload"].read())
