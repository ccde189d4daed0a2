"""What a program declares, as plain values, and the backend that answers it. No behaviour of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Mode = Literal["unknown", "placeholder"]


@dataclass(frozen=True)
class Registration:
    """One declared resource. `inputs` are camelCase and in clear; `masked_inputs` are for printing."""

    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    protect: bool
    retain_on_delete: bool
    delete_before_replace: bool
    dependencies: tuple[str, ...]
    input_dependencies: Mapping[str, tuple[str, ...]]
    aliases: tuple[str, ...]
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    inputs: Mapping[str, Any]
    masked_inputs: Mapping[str, Any]


@dataclass(frozen=True)
class Recording:
    """What one run declared, ordered by URN, without the stack itself; secret exports read "[secret]"."""

    resources: list[Registration]
    exports: Mapping[str, Any]
    secret_exports: frozenset[str]
    component_outputs: Mapping[str, Mapping[str, Any]] = field(repr=False)

    def outputs(self, urn: str) -> Mapping[str, Any]:
        """The outputs that the component with this URN registered; KeyError if it registered none."""
        return self.component_outputs[urn]

    def of_type(self, token: str) -> list[Registration]:
        """All resources of one type token, such as `aws:lambda/function:Function`."""
        return [resource for resource in self.resources if resource.type == token]

    def one(self, token: str, name: str) -> Registration:
        """The only resource with this type token and logical name; LookupError otherwise."""
        found = [resource for resource in self.of_type(token) if resource.name == name]
        if len(found) != 1:
            raise LookupError(f"{len(found)} resources are {token} named {name}")
        return found[0]


class Backend(Protocol):
    """What stands behind a run: a preview, or the provisioner of the local cloud."""

    dry_run: bool

    def register(self, resource: Registration) -> tuple[str, Mapping[str, Any]]:
        """The physical id ("" = unknown) and the computed outputs of a custom resource."""
        ...

    def invoke(self, token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer of a provider function."""
        ...
