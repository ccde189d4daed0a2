"""Project and stack files: what the CLI would do with them before it runs the program."""

import pytest

from localcloud import program
from localcloud.errors import LocalError
from localcloud.tests.support.toy import Toy

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
        items: {type: string}
        default: [a, b]
      limits:
        type: object
        default: {}
      apiKey:
        type: string
        secret: true
"""
ENCRYPTED = "config:\n  orders:apiKey:\n    secure: v1:abc\n"


@pytest.fixture
def project(toy: Toy) -> Toy:
    toy.write("Pulumi.yaml", SCHEMA)
    toy.write("Pulumi.dev.yaml", ENCRYPTED)
    return toy


def refusal(project: Toy, **config: object) -> str:
    """What is said about the project with this config, without the words that are always there."""
    with pytest.raises(LocalError) as raised:
        program.load("dev", project.directory, config)
    assert "\n" not in str(raised.value)
    return str(raised.value).removeprefix("config of stack 'dev': ")


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
        "orders:limits": "{}",
        "orders:apiKey": "[secret]",
    }
    assert loaded.secret_keys == {"orders:apiKey"}


def test_the_stack_file_wins_over_defaults_and_overrides_over_both(project: Toy) -> None:
    project.write(
        "Pulumi.dev.yaml",
        f"{ENCRYPTED}  orders:greeting: hi\n  count: 5\n  aws:region: eu-west-1\n",
    )
    config = program.load("dev", project.directory, {"count": 7}).config
    assert (config["orders:greeting"], config["orders:count"]) == ("hi", "7")
    assert config["aws:region"] == "eu-west-1"


def test_encrypted_values_become_a_masked_secret(project: Toy) -> None:
    project.write("Pulumi.dev.yaml", f"{ENCRYPTED}  orders:greeting:\n    secure: v1:abc\n")
    loaded = program.load("dev", project.directory)
    assert loaded.config["orders:greeting"] == "[secret]"
    assert "orders:greeting" in loaded.secret_keys


def test_secret_config_stays_secret_in_exports(project: Toy) -> None:
    project.program('pulumi.export("k", pulumi.Config().require_secret("apiKey"))')
    recording = project.record(apiKey=program.Decrypted("sk_test_1"))
    assert recording.exports["k"] == "[secret]"


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        ("count", "many", "integer"),
        ("count", "", "integer"),
        ("count", "5.0", "integer"),
        ("count", "1_000", "integer"),
        ("count", 5.5, "integer"),
        ("count", True, "integer"),
        ("count", None, "integer"),
        ("enabled", 1, "boolean"),
        ("enabled", "True", "boolean"),
        ("greeting", ["hello"], "string"),
        ("greeting", {"text": "hello"}, "string"),
        ("limits", "{}", "object"),
        ("limits", [], "object"),
        ("tiers", "a", "array<string>"),
        ("tiers", '["a"]', "array<string>"),
        ("tiers", ["a", 1], "array<string>"),
    ],
)
def test_a_value_that_the_engine_would_not_take_for_the_type_is_refused(
    project: Toy, key: str, value: object, kind: str
) -> None:
    expected = f"Pulumi.dev.yaml: orders:{key} must be of type {kind}, not {value!r}"
    assert refusal(project, **{key: value}) == expected


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("count", "5", "5"),
        ("count", "+5", "+5"),
        ("count", "-5", "-5"),
        ("count", 5.0, "5"),
        ("enabled", "true", "true"),
        ("enabled", True, "true"),
        ("greeting", 5, "5"),
        ("greeting", True, "true"),
        ("greeting", None, ""),
        ("limits", {"most": 1}, '{"most": 1}'),
        ("tiers", [], "[]"),
    ],
)
def test_a_value_that_the_engine_takes_for_the_type_is_taken(
    project: Toy, key: str, value: object, text: str
) -> None:
    config = program.load("dev", project.directory, {key: value}).config
    assert config[f"orders:{key}"] == text


def test_a_word_that_only_older_yaml_takes_for_a_truth_value_is_a_text(project: Toy) -> None:
    project.write("Pulumi.dev.yaml", f"{ENCRYPTED}  enabled: yes\n")
    assert refusal(project) == "Pulumi.dev.yaml: orders:enabled must be of type boolean, not 'yes'"
    project.write("Pulumi.dev.yaml", f"{ENCRYPTED}  enabled: True\n  greeting: 2020-01-01\n")
    config = program.load("dev", project.directory).config
    assert (config["orders:enabled"], config["orders:greeting"]) == ("true", "2020-01-01")


def test_a_declared_secret_in_plain_text_is_refused_without_repeating_it(project: Toy) -> None:
    project.write("Pulumi.dev.yaml", "config:\n  apiKey: sk_live_1\n")
    wrong = "orders:apiKey must be encrypted, because Pulumi.yaml declares it secret"
    assert refusal(project) == f"Pulumi.dev.yaml: {wrong}"
    project.write("Pulumi.yaml", f'{SCHEMA}        default: ""\n')
    project.write("Pulumi.dev.yaml", "config: {}\n")
    assert refusal(project) == f"Pulumi.yaml: {wrong}"
    project.write("Pulumi.dev.yaml", ENCRYPTED)
    assert program.load("dev", project.directory).config["orders:apiKey"] == "[secret]"
    assert refusal(project, apiKey="sk_live_1") == f"Pulumi.dev.yaml: {wrong}"


def test_all_required_values_that_are_missing_are_named_at_once(project: Toy) -> None:
    declared = "name: orders\nconfig:\n  two: {type: string}\n  one: {description: first}\n"
    project.write("Pulumi.yaml", declared)
    assert refusal(project) == (
        "Pulumi.dev.yaml: no value for orders:one, orders:two, "
        "which Pulumi.yaml declares without a default"
    )


@pytest.mark.parametrize(
    ("schema", "wrong"),
    [
        ("{type: string, default: 5}", "the default of orders:it must be of type string, not 5"),
        ("{type: array, default: []}", "orders:it is an array and does not say the type of its"),
        ("{type: number, default: 5}", "orders:it has the type number, which is none of string, "),
    ],
)
def test_a_declaration_that_the_engine_would_not_read_is_refused(
    project: Toy, schema: str, wrong: str
) -> None:
    project.write("Pulumi.yaml", f"name: orders\nconfig:\n  it: {schema}\n")
    assert refusal(project).startswith(f"Pulumi.yaml: {wrong}")


def test_an_unknown_stack_names_the_known_ones(project: Toy) -> None:
    with pytest.raises(LocalError, match=r"no stack 'prod': .*\(stacks: dev\)"):
        program.load("prod", project.directory)


@pytest.mark.parametrize("text", ["config: [", "- a\n", "config: 3\n"])
def test_an_unreadable_stack_file_is_one_line(project: Toy, text: str) -> None:
    project.write("Pulumi.dev.yaml", text)
    with pytest.raises(LocalError, match=r"Pulumi\.dev\.yaml is not ") as raised:
        program.load("dev", project.directory)
    assert "\n" not in str(raised.value)
