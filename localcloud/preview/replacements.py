"""What the replacement of resources means for those that refer to them.

A new resource has other ids, ARNs and names than the one that it replaces, which a preview can't know; its stand-ins
are the same before and after.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from localcloud.preview.snapshot import Declared, Snapshot


@dataclass(frozen=True)
class Anew:
    """An input that will be another one, because it is made from what replaced resources compute.

    `value` is the input with stand-ins, `of` names the resources, as in `Table orders`.
    """

    value: Any
    of: tuple[str, ...]


def renewed(after: Snapshot, replaced: Collection[str]) -> Snapshot:
    """The snapshot with `Anew` for each input that depends on the resources with these URNs."""
    names = {
        urn: f"{resource.kind} {resource.name}"
        for urn, resource in after.resources.items()
        if urn in replaced
    }
    resources = {urn: _renewed(resource, names) for urn, resource in after.resources.items()}
    return replace(after, resources=resources)


def _renewed(resource: Declared, names: dict[str, str]) -> Declared:
    inputs = dict(resource.inputs)
    for key, urns in resource.input_dependencies.items():
        of = tuple(names[urn] for urn in urns if urn in names)
        if of and key in inputs:
            inputs[key] = Anew(inputs[key], of)
    return replace(resource, inputs=inputs)
