"""The mail of an order's events: what sends it and as whom, and a stack that sends none."""

import json

import pulumi
import pytest

from handlers.adapters import mail_log, mailer
from local.settings import LOCAL_CONFIG
from localcloud.recorder import record
from localcloud.settings import ACCOUNT
from tests.support.recorded_stacks import (
    EVENT_SOURCE,
    FUNCTION,
    QUEUE,
    ROLE_POLICY,
    STACKS,
    document,
    given,
    longest_call,
    recording,
    statements,
)

SITE_FILE = "aws:s3/bucketObjectv2:BucketObjectv2"
IDENTITY = "aws:sesv2/emailIdentity:EmailIdentity"
SENDER = LOCAL_CONFIG["senderEmail"]


@pytest.mark.parametrize("stack", STACKS)
def test_stacks_of_one_account_do_not_ask_for_the_same_identity_as_shipped(stack: str) -> None:
    """SES has an identity once for an account and region; the second to ask for it is refused."""
    assert recording(stack, senderEmail="").of_type(IDENTITY) == []


def test_without_a_sender_nothing_waits_for_mail_and_the_events_are_there_for_others() -> None:
    with_mail, without = (recording("prod", senderEmail=sender) for sender in (SENDER, ""))
    gone = {each.name for each in with_mail.resources} - {each.name for each in without.resources}
    assert {each for each in gone if not each.startswith("notifier-outcomes")} == {
        "notifier-dead-letters",
        "notifier-dead-letters-policy",
        "notifier-mails",
        "notifier-mails-policy",
        "notifier-mails-subscription",
        "notifier-mails-to-send-email",
        "notifier-send-email",
        "notifier-send-email-logs",
        "notifier-send-email-policy",
        "notifier-send-email-role",
        "notifier-sender",
    }
    topic = without.one("aws:sns/topic:Topic", "order-events-topic")
    assert topic.parent == without.one("orders:index:OrderEvents", "order-events").urn
    assert [
        each.name for each in without.of_type("aws:sns/topicSubscription:TopicSubscription")
    ] == ["notifier-operations-subscription"]


@pytest.mark.parametrize("url", ["", "https://proxy.example.com"])
def test_mail_links_to_where_customers_find_the_storefront(url: str) -> None:
    found = recording("dev", storefrontUrl=url)
    told = given(found.one(FUNCTION, "notifier-send-email"), "environment", "variables")
    assert told["STOREFRONT_URL"] == found.exports["storefrontUrl"]
    assert not url or told["STOREFRONT_URL"] == url


@pytest.mark.parametrize("sender", ["", SENDER])
def test_the_site_is_told_whether_customers_get_mail(sender: str) -> None:
    file = recording("dev", senderEmail=sender).one(SITE_FILE, "site-config-file")
    assert json.loads(given(file, "content"))["sendsMail"] is bool(sender)


@pytest.mark.parametrize("sender", ["", SENDER])
def test_a_stack_that_sends_no_mail_says_so_once_and_how_to_change_it(
    sender: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    record("dev", config={**LOCAL_CONFIG, "senderEmail": sender})
    assert len(said) == (0 if sender else 1)
    assert all("pulumi config set senderEmail" in each for each in said)


def test_an_identity_that_the_account_has_is_used_and_neither_made_nor_removed() -> None:
    own, existing = (recording("dev", senderIdentity=kind) for kind in ("create", "existing"))
    [identity] = own.of_type(IDENTITY)
    assert given(identity, "emailIdentity") == SENDER
    rest = [each.urn for each in own.resources if each is not identity]
    assert [each.urn for each in existing.resources] == rest


@pytest.mark.parametrize("identity", ["create", "existing"])
def test_mail_comes_from_the_sender_alone_goes_to_any_identity_and_uses_its_own_set(
    identity: str,
) -> None:
    found = recording("dev", senderIdentity=identity)
    policy = document(found.one(ROLE_POLICY, "notifier-send-email-policy"), "policy")
    send = [each for each in statements(policy) if "ses:SendEmail" in each["Action"]]
    allowed = {"Effect": "Allow", "Action": ["ses:SendEmail"]}
    assert send == [
        allowed
        | {
            "Resource": [f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/*"],
            "Condition": {"StringEquals": {"ses:FromAddress": SENDER}},
        },
        allowed | {"Resource": ["<ConfigurationSet.notifier-outcomes-set.arn>"]},
    ]


def test_one_mail_at_a_time_ends_within_the_function_and_the_lease_outlives_it() -> None:
    """Slow as everything may be: the order's read, the claim, SES's answer and the record of it."""
    one_call = longest_call()
    record = mail_log.RECORD_SECONDS + one_call
    longest = 2 * one_call + mailer.CONNECT_SECONDS + mailer.ANSWER_SECONDS + record
    declared = recording("dev")
    source = declared.one(EVENT_SOURCE, "notifier-mails-to-send-email")
    timeout = given(declared.one(FUNCTION, "notifier-send-email"), "timeout")
    hidden = given(declared.one(QUEUE, "notifier-mails"), "visibilityTimeoutSeconds")
    assert given(source, "batchSize") == 1
    assert longest < timeout < mail_log.LEASE_SECONDS < hidden
