import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.settings import SettingsError
from local.program import load
from local.recorder import record
from tests.components.recorded import STACKS, given, recording

ROOT = Path(__file__).parents[2]

WRONG = {
    "workflowType": "FAST",
    "paymentGateway": "paypal",
    "currency": "usd",
    "senderEmail": "orders",
    "operationsEmail": "nobody@",
    "storefrontUrl": "shop.example.com",
    "maxAttempts": 0,
    "apiRateLimit": 10_001,
    "logRetentionDays": 8,
    "receiptRetentionDays": 0,
    "bundlePlatform": "windows",
}


def problems(**config: Any) -> list[str]:
    """What the program says about a stack with this config, line by line."""
    with pytest.raises(SettingsError) as told:
        record("dev", config={"bundlePlatform": "host"} | config)
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


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("currency", "US"),
        ("currency", "EURO"),
        ("senderEmail", "a b@example.com"),
        ("senderEmail", "@example.com"),
        ("senderEmail", ""),
        ("storefrontUrl", "http://shop.example.com"),
        ("storefrontUrl", "https://shop.example.com/"),
        ("storefrontUrl", "https://"),
        ("storefrontUrl", "javascript://localhost"),
        ("apiRateLimit", -5),
    ],
)
def test_what_would_fail_later_is_refused_now(key: str, value: Any) -> None:
    [_, line] = problems(**{key: value})
    assert line.strip().startswith(f"{key}: should be ")


def test_a_stack_with_stripe_needs_its_key_and_is_told_how_to_set_it() -> None:
    [_, line] = problems(paymentGateway="stripe")
    assert line.strip().startswith("stripeSecretKey: ")
    assert "pulumi config set --secret stripeSecretKey" in line


def test_a_secret_is_never_shown_in_a_problem() -> None:
    told = problems(stripeSecretKey="sk_live_very_secret", workflowType="FAST")
    assert "sk_live_very_secret" not in "\n".join(told)


def test_the_sign_in_returns_to_the_storefront() -> None:
    clients = {
        stack: recording(stack).of_type("aws:cognito/userPoolClient:UserPoolClient")[0]
        for stack in ("dev", "prod")
    }
    assert {stack: given(each, "callbackUrls") for stack, each in clients.items()} == {
        "dev": ["http://localhost:5173/signed-in"],
        "prod": ["https://shop.example.com/signed-in"],
    }


@pytest.mark.parametrize("stack", STACKS)
def test_a_stacks_file_has_only_declared_keys_and_what_differs_from_the_defaults(
    stack: str,
) -> None:
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text(encoding="utf-8"))["config"]
    text = (ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    given_here = yaml.safe_load(text)["config"]
    own = {k.removeprefix("orders:"): v for k, v in given_here.items() if k.startswith("orders:")}
    assert set(own) <= set(declared)
    assert [key for key, value in own.items() if declared[key].get("default") == value] == []


def test_every_declared_key_is_read_and_every_read_key_declared() -> None:
    source = (ROOT / "components" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'(?:text|choice|flag|number|get_secret)\(\s*"(\w+)"', source))
    declared = {key.rpartition(":")[2] for key in load("dev").config if key.startswith("orders:")}
    assert read == declared
