"""What a killed run of the engine leaves: a lock, and resources that it made but did not note."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from localcloud.engine import cli
from localcloud.engine.workspace import Workspace
from localcloud.errors import LocalError
from localcloud.provision.registry import resource_type


def refuse_locked(space: Workspace, stack: str) -> None:
    """Raises LocalError that says what to do if a run that is gone holds the stack's lock."""
    for lock in space.locks(stack):
        try:
            pid = int(json.loads(lock.read_text())["pid"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if not _runs(pid):
            raise LocalError(
                f"the last run of stack {stack} was killed:"
                f" run `python -m local pulumi cancel --stack {stack} --yes`, then this again"
            )


def adopt(binary: Path, environment: Mapping[str, str], space: Workspace) -> list[str]:
    """Has the next run find what a killed one was creating, and returns a line for each.

    The state has such a creation as a pending operation, with the name that the engine proposed.
    Without it, the next run would make the resource again under another name.
    https://www.pulumi.com/docs/support/troubleshooting/common-issues/interrupted-updates/
    """
    exported = cli.said(binary, environment, space.program, "stack", "export")
    state = json.loads(exported)
    pending: list[dict[str, Any]] = state["deployment"].pop("pending_operations", None) or []
    if not pending:
        return []
    known: dict[str, str] = json.loads(space.adopted.read_text()) if space.adopted.is_file() else {}
    found = [each["resource"] for each in pending if each["type"] == "creating"]
    adopted = known | {each["urn"]: _name(each) for each in found}
    space.adopted.write_text(json.dumps(adopted))
    with tempfile.NamedTemporaryFile("w", dir=space.directory, suffix=".json") as file:
        json.dump(state, file)
        file.flush()
        cli.said(binary, environment, space.program, "stack", "import", "--file", file.name)
    return [
        f"  looking for {each['urn'].rpartition('::')[2]}, which a killed run was making"
        for each in found
    ]


def _name(resource: Mapping[str, Any]) -> str:
    kind = resource_type(resource["type"], resource["urn"])
    return str(resource.get("inputs", {}).get(kind.named, ""))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it runs, as another user
    return True
