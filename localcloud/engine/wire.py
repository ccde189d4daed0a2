"""Properties as the engine sends them to a provider, as the plain values that the provisioners take.

Secrets come in clear; files and archives are their fingerprints, as the engine computed them.
"""

# The SDK has no public names for the wire format's signatures.
# pyright: reportPrivateUsage=false

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

from localcloud import values
from localcloud.provision.archive import Archive, File

INTERNAL = "__"
"""How the names of properties begin that are between the engine and its providers."""
GENERATED = "__defaults"
"""Lists the inputs that the provider gave a value, as in Pulumi's bridged providers."""
SOURCES = ("assets", "path", "text", "uri")
FILES = {rpc._special_asset_sig: File, rpc._special_archive_sig: Archive}


def plain(struct: struct_pb2.Struct, directory: Path) -> dict[str, Any]:
    """The properties without nulls and internal ones; files in them are read below `directory` when asked."""
    return _object(struct, directory, [k for k in struct.fields if not k.startswith(INTERNAL)])


def with_values(struct: struct_pb2.Struct, changed: Mapping[str, Any]) -> struct_pb2.Struct:
    """A copy with other values; what was a secret stays one."""
    copy = struct_pb2.Struct()
    copy.CopyFrom(struct)
    for key, value in changed.items():
        secret = key in struct.fields and _signature(struct[key]) == rpc._special_secret_sig
        copy.update({key: values.secret(value) if secret else value})
    return copy


def unknown(struct: struct_pb2.Struct, keys: Iterable[str]) -> struct_pb2.Struct:
    """A copy in which those of the keys that it lacks are unknown."""
    return with_values(struct, {key: rpc.UNKNOWN for key in keys if key not in struct.fields})


def _object(struct: struct_pb2.Struct, directory: Path, keys: Iterable[str]) -> dict[str, Any]:
    found = {key: _plain(struct[key], directory) for key in keys}
    return {key: value for key, value in found.items() if value is not None}


def _plain(value: Any, directory: Path) -> Any:
    if isinstance(value, struct_pb2.Struct):
        signature = _signature(value)
        if signature in FILES:
            fingerprint = str(value["hash"])
            # Of a file that is in the state only the fingerprint may be left.
            if not any(key in value.fields and value[key] for key in SOURCES):
                return fingerprint
            return FILES[signature](rpc.deserialize_property(value), directory, fingerprint)
        if signature is not None:
            found = values.property_value(value)
            return rpc.UNKNOWN if found is values.UNKNOWN else found
        return _object(value, directory, value.fields)
    if isinstance(value, struct_pb2.ListValue):
        return [_plain(item, directory) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _signature(value: Any) -> str | None:
    if isinstance(value, struct_pb2.Struct) and values.SIGNATURE in value.fields:
        return str(value[values.SIGNATURE])
    return None
