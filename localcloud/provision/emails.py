"""SES identities. The emulator takes them as verified, keeps what is sent, and sends nothing."""

from collections.abc import Mapping
from typing import Any

from localcloud.errors import LocalError
from localcloud.provision.aws import Aws, arn
from localcloud.provision.reading import at, inputs_of, reported
from localcloud.provision.resource import Resource, ResourceType, camel
from localcloud.provision.tags import read_tags

SETTINGS = camel("configurationSetName")


def _create(aws: Aws, identity: Resource) -> str:
    name = identity["emailIdentity"]
    # As SES does; the emulator would let the second stack take over the first one's.
    if _find(aws, identity):
        raise LocalError(f"EmailIdentity: the identity {name} already exists in this account")
    aws.sesv2.create_email_identity(EmailIdentity=name, **identity.given(SETTINGS))
    return name


def _configure(aws: Aws, identity: Resource) -> Mapping[str, Any]:
    if identity.previous is not None and identity.changed(*SETTINGS):
        aws.sesv2.put_email_identity_configuration_set_attributes(
            EmailIdentity=identity.id, **identity.given(SETTINGS)
        )
    kind = "EMAIL_ADDRESS" if "@" in identity.id else "DOMAIN"
    return {"arn": _arn(identity), "identityType": kind}


def _arn(identity: Resource) -> str:
    return arn("ses", f"identity/{identity.id}")


def _read(aws: Aws, identity: Resource) -> Mapping[str, Any] | None:
    found = aws.sesv2.get_email_identity(EmailIdentity=identity.id)
    inputs = inputs_of(found, SETTINGS) | {
        "emailIdentity": identity.id,
        "tags": read_tags(aws, _arn(identity)),
    }
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
        inert=("dkimSigningAttributes",),
    ),
}
