"""The two backends of a preview: computed outputs are unknown, or readable stand-ins."""

from collections.abc import Mapping
from typing import Any

from pulumi.runtime import rpc

from localcloud.provision.invokes import Run, answer
from localcloud.provision.registry import resource_type
from localcloud.registration import Registration
from localcloud.settings import REGION


class UnknownPreview:
    """Ids and computed outputs are unknown, as in the engine's preview of a new stack."""

    dry_run = True

    def __init__(self, region: str = REGION) -> None:
        self._run = Run(preview=True, region=region)

    def register(self, resource: Registration) -> tuple[str, Mapping[str, Any]]:
        """Unknown for each computed output that the program did not give as an input."""
        names = resource_type(resource.type, resource.name).computed
        return "", {name: rpc.UNKNOWN for name in names if name not in resource.inputs}

    def invoke(self, token: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Provider functions are reads, so their answers are known in a preview."""
        return answer(token, arguments, self._run)


class PlaceholderPreview(UnknownPreview):
    """Ids and computed outputs read like `<Function.process-payment.arn>`, so that whole documents can be read."""

    def register(self, resource: Registration) -> tuple[str, Mapping[str, Any]]:
        """A stand-in for each computed output that the program did not give as an input."""
        kind = resource_type(resource.type, resource.name)
        stand_in = f"<{resource.type.rpartition(':')[2]}.{resource.name}."
        computed: dict[str, Any] = {
            name: f"{stand_in}{name}>" for name in kind.computed if name not in resource.inputs
        }
        for name, keys in kind.listed.items():
            computed[name] = [{key: f"{stand_in}{key}>" for key in keys}]
        return f"{stand_in}id>", computed
