"""Where the engine runs on this machine: an emulator, a state and settings of its own, apart from `make up`'s.

No tracked file is written: the settings of a stack are a copy, which the CLI gets as `--config-file`.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from localcloud import settings
from localcloud.emulator import process
from localcloud.engine import provider
from localcloud.errors import LocalError
from localcloud.instance.running import outputs_file
from localcloud.json_values import is_object
from localcloud.program import project_name, stack_config
from localcloud.project import Project

PASSPHRASE = "local"
"""Encrypts the secrets in the state, unless PULUMI_CONFIG_PASSPHRASE is set. Nothing here is worth a better one."""
PLUGINS = {
    "pulumi-resource-aws": "localcloud.engine.provider",
    "pulumi-language-python": "localcloud.engine.language_host",
}


@dataclass(frozen=True)
class Workspace:
    """One directory with everything that the engine keeps, for one emulator on `port`."""

    directory: Path
    port: int
    program: Path
    overrides: Callable[[str], Mapping[str, Any]]
    """The config that differs on this machine, by the keys of the project, for a stack."""

    @property
    def project(self) -> str:
        """The name of the program's project."""
        return project_name(self.program)

    @property
    def endpoint(self) -> str:
        """The emulator's base URL."""
        return process.Process(0, self.port).endpoint

    @property
    def home(self) -> Path:
        """Pulumi's own settings."""
        return self.directory / "home"

    @property
    def backend(self) -> Path:
        """The state of every stack."""
        return self.directory / "backend"

    @property
    def adopted(self) -> Path:
        """What a killed run left behind (naming.py)."""
        return self.directory / "adopted.json"

    def config_file(self, stack: str) -> Path:
        """The copy of a stack's settings."""
        return self.directory / "project" / f"Pulumi.{stack}.yaml"

    def environment(self, cli: Path) -> dict[str, str]:
        """The variables of the CLI and, through it, of the plugins."""
        tools = [str(self._plugins(cli)), os.environ.get("PATH", "")]
        given = {"PULUMI_CONFIG_PASSPHRASE": os.environ.get("PULUMI_CONFIG_PASSPHRASE", PASSPHRASE)}
        return (
            os.environ
            | given
            | {
                "PATH": os.pathsep.join(tools),
                "PYTHONPATH": str(settings.PACKAGE_PARENT),
                "PULUMI_HOME": str(self.home),
                "PULUMI_BACKEND_URL": f"file://{self.backend}",
                "PULUMI_SKIP_UPDATE_CHECK": "true",
                "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
                provider.ENDPOINT: self.endpoint,
                provider.PROGRAM: str(self.program),
                provider.ADOPTED: str(self.adopted),
            }
        )

    def prepare(self) -> str:
        """Starts the emulator if it does not run, and returns why the state had to go, or ""."""
        running = process.find(self.directory)
        same = running and (running.port, running.code) == (self.port, process.fingerprint())
        if running and same and process.is_healthy(running):
            return ""
        process.stop(self.directory)
        lost = self.backend.exists()
        self.forget()
        for folder in (self.home, self.backend, self.directory / "project"):
            folder.mkdir(parents=True, mode=0o700)
        process.start(self.directory, self.port)
        return (
            "starting over: the emulator is gone or another one, and with it all that was made"
            if lost
            else ""
        )

    def forget(self) -> None:
        """Removes the state of every stack."""
        for folder in (self.home, self.backend, self.directory / "project"):
            shutil.rmtree(folder, ignore_errors=True)
        self.adopted.unlink(missing_ok=True)
        outputs_file(self.directory).unlink(missing_ok=True)

    def write_config(self, stack: str) -> None:
        """Brings the copy in line with the stack's file; what `pulumi config set` changed in the copy stays."""
        path, written = self.config_file(stack), self.config_file(stack).with_suffix(".json")
        copy: dict[str, Any] = yaml.safe_load(path.read_text()) or {} if path.is_file() else {}
        last: dict[str, Any] = json.loads(written.read_text()) if written.is_file() else {}
        present: dict[str, Any] = copy.get("config") or {}
        # What a team has encrypted with its own key can't be read here.
        readable = {
            key: value
            for key, value in stack_config(self.program, self.project, stack).items()
            if not is_object(value) or "secure" not in value
        }
        wanted = readable | {f"{self.project}:{k}": v for k, v in self.overrides(stack).items()}
        changed = {key: value for key, value in present.items() if last.get(key) != value}
        removed = last.keys() - present.keys() if written.is_file() else set[str]()
        kept = {key: value for key, value in wanted.items() if key not in removed}
        copy["config"] = kept | changed
        path.write_text(yaml.safe_dump(copy))
        written.write_text(json.dumps(wanted))

    def write_outputs(self, outputs: Mapping[str, Any]) -> None:
        """Notes a stack's outputs where the other commands look for those of a local cloud."""
        found = {"endpointUrl": self.endpoint, "region": settings.REGION} | dict(outputs)
        outputs_file(self.directory).write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")

    def has_stack(self, stack: str) -> bool:
        """Whether the stack was created."""
        return (self.backend / ".pulumi" / "stacks" / self.project / f"{stack}.json").is_file()

    def locks(self, stack: str) -> list[Path]:
        """The files by which running updates of a stack, or killed ones, keep others out."""
        folder = self.backend / ".pulumi" / "locks" / "organization" / self.project / stack
        return sorted(folder.glob("*.json"))

    def _plugins(self, cli: Path) -> Path:
        """A folder with the plugins as commands; the CLI's own language host is used where it has one."""
        folder = self.directory / "plugins"
        folder.mkdir(parents=True, exist_ok=True)
        for name, module in PLUGINS.items():
            script = folder / name
            own = cli.resolve().with_name(name)
            if own.is_file():
                script.unlink(missing_ok=True)
            else:
                script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n')
                script.chmod(0o755)
        return folder


def workspace(project: Project) -> Workspace:
    """The engine's workspace beside the local cloud that LOCAL_STATE_DIR and LOCAL_PORT name."""
    port = settings.port() + 10
    if port > 65534:
        raise LocalError(f"LOCAL_PORT is too high: the engine's emulator would get port {port}")
    config = partial(project.config, port)
    return Workspace(settings.engine_dir(), port, project.directory.resolve(), config)
