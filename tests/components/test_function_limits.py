"""A function that Lambda would refuse is refused before AWS is asked, by a message that names it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from components.function_limits import LimitError
from localcloud import recorder
from localcloud.program import load
from localcloud.recorder.backends import PlaceholderPreview, UnknownPreview
from localcloud.registration import Registration
from tests.support.recorded_stacks import FUNCTION

PROGRAM = """
import pulumi
from components.function import Function, FunctionArgs, FunctionDefaults
from components.grants import Grant

handler = "handlers.workflow.validate_order.lambda_handler"
defaults = FunctionDefaults(
    tags={{}}, account_id="1", log_retention_days=1, platform_log_level="INFO", tracing=True,
    platform="host",
)
host = Function("host", FunctionArgs(handler=handler, function_defaults=defaults))
Function("guest", FunctionArgs(handler=handler, function_defaults=defaults, {arguments}))
"""
BYTES_AROUND_TEXT = len('{"TEXT":""}')
Declare = Callable[..., dict[str, Registration]]


class Noting:
    """A preview that notes the functions that it was asked to make, also if the program then fails."""

    def __init__(self, preview: UnknownPreview) -> None:
        self.dry_run = preview.dry_run
        self.invoke = preview.invoke
        self._preview = preview
        self.functions: dict[str, Registration] = {}

    def register(self, resource: Registration) -> tuple[str, Mapping[str, Any]]:
        if resource.type == FUNCTION:
            self.functions[resource.name] = resource
        return self._preview.register(resource)


@pytest.fixture
def declare(tmp_path: Path) -> Declare:
    """Runs a program that gives its function `guest` these arguments, written as in the program."""
    (tmp_path / "Pulumi.yaml").write_text("name: orders\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")

    def run(arguments: str, backend: Noting | None = None) -> dict[str, Registration]:
        (tmp_path / "__main__.py").write_text(PROGRAM.format(arguments=arguments))
        backend = backend or Noting(PlaceholderPreview())
        recorder.run(load("dev", tmp_path), backend)
        return backend.functions

    return run


def environment(**values: str) -> str:
    """The argument that gives these variables, each written as in the program."""
    return f"grants=[Grant(env={{{', '.join(f'{k!r}: {v}' for k, v in values.items())}}})]"


def later(text: str) -> str:
    """An output that is `text`, written as in the program."""
    return f"pulumi.Output.from_input({text!r})"


@pytest.mark.parametrize(
    ("argument", "limits"),
    [
        ("timeout=0", "1 to 900"),
        ("timeout=901", "1 to 900"),
        ("memory=127", "128 to 10240"),
        ("memory=10_241", "128 to 10240"),
    ],
)
def test_a_timeout_or_memory_that_lambda_does_not_take_is_refused_by_the_functions_name(
    declare: Declare, argument: str, limits: str
) -> None:
    with pytest.raises(LimitError, match=f"^function guest: .*{limits}"):
        declare(argument)


@pytest.mark.parametrize("argument", ["timeout=1, memory=128", "timeout=900, memory=10_240"])
def test_the_least_and_the_most_that_lambda_takes_are_accepted(
    declare: Declare, argument: str
) -> None:
    assert "guest" in declare(argument)


@pytest.mark.parametrize("text", ["x" * (4096 - BYTES_AROUND_TEXT), '"' * 2040, "é" * 2040])
def test_an_environment_of_4_kb_is_accepted_as_it_is(declare: Declare, text: str) -> None:
    guest = declare(environment(TEXT=later(text)))["guest"]
    assert guest.inputs["environment"] == {"variables": {"TEXT": text}}


@pytest.mark.parametrize("text", ["x" * (4097 - BYTES_AROUND_TEXT), '"' * 2048, "é" * 2048])
def test_a_function_whose_environment_is_longer_is_never_asked_for(
    declare: Declare, text: str
) -> None:
    """Lambda measures the JSON, in which a quotation mark has two bytes."""
    backend = Noting(PlaceholderPreview())
    with pytest.raises(LimitError, match=r"^function guest: .* 4096.*\(the longest: TEXT, ARN\)"):
        declare(environment(ARN="host.arn", TEXT=later(text)), backend)
    assert "guest" not in backend.functions


def test_no_value_is_shown_when_an_environment_is_too_long(declare: Declare) -> None:
    with pytest.raises(LimitError) as told:
        declare(environment(TEXT=later("sk_live_" * 600)))
    assert "sk_live" not in str(told.value)


def test_a_preview_shows_what_is_known_of_an_environment_and_leaves_the_rest_to_the_update(
    declare: Declare,
) -> None:
    backend = Noting(UnknownPreview())
    guest = declare(environment(ARN="host.arn", TEXT=later("x" * 5000)), backend)["guest"]
    assert guest.inputs["environment"]["variables"]["TEXT"] == "x" * 5000


@pytest.mark.parametrize("preview", [PlaceholderPreview, UnknownPreview])
def test_a_functions_policy_is_there_before_the_function(
    declare: Declare, preview: type[UnknownPreview]
) -> None:
    guest = declare(environment(ARN="host.arn"), Noting(preview()))["guest"]
    assert any(urn.endswith("::guest-policy") for urn in guest.dependencies)
