"""How components are made: one shape, for every stack."""

import inspect
from importlib import import_module

import pytest

from local.registration import Recording, Registration
from tests.components.recorded import STACKS, given, known, recording

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


def test_every_public_output_of_a_component_is_registered(declared: Recording) -> None:
    """What a component registers is what `pulumi stack` and a reader of the state see of it."""
    named = {each.name: set(declared.outputs(each.urn)) for each in components(declared).values()}
    assert named["order-store"] == {"tableName", "tableArn"}
    assert named["order-api"] == {"url"}
    assert all(known(dict(declared.outputs(urn))) for urn in components(declared))


@pytest.mark.parametrize("stack_name", STACKS)
def test_a_preview_declares_what_an_update_does(stack_name: str) -> None:
    """A resource that is made inside `apply` would be missing from the preview."""
    unknown = {each.urn for each in recording(stack_name, "unknown").resources}
    assert unknown == {each.urn for each in recording(stack_name).resources}


def test_running_the_program_again_declares_the_same() -> None:
    recording.cache_clear()
    first = {each.urn: str(each.inputs.keys()) for each in recording("dev").resources}
    recording.cache_clear()
    assert {each.urn: str(each.inputs.keys()) for each in recording("dev").resources} == first


@pytest.mark.parametrize("protect", [True, False])
def test_protected_data_and_only_data_survives_a_mistaken_destroy(protect: bool) -> None:
    found = recording("dev", protectData=protect)
    names = {each.name: each.protect for each in found.resources}
    data = {name for name in names if any(name == d or name.startswith(f"{d}-") for d in DATA)}
    assert data >= {"order-store-table", "inventory-store-table", "receipt-store-bucket"}
    assert {name for name, protected in names.items() if protected} == (data if protect else set())


def test_production_protects_its_data() -> None:
    assert recording("prod").one("aws:dynamodb/table:Table", "order-store-table").protect


def test_a_stack_with_stripe_has_no_sandbox_and_no_address_of_one() -> None:
    found = recording("prod")
    assert [each.name for each in found.resources if "sandbox" in each.urn] == []
    assert [each.name for each in found.resources if "PAYMENT_API_URL" in str(each.inputs)] == []
    assert found.exports["paymentSandboxUrl"] == ""


def test_a_stack_without_stripe_has_the_sandbox_and_no_key_of_stripes() -> None:
    found = recording("dev")
    assert found.one("orders:index:PaymentSandbox", "payment-sandbox")
    assert [each.name for each in found.resources if "stripe" in each.name] == []


def test_stripes_key_is_in_the_secret_alone_and_masked_wherever_it_is_shown() -> None:
    found = recording("prod")
    key = "sk_live_of_the_test"
    holders = [each for each in found.resources if key in str(dict(each.inputs))]
    assert [each.name for each in holders] == ["stripe-key-value"]
    assert [each.name for each in found.resources if key in str(dict(each.masked_inputs))] == []
    assert key not in str(found.exports)


def test_all_stacks_declare_the_same_but_for_what_their_config_says() -> None:
    dev, prod = recording("dev"), recording("prod", paymentGateway="sandbox", seedCatalogue=True)
    more = {"receipt-store-lock", "notifier-operations-subscription"}
    names = {each.name for each in prod.resources} - {each.name for each in dev.resources}
    assert names <= more
