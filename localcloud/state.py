"""What the local cloud has made: one JSON file in the state directory, rewritten atomically after every change.

It belongs to one emulator instance and means nothing for another. It holds the inputs of every resource, secrets
included, so that the next run can compare; hence its mode. The same values can be read from the emulator by anybody
who can read the file.
"""

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

VERSION = 2


class UnusableState(Exception):
    """The file is not a state file that this version wrote; the message says why."""


@dataclass(frozen=True)
class Entry:
    """One resource. `generation` changes when it is replaced; `owners` are those of what immutable inputs refer to.

    `finished` is False from before a change until the resource is in line with `inputs`. `protect` and `retain` are
    what the program last said: it may not be deleted, or it stays when the program no longer declares it.
    """

    type: str
    name: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    dependencies: list[str]
    generation: str
    owners: list[str]
    finished: bool
    protect: bool
    retain: bool


class State:
    """The entries by URN, safe to use from several threads."""

    def __init__(self, path: Path, instance: str) -> None:
        self._path = path
        self.instance = instance
        self._entries: dict[str, Entry] = {}
        self._texts: dict[str, str] = {}
        self._lock = threading.Lock()

    @classmethod
    def load(cls, path: Path) -> "State | None":
        """The state in the file, None if there is no file; UnusableState if it cannot be read."""
        try:
            document = json.loads(path.read_text())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise UnusableState(f"{path} cannot be read ({error})") from None
        try:
            if document["version"] != VERSION:
                raise UnusableState(f"{path} was written by another version")
            state = cls(path, str(document["instance"]))
            for urn, entry in document["resources"].items():
                state._set(urn, Entry(**entry))
        except (KeyError, TypeError, AttributeError):
            raise UnusableState(f"{path} is not a state file") from None
        return state

    def get(self, urn: str) -> Entry | None:
        """The resource with this URN, if it was made."""
        return self._entries.get(urn)

    def items(self) -> list[tuple[str, Entry]]:
        """All resources at this moment."""
        with self._lock:
            return list(self._entries.items())

    def put(self, urn: str, entry: Entry) -> Entry:
        """Writes one resource."""
        with self._lock:
            self._set(urn, entry)
            self._write()
        return entry

    def remove(self, urn: str) -> None:
        """Forgets one resource."""
        with self._lock:
            del self._entries[urn], self._texts[urn]
            self._write()

    def move(self, old_urn: str, new_urn: str) -> None:
        """Gives a resource another URN, in what depends on it as well."""
        with self._lock:
            entry = self._entries.pop(old_urn)
            del self._texts[old_urn]
            self._set(new_urn, entry)
            for urn, other in list(self._entries.items()):
                if old_urn in other.dependencies:
                    renamed = [
                        new_urn if found == old_urn else found for found in other.dependencies
                    ]
                    self._set(urn, replace(other, dependencies=renamed))
            self._write()

    def save(self) -> None:
        """Writes the file, also without any resource in it."""
        with self._lock:
            self._write()

    def _set(self, urn: str, entry: Entry) -> None:
        self._entries[urn] = entry
        self._texts[urn] = f"{json.dumps(urn)}: {json.dumps(vars(entry))}"

    def _write(self) -> None:
        resources = ",\n".join(self._texts.values())
        text = f'{{"version": {VERSION}, "instance": {json.dumps(self.instance)}, "resources": {{\n{resources}\n}}}}\n'
        temporary = self._path.with_suffix(".new")
        with os.fdopen(
            os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
        ) as file:
            file.write(text)
        temporary.replace(self._path)
