"""SES identities. The emulator takes them as verified, keeps what is sent, and sends nothing."""

from collections.abc import Mapping
from typing import Any

from local.provision.aws import Aws, arn
from local.provision.resource import Resource, ResourceType


def _create(aws: Aws, identity: Resource) -> str:
    aws.sesv2.create_email_identity(EmailIdentity=identity["emailIdentity"])
    return identity["emailIdentity"]


def _configure(_aws: Aws, identity: Resource) -> Mapping[str, Any]:
    kind = "EMAIL_ADDRESS" if "@" in identity.id else "DOMAIN"
    return {"arn": arn("ses", f"identity/{identity.id}"), "identityType": kind}


def _delete(aws: Aws, identity: Resource) -> None:
    aws.sesv2.delete_email_identity(EmailIdentity=identity.id)


TYPES = {
    "aws:sesv2/emailIdentity:EmailIdentity": ResourceType(
        _create,
        _configure,
        _delete,
        computed=("arn", "identityType"),
        immutable=("emailIdentity",),
        inert=("configurationSetName", "dkimSigningAttributes"),
    ),
}
