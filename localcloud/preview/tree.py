"""A snapshot as text: children under their parents, with all inputs and with documents whole."""

from collections import defaultdict
from collections.abc import Iterator

from localcloud.preview.documents import as_yaml, readable
from localcloud.preview.snapshot import Declared, Snapshot

INDENT = "  "


def tree(snapshot: Snapshot) -> list[str]:
    """The lines, without a heading: a component's own resources come before the components in it."""
    children: dict[str, list[Declared]] = defaultdict(list)
    for resource in snapshot.resources.values():
        children[resource.parent if resource.parent in snapshot.resources else ""].append(resource)
    parents = set(children)

    def below(urn: str, depth: int) -> Iterator[str]:
        for resource in sorted(children[urn], key=lambda e: (e.urn in parents, e.kind, e.name)):
            protected = " (protected)" if resource.protect else ""
            yield f"{INDENT * depth}{resource.kind} {resource.name}{protected}"
            yield from inputs(resource, INDENT * (depth + 1))
            if resource.urn in parents:
                yield from below(resource.urn, depth + 1)

    return [
        "Config",
        *(INDENT + line for line in as_yaml(snapshot.config)),
        *below("", 0),
        "Outputs",
        *(INDENT + line for line in as_yaml(snapshot.outputs)),
    ]


def inputs(resource: Declared, indent: str) -> list[str]:
    """The lines of a resource's inputs."""
    found = readable(resource)
    return [indent + line for line in as_yaml(found)] if found else []
