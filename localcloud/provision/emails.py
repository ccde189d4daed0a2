"""SES identities. The emulator takes them as verified, keeps what is sent, and sends nothing."""

from collections.abc import Mapping
from typing import Any

from localcloud.errors import LocalError
from localcloud.provision.aws import Aws, arn
from localcloud.provision.reading import at, reported
from localcloud.provision.resource import Resource, ResourceType
from localcloud.provision.tags import read_tags


def _create(aws: Aws, identity: Resource) -> str:
    name = identity["emailIdentity"]
    # As SES does; the emulator would let the second stack take over the first one's.
    if _find(aws, identity):
        raise LocalError(f"EmailIdentity: the identity {name} already exists in this account")
    aws.sesv2.create_email_identity(EmailIdentity=name)
    return name


def _configure(_aws: Aws, identity: Resource) -> Mapping[str, Any]:
    kind = "EMAIL_ADDRESS" if "@" in identity.id else "DOMAIN"
    return {"arn": _arn(identity), "identityType": kind}


def _arn(identity: Resource) -> str:
    return arn("ses", f"identity/{identity.id}")


def _read(aws: Aws, identity: Resource) -> Mapping[str, Any] | None:
    aws.sesv2.get_email_identity(EmailIdentity=identity.id)
    inputs = {"emailIdentity": identity.id, "tags": read_tags(aws, _arn(identity))}
    return reported(identity, inputs)


_find = at(lambda identity: identity["emailIdentity"], _read)


def _delete(aws: Aws, identity: Resource) -> None:
    aws.sesv2.delete_email_identity(EmailIdentity=identity.id)


TYPES = {
    "aws:sesv2/emailIdentity:EmailIdentity": ResourceType(
        _create,
        _configure,
        _delete,
        _read,
        _find,
        computed=("arn", "identityType"),
        immutable=("emailIdentity",),
        inert=("configurationSetName", "dkimSigningAttributes"),
    ),
}
