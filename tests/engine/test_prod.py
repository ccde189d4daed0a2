"""prod on the real engine: previewed as the Recorder says, then made, unprotected and destroyed as the README says."""

from collections.abc import Mapping
from typing import Any

import pytest

from local.settings import overrides
from localcloud.recorder import record
from localcloud.registration import Registration
from localcloud.tests.support.emulator_contents import everything
from localcloud.tests.support.engine_project import Project
from localcloud.values import UNKNOWN

SECRETS = {
    "stripeSecretKey": "sk_live_" + "5" * 24,
    "stripeReadKey": "rk_live_" + "8" * 24,
    "stripeWebhookSecret": "whsec_" + "7" * 32,
}
GIVEN = {
    "operationsEmail": "operations@shop.localhost",
    "stripePublishableKey": "pk_live_" + "6" * 24,
}
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"  # the engine's own, in JSON
ASSETS = ("4dabf18193072939515e22adb298388d", "hash")


def set_secrets(project: Project) -> None:
    for key, value in SECRETS.items():
        project.succeed("config", "set", "--stack", "prod", "--secret", key, value)


@pytest.fixture(scope="module")
def configured(project: Project) -> Project:
    """prod with what the README says to set."""
    set_secrets(project)
    for key, value in GIVEN.items():
        project.succeed("config", "set", "--stack", "prod", key, value)
    return project


def test_a_preview_without_the_secret_key_is_refused_in_plain_words(project: Project) -> None:
    done = project.run("preview", "--stack", "prod")
    assert done.code != 0
    assert "stripeSecretKey: paymentGateway stripe needs it" in done.text
    assert "Traceback" not in done.text


def test_placeholders_are_a_warning_in_a_preview_and_refused_in_an_update(
    project: Project,
) -> None:
    set_secrets(project)
    warned = project.succeed("preview", "--stack", "prod")
    refused = project.run("up", "--stack", "prod", "--yes", "--skip-preview")
    assert refused.code != 0
    for key in GIVEN:
        assert f"{key}: " in warned
        assert f"{key}: " in refused.text
    assert "Traceback" not in refused.text
    assert everything(project.aws) == {}


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_a_preview_has_the_recorders_urns_and_inputs(configured: Project, stack: str) -> None:
    steps = configured.preview(stack)["steps"]
    engine = {
        each["urn"]: each["newState"].get("inputs", {})
        for each in steps
        if each["newState"]["custom"] and "::pulumi:" not in each["urn"]
    }
    config = overrides(configured.space.port, stack)
    if stack == "prod":
        config |= GIVEN | {key: {"secure": ""} for key in SECRETS}
    recorded = {
        each.urn: each for each in record(stack, "unknown", config).resources if each.custom
    }
    assert engine.keys() == recorded.keys()
    assert {
        urn: found for urn, inputs in engine.items() if (found := _differing(inputs, recorded[urn]))
    } == {}


def test_prod_is_made_unprotected_and_destroyed_as_the_readme_says(configured: Project) -> None:
    seen = configured.up("prod")
    before = everything(configured.aws)
    protected = configured.run("destroy", "--stack", "prod", "--yes")
    assert protected.code != 0
    assert "protected" in protected.text
    assert everything(configured.aws) == before
    configured.succeed("config", "set", "--stack", "prod", "protectData", "false")
    seen += configured.up("prod")
    seen += configured.succeed("preview", "--stack", "prod", "--json")
    state = configured.said("stack", "export", "--stack", "prod")
    assert [each for each in SECRETS.values() if each in state + seen + protected.text] == []
    configured.destroy("prod")
    assert everything(configured.aws) == {}


def _differing(inputs: Mapping[str, Any], recorded: Registration) -> dict[str, Any]:
    """The inputs of the engine that are not what the Recorder says; names that the engine made up apart."""
    made_up = set(inputs.get("__defaults", []))
    shown = {
        key: value
        for key, value in inputs.items()
        if not key.startswith("__") and key not in made_up
    }
    wanted = recorded.masked_inputs
    keys = {key for key, value in wanted.items() if value is not UNKNOWN}
    return {
        key: (shown.get(key), wanted.get(key))
        for key in keys | shown.keys()
        if not _same(shown.get(key), wanted.get(key))
    }


def _same(shown: Any, wanted: Any) -> bool:
    """Whether they are the same as far as a preview of the Recorder can tell."""
    if wanted is UNKNOWN:
        return True
    if isinstance(shown, dict) and ASSETS[0] in shown:
        return not isinstance(wanted, dict | str | list)
    if isinstance(shown, dict) and isinstance(wanted, dict):
        return all(_same(shown.get(key), wanted.get(key)) for key in shown.keys() | wanted.keys())
    if isinstance(shown, list) and isinstance(wanted, list) and len(shown) == len(wanted):
        return all(_same(a, b) for a, b in zip(shown, wanted, strict=True))
    return shown == wanted
