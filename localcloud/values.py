"""Reads the property values that the Pulumi SDK sends to an engine (protobuf structs) as plain Python values.

Wire format: pulumi/sdk/python/lib/pulumi/runtime/rpc.py. Knows nothing about resources.
"""

# The SDK has no public names for the wire format's signatures.
# pyright: reportPrivateUsage=false

from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

SECRET = "[secret]"
SIGNATURE = rpc._special_sig_key
REFERENCES = (rpc._special_resource_sig, rpc._special_output_value_sig)


class Unknown:
    """The value of an output that a preview cannot know; compare with `is UNKNOWN`."""

    def __repr__(self) -> str:
        return "<unknown>"


UNKNOWN = Unknown()


def properties(struct: struct_pb2.Struct, masked: bool = False) -> dict[str, Any]:
    """The struct's properties, camelCase as on the wire, without nulls; whole numbers are ints.

    Secrets come out in clear, or as "[secret]" with `masked`; archives and assets as Pulumi objects.
    """
    found = {key: property_value(struct[key], masked) for key in struct.fields}
    return {key: value for key, value in found.items() if value is not None}


def secret(value: Any) -> dict[str, Any]:
    """The wire form of a secret value."""
    return {SIGNATURE: rpc._special_secret_sig, "value": value}


def property_value(value: Any, masked: bool = False) -> Any:
    """One property's value, as `properties` gives it."""
    if isinstance(value, struct_pb2.Struct):
        return _struct(value, masked)
    if isinstance(value, struct_pb2.ListValue):
        return [property_value(item, masked) for item in value]
    if value == rpc.UNKNOWN:
        return UNKNOWN
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _struct(struct: struct_pb2.Struct, masked: bool) -> Any:
    signature = struct[SIGNATURE] if SIGNATURE in struct.fields else None
    if signature is None:
        return properties(struct, masked)
    if signature == rpc._special_secret_sig:
        return SECRET if masked else property_value(struct["value"], masked)
    if signature in REFERENCES:
        key = "urn" if "urn" in struct.fields else "value"
        return property_value(struct[key], masked) if key in struct.fields else UNKNOWN
    return rpc.deserialize_property(struct)
