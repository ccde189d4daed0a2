"""What SES reports of mail: where it goes, who may report, and who hears of it."""

import pytest

from local.settings import LOCAL_CONFIG
from localcloud.registration import Recording
from localcloud.settings import ACCOUNT
from tests.support.recorded_stacks import (
    EVENT_SOURCE,
    FUNCTION,
    QUEUE,
    STACKS,
    SUBSCRIPTION,
    document,
    given,
    longest_call,
    of_stand_in,
    recording,
    stand_in,
    statements,
)

SET = "aws:sesv2/configurationSet:ConfigurationSet"
DESTINATION = "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination"
TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"


def test_mail_is_sent_with_the_set_whose_failures_are_reported(declared: Recording) -> None:
    [used], [destination] = declared.of_type(SET), declared.of_type(DESTINATION)
    sender = declared.one(FUNCTION, "notifier-send-email")
    named = given(sender, "environment", "variables")["CONFIGURATION_SET"]
    assert named == given(destination, "configurationSetName")
    assert named == given(used, "configurationSetName")
    told = given(destination, "eventDestination")
    assert told["enabled"]
    assert set(told["matchingEventTypes"]) == {"BOUNCE", "COMPLAINT", "REJECT"}
    topic = declared.one(TOPIC, "notifier-outcomes-topic")
    assert told["snsDestination"]["topicArn"] == stand_in(topic, "arn")


def test_stacks_of_one_account_have_sets_of_their_own() -> None:
    names = {
        given(used, "configurationSetName")
        for stack in STACKS
        for used in recording(stack).of_type(SET)
    }
    assert len(names) == len(STACKS)


def test_only_ses_may_report_and_only_for_this_account_and_set(declared: Recording) -> None:
    [policy] = declared.of_type(TOPIC_POLICY)
    topic = stand_in(declared.one(TOPIC, "notifier-outcomes-topic"), "arn")
    assert given(policy, "arn") == topic
    assert statements(document(policy, "policy")) == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ses.amazonaws.com"},
            "Action": ["sns:Publish"],
            "Resource": [topic],
            "Condition": {
                "StringEquals": {
                    "aws:SourceAccount": ACCOUNT,
                    "aws:SourceArn": "<ConfigurationSet.notifier-outcomes-set.arn>",
                }
            },
        }
    ]


def test_reports_hold_addresses_and_so_go_to_their_own_queue_alone(declared: Recording) -> None:
    topic = stand_in(declared.one(TOPIC, "notifier-outcomes-topic"), "arn")
    [heard] = [each for each in declared.of_type(SUBSCRIPTION) if given(each, "topic") == topic]
    queue = of_stand_in(declared, QUEUE, given(heard, "endpoint"))
    assert queue.name == "notifier-outcomes-queue"
    assert given(heard, "rawMessageDelivery")
    source = declared.one(EVENT_SOURCE, "notifier-outcomes-queue-to-mail-outcome")
    assert given(source, "eventSourceArn") == stand_in(queue, "arn")


def test_one_outcome_is_noted_within_the_time_of_its_function(declared: Recording) -> None:
    """Two reads, three writes and an event, slow as they may be."""
    timeout = given(declared.one(FUNCTION, "notifier-outcomes-mail-outcome"), "timeout")
    assert 6 * longest_call() < timeout


@pytest.mark.parametrize("sender", ["", LOCAL_CONFIG["senderEmail"]])
def test_a_stack_that_sends_no_mail_has_nothing_reported(sender: str) -> None:
    names = {each.name for each in recording("prod", senderEmail=sender).resources}
    assert any(each.startswith("notifier-outcomes") for each in names) is bool(sender)
