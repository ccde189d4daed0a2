"""The definition judged by cfn-lint, which AWS maintains: every state's fields and their types.

The emulator's ValidateStateMachineDefinition accepts everything, so it is no judge. What cfn-lint
(rule E3601) does not look at, where `Next` leads and what an expression says, is looked at in
`test_definition.py`, and run by everything else here.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from cfnlint.api import lint
from cfnlint.config import ManualArgs

from tests.support.asl_interpreter import deployed

Definition = dict[str, Any]


def errors(definition: Definition) -> list[str]:
    """What is wrong with it as part of a template, by rule."""
    role = "arn:aws:iam::123456789012:role/orders"
    machine = {"RoleArn": role, "StateMachineType": "EXPRESS", "Definition": definition}
    resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": machine}
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Machine": resource}}
    matches = lint(json.dumps(template, indent=1), config=ManualArgs(regions=["us-east-1"]))
    return [f"{match.rule.id}: {match.message}" for match in matches]


def changed(change: Callable[[Definition], object]) -> Definition:
    definition = deployed()
    change(definition["States"])
    return definition


def test_the_definition_is_valid() -> None:
    assert errors(deployed()) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda states: states["FulfilOrder"]["Branches"][1].update(StartAt="Print"), "Print"),
        (lambda states: states["ReadOrder"].pop("Next"), "Next"),
        (lambda states: states["ReadOrder"].update(Argumnets={}), "Argumnets"),
        (lambda states: states["ReadOrder"].update(TimeoutSeconds="soon"), "soon"),
        (lambda states: states["IsValid"]["Choices"][0].update(Nxt="ReadOrder"), "Nxt"),
    ],
)
def test_a_mistake_is_told(change: Callable[[Definition], object], complaint: str) -> None:
    told = errors(changed(change))
    assert [each for each in told if each.startswith("E3601") and complaint in each], told
