"""Project and stack files: what the CLI would do with them before it runs the program."""

import pytest

from local import program
from local.errors import LocalError
from tests.local.conftest import Toy

SCHEMA = """
    name: orders
    runtime: python
    config:
      pulumi:autonaming:
        value: {pattern: "${name}"}
      greeting:
        type: string
        default: hello
      count:
        type: integer
        default: 3
      enabled:
        type: boolean
        default: false
      tiers:
        type: array
        default: [a, b]
      apiKey:
        type: string
        secret: true
        default: ""
"""


@pytest.fixture
def project(toy: Toy) -> Toy:
    toy.write("Pulumi.yaml", SCHEMA)
    return toy


def test_defaults_apply_as_strings_the_sdk_reads(project: Toy) -> None:
    loaded = program.load("dev", project.directory)
    assert loaded.project == "orders"
    assert dict(loaded.config) == {
        "aws:region": "us-east-1",
        "pulumi:autonaming": '{"pattern": "${name}"}',
        "orders:greeting": "hello",
        "orders:count": "3",
        "orders:enabled": "false",
        "orders:tiers": '["a", "b"]',
        "orders:apiKey": "",
    }
    assert loaded.secret_keys == {"orders:apiKey"}


def test_the_stack_file_wins_over_defaults_and_overrides_over_both(project: Toy) -> None:
    project.write(
        "Pulumi.dev.yaml", "config:\n  orders:greeting: hi\n  count: 5\n  aws:region: eu-west-1\n"
    )
    config = program.load("dev", project.directory, {"count": 7}).config
    assert (config["orders:greeting"], config["orders:count"]) == ("hi", "7")
    assert config["aws:region"] == "eu-west-1"


def test_encrypted_values_become_a_masked_secret(project: Toy) -> None:
    project.write("Pulumi.dev.yaml", "config:\n  orders:greeting:\n    secure: v1:abc\n")
    loaded = program.load("dev", project.directory)
    assert loaded.config["orders:greeting"] == "[secret]"
    assert "orders:greeting" in loaded.secret_keys


def test_secret_config_stays_secret_in_exports(project: Toy) -> None:
    project.program('pulumi.export("k", pulumi.Config().require_secret("apiKey"))')
    recording = project.record(apiKey="sk_test_1")
    assert recording.exports["k"] == "[secret]"


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("count", "many", "orders:count must be of type integer, not 'many'"),
        ("enabled", 1, "orders:enabled must be of type boolean, not 1"),
        ("count", True, "orders:count must be of type integer, not True"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(
    project: Toy, key: str, value: object, message: str
) -> None:
    with pytest.raises(LocalError, match=message):
        program.load("dev", project.directory, {key: value})


def test_a_required_value_that_is_missing_is_named(project: Toy) -> None:
    project.write("Pulumi.yaml", "name: orders\nconfig:\n  needed: {type: string}\n")
    with pytest.raises(LocalError, match="orders:needed is required and has no value"):
        program.load("dev", project.directory)


def test_an_unknown_stack_names_the_known_ones(project: Toy) -> None:
    with pytest.raises(LocalError, match=r"no stack 'prod': .*\(stacks: dev\)"):
        program.load("prod", project.directory)


@pytest.mark.parametrize("text", ["config: [", "- a\n", "config: 3\n"])
def test_an_unreadable_stack_file_is_one_line(project: Toy, text: str) -> None:
    project.write("Pulumi.dev.yaml", text)
    with pytest.raises(LocalError, match=r"Pulumi\.dev\.yaml is not ") as raised:
        program.load("dev", project.directory)
    assert "\n" not in str(raised.value)
