"""The engine's side of one run of a program: a MockMonitor that records, and asks a backend for the answers.

Does what `pulumi up` does between the language host and the engine, and no more: it knows no resource type
(provision/) and does not start the program (recorder.py).
"""

import threading
from collections.abc import Mapping
from typing import Any

from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import get_project, get_stack

from localcloud import values
from localcloud.errors import LocalError
from localcloud.registration import Backend, Recording, Registration

STACK_TYPE = "pulumi:pulumi:Stack"


class _NoMocks(Mocks):
    """The monitor needs one; every call is answered by the backend instead."""

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], None]:
        raise NotImplementedError(args.token)

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        raise NotImplementedError(args.typ)


class Recorder(MockMonitor):
    """The engine's side of one run. Its methods are called from several threads at once."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(_NoMocks())
        self.backend = backend
        self.failure: BaseException | None = None
        self._lock = threading.Lock()
        self._registrations: dict[str, Registration] = {}
        self._outputs: dict[str, struct_pb2.Struct] = {}

    def recording(self) -> Recording:
        """What was recorded so far."""
        clear = {urn: values.properties(struct) for urn, struct in self._outputs.items()}
        masked = {
            urn: values.properties(struct, masked=True) for urn, struct in self._outputs.items()
        }
        stack = next((urn for urn in masked if f"::{STACK_TYPE}::" in urn), "")
        exports = masked.pop(stack, {})
        hidden = {key for key, value in exports.items() if value != clear[stack][key]}
        ordered = [self._registrations[urn] for urn in sorted(self._registrations)]
        return Recording(ordered, exports, frozenset(hidden), masked)

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """The engine's URN: the whole chain of parent types except the stack (MockMonitor keeps one)."""
        parent_type = parent.split("::")[2] if parent else ""
        chain = type_ if parent_type in ("", STACK_TYPE) else f"{parent_type}${type_}"
        return f"urn:pulumi:{get_stack()}::{get_project()}::{chain}::{name}"

    def GetDeploymentInfo(self, request: Any) -> Any:
        info = super().GetDeploymentInfo(request)  # pyright: ignore[reportUnknownMemberType]
        # Without this feature the SDK sends aliases as whole URNs, those inherited from parents included.
        info.supportedFeatures.remove(resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS)
        return info

    def RegisterResource(self, request: Any) -> Any:
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == STACK_TYPE:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        resource = _registration(urn, request)
        with self._lock:
            if self.failure:
                raise LocalError("stopped after an earlier failure")
            if urn in self._registrations:
                raise self._failed(LocalError(f"two resources have the same URN: {urn}"))
            self._registrations[urn] = resource
        if not resource.custom:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        try:
            physical_id, computed = self.backend.register(resource)
        except Exception as error:
            raise self._failed(error) from None
        outputs = _outputs(request, computed)
        self.resources[urn] = MockMonitor.ResourceRegistration(urn, physical_id, dict(computed))
        return resource_pb2.RegisterResourceResponse(urn=urn, id=physical_id, object=outputs)

    def RegisterResourceOutputs(self, request: Any) -> Any:
        with self._lock:
            self._outputs[request.urn] = request.outputs
        return empty_pb2.Empty()

    def Invoke(self, request: Any) -> Any:
        answer = struct_pb2.Struct()
        try:
            answer.update(self.backend.invoke(request.tok, values.properties(request.args)))
        except Exception as error:
            raise self._failed(error) from None
        response = resource_pb2.ResourceInvokeResponse()
        getattr(response, "return").CopyFrom(answer)
        return response

    def ReadResource(self, request: Any) -> Any:
        raise self._failed(
            LocalError(
                f"{request.type} ({request.name}): reading existing resources"
                " is not supported on the local cloud"
            )
        )

    def _failed(self, error: BaseException) -> BaseException:
        self.failure = self.failure or error
        return error


def _registration(urn: str, request: Any) -> Registration:
    return Registration(
        urn=urn,
        type=request.type,
        name=request.name,
        parent=request.parent,
        custom=request.custom,
        protect=request.protect,
        retain_on_delete=request.retainOnDelete,
        delete_before_replace=request.deleteBeforeReplace,
        dependencies=tuple(sorted(request.dependencies)),
        input_dependencies={
            key: tuple(sorted(found.urns)) for key, found in request.propertyDependencies.items()
        },
        aliases=tuple(request.aliasURNs),
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        inputs=values.properties(request.object),
        masked_inputs=values.properties(request.object, masked=True),
    )


def _outputs(request: Any, computed: Mapping[str, Any]) -> struct_pb2.Struct:
    """Inputs as they came (secret, unknown and archive markers intact) and what the backend computed."""
    outputs = struct_pb2.Struct()
    outputs.CopyFrom(request.object)
    hidden = set(request.additionalSecretOutputs)
    outputs.update(
        {key: values.secret(value) if key in hidden else value for key, value in computed.items()}
    )
    return outputs
