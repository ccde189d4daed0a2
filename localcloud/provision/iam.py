"""IAM roles and their inline policies. Enforced: the emulator runs with AUTH=true."""

import json
from collections.abc import Mapping
from typing import Any

from localcloud.provision.aws import Aws
from localcloud.provision.reading import at, reported
from localcloud.provision.resource import Resource, ResourceType, camel
from localcloud.provision.tags import read_tags

SETTINGS = camel("description maxSessionDuration")
DEFAULTS = {"path": "/", "maxSessionDuration": 3600}
BLANK = {"description": " "}  # the emulator does not see an empty parameter


def _create_role(aws: Aws, role: Resource) -> str:
    name = role.physical_name()
    aws.iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=role["assumeRolePolicy"], Path=role.get("path", "/")
    )
    return name


def _configure_role(aws: Aws, role: Resource) -> Mapping[str, Any]:
    name = role.id
    aws.iam.update_assume_role_policy(RoleName=name, PolicyDocument=role["assumeRolePolicy"])
    aws.iam.update_role(
        RoleName=name, **role.reset(SETTINGS, DEFAULTS | BLANK), **role.given(SETTINGS)
    )
    if boundary := role.get("permissionsBoundary"):
        aws.iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
    elif (role.previous or {}).get("permissionsBoundary"):
        aws.iam.delete_role_permissions_boundary(RoleName=name)
    _attach(aws, name, set(role.get("managedPolicyArns", [])))
    _put_inline(aws, role)
    described = aws.iam.get_role(RoleName=name)["Role"]
    return {"name": name, "arn": described["Arn"], "uniqueId": described["RoleId"]}


def _put_inline(aws: Aws, role: Resource) -> None:
    """Makes the role's inline policies those that it declares; if it never did, they are RolePolicy resources'."""
    wanted = {each["name"]: each["policy"] for each in role.get("inlinePolicies", [])}
    declared: list[dict[str, str]] = (role.previous or {}).get("inlinePolicies") or []
    before = {each["name"] for each in declared}
    if not wanted and not before:
        return
    for name, document in wanted.items():
        aws.iam.put_role_policy(RoleName=role.id, PolicyName=name, PolicyDocument=document)
    present = set(aws.iam.list_role_policies(RoleName=role.id)["PolicyNames"])
    for name in (present if wanted else present & before) - wanted.keys():
        aws.iam.delete_role_policy(RoleName=role.id, PolicyName=name)


def _attach(aws: Aws, role: str, wanted: set[str]) -> None:
    attached = aws.iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    present = {policy["PolicyArn"] for policy in attached}
    for policy in wanted - present:
        aws.iam.attach_role_policy(RoleName=role, PolicyArn=policy)
    for policy in present - wanted:
        aws.iam.detach_role_policy(RoleName=role, PolicyArn=policy)


def _delete_role(aws: Aws, role: Resource) -> None:
    _attach(aws, role.id, set())
    for policy in aws.iam.list_role_policies(RoleName=role.id)["PolicyNames"]:
        aws.iam.delete_role_policy(RoleName=role.id, PolicyName=policy)
    aws.iam.delete_role(RoleName=role.id)


def _put_policy(aws: Aws, policy: Resource) -> str:
    aws.iam.put_role_policy(
        RoleName=policy["role"],
        PolicyName=policy.physical_name(),
        PolicyDocument=policy["policy"],
    )
    return _policy_id(policy)


def _configure_policy(aws: Aws, policy: Resource) -> Mapping[str, Any]:
    _put_policy(aws, policy)
    return {"name": policy.physical_name()}


def _delete_policy(aws: Aws, policy: Resource) -> None:
    role, _, name = policy.id.partition(":")
    aws.iam.delete_role_policy(RoleName=role, PolicyName=name)


def _read_role(aws: Aws, role: Resource) -> Mapping[str, Any] | None:
    found = aws.iam.get_role(RoleName=role.id)["Role"]
    inputs = {
        "name": role.id,
        "path": found["Path"],
        "assumeRolePolicy": json.dumps(found["AssumeRolePolicyDocument"]),
        "description": found.get("Description", "").strip(),
        "maxSessionDuration": found.get("MaxSessionDuration"),
        "permissionsBoundary": found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "tags": read_tags(aws, found["Arn"]),
    }
    # Of a role that does not declare them, they belong to resources of their own.
    if "managedPolicyArns" in role.inputs:
        attached = aws.iam.list_attached_role_policies(RoleName=role.id)["AttachedPolicies"]
        inputs["managedPolicyArns"] = [each["PolicyArn"] for each in attached]
    if "inlinePolicies" in role.inputs:
        names = aws.iam.list_role_policies(RoleName=role.id)["PolicyNames"]
        policies = [{"name": name, "policy": _document(aws, role.id, name)} for name in names]
        inputs["inlinePolicies"] = policies
    return reported(role, inputs, DEFAULTS, name="name")


def _document(aws: Aws, role: str, policy: str) -> str:
    found = aws.iam.get_role_policy(RoleName=role, PolicyName=policy)
    return json.dumps(found["PolicyDocument"])


def _policy_id(policy: Resource) -> str:
    return f"{policy['role']}:{policy.physical_name()}"


def _read_policy(aws: Aws, policy: Resource) -> Mapping[str, Any] | None:
    role, _, name = policy.id.partition(":")
    inputs = {"role": role, "name": name, "policy": _document(aws, role, name)}
    return reported(policy, inputs, name="name")


TYPES = {
    "aws:iam/role:Role": ResourceType(
        _create_role,
        _configure_role,
        _delete_role,
        _read_role,
        at(Resource.physical_name, _read_role),
        named="name",
        computed=("name", "arn", "uniqueId"),
        immutable=("name", "path"),
        inert=("forceDetachPolicies",),
    ),
    "aws:iam/rolePolicy:RolePolicy": ResourceType(
        _put_policy,
        _configure_policy,
        _delete_policy,
        _read_policy,
        at(_policy_id, _read_policy),
        named="name",
        computed=("name",),
        immutable=("name", "role"),
    ),
}
