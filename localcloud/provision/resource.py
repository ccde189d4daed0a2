"""What a provisioner works with: one resource, and the table entry that says how its type is made."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from localcloud.errors import LocalError
from localcloud.json_values import is_array, is_object
from localcloud.provision.aws import Aws


class Resource:
    """One custom resource: its inputs (camelCase, in clear), those of last time, and its physical id once it has one.

    It remembers which inputs were read, so that none can be ignored without anybody noticing.
    """

    def __init__(
        self,
        default_name: str,
        inputs: Mapping[str, Any],
        *,
        physical_id: str = "",
        previous: Mapping[str, Any] | None = None,
        unfinished: bool = False,
    ) -> None:
        self.default_name = default_name
        self.id = physical_id
        self.previous = previous
        self.unfinished = unfinished
        self._inputs = inputs
        self._read: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self._read.add(key)
        return self._inputs[key]

    def get(self, key: str, default: Any = None) -> Any:
        """An input, or the default if the program does not give it."""
        self._read.add(key)
        return self._inputs.get(key, default)

    @property
    def inputs(self) -> Mapping[str, Any]:
        """All inputs; to look at them so reads none of them."""
        return self._inputs

    def at(self, physical_id: str) -> "Resource":
        """The same resource under another physical id."""
        found = copy.copy(self)
        found.id = physical_id
        return found

    def within(self, key: str) -> tuple[str, str]:
        """The input of which the resource is a part, and the id.

        If the input is not known, the id is read as `<input>/<id>`, the form in which the AWS provider imports it;
        LocalError if it is not in this form.
        """
        if key in self._inputs:
            return self[key], self.id
        owner, _, own = self.id.partition("/")
        if not own:
            raise LocalError(f"{self.id} alone does not tell the resource: give <{key}>/<id>")
        return owner, own

    def physical_name(self, key: str = "name") -> str:
        """The name that the program gives, or the one that the local cloud makes up (after a given prefix)."""
        return self.get(key) or self.get(f"{key}Prefix", "") + self.default_name

    def given(self, names: Mapping[str, str]) -> dict[str, Any]:
        """Those of the inputs that the program gives, under their names in the AWS API, nested keys included."""
        return {
            api: pascal(self.get(key)) for key, api in names.items() if self.get(key) is not None
        }

    def reset(
        self, names: Mapping[str, str], defaults: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Those of last time's inputs that the program no longer gives, at their defaults, as `given`.

        Without a default, an input is set to the empty value of its kind.
        """
        before = self.previous or {}
        gone = {
            key: api
            for key, api in names.items()
            if before.get(key) is not None and self.get(key) is None
        }
        return {
            api: pascal((defaults or {}).get(key, type(before[key])())) for key, api in gone.items()
        }

    def changed(self, *keys: str) -> bool:
        """Whether one of the inputs differs from last time; True if it is new or last time did not finish."""
        self._read.update(keys)
        if self.previous is None or self.unfinished:
            return True
        return any(self.previous.get(key) != self._inputs.get(key) for key in keys)

    def unread(self) -> set[str]:
        """The inputs that nothing has looked at."""
        return set(self._inputs) - self._read


def pascal(value: Any) -> Any:
    """`value` with the keys of all objects in it in PascalCase, as most AWS APIs want them."""
    if is_object(value):
        return {key[:1].upper() + key[1:]: pascal(item) for key, item in value.items()}
    return [pascal(item) for item in value] if is_array(value) else value


def camel(names: str) -> dict[str, str]:
    """`"memorySize timeout"` as {"memorySize": "MemorySize", "timeout": "Timeout"}, for Resource.given."""
    return {name: name[:1].upper() + name[1:] for name in names.split()}


@dataclass(frozen=True)
class ResourceType:
    """How one type is made. `create` is one API call, so that a failure leaves nothing half recorded.

    create     makes it and returns its physical id
    configure  brings everything else in line and returns the computed outputs; repeatable, also the update
    delete     removes it; may fail with a not-found error
    read       the inputs that the resource with this id has on the emulator (reading.py: which of them); the inputs
               given are the last ones known and may be none. None if it is gone, or a not-found error. An input that
               the emulator cannot tell is left out; one that is no longer set is its default, or None without one
    find       the physical id of the resource that the inputs describe, "" if there is none
    named      the input that holds a name that may be made up, "" if the type has none
    computed   outputs that the program can read and that are not always inputs
    immutable  inputs whose change replaces the resource, as in the AWS provider
    once_for   inputs of which there can be only one such resource for each value: a second one takes its place
    inert      inputs that the emulator has no use for: accepted, without effect
    listed     of the computed outputs, those that are a list with one object: its keys
    create_first  on a replacement the old one goes at the end of the run, because others still point to it
    """

    create: Callable[[Aws, Resource], str]
    configure: Callable[[Aws, Resource], Mapping[str, Any]]
    delete: Callable[[Aws, Resource], Any]
    read: Callable[[Aws, Resource], Mapping[str, Any] | None]
    find: Callable[[Aws, Resource], str]
    named: str = ""
    computed: tuple[str, ...] = ()
    immutable: tuple[str, ...] = ()
    once_for: tuple[str, ...] = ()
    inert: tuple[str, ...] = ()
    listed: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    create_first: bool = False
