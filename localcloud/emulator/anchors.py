"""Checks that MiniStack is the version the patches were written for, so that none is ever applied to nothing."""

import importlib.metadata
import inspect
from types import ModuleType

VERSION = "1.5.33"


class PatchError(Exception):
    """The place that a patch changes is not there, or not once."""


def check_version() -> None:
    """PatchError unless the pinned version is installed."""
    found = importlib.metadata.version("ministack")
    if found != VERSION:
        raise PatchError(f"ministack {found} is installed, the patches are for {VERSION}")


def replace_once(text: str, old: str, new: str) -> str:
    """`text` with its only occurrence of `old` replaced."""
    if text.count(old) != 1:
        raise PatchError(
            f"{text.count(old)} places instead of one contain: {old.strip().splitlines()[0]}"
        )
    return text.replace(old, new)


def source_contains(owner: ModuleType | type, expected: str) -> None:
    """PatchError unless the source of `owner` contains `expected` exactly once."""
    replace_once(inspect.getsource(owner), expected, "")


def has_parameters(owner: ModuleType | type, name: str, parameters: str) -> None:
    """PatchError unless `owner.name` is a function with these parameter names, separated by blanks."""
    function = getattr(owner, name, None)
    found = (
        " ".join(inspect.signature(function).parameters) if callable(function) else "no function"
    )
    if found != parameters:
        raise PatchError(f"{owner.__name__}.{name} has ({found}), not ({parameters})")
