"""The Recorder's loader takes and refuses the same config as Pulumi's CLI."""

import pytest

from localcloud.errors import LocalError
from localcloud.program import load
from localcloud.tests.support.engine_project import Project

CONFIGS: dict[str, tuple[str, str, bool]] = {
    "a default": ("type: integer\n    default: 5", "", True),
    "a value for a default": ("type: integer\n    default: 5", "6", True),
    "a missing value": ("type: string", "", False),
    "an empty value": ("type: string", '""', True),
    "a text for a number": ("type: integer\n    default: 5", "many", False),
    "a quoted whole number": ("type: integer\n    default: 5", '"6"', True),
    "a fraction for a whole number": ("type: integer\n    default: 5", "6.5", False),
    "a quoted flag": ("type: boolean\n    default: false", '"true"', True),
    "a text for a flag": ("type: boolean\n    default: false", '"yes please"', False),
    "a number for a text": ("type: string", "5", True),
    "a default of another type": ("type: integer\n    default: many", "", False),
    "a secret with a default": ('type: string\n    secret: true\n    default: ""', "", False),
    "a secret in plain text": ("type: string\n    secret: true", "plain", False),
    "a list": ("type: array\n    items:\n      type: string", "[a, b]", True),
    "a text for a list": ("type: array\n    items:\n      type: string", "a", False),
}


@pytest.mark.parametrize("case", CONFIGS)
def test_the_loader_takes_what_the_engine_takes(toy: Project, case: str) -> None:
    declared, value, taken = CONFIGS[case]
    toy.program("")
    toy.write("Pulumi.yaml", f"name: orders\nruntime: python\nconfig:\n  key:\n    {declared}\n")
    given = f"  orders:key: {value}\n" if value else ""
    toy.write("Pulumi.dev.yaml", f"config:\n  aws:region: us-east-1\n{given}")
    # What an earlier case set is no setting of the user's.
    toy.space.config_file("dev").with_suffix(".json").unlink(missing_ok=True)
    toy.space.config_file("dev").unlink(missing_ok=True)
    done = toy.run("preview", "--stack", "dev")
    assert (done.code == 0) == taken, done.text
    if taken:
        load("dev", toy.space.program)
    else:
        with pytest.raises(LocalError):
            load("dev", toy.space.program)
