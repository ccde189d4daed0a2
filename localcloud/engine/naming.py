"""Physical names of resources: the program's, the engine's proposals, or those of a run that was killed."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from google.protobuf import struct_pb2

from localcloud.engine import wire
from localcloud.provision.aws import Aws
from localcloud.provision.resource import Resource, ResourceType


class Names:
    """`adopted` has the inputs' names (or "") by the URNs of what a killed run was creating."""

    def __init__(self, adopted: dict[str, str]) -> None:
        self._adopted = adopted

    @classmethod
    def load(cls, path: Path) -> "Names":
        """What recovery.adopt wrote; nothing to adopt if there is no file."""
        return cls(json.loads(path.read_text()) if path.is_file() else {})

    def given(self, kind: ResourceType, request: Any) -> struct_pb2.Struct:
        """The inputs of a Check request, with a name: the one it had, or a new one."""
        inputs = struct_pb2.Struct()
        inputs.CopyFrom(request.news)
        if not kind.named or kind.named in inputs.fields:
            return inputs
        prefix = _text(inputs, f"{kind.named}Prefix")
        if request.HasField("olds") and kind.named in request.olds.fields:
            name = str(request.olds[kind.named])
        else:
            name = self._adopted.get(request.urn) or prefix + request.autonaming.proposed_name
        if name != prefix:
            inputs.update({kind.named: name, wire.GENERATED: [kind.named]})
        return inputs

    def is_fixed(
        self, kind: ResourceType, inputs: struct_pb2.Struct, changed: Collection[str]
    ) -> bool:
        """Whether a replacement would have the name of what it replaces."""
        return (
            bool(kind.named) and wire.GENERATED not in inputs.fields and kind.named not in changed
        )

    def adopted(self, aws: Aws, kind: ResourceType, urn: str, resource: Resource) -> str:
        """The id of the resource if a killed run made it already, else ""."""
        return kind.find(aws, resource) if urn in self._adopted else ""


def _text(struct: struct_pb2.Struct, key: str) -> str:
    return str(struct[key]) if key in struct.fields else ""
