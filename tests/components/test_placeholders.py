"""Values that stand for others: told in a preview, refused in an update, before anything is made."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from components import settings
from components.settings import SettingsError
from local.settings import LOCAL_CONFIG, PREVIEW_CONFIG
from localcloud.program import Decrypted
from localcloud.recorder import record
from tests.support.recorded_stacks import OWN, STACKS

LIVE = {"paymentGateway": "stripe", **OWN["prod"]}
ZONE = {"domainName": "shop.example.com", "hostedZoneId": "Z0123456789"}
PLACEHOLDERS: list[tuple[dict[str, Any], list[str]]] = [
    ({"senderEmail": "orders@example.com"}, ["senderEmail: 'orders@example.com' is a placeholder"]),
    ({"senderEmail": "orders@mail.Example.NET"}, ["senderEmail: "]),
    (
        {"operationsEmail": "us@shop.example"},
        ["operationsEmail: 'us@shop.example' is a placeholder"],
    ),
    (
        LIVE | {"stripePublishableKey": "pk_live_of_your_account"},
        ["stripePublishableKey: 'pk_live_of_your_account' is a placeholder"],
    ),
    (
        LIVE | {"stripeSecretKey": Decrypted("sk_live_of_your_account")},
        ["stripeSecretKey: is not your"],
    ),
    (
        LIVE | {"stripeSecretKey": Decrypted("pk_live_of_the_test")},
        ["stripeSecretKey: is not your account's"],
    ),
    (
        LIVE | {"stripeSecretKey": Decrypted("whsec_of_the_test")},
        ["stripeSecretKey: is not your account's"],
    ),
    (
        LIVE | {"stripeSecretKey": Decrypted("rk_test_of_the_test")},
        [
            f"{key}: is of Stripe's live mode, and stripeSecretKey of its test mode"
            for key in ("stripePublishableKey", "stripeReadKey")
        ],
    ),
    (
        LIVE | {"stripeReadKey": Decrypted("rk_live_of_your_account")},
        ["stripeReadKey: is not your account's restricted key"],
    ),
    (
        LIVE | {"stripeReadKey": Decrypted("sk_live_of_the_test")},
        ["stripeReadKey: is not your account's restricted key"],
    ),
    (
        LIVE | {"stripeReadKey": Decrypted("rk_test_of_the_test")},
        ["stripeReadKey: is of Stripe's test mode, and stripeSecretKey of its live mode"],
    ),
    (
        LIVE | {"stripeWebhookSecret": Decrypted("whsec_of_your_account")},
        ["stripeWebhookSecret: is not your webhook endpoint's signing secret"],
    ),
    (
        LIVE | {"stripeWebhookSecretPrevious": Decrypted("sk_live_of_the_test")},
        ["stripeWebhookSecretPrevious: is not your"],
    ),
    (
        LIVE | {"stripePublishableKey": "pk_test_of_the_test"},
        ["stripePublishableKey: is of Stripe"],
    ),
    ({"protectData": True}, ["paymentGateway: sandbox takes no money, and protectData"]),
    (ZONE, ["paymentGateway: sandbox takes no money, and domainName"]),
    (
        {"senderEmail": "a@example.org", "operationsEmail": "b@example.org"},
        ["senderEmail: ", "operationsEmail: "],
    ),
]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The warnings of the program."""
    warnings: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", warnings.append)
    return warnings


@pytest.fixture
def update(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "is_dry_run", lambda: False)


def refusal(stack: str, config: Mapping[str, Any]) -> list[str]:
    """What an update says about a stack with this config, line by line."""
    with pytest.raises(SettingsError) as told:
        record(stack, config=config)
    first, *rest = str(told.value).split("\n  ")
    assert first == f"config of stack {stack}:"
    return rest


def each_starts(lines: list[str], beginnings: list[str]) -> bool:
    return len(lines) == len(beginnings) and all(map(str.startswith, lines, beginnings))


@pytest.mark.parametrize(("config", "beginnings"), PLACEHOLDERS)
def test_a_preview_goes_on_with_placeholders_and_lists_them_in_one_warning(
    config: dict[str, Any], beginnings: list[str], said: list[str]
) -> None:
    assert record("dev", config={**LOCAL_CONFIG, **config}).resources
    [warning] = said
    first, *rest = warning.split("\n  ")
    assert first == "config of stack dev has placeholders, which an update refuses:"
    assert each_starts(rest, beginnings)


@pytest.mark.parametrize(("config", "beginnings"), PLACEHOLDERS)
def test_an_update_with_placeholders_is_refused_and_never_repeats_a_secret(
    config: dict[str, Any], beginnings: list[str], update: None
) -> None:
    told = refusal("dev", {**LOCAL_CONFIG, **config})
    assert each_starts(told, beginnings)
    secrets = [value for value in config.values() if isinstance(value, Decrypted)]
    assert not any(secret in line for secret in secrets for line in told)


@pytest.mark.parametrize(
    "config",
    [
        LIVE,
        LIVE | {"stripeSecretKey": Decrypted("rk_live_of_the_test")},
        LIVE
        | {"stripeSecretKey": Decrypted("sk_org_live_of_the_test"), **ZONE, "protectData": True},
        LIVE | {"stripeReadKey": Decrypted("rk_live_51AbC")},
        {"senderEmail": "orders@counterexample.com", "operationsEmail": "us@example.co"},
        {"senderEmail": "example@shop.localhost"},
    ],
)
def test_what_only_looks_like_a_placeholder_is_taken(
    config: dict[str, Any], said: list[str], update: None
) -> None:
    assert record("dev", config={**LOCAL_CONFIG, **config}).resources
    assert said == []


def test_prod_as_shipped_is_refused_until_the_steps_of_the_readme_are_done(
    said: list[str], update: None
) -> None:
    told = refusal("prod", {"bundlePlatform": "host"})
    keys = [line.partition(":")[0] for line in told]
    secrets = ["stripeSecretKey", "stripeReadKey", "stripeWebhookSecret"]
    assert keys == [*secrets, "stripePublishableKey", "operationsEmail"]
    assert all("run: pulumi config set " in line for line in told)
    assert record("prod", config={**LOCAL_CONFIG, **OWN["prod"]}).resources
    assert said == []


@pytest.mark.parametrize("stack", [each for each in STACKS if each not in OWN])
def test_a_sandbox_stack_as_shipped_goes_up(stack: str, said: list[str], update: None) -> None:
    assert record(stack, config={"bundlePlatform": "host"}).resources
    assert ["sends no mail" in each for each in said] == [True]


def test_a_preview_without_the_secret_key_judges_what_it_can_see(said: list[str]) -> None:
    record("prod", config={**PREVIEW_CONFIG, "senderEmail": "orders@shop.localhost"})
    [warning] = said
    assert [line.partition(":")[0] for line in warning.split("\n  ")[1:]] == [
        "stripePublishableKey",
        "operationsEmail",
    ]
