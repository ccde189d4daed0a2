"""Changes to one resource on the emulator, for whatever drives them: `up`'s provisioner or Pulumi's engine."""

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from localcloud.errors import LocalError
from localcloud.provision.aws import Aws, is_not_found
from localcloud.provision.inputs import differing
from localcloud.provision.resource import Resource, ResourceType
from localcloud.provision.tags import Tags, put_tags

ALWAYS_HONOURED = {"tags"}


def replacing(
    kind: ResourceType,
    before: Mapping[str, Any],
    now: Mapping[str, Any],
    on_changes: Iterable[str] = (),
) -> list[str]:
    """The inputs that differ and replace a resource of this type, sorted.

    `on_changes` are those of which the program says so (`replaceOnChanges`); "*" is all of them.
    """
    paths = {path.partition(".")[0].partition("[")[0] for path in on_changes}
    immutable = set(kind.immutable) | paths
    return [
        key
        for key in differing(before, now)
        # To the provider, what is not given is the same as empty or false.
        if ("*" in paths or key in immutable) and (before.get(key) or now.get(key))
    ]


def configure(aws: Aws, kind: ResourceType, resource: Resource, label: str) -> dict[str, Any]:
    """Brings a resource that was created in line with its inputs, tags included, and returns its outputs.

    LocalError if it has an input that the local cloud has no use for: that would be ignored silently.
    """
    outputs = dict(kind.configure(aws, resource))
    honoured = {*kind.inert, *kind.immutable} | ALWAYS_HONOURED
    finished = {} if resource.unfinished else resource.previous or {}
    changed = differing(finished, resource.inputs)
    if ignored := sorted((resource.unread() & set(changed)) - honoured):
        raise LocalError(
            f"{label}: the local cloud does not know the input(s) {', '.join(ignored)}"
        )
    if "arn" in outputs:
        before: Tags = (resource.previous or {}).get("tags") or {}
        put_tags(aws, outputs["arn"], resource.get("tags") or {}, before)
    return outputs


def delete(aws: Aws, kind: ResourceType, resource: Resource) -> None:
    """Deletes a resource; one that is gone already is deleted."""
    try:
        kind.delete(aws, resource)
    except (ClientError, BotoCoreError) as error:
        if not is_not_found(error):
            raise


def label(token: str, name: str) -> str:
    """A resource as messages name it: `Table orders`."""
    return f"{token.rpartition(':')[2]} {name}"


def failure(named: str, error: ClientError | BotoCoreError) -> LocalError:
    """What the emulator refused, in one line that begins with the resource's label."""
    if isinstance(error, HTTPClientError | ConnectionError):
        what = type(error).__name__
        return LocalError(f"the emulator stopped answering ({what}): run `up` again")
    detail = (
        error.response.get("Error", {}).get("Message") if isinstance(error, ClientError) else None
    )
    return LocalError(f"{named}: {' '.join((detail or str(error)).split())}")
