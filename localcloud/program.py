"""Reads a Pulumi project: Pulumi.yaml, one stack's file and the config that results, as the CLI would pass it on.

The CLI applies the declared defaults and refuses what does not fit the declarations; the SDK does neither, so this
does, by the engine's rules: https://github.com/pulumi/pulumi/blob/master/pkg/workspace/config.go
Encrypted values are not decrypted: they become the secret "[secret]", or the default where that can't be, as a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from localcloud import config_rules
from localcloud.config_rules import as_text, field, is_encrypted
from localcloud.errors import LocalError
from localcloud.json_values import is_object
from localcloud.settings import REGION
from localcloud.values import SECRET

ENCRYPTED = {"secure": ""}
"""A value that is encrypted in a stack's file; overrides may have it too."""


class Decrypted(str):
    """An override that stands for a value that the CLI has decrypted, so it is a secret to the program."""

    __slots__ = ()


@dataclass(frozen=True)
class Program:
    """A project and one stack's config; keys are namespaced, values are the strings that the SDK reads."""

    directory: Path
    project: str
    main: Path
    stack: str
    config: Mapping[str, str]
    secret_keys: frozenset[str]


def load(
    stack: str,
    directory: Path = Path(),
    overrides: Mapping[str, Any] | None = None,
    *,
    without_secrets: bool = False,
) -> Program:
    """The program with a stack's config; overrides win.

    `without_secrets` gives every key that is declared secret the value "[secret]", whether it is set or not.
    LocalError if a file is missing or unreadable, or if the engine would refuse the config: one line, every problem.
    """
    directory = directory.resolve()
    project = _read_yaml(directory / "Pulumi.yaml")
    name = str(project.get("name", ""))
    declared = _keyed(name, project.get("config") or {})
    overridden = _keyed(name, overrides or {})
    if without_secrets:
        overridden |= {
            key: ENCRYPTED for key, schema in declared.items() if field(schema, "secret")
        }
    given = {**stack_config(directory, name, stack), **overridden}
    defaults = {key: _default(schema) for key, schema in declared.items()}
    defaults = {key: value for key, value in defaults.items() if value is not None}
    config = {"aws:region": REGION} | defaults | given
    problems = _problems(stack, declared, given, defaults)
    if missing := config_rules.missing(name, declared, config):
        problems.append(f"Pulumi.{stack}.yaml: {missing}")
    if problems:
        raise LocalError(f"config of stack '{stack}': {'; '.join(problems)}")
    secret_keys = {key for key, value in config.items() if _is_secret(value)}
    secret_keys |= {
        key for key, schema in declared.items() if field(schema, "secret") and key in config
    }
    main = directory / str(project.get("main", ".")) / "__main__.py"
    strings = {
        key: _unread(declared.get(key)) if is_encrypted(value) else as_text(value)
        for key, value in config.items()
    }
    return Program(directory, name, main, stack, strings, frozenset(secret_keys))


def project_name(directory: Path) -> str:
    """The name in the project's Pulumi.yaml. LocalError if that can't be read."""
    return str(_read_yaml(directory / "Pulumi.yaml").get("name", ""))


def stack_config(directory: Path, project: str, stack: str) -> dict[str, Any]:
    """A stack's own config, keys namespaced. LocalError that lists the stacks if there is no such one."""
    path = directory / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        known = sorted(found.name.split(".")[1] for found in directory.glob("Pulumi.*.yaml"))
        raise LocalError(
            f"no stack '{stack}': {path.name} does not exist (stacks: {', '.join(known) or 'none'})"
        )
    return _keyed(project, _read_yaml(path).get("config") or {})


class _Yaml(yaml.SafeLoader):
    """YAML as the CLI reads it: `yes`, `off` and dates are texts."""


_Yaml.yaml_implicit_resolvers = {
    letter: [
        (tag, pattern)
        for tag, pattern in resolvers
        if not tag.endswith(":timestamp") and (letter in "tTfF" or not tag.endswith(":bool"))
    ]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        document: Any = yaml.load(path.read_text(), _Yaml)
    except OSError as error:
        raise LocalError(f"cannot read {path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise LocalError(
            f"{path.name} is not readable YAML: {' '.join(str(error).split())}"
        ) from None
    if document is None:
        return {}
    if not is_object(document) or not is_object(document.get("config") or {}):
        raise LocalError(f"{path.name} is not a mapping with a `config:` mapping")
    return document


def _keyed(project: str, config: Mapping[str, Any]) -> dict[str, Any]:
    return {_namespaced(project, key): value for key, value in config.items()}


def _namespaced(project: str, key: Any) -> str:
    return str(key) if ":" in str(key) else f"{project}:{key}"


def _default(schema: Any) -> Any:
    """A declared default, or the fixed value of a key of another namespace, such as `aws:region: us-east-1`."""
    if is_object(schema):
        return schema.get("default", schema.get("value"))
    return schema


def _problems(
    stack: str,
    declared: Mapping[str, Any],
    given: Mapping[str, Any],
    defaults: Mapping[str, Any],
) -> list[str]:
    """What the engine refuses of the declared keys, each with the file that has it."""
    found: list[str] = []
    for key, schema in declared.items():
        if wrong := config_rules.of_declaration(key, schema):
            found.append(f"Pulumi.yaml: {wrong}")
            continue
        for file, values in ((f"Pulumi.{stack}.yaml", given), ("Pulumi.yaml", defaults)):
            if key in values:
                value = values[key]
                wrong = config_rules.of_value(key, schema, value, secret=_is_secret(value))
                found += [f"{file}: {wrong}"] if wrong else []
                break
    return found


def _is_secret(value: Any) -> bool:
    return is_encrypted(value) or isinstance(value, Decrypted)


def _unread(schema: Any) -> str:
    """What stands for an encrypted value."""
    is_text = field(schema, "type") in (None, "string")
    return SECRET if is_text else as_text(_default(schema))
