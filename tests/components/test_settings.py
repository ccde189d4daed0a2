import json
import re
from pathlib import Path
from typing import Any, get_args

import pulumi
import pytest
import yaml

from components import settings
from components.choices import (
    BundlePlatform,
    PaymentGateway,
    PlatformLogLevel,
    ScheduleState,
    SenderIdentity,
    WorkflowType,
)
from components.settings import SettingsError
from handlers.domain.money import CURRENCIES
from local.settings import LOCAL_CONFIG
from localcloud.program import Decrypted, load
from localcloud.recorder import record
from tests.support.recorded_stacks import FUNCTION, OWN, ROLE, STACKS, given, recording

ROOT = Path(__file__).parents[2]

# The engine wants every stack to encrypt a key that is declared secret, and one with the sandbox has
# no key to encrypt.
UNDECLARED = {
    "stripeSecretKey",
    "stripeReadKey",
    "stripeWebhookSecret",
    "stripeWebhookSecretPrevious",
}
WRONG = {
    "workflowType": "FAST",
    "paymentGateway": "paypal",
    "currency": "usd",
    "senderEmail": "orders",
    "operationsEmail": "nobody@",
    "storefrontUrl": "shop.example.com",
    "domainName": "https://shop.example.com",
    "hostedZoneId": "example.com",
    "signInUrl": "https://login.example.com/oauth2",
    "maxAttempts": 0,
    "attentionAfterMinutes": 4,
    "reconcilerSchedule": "PAUSED",
    "ordersPerCustomer": 0,
    "paymentConcurrency": -1,
    "apiRateLimit": 10_001,
    "logRetentionDays": 8,
    "platformLogLevel": "TRACE",
    "receiptRetentionDays": 0,
    "bundlePlatform": "windows",
}


def problems(**config: Any) -> list[str]:
    """What the program says about a stack with this config, line by line."""
    with pytest.raises(SettingsError) as told:
        record("dev", config={**LOCAL_CONFIG, **config})
    return str(told.value).splitlines()


def test_every_problem_is_told_at_once_by_the_keys_name() -> None:
    first, *rest = problems(**WRONG)
    assert first == "config of stack dev:"
    assert {line.strip().partition(":")[0] for line in rest} == set(WRONG)


def test_a_problem_says_what_should_be_there_and_what_is() -> None:
    assert problems(workflowType="FAST", logRetentionDays=8, maxAttempts=21) == [
        "config of stack dev:",
        "  workflowType: should be EXPRESS or STANDARD, is 'FAST'",
        "  maxAttempts: should be a whole number from 1 to 20, is '21'",
        "  logRetentionDays: should be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, "
        "545, 731, 1096, 1827, is '8'",
    ]


@pytest.mark.parametrize("currency", ["KWD", "ISK", "MGA", "usd", "US"])
def test_a_currency_outside_the_table_is_refused_with_the_choices(currency: str) -> None:
    [_, line] = problems(currency=currency)
    assert line.strip() == f"currency: should be one of {', '.join(CURRENCIES)}, is '{currency}'"


@pytest.mark.parametrize("currency", CURRENCIES)
def test_a_stack_may_sell_in_each_currency_of_the_table(currency: str) -> None:
    products = recording("dev", currency=currency).of_type("aws:dynamodb/tableItem:TableItem")
    items = [json.loads(given(product, "item")) for product in products]
    assert {item["currency"]["S"] for item in items} == {currency}


@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("bundlePlatform", BundlePlatform),
        ("paymentGateway", PaymentGateway),
        ("platformLogLevel", PlatformLogLevel),
        ("reconcilerSchedule", ScheduleState),
        ("senderIdentity", SenderIdentity),
        ("workflowType", WorkflowType),
    ],
)
def test_a_closed_set_takes_its_own_values_alone(key: str, options: Any) -> None:
    [_, line] = problems(**{key: "other"})
    assert line.strip() == f"{key}: should be {' or '.join(get_args(options))}, is 'other'"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("senderEmail", "a b@example.com"),
        ("senderEmail", "@example.com"),
        ("senderEmail", "orders@müller.example"),
        ("storefrontUrl", "http://shop.example.com"),
        ("storefrontUrl", "https://shop.example.com/"),
        ("storefrontUrl", "https://"),
        ("storefrontUrl", "https://x y?z#"),
        ("signInUrl", "https://login.example.com; script-src *"),
        ("signInUrl", "http://login.example.com"),
        ("storefrontUrl", "javascript://localhost"),
        ("apiRateLimit", -5),
    ],
)
def test_what_would_fail_later_is_refused_now(key: str, value: Any) -> None:
    [_, line] = problems(**{key: value})
    assert line.strip().startswith(f"{key}: should be ")


def test_a_stack_with_stripe_needs_its_keys_and_is_told_how_to_set_them() -> None:
    [_, *secrets, public] = problems(paymentGateway="stripe")
    names = ("stripeSecretKey", "stripeReadKey", "stripeWebhookSecret")
    for name, told in zip(names, secrets, strict=True):
        assert told.strip().startswith(f"{name}: paymentGateway stripe needs it")
        assert f"pulumi config set --secret {name}" in told
    assert public.strip().startswith("stripePublishableKey: should be Stripe's publishable key")


def test_a_secret_key_is_never_published() -> None:
    config = OWN["prod"] | {"paymentGateway": "stripe", "stripeSecretKey": Decrypted("sk_live_1")}
    [_, line] = problems(**config | {"stripePublishableKey": "sk_live_1"})
    assert line.strip().startswith("stripePublishableKey: ")
    assert "sk_live_1" not in line


def test_an_encrypted_value_goes_unchecked_in_a_preview_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert recording("dev", senderEmail="[secret]").resources
    monkeypatch.setattr(settings, "is_dry_run", lambda: False)
    [_, line] = problems(senderEmail="[secret]")
    assert line.strip().startswith("senderEmail: should be an e-mail address ")
    assert line.endswith(", is '[secret]'")


@pytest.mark.parametrize("name", ["Prod", "team_a", "a.b", "twelve-chars", "my-aws", "1st"])
def test_a_stacks_name_that_aws_would_refuse_somewhere_is_refused_at_once(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulumi, "get_stack", lambda: name)
    [_, line] = problems()
    assert line.strip().startswith("the stack's name: should be 1 to 11 small letters")


def test_names_fit_in_a_stack_with_the_longest_name_that_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """64 characters: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html"""
    stack = "eleven-char"
    monkeypatch.setattr(pulumi, "get_stack", lambda: stack)
    declared = record("dev", config=LOCAL_CONFIG)
    naming = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]["pulumi:autonaming"]
    assert naming["value"]["pattern"] == "${project}-${stack}-${name}-${hex(7)}"
    limited = [each.name for token in (FUNCTION, ROLE) for each in declared.of_type(token)]
    assert max(len(f"orders-{stack}-{name}-1234567") for name in limited) <= 64


@pytest.mark.parametrize("domain", ["localhost", "Shop.example.com", "shop.example.com."])
def test_a_domain_is_a_host_name_in_lower_case(domain: str) -> None:
    [_, line] = problems(domainName=domain, hostedZoneId="Z0123456789")
    assert line.strip().startswith("domainName: should be ")


@pytest.mark.parametrize(
    ("given_key", "value", "missing"),
    [
        ("domainName", "shop.example.com", "hostedZoneId"),
        ("hostedZoneId", "Z0123456789", "domainName"),
    ],
)
def test_a_domain_and_its_zone_go_together(given_key: str, value: str, missing: str) -> None:
    told = problems(**{given_key: value})
    assert told[1:] == [f"  {missing}: {given_key} needs it; set both or neither"]


@pytest.mark.parametrize("name", sorted(UNDECLARED))
def test_a_secret_in_plain_text_is_refused_and_never_shown(name: str) -> None:
    [_, plain, _] = told = problems(**{name: "very_secret", "workflowType": "FAST"})
    assert plain.strip() == f"{name}: is in plain text; run: pulumi config set --secret {name}"
    assert "very_secret" not in "\n".join(told)


def test_the_sign_in_returns_to_the_storefront() -> None:
    own = "https://<Distribution.storefront-delivery-distribution.domainName>"
    domain = {"domainName": "shop.example.com", "hostedZoneId": "Z0123456789"}
    for config, address in (
        ({}, own),
        (domain, "https://shop.example.com"),
        ({**domain, "storefrontUrl": "https://proxy.example.com"}, "https://proxy.example.com"),
    ):
        found = recording("dev", **config)
        [client] = found.of_type("aws:cognito/userPoolClient:UserPoolClient")
        assert given(client, "callbackUrls") == [f"{address}/signed-in"]
        assert given(client, "logoutUrls") == [f"{address}/"]
        assert found.exports["storefrontUrl"] == address


@pytest.mark.parametrize("stack", STACKS)
def test_a_stacks_file_has_only_declared_keys_and_what_differs_from_the_defaults(
    stack: str,
) -> None:
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    text = (ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    given_here = yaml.safe_load(text)["config"]
    own = {k.removeprefix("orders:"): v for k, v in given_here.items() if k.startswith("orders:")}
    assert set(own) <= set(declared) | UNDECLARED
    same = [key for key, value in own.items() if declared.get(key, {}).get("default") == value]
    assert same == []


def test_every_declared_key_is_read_and_every_read_key_declared_unless_it_cannot_be() -> None:
    sources = [ROOT / "components" / f"{name}.py" for name in ("settings", "stripe_config")]
    source = "".join(each.read_text(encoding="utf-8") for each in sources)
    read = set(re.findall(r'(?:text|choice|flag|number|get|_secret)\(\s*"(\w+)"', source))
    declared = {key.rpartition(":")[2] for key in load("dev").config if key.startswith("orders:")}
    assert read == declared | UNDECLARED
    assert not declared & UNDECLARED
