"""The backend behind `up`: makes each declared resource, or brings it in line, and deletes what is no longer declared.

Like the engine it replaces a resource when an immutable input changed. One difference: names here are stable, so the
old one goes before the new one comes (unless its type says `create_first`), and a resource is also replaced when one
that its immutable inputs refer to was: the settings of a replaced bucket went with it, though its name is the same.
`protect` and `retainOnDelete` guard nothing here: the data of a laptop is not worth it.
"""

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from localcloud.errors import LocalError
from localcloud.provision import changes
from localcloud.provision.aws import Aws
from localcloud.provision.inputs import differing, keep, stored
from localcloud.provision.invokes import Run, answer
from localcloud.provision.registry import resource_type
from localcloud.provision.resource import Resource, ResourceType
from localcloud.registration import Registration
from localcloud.state import Entry, State

Action = Literal["created", "updated", "replaced", "deleted", "unchanged"]
OLD = "#replaced-"  # marks the URN of a resource whose successor exists already


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

    def __init__(
        self,
        aws: Aws,
        state: State,
        prefix: str,
        directory: Path,
        on_event: Callable[[Event], None],
    ) -> None:
        self._aws = aws
        self._state = state
        self._prefix = prefix
        self._directory = directory
        self._on_event = on_event
        self._declared: set[str] = set()
        self._lock = threading.Lock()

    def invoke(self, token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answers a provider function."""
        return answer(token, arguments, Run(preview=False))

    def register(self, resource: Registration) -> tuple[str, Mapping[str, Any]]:
        """Makes the resource what the program says; LocalError names it when the emulator refuses."""
        kind = resource_type(resource.type, resource.name)
        with self._lock:
            self._declared.add(resource.urn)
        try:
            entry, event = self._bring_in_line(kind, resource)
        except (ClientError, BotoCoreError) as error:
            raise changes.failure(changes.label(resource.type, resource.name), error) from None
        self._report(event)
        return entry.id, entry.outputs

    def delete_undeclared(self) -> None:
        """Deletes what the program no longer declares, dependants first."""
        doomed = {urn: entry for urn, entry in self._state.items() if urn not in self._declared}
        for entry in doomed.values():
            _refuse_protected(entry, "is no longer declared")
        graph = {urn: set(entry.dependencies) & doomed.keys() for urn, entry in doomed.items()}
        for urn in reversed(list(TopologicalSorter(graph).static_order())):
            entry = doomed[urn]
            successor = self._state.get(urn.partition(OLD)[0]) if OLD in urn else None
            if not entry.retain and (successor is None or successor.id != entry.id):
                self._delete(resource_type(entry.type, entry.name), entry)
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
        changed = differing(known.inputs, inputs)
        replacing = changes.replacing(kind, known.inputs, inputs, declared.replace_on_changes)
        if replacing or owners != known.owners:
            _refuse_protected(known, f"would be replaced ({', '.join(replacing)})")
            self._retire(kind, declared.urn, known, owners)
            entry = self._create(kind, declared, inputs, owners)
            return entry, _event("replaced", declared, changed)
        if changed or not known.finished:
            return self._update(kind, declared, known, inputs), _event("updated", declared, changed)
        if known != (kept := replace(known, **_kept(declared))):
            known = self._state.put(declared.urn, kept)
        return known, _event("unchanged", declared)

    def _known(self, declared: Registration) -> Entry | None:
        for alias in declared.aliases:
            if self._state.get(declared.urn) is None and self._state.get(alias):
                self._state.move(alias, declared.urn)
        return self._state.get(declared.urn)

    def _inputs(self, declared: Registration, known: Entry | None) -> dict[str, Any]:
        """What the program gives; what it wants ignored keeps the value that it was created with."""
        inputs = stored(declared.inputs, self._directory)
        if known:
            for path in declared.ignore_changes:
                keep(inputs, known.inputs, path)
        return inputs

    def _owners(self, kind: ResourceType, declared: Registration) -> list[str]:
        urns = {urn for key in kind.immutable for urn in declared.input_dependencies.get(key, ())}
        entries = [self._state.get(urn) for urn in sorted(urns)]
        return [entry.generation for entry in entries if entry]

    def _create(
        self,
        kind: ResourceType,
        declared: Registration,
        inputs: dict[str, Any],
        owners: list[str],
    ) -> Entry:
        resource = Resource(f"{self._prefix}-{declared.name}", inputs)
        resource.id = kind.create(self._aws, resource)
        entry = Entry(
            type=declared.type,
            name=declared.name,
            id=resource.id,
            inputs=inputs,
            outputs={},
            dependencies=list(declared.dependencies),
            generation=uuid.uuid4().hex[:12],
            owners=owners,
            finished=False,
            **_kept(declared),
        )
        return self._finish(kind, declared.urn, entry, resource)

    def _update(
        self, kind: ResourceType, declared: Registration, known: Entry, inputs: dict[str, Any]
    ) -> Entry:
        resource = Resource(
            f"{self._prefix}-{declared.name}",
            inputs,
            physical_id=known.id,
            previous=known.inputs,
            unfinished=not known.finished,
        )
        entry = replace(
            known, finished=False, dependencies=list(declared.dependencies), **_kept(declared)
        )
        finished = self._finish(kind, declared.urn, entry, resource)
        return self._state.put(declared.urn, replace(finished, inputs=inputs))

    def _finish(self, kind: ResourceType, urn: str, entry: Entry, resource: Resource) -> Entry:
        """Configures it; if that fails, the entry stays unfinished and the next run does it again."""
        self._state.put(urn, entry)
        named = changes.label(entry.type, entry.name)
        outputs = changes.configure(self._aws, kind, resource, named)
        return self._state.put(urn, replace(entry, outputs=outputs, finished=True))

    def _retire(self, kind: ResourceType, urn: str, entry: Entry, owners: list[str]) -> None:
        if kind.create_first:
            self._state.put(f"{urn}{OLD}{entry.generation}", entry)
            return
        try:
            self._delete(kind, entry)
        except LocalError:
            # What its owner took along, or what does not fit the owner's successor, cannot be deleted.
            if owners == entry.owners:
                raise
        self._state.remove(urn)

    def _delete(self, kind: ResourceType, entry: Entry) -> None:
        resource = Resource("", entry.inputs, physical_id=entry.id)
        try:
            changes.delete(self._aws, kind, resource)
        except (ClientError, BotoCoreError) as error:
            raise changes.failure(changes.label(entry.type, entry.name), error) from None


def _kept(declared: Registration) -> dict[str, bool]:
    """What the program says of the resource's end."""
    return {"protect": declared.protect, "retain": declared.retain_on_delete}


def _refuse_protected(entry: Entry, why: str) -> None:
    """LocalError, as Pulumi's engine refuses it, if a resource is protected that is about to go."""
    if entry.protect:
        raise LocalError(
            f"{changes.label(entry.type, entry.name)} is protected, and {why}:"
            " lift its protection in a run of its own first"
        )


def _event(action: Action, declared: Registration, changed: tuple[str, ...] = ()) -> Event:
    return Event(action, declared.type, declared.name, changed)
