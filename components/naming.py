"""The tags that everything carries."""

from collections.abc import Sequence

import pulumi

PROJECT = "orders"


def base_tags(stack: str) -> dict[str, str]:
    """Who made a resource and for which stack: for the bill and for whoever finds it."""
    return {"project": PROJECT, "stack": stack, "managed-by": "pulumi"}


def child(
    parent: pulumi.Resource,
    depends_on: Sequence[pulumi.Input[pulumi.Resource]] = (),
    ignore_changes: Sequence[str] = (),
    retain_on_delete: bool | None = None,
) -> pulumi.ResourceOptions:
    """The options of a component's child: its parent, and nothing of the caller's."""
    return pulumi.ResourceOptions(
        parent=parent,
        depends_on=list(depends_on),
        ignore_changes=list(ignore_changes),
        retain_on_delete=retain_on_delete,
    )
