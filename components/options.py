"""The tags of a stack's resources, and the options of a component's children."""

from collections.abc import Sequence

import pulumi

PROJECT = "orders"


def base_tags(stack: str) -> dict[str, str]:
    """Return the tags that say what made a resource and for which stack, for the bill too."""
    return {"project": PROJECT, "stack": stack, "managed-by": "pulumi"}


def child(
    parent: pulumi.Resource,
    depends_on: Sequence[pulumi.Input[pulumi.Resource]] = (),
    ignore_changes: Sequence[str] = (),
    retain_on_delete: bool | None = None,
    protect: bool | None = None,
    delete_before_replace: bool | None = None,
) -> pulumi.ResourceOptions:
    """Return the options of a component's child: its parent, and nothing of the caller's.

    `protect` is inherited from the component unless it is said here.
    """
    return pulumi.ResourceOptions(
        parent=parent,
        depends_on=list(depends_on),
        ignore_changes=list(ignore_changes),
        retain_on_delete=retain_on_delete,
        protect=protect,
        delete_before_replace=delete_before_replace,
    )
