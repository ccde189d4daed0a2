"""The `aws` provider of Pulumi's engine on this machine: makes on the emulator what the real one makes on AWS.

Protocol: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto. Only the calls of a
program's custom resources are served. Order, differences' consequences, state and secrets are the engine's.
"""

import contextlib
import importlib.metadata
from collections.abc import Generator
from pathlib import Path
from typing import Any

import grpc
from botocore.exceptions import BotoCoreError, ClientError
from google.protobuf import any_pb2, empty_pb2, struct_pb2
from pulumi.runtime.proto import (
    plugin_pb2,
    provider_pb2,
    provider_pb2_grpc,
    status_pb2,
)

from localcloud import values
from localcloud.engine import plugin, wire
from localcloud.engine.naming import Names
from localcloud.errors import LocalError
from localcloud.provision import changes
from localcloud.provision.aws import Aws, is_not_found
from localcloud.provision.inputs import differing, keep
from localcloud.provision.invokes import Run, answer
from localcloud.provision.registry import resource_type
from localcloud.provision.resource import Resource, ResourceType

ENDPOINT = "LOCAL_ENGINE_ENDPOINT"
PROGRAM = "LOCAL_ENGINE_PROGRAM"
ADOPTED = "LOCAL_ENGINE_ADOPTED"


class Unfinished(Exception):
    """A resource that exists but could not be configured; the engine notes it, and the next update goes on."""

    def __init__(self, physical_id: str, properties: struct_pb2.Struct, reason: str) -> None:
        super().__init__(reason)
        self.details = provider_pb2.ErrorResourceInitFailed(
            id=physical_id, properties=properties, reasons=[reason]
        )


@contextlib.contextmanager
def _answering(request: Any, context: Any) -> Generator[None]:
    """Ends the call with the one line that the engine shows for what is raised inside."""
    try:
        yield
    except Unfinished as error:
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error))
        detail = any_pb2.Any()
        detail.Pack(error.details)
        status.details.append(detail)
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(grpc.StatusCode.UNKNOWN, str(error))
    except (ClientError, BotoCoreError) as error:
        named = changes.label(request.type, request.name)
        context.abort(grpc.StatusCode.UNKNOWN, str(changes.failure(named, error)))
    except LocalError as error:
        context.abort(grpc.StatusCode.UNKNOWN, str(error))


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """Serves one run of the engine. Its methods are called from several threads at once."""

    def __init__(self, aws: Aws, program: Path, names: Names) -> None:
        self._aws = aws
        self._program = program
        self._names = names

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True,
            supportsPreview=True,
            acceptResources=True,
            supports_autonaming_configuration=True,
        )

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=importlib.metadata.version("pulumi-aws"))

    def Cancel(self, request: Any, context: Any) -> Any:
        """Lets running calls finish, as the engine waits for them: each takes milliseconds."""
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:
        with _answering(request, context):
            found = struct_pb2.Struct()
            found.update(answer(request.tok, values.properties(request.args), Run(preview=False)))
            response = provider_pb2.InvokeResponse()
            getattr(response, "return").CopyFrom(found)
            return response

    def Check(self, request: Any, context: Any) -> Any:
        """Accepts the inputs, with a name for a resource to which the program gave none."""
        with _answering(request, context):
            kind = resource_type(request.type, request.name)
            return provider_pb2.CheckResponse(inputs=self._names.given(kind, request))

    def Diff(self, request: Any, context: Any) -> Any:
        with _answering(request, context):
            kind = resource_type(request.type, request.name)
            before, now = self._plain(request.old_inputs), self._plain(request.news)
            for path in request.ignoreChanges:
                keep(now, before, path)
            changed = differing(before, now)
            replaces = changes.replacing(kind, before, now)
            some = (
                provider_pb2.DiffResponse.DIFF_SOME
                if changed
                else provider_pb2.DiffResponse.DIFF_NONE
            )
            return provider_pb2.DiffResponse(
                changes=some,
                diffs=changed,
                replaces=replaces,
                # Two resources can't have the name that the program gives.
                deleteBeforeReplace=bool(replaces)
                and self._names.is_fixed(kind, request.news, changed),
            )

    def Create(self, request: Any, context: Any) -> Any:
        with _answering(request, context):
            kind = resource_type(request.type, request.name)
            if request.preview:
                properties = wire.unknown(request.properties, kind.computed)
                return provider_pb2.CreateResponse(properties=properties)
            resource = self._resource(request, request.properties)
            if found := self._names.adopted(self._aws, kind, request.urn, resource):
                # A killed run made it, from inputs that may have changed since.
                resource = self._resource(request, request.properties, {}, found)
            else:
                resource.id = kind.create(self._aws, resource)
            properties = self._configured(kind, request, resource, request.properties)
            return provider_pb2.CreateResponse(id=resource.id, properties=properties)

    def Read(self, request: Any, context: Any) -> Any:
        """The inputs as the emulator has them now; an answer without an id says that the resource is gone."""
        with _answering(request, context):
            kind = resource_type(request.type, request.name)
            known = self._resource(request, request.inputs)
            try:
                found = kind.read(self._aws, known)
            except ClientError as error:
                if not is_not_found(error):
                    raise
                found = None
            if found is None:
                return provider_pb2.ReadResponse()
            drifted = {key: value for key, value in found.items() if known.inputs.get(key) != value}
            return provider_pb2.ReadResponse(
                id=request.id,
                properties=wire.with_values(request.properties, drifted),
                inputs=wire.with_values(request.inputs, drifted),
            )

    def Update(self, request: Any, context: Any) -> Any:
        with _answering(request, context):
            kind = resource_type(request.type, request.name)
            if request.preview:
                known = {
                    key: request.olds[key] for key in kind.computed if key in request.olds.fields
                }
                kept = {
                    key: value for key, value in known.items() if key not in request.news.fields
                }
                properties = wire.unknown(wire.with_values(request.news, kept), kind.computed)
                return provider_pb2.UpdateResponse(properties=properties)
            before = self._plain(request.old_inputs)
            resource = self._resource(request, request.news, before)
            properties = self._configured(kind, request, resource, request.news)
            return provider_pb2.UpdateResponse(properties=properties)

    def Delete(self, request: Any, context: Any) -> Any:
        with _answering(request, context):
            kind = resource_type(request.type, request.name)
            changes.delete(self._aws, kind, self._resource(request, request.old_inputs))
            return empty_pb2.Empty()

    def _resource(
        self,
        request: Any,
        inputs: struct_pb2.Struct,
        previous: dict[str, Any] | None = None,
        adopted: str = "",
    ) -> Resource:
        """The resource of a request, as the provisioners take it; `adopted` is the id of one that was found."""
        stack, project = request.urn.removeprefix("urn:pulumi:").split("::")[:2]
        now = self._plain(inputs)
        return Resource(
            f"{project}-{stack}-{request.name}",
            now,
            physical_id=adopted or getattr(request, "id", ""),
            previous=previous,
            # The engine updates what did not change only if the last change of it failed.
            unfinished=bool(adopted) or (previous is not None and not differing(previous, now)),
        )

    def _plain(self, struct: struct_pb2.Struct) -> dict[str, Any]:
        return wire.plain(struct, self._program)

    def _configured(
        self, kind: ResourceType, request: Any, resource: Resource, inputs: struct_pb2.Struct
    ) -> struct_pb2.Struct:
        """The resource's properties once it is in line. Raises Unfinished if it can't be brought there."""
        named = changes.label(request.type, request.name)
        try:
            outputs = changes.configure(self._aws, kind, resource, named)
        except (ClientError, BotoCoreError) as error:
            raise Unfinished(resource.id, inputs, str(changes.failure(named, error))) from None
        except LocalError as error:
            raise Unfinished(resource.id, inputs, str(error)) from None
        return wire.with_values(inputs, {k: v for k, v in outputs.items() if v is not None})


def main() -> None:
    """Serves the engine that started this process."""
    aws = Aws(plugin.setting(ENDPOINT))
    program = Path(plugin.setting(PROGRAM))
    provider = Provider(aws, program, Names.load(Path(plugin.setting(ADOPTED))))

    def register(server: grpc.Server) -> None:
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)

    plugin.serve(register)


if __name__ == "__main__":
    plugin.run(main)
