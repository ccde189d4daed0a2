"""How components are made: one shape, for every stack."""

import inspect
import json
import re
from importlib import import_module
from pathlib import Path

import pulumi
import pytest
import yaml

from components.function import FunctionDefaults
from components.payment_sandbox import PaymentSandbox, PaymentSandboxArgs
from localcloud.registration import Recording, Registration
from tests.support.recorded_stacks import STACKS, given, recording

COMPONENTS = Path(__file__).parents[2] / "components"
DATA = {"identity", "order-store", "inventory-store", "receipt-store"}


def components(found: Recording) -> dict[str, Registration]:
    return {each.urn: each for each in found.resources if not each.custom}


def children(found: Recording) -> list[tuple[Registration, Registration]]:
    """Every resource that has a component for a parent, with it."""
    parents = components(found)
    return [(each, parents[each.parent]) for each in found.resources if each.parent in parents]


def is_taggable(resource: Registration) -> bool:
    package, _, rest = resource.type.partition(":")
    module, name = rest.split("/")[0], resource.type.rpartition(":")[2]
    assert package == "aws"
    found = import_module(f"pulumi_aws.{'lambda_' if module == 'lambda' else module}")
    return "tags" in inspect.signature(getattr(found, name)._internal_init).parameters


def test_every_error_of_the_program_is_one_that_the_cli_prints_without_a_traceback() -> None:
    """The language host prints a RunError's text alone: sdk/python/cmd/pulumi-language-python-exec."""
    modules = [import_module(f"components.{path.stem}") for path in COMPONENTS.glob("[a-z]*.py")]
    errors = {
        found
        for module in modules
        for found in vars(module).values()
        if inspect.isclass(found)
        and issubclass(found, BaseException)
        and found.__module__ == module.__name__
    }
    assert len(errors) >= 4
    assert [each.__name__ for each in errors if not issubclass(each, pulumi.RunError)] == []


def test_every_resource_belongs_to_a_component(declared: Recording) -> None:
    parents = components(declared)
    orphans = [e.name for e in declared.resources if e.custom and e.parent not in parents]
    assert orphans == []


def test_every_component_is_of_this_project(declared: Recording) -> None:
    types = {each.type for each in components(declared).values()}
    assert {kind.rpartition(":")[0] for kind in types} == {"orders:index"}


def test_a_childs_name_starts_with_its_components(declared: Recording) -> None:
    strangers = [
        (child.name, parent.name)
        for child, parent in children(declared)
        if child.name != parent.name and not child.name.startswith(f"{parent.name}-")
    ]
    assert strangers == []


def test_everything_that_can_carry_tags_carries_those_of_its_stack(
    stack: str, declared: Recording
) -> None:
    wanted = {"project": "orders", "stack": stack, "managed-by": "pulumi"}
    taggable = [each for each in declared.resources if each.custom and is_taggable(each)]
    assert len(taggable) > 30
    assert [each.name for each in taggable if given(each, "tags") != wanted] == []


def test_every_component_registers_its_outputs(declared: Recording) -> None:
    registered = {urn for urn, outputs in declared.component_outputs.items() if outputs}
    assert set(components(declared)) - registered == set()


@pytest.mark.parametrize("stack_name", ["dev", "prod"])
def test_a_preview_declares_what_an_update_does(stack_name: str) -> None:
    """A resource that is made inside `apply` would be missing from the preview."""
    unknown = {each.urn for each in recording(stack_name, "unknown").resources}
    assert unknown == {each.urn for each in recording(stack_name).resources}


def test_running_the_program_again_declares_the_same() -> None:
    first, again = recording("dev"), recording.__wrapped__("dev")
    assert [each.urn for each in first.resources] == [each.urn for each in again.resources]
    plain = [
        [
            {k: v for k, v in each.inputs.items() if k not in ("code", "source")}
            for each in found.resources
        ]
        for found in (first, again)
    ]
    assert plain[0] == plain[1]


@pytest.mark.parametrize("stack_name", ["dev", "prod"])
def test_protected_data_and_only_data_survives_a_mistaken_destroy(stack_name: str) -> None:
    """`protectData` is on in production alone."""
    protect = {each.name: each.protect for each in recording(stack_name).resources}
    data = {name for name in protect if any(name == d or name.startswith(f"{d}-") for d in DATA)}
    assert data >= {"order-store-table", "inventory-store-table", "receipt-store-bucket"}
    protected = {name for name, on in protect.items() if on}
    assert protected == (data if stack_name == "prod" else set())


@pytest.mark.parametrize("stack_name", STACKS)
def test_protection_can_be_lifted_because_it_changes_no_resource_but_its_settings(
    stack_name: str,
) -> None:
    """The engine refuses to delete what its state says is protected, so nothing may go with it."""
    off, on = (recording(stack_name, protectData=protect) for protect in (False, True))
    assert [each.urn for each in off.resources] == [each.urn for each in on.resources]
    assert [each.name for each in off.resources if each.protect] == []


def test_demo_products_can_go_while_the_data_is_protected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    protect = {e.urn: e.protect for e in recording("dev", protectData=True).resources}
    unsold = recording("dev", protectData=True, seedCatalogue=False)
    shelf = json.loads((COMPONENTS / "demo_catalogue.json").read_text(encoding="utf-8"))
    (tmp_path / "shorter.json").write_text(json.dumps(shelf[1:]), encoding="utf-8")
    monkeypatch.setattr("components.inventory_store._DEMO", tmp_path / "shorter.json")
    shorter = recording.__wrapped__("dev", protectData=True)
    for found, gone in ((unsold, len(shelf)), (shorter, 1)):
        removed = protect.keys() - {each.urn for each in found.resources}
        assert [protect[urn] for urn in removed] == [False] * gone


def test_the_login_domain_is_free_before_its_successor_takes_the_same_name() -> None:
    [domain] = recording("dev").of_type("aws:cognito/userPoolDomain:UserPoolDomain")
    assert domain.delete_before_replace


def test_a_secrets_name_is_never_taken_for_its_arn() -> None:
    """https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html: not with
    a hyphen and six characters at the end."""
    text = (COMPONENTS.parent / "Pulumi.yaml").read_text(encoding="utf-8")
    pattern = yaml.safe_load(text)["config"]["pulumi:autonaming"]["value"]["pattern"]
    [length] = re.findall(r"-\$\{hex\((\d+)\)\}$", pattern)
    assert int(length) != 6
    secrets = recording("dev").of_type("aws:secretsmanager/secret:Secret")
    assert {given(each, "name") for each in secrets} == {None}


def test_a_stack_with_stripe_has_no_sandbox_and_no_address_of_one() -> None:
    found = recording("prod")
    assert [each.name for each in found.resources if "sandbox" in each.urn] == []
    assert [each.name for each in found.resources if "PAYMENT_API_URL" in str(each.inputs)] == []
    assert found.exports["paymentSandboxUrl"] == ""


def test_a_stack_without_stripe_has_the_sandbox_and_no_key_of_stripes() -> None:
    found = recording("dev")
    assert found.one("orders:index:PaymentSandbox", "payment-sandbox")
    assert [each.name for each in found.resources if each.name.startswith("stripe")] == []
    assert "stripePublishableKey" not in str([dict(each.inputs) for each in found.resources])


def test_stripes_key_is_in_the_secret_alone_and_masked_wherever_it_is_shown() -> None:
    found = recording("prod")
    key = "sk_live_of_the_test"
    holders = [each for each in found.resources if key in str(dict(each.inputs))]
    assert [each.name for each in holders] == ["stripe-key-value"]
    assert [each.name for each in found.resources if key in str(dict(each.masked_inputs))] == []
    assert key not in str(found.exports)


def test_the_sandbox_refuses_to_exist_where_stripe_takes_the_money() -> None:
    defaults = FunctionDefaults(
        tags={},
        account_id="000000000000",
        log_retention_days=7,
        platform_log_level="INFO",
        tracing=True,
        platform="host",
    )
    args = PaymentSandboxArgs(function_defaults=defaults, payment_gateway="stripe")
    with pytest.raises(ValueError, match="paymentGateway stripe"):
        PaymentSandbox("payment-sandbox", args)
