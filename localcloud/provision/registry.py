"""Every resource type that the local cloud can make. To add one, add an entry to `TYPES` in its service's module."""

import importlib
from dataclasses import replace

from localcloud.errors import LocalError
from localcloud.provision.resource import ResourceType

SERVICES = (
    "api_keys",
    "api_stages",
    "bucket_settings",
    "buckets",
    "cloudfront_policies",
    "configuration_sets",
    "distributions",
    "domains",
    "emails",
    "event_invokes",
    "event_sources",
    "firewalls",
    "function_access",
    "functions",
    "iam",
    "logs",
    "objects",
    "parameters",
    "queues",
    "rest_apis",
    "schedules",
    "secret_values",
    "state_machines",
    "table_items",
    "tables",
    "topics",
    "user_groups",
    "user_pool_clients",
    "user_pools",
)
"""The modules that have types."""
# Of any type: the region (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support)
# and what a made-up name begins with.
ALWAYS_IMMUTABLE = ("region", "namePrefix", "bucketPrefix", "statementIdPrefix")
TYPES: dict[str, ResourceType] = {
    token: replace(entry, immutable=(*entry.immutable, *ALWAYS_IMMUTABLE))
    for service in SERVICES
    for token, entry in importlib.import_module(f"{__package__}.{service}").TYPES.items()
}


def resource_type(token: str, name: str) -> ResourceType:
    """The entry of a type token; LocalError that names an unknown one and the resource."""
    if token not in TYPES:
        raise LocalError(f"{token} ({name}): the local cloud cannot make resources of this type")
    return TYPES[token]
