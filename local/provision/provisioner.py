"""The backend behind `up`: makes each declared resource, or brings it in line, and deletes what is no longer declared.

Like the engine it replaces a resource when an immutable input changed. One difference: names here are stable, so the
old one goes before the new one comes (unless its type says `create_first`), and a resource is also replaced when one
that its immutable inputs refer to was: the settings of a replaced bucket went with it, though its name is the same.
"""

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Literal

import pulumi
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from local.errors import LocalError
from local.provision.archive import Archive
from local.provision.aws import Aws
from local.provision.invokes import answer
from local.provision.registry import resource_type
from local.provision.resource import Resource, ResourceType
from local.provision.tags import put_tags
from local.registration import Registration
from local.state import Entry, State
from local.values import UNKNOWN

Action = Literal["created", "updated", "replaced", "deleted", "unchanged"]
OLD = "#replaced-"  # marks the URN of a resource whose successor exists already
NOT_FOUND = ("NotFound", "NoSuch", "NonExistent", "DoesNotExist")
ALWAYS_HONOURED = {"region", "tags"}
ALWAYS_IMMUTABLE = {"namePrefix", "bucketPrefix", "statementIdPrefix"}


@dataclass(frozen=True)
class Event:
    """One line of progress; `changed` names the inputs that differ."""

    action: Action
    type: str
    name: str
    changed: tuple[str, ...] = ()


class Provisioner:
    """One run against one emulator. `register` is called from several threads at once."""

    dry_run = False

    def __init__(self, aws: Aws, state: State, prefix: str, directory: Path, on_event: Callable[[Event], None]) -> None:
        self._aws = aws
        self._state = state
        self._prefix = prefix
        self._directory = directory
        self._on_event = on_event
        self._declared: set[str] = set()
        self._lock = threading.Lock()

    def invoke(self, token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answers a provider function."""
        return answer(token, arguments, preview=False)

    def register(self, declared: Registration) -> tuple[str, Mapping[str, Any]]:
        """Makes the resource what the program says; LocalError names it when the emulator refuses."""
        kind = resource_type(declared.type, declared.name)
        with self._lock:
            self._declared.add(declared.urn)
        try:
            entry, event = self._bring_in_line(kind, declared)
        except ClientError as error:
            detail = error.response.get("Error", {}).get("Message") or str(error)
            raise LocalError(f"{_label(declared.type)} {declared.name}: {detail}") from None
        except BotoCoreError as error:
            raise _failure(declared.type, declared.name, error) from None
        self._report(event)
        return entry.id, entry.outputs

    def delete_undeclared(self) -> None:
        """Deletes what the program no longer declares, dependants first."""
        doomed = {urn: entry for urn, entry in self._state.items() if urn not in self._declared}
        graph = {urn: set(entry.dependencies) & doomed.keys() for urn, entry in doomed.items()}
        for urn in reversed(list(TopologicalSorter(graph).static_order())):
            entry = doomed[urn]
            try:
                self._delete(resource_type(entry.type, entry.name), entry)
            except ClientError as error:
                raise LocalError(f"cannot delete {_label(entry.type)} {entry.name}: {error}") from None
            except BotoCoreError as error:
                raise _failure(entry.type, entry.name, error) from None
            self._state.remove(urn)
            if OLD not in urn:
                self._report(Event("deleted", entry.type, entry.name))

    def _report(self, event: Event) -> None:
        with self._lock:
            self._on_event(event)

    def _bring_in_line(self, kind: ResourceType, declared: Registration) -> tuple[Entry, Event]:
        known = self._known(declared)
        inputs = self._inputs(declared, known)
        owners = self._owners(kind, declared)
        if known is None:
            return self._create(kind, declared, inputs, owners), _event("created", declared)
        changed = tuple(sorted(k for k in known.inputs.keys() | inputs if known.inputs.get(k) != inputs.get(k)))
        if set(changed) & (ALWAYS_IMMUTABLE | set(kind.immutable)) or owners != known.owners:
            self._retire(kind, declared.urn, known)
            return self._create(kind, declared, inputs, owners), _event("replaced", declared, changed)
        if changed or not known.finished:
            entry = replace(known, finished=False, dependencies=_dependencies(declared))
            self._state.put(declared.urn, entry)
            return self._configure(kind, declared, entry, inputs, known), _event("updated", declared, changed)
        return known, _event("unchanged", declared)

    def _known(self, declared: Registration) -> Entry | None:
        for alias in declared.aliases:
            if self._state.get(declared.urn) is None and self._state.get(alias):
                self._state.move(alias, declared.urn)
        return self._state.get(declared.urn)

    def _inputs(self, declared: Registration, known: Entry | None) -> dict[str, Any]:
        """The inputs as they are stored; those to be ignored keep the value that they were created with."""
        inputs = {key: self._stored(value) for key, value in declared.inputs.items()}
        for path in declared.ignore_changes if known else ():
            _keep(inputs, known.inputs if known else {}, path)
        return inputs

    def _stored(self, value: Any) -> Any:
        if isinstance(value, pulumi.Archive):
            return Archive(value, self._directory)
        if isinstance(value, Mapping):
            return {key: self._stored(item) for key, item in value.items()}
        if value is UNKNOWN:
            raise LocalError("an input is unknown")
        return [self._stored(item) for item in value] if isinstance(value, list) else value

    def _owners(self, kind: ResourceType, declared: Registration) -> list[str]:
        urns = {urn for key in kind.immutable for urn in declared.input_dependencies.get(key, ())}
        entries = [self._state.get(urn) for urn in sorted(urns)]
        return [entry.generation for entry in entries if entry]

    def _create(self, kind: ResourceType, declared: Registration, inputs: dict[str, Any], owners: list[str]) -> Entry:
        resource = Resource(f"{self._prefix}-{declared.name}", inputs)
        physical_id = kind.create(self._aws, resource)
        entry = Entry(
            type=declared.type,
            name=declared.name,
            id=physical_id,
            inputs=inputs,
            outputs={},
            dependencies=_dependencies(declared),
            generation=uuid.uuid4().hex[:12],
            owners=owners,
            finished=False,
        )
        self._state.put(declared.urn, entry)
        resource.id = physical_id
        return self._finish(kind, declared, entry, resource, inputs)

    def _configure(
        self, kind: ResourceType, declared: Registration, entry: Entry, inputs: dict[str, Any], known: Entry
    ) -> Entry:
        name = f"{self._prefix}-{declared.name}"
        resource = Resource(name, inputs, known.id, known.outputs, known.inputs, unfinished=not known.finished)
        return self._finish(kind, declared, entry, resource, inputs)

    def _finish(
        self, kind: ResourceType, declared: Registration, entry: Entry, resource: Resource, inputs: dict[str, Any]
    ) -> Entry:
        outputs = dict(kind.configure(self._aws, resource))
        ignored = resource.unread() - {*kind.inert, *kind.immutable} - ALWAYS_HONOURED - ALWAYS_IMMUTABLE
        if ignored:
            raise LocalError(
                f"{_label(declared.type)} {declared.name}: the local cloud does not know the input(s)"
                f" {', '.join(sorted(ignored))}"
            )
        if "arn" in outputs:
            before = (resource.previous or {}).get("tags") or {}
            put_tags(self._aws, outputs["arn"], inputs.get("tags") or {}, before)
        return self._state.put(declared.urn, replace(entry, inputs=inputs, outputs=outputs, finished=True))

    def _retire(self, kind: ResourceType, urn: str, entry: Entry) -> None:
        if kind.create_first:
            self._state.put(f"{urn}{OLD}{entry.generation}", entry)
        else:
            self._delete(kind, entry)
            self._state.remove(urn)

    def _delete(self, kind: ResourceType, entry: Entry) -> None:
        try:
            kind.delete(self._aws, Resource("", entry.inputs, entry.id, entry.outputs, entry.inputs))
        except ClientError as error:
            if not any(word in error.response.get("Error", {}).get("Code", "") for word in NOT_FOUND):
                raise


def _keep(inputs: dict[str, Any], before: Mapping[str, Any], path: str) -> None:
    """Copies one property, such as `environment.variables`, from the previous inputs."""
    key, _, rest = path.partition(".")
    if rest and isinstance(inputs.get(key), dict):
        _keep(inputs[key], before.get(key) or {}, rest)
    elif key in before:
        inputs[key] = before[key]
    else:
        inputs.pop(key, None)


def _event(action: Action, declared: Registration, changed: tuple[str, ...] = ()) -> Event:
    return Event(action, declared.type, declared.name, changed)


def _dependencies(declared: Registration) -> list[str]:
    return list(declared.dependencies)


def _label(token: str) -> str:
    return token.rpartition(":")[2]


def _failure(token: str, name: str, error: BotoCoreError) -> LocalError:
    if isinstance(error, (HTTPClientError, ConnectionError)):
        return LocalError(f"the emulator stopped answering ({type(error).__name__}): run `make up` again")
    return LocalError(f"{_label(token)} {name}: {' '.join(str(error).split())}")
