import json
from typing import Any

import pytest

from localcloud.program import Decrypted
from localcloud.registration import Recording, Registration
from tests.support.recorded_stacks import FUNCTION, given, recording

VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
CURRENT = "whsec_of_the_test"


def kept(found: Recording) -> Registration:
    return found.one(VERSION, "payment-webhook-secret-value")


@pytest.mark.parametrize("previous", [{}, {"stripeWebhookSecretPrevious": "whsec_before"}])
def test_stripes_secrets_are_a_list_with_the_current_one_first(previous: dict[str, str]) -> None:
    secret = {name: Decrypted(value) for name, value in previous.items()}
    found = recording("prod", **secret)
    assert json.loads(given(kept(found), "secretString")) == [CURRENT, *previous.values()]
    assert list(kept(found).ignore_changes) == []


def test_stripes_secrets_are_in_the_secret_alone_and_masked_wherever_they_are_shown() -> None:
    before = "whsec_before"
    found = recording("prod", stripeWebhookSecretPrevious=Decrypted(before))
    for secret in (CURRENT, before):
        holders = [each.name for each in found.resources if secret in str(dict(each.inputs))]
        assert holders == [kept(found).name]
        masked = [each for each in found.resources if secret in str(dict(each.masked_inputs))]
        assert (masked, secret in str(found.exports)) == ([], False)


def test_a_sandboxs_secret_is_made_once_and_masked() -> None:
    found = recording("dev")
    [secret] = json.loads(given(kept(found), "secretString"))
    assert secret.startswith("whsec_")
    assert list(kept(found).ignore_changes) == ["secretString"]
    assert secret not in str(dict(kept(found).masked_inputs))


def environment(found: Recording) -> dict[str, Any]:
    return given(found.one(FUNCTION, "payment-webhook"), "environment", "variables")


@pytest.mark.parametrize("stack_name", ["dev", "prod"])
def test_the_function_knows_its_stack_and_reads_its_own_secret(stack_name: str) -> None:
    told = environment(recording(stack_name))
    assert told["STACK_NAME"] == stack_name
    assert told["WEBHOOK_SECRET_ARN"] == "<Secret.payment-webhook-secret.arn>"
    assert told["BOOKS_FUNCTION_ARN"] == "<Function.payment-books-compare-books.arn>"
