"""A Pulumi program as the commands take it: where it is, and the config that differs on this machine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


def as_written(_port: int, _stack: str) -> dict[str, Any]:
    """No config of its own for this machine."""
    return {}


def each_output(outputs: Mapping[str, Any]) -> list[str]:
    """The outputs, a line each."""
    return [f"  {name}  {value}" for name, value in outputs.items()]


@dataclass(frozen=True, kw_only=True)
class Project:
    """`directory` has the program's Pulumi.yaml.

    config          the config of a stack that differs on this machine, for an emulator on a port
    preview_config  the config that differs in a preview, which has no secrets
    hints           lines that `up` prints at its end, given the outputs
    """

    directory: Path = field(default_factory=Path.cwd)
    config: Callable[[int, str], Mapping[str, Any]] = as_written
    preview_config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    hints: Callable[[Mapping[str, Any]], list[str]] = each_output
