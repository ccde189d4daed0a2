"""Compares two snapshots of a stack, resource by resource and property by property. Prints nothing."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Literal

from localcloud.json_values import is_array, is_object
from localcloud.preview.documents import readable
from localcloud.preview.replacements import Anew, renewed
from localcloud.preview.snapshot import Declared, Snapshot
from localcloud.provision.changes import replacing
from localcloud.provision.inputs import keep
from localcloud.provision.registry import TYPES

HOLDING_DATA = {
    "aws:cognito/userPool:UserPool",
    "aws:dynamodb/table:Table",
    "aws:s3/bucket:Bucket",
    "aws:secretsmanager/secret:Secret",
}
"""Types whose resources have what can't be made again when they are gone."""

Action = Literal["added", "removed", "replaced", "changed"]


class Missing:
    """What a property is where it is not given; compare with `is MISSING`."""

    def __bool__(self) -> bool:
        return False


MISSING = Missing()


@dataclass(frozen=True)
class Property:
    """One difference; `path` is as in `environment.variables.TABLE`."""

    path: str
    before: Any
    after: Any

    @property
    def input(self) -> str:
        """The input that the path begins with."""
        return self.path.partition(".")[0].partition("[")[0]


@dataclass(frozen=True)
class Change:
    """What becomes of one resource; `resource` is as it will be, or as it was if it is removed.

    `replacing` are the inputs for which it is replaced.
    """

    action: Action
    resource: Declared
    was_protected: bool
    properties: tuple[Property, ...]
    replacing: tuple[str, ...] = ()

    @property
    def goes(self) -> bool:
        """Whether the resource that there is goes, with or without a successor."""
        return self.action in ("replaced", "removed")

    @property
    def is_refused(self) -> bool:
        """Whether Pulumi's engine refuses it, and with it the whole update."""
        return self.goes and self.was_protected

    @property
    def loses_data(self) -> bool:
        """Whether a resource that holds data goes; `forceDestroy` says that it may."""
        holds_data = self.resource.type in HOLDING_DATA
        return self.goes and holds_data and not self.resource.inputs.get("forceDestroy")

    def immutable(self) -> list[Property]:
        """The differences that can't be made in place."""
        return [each for each in self.properties if each.input in self.replacing]


def compare(before: Snapshot, after: Snapshot) -> list[Change]:
    """The changes in the order of the resources' URNs; none if the two mean the same."""
    replaced: set[str] = set()
    while True:
        # Replacing one resource may replace others, which refer to it.
        found = _compared(before, renewed(after, replaced))
        now = {change.resource.urn for change in found if change.action == "replaced"}
        if now == replaced:
            return found
        replaced = now


def _compared(before: Snapshot, after: Snapshot) -> list[Change]:
    found: list[Change] = []
    gone = dict(before.resources)
    for resource in after.resources.values():
        old = gone.pop(_known_as(resource, gone, after), None)
        change = _changed(old, resource) if old else _new(resource)
        if change:
            found.append(change)
    found += [_removed(resource) for resource in gone.values()]
    return sorted(found, key=lambda change: change.resource.urn)


def undone(changes: Sequence[Change]) -> list[Change]:
    """Removed settings whose successors, under another name, set the same: the removal takes that back.

    Pulumi makes new resources first and deletes last. So a bucket whose policy was renamed has none in the end.
    """
    added = [_subject(each.resource) for each in changes if each.action == "added"]
    return [
        each
        for each in changes
        if each.action == "removed" and (subject := _subject(each.resource)) and subject in added
    ]


def _subject(resource: Declared) -> tuple[str, ...]:
    """What a setting sets; () for a resource that is not the only one of its type there."""
    kind = TYPES.get(resource.type)
    once = kind.once_for if kind else ()
    return (resource.type, *(str(resource.inputs.get(key)) for key in once)) if once else ()


def outputs(before: Snapshot, after: Snapshot) -> list[Property]:
    """The stack's outputs that differ."""
    return list(_differences(before.outputs, after.outputs))


def unseen_config(before: Snapshot, after: Snapshot) -> list[Property]:
    """The settings that differ and that no resource shows."""
    return list(_differences(before.config, after.config))


def _known_as(resource: Declared, before: Mapping[str, Declared], after: Snapshot) -> str:
    """The URN that the resource had: its own, or one that an alias names and nobody else has."""
    names = [resource.urn, *(each for each in resource.aliases if each not in after.resources)]
    return next((urn for urn in names if urn in before), resource.urn)


def _new(resource: Declared) -> Change:
    return Change("added", resource, False, tuple(_differences({}, readable(resource))))


def _removed(resource: Declared) -> Change:
    properties = tuple(_differences(readable(resource), {}))
    return Change("removed", resource, resource.protect, properties)


def _changed(old: Declared, new: Declared) -> Change | None:
    """None if nothing differs but what the program says to ignore."""
    inputs = deepcopy(new.inputs)
    for path in new.ignore_changes:
        keep(inputs, old.inputs, path)
    anew = {key: value for key, value in inputs.items() if isinstance(value, Anew)}
    known = inputs | {key: value.value for key, value in anew.items()}
    properties = list(_differences(readable(old), readable(replace(new, inputs=known))))
    properties += [Property(key, old.inputs.get(key, MISSING), anew[key]) for key in anew]
    about = {"(name)": "name", "(protect)": "protect"}
    for path, field in about.items():
        if getattr(old, field) != getattr(new, field):
            properties.append(Property(path, getattr(old, field), getattr(new, field)))
    if not properties:
        return None
    # A component has no type in the table, and nothing of it is replaced.
    kind = TYPES.get(new.type)
    replaced = replacing(kind, old.inputs, inputs, new.replace_on_changes) if kind else []
    action: Action = "replaced" if replaced else "changed"
    return Change(action, new, old.protect, tuple(properties), tuple(replaced))


def _differences(
    before: Mapping[str, Any], after: Mapping[str, Any], path: str = ""
) -> Iterator[Property]:
    for key in sorted(before.keys() | after.keys()):
        where = f"{path}.{key}" if path else key
        yield from _difference(where, before.get(key, MISSING), after.get(key, MISSING))


def _difference(path: str, before: Any, after: Any) -> Iterator[Property]:
    if is_object(before) and is_object(after):
        yield from _differences(before, after, path)
    elif is_array(before) and is_array(after) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _difference(f"{path}[{index}]", old, new)
    elif before != after:
        yield Property(path, before, after)
