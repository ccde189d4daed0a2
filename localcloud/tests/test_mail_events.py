"""What SES says of mail to its mailbox simulator: published as it does, to who is to be told."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from localcloud.provision.aws import Aws
from localcloud.tests.support.toy import Toy

PROGRAM = """
topic, queue = aws.sns.Topic("topic"), aws.sqs.Queue("queue")
mail = aws.sesv2.ConfigurationSet("mail", configuration_set_name="toy-mail")

def policy(service, action, resource, source):
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": resource,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}}}]})

aws.sns.TopicPolicy("told", arn=topic.arn, policy=policy("ses.amazonaws.com", "sns:Publish", topic.arn, mail.arn))
aws.sqs.QueuePolicy("queued", queue_url=queue.url,
                    policy=policy("sns.amazonaws.com", "sqs:SendMessage", queue.arn, topic.arn))
aws.sns.TopicSubscription("subscription", topic=topic.arn, protocol="sqs", endpoint=queue.arn)
aws.sesv2.ConfigurationSetEventDestination(
    "events", configuration_set_name=mail.configuration_set_name, event_destination_name="topic",
    event_destination={"enabled": True, "matching_event_types": ["BOUNCE", "COMPLAINT"],
                       "sns_destination": {"topic_arn": topic.arn}})
aws.sesv2.EmailIdentity("plain", email_identity="plain@example.com")
aws.sesv2.EmailIdentity("shop", email_identity="shop@example.com", configuration_set_name=mail.configuration_set_name)
pulumi.export("queue", queue.url)
pulumi.export("topic", topic.arn)
"""
CONTENT = {"Simple": {"Subject": {"Data": "Your order"}, "Body": {"Text": {"Data": "t"}}}}
SET = {"ConfigurationSetName": "toy-mail"}


@pytest.fixture(scope="module")
def outputs(module_toy: Toy) -> Mapping[str, Any]:
    module_toy.program(PROGRAM)
    return module_toy.up()


@pytest.fixture
def told(outputs: Mapping[str, Any], aws: Aws) -> Callable[..., list[Any]]:
    """The events that come within two seconds of a mail, the first at once."""

    def send(*recipients: str, sender: str = "plain@example.com", **how: Any) -> list[Any]:
        sent = aws.sesv2.send_email(
            FromEmailAddress=f"Shop <{sender}>",
            Destination={"ToAddresses": recipients},
            Content=CONTENT,
            **how,
        )
        found: list[Any] = []
        queue = {"QueueUrl": outputs["queue"]}
        while messages := aws.sqs.receive_message(**queue, WaitTimeSeconds=2).get("Messages"):
            envelope = json.loads(messages[0]["Body"])
            aws.sqs.delete_message(**queue, ReceiptHandle=messages[0]["ReceiptHandle"])
            found.append(json.loads(envelope["Message"]))
            assert envelope["Subject"] == "Amazon SES Email Event Notification"
            assert found[-1]["mail"]["messageId"] == sent["MessageId"]
        return found

    return send


@pytest.mark.parametrize("box", ["bounce", "bounce+order-1", "suppressionlist"])
def test_mail_to_a_box_that_bounces_publishes_a_permanent_bounce(
    told: Callable[..., list[Any]], box: str
) -> None:
    address = f"{box}@simulator.amazonses.com"
    [event] = told(address, **SET, EmailTags=[{"Name": "order", "Value": "1"}])
    bounce, mail = event["bounce"], event["mail"]
    assert (event["eventType"], bounce["bounceType"]) == ("Bounce", "Permanent")
    assert [each["emailAddress"] for each in bounce["bouncedRecipients"]] == [address]
    assert mail["destination"] == mail["commonHeaders"]["to"] == [address]
    assert mail["commonHeaders"]["subject"] == "Your order"
    assert (mail["source"], mail["tags"]["order"]) == ("Shop <plain@example.com>", ["1"])
    assert mail["tags"]["ses:configuration-set"] == ["toy-mail"]


def test_mail_to_the_box_that_complains_publishes_a_complaint(
    told: Callable[..., list[Any]],
) -> None:
    [event] = told("complaint@simulator.amazonses.com", **SET)
    assert (event["eventType"], event["complaint"]["complaintFeedbackType"]) == (
        "Complaint",
        "abuse",
    )
    assert event["complaint"]["complainedRecipients"] == [
        {"emailAddress": "complaint@simulator.amazonses.com"}
    ]


def test_the_configuration_set_of_the_senders_identity_is_used_if_the_mail_names_none(
    told: Callable[..., list[Any]],
) -> None:
    assert told("bounce@simulator.amazonses.com") == []
    [event] = told("bounce@simulator.amazonses.com", sender="shop@example.com")
    assert event["eventType"] == "Bounce"


def test_mail_that_arrives_says_nothing(told: Callable[..., list[Any]]) -> None:
    assert told("ann@example.com", "success@simulator.amazonses.com", **SET) == []


def test_an_event_goes_only_to_a_destination_that_wants_it_and_whose_topic_lets_it_in(
    told: Callable[..., list[Any]], outputs: Mapping[str, Any], aws: Aws
) -> None:
    destination = {"Enabled": True, "SnsDestination": {"TopicArn": outputs["topic"]}}
    update = aws.sesv2.update_configuration_set_event_destination
    for types in (["COMPLAINT"], ["BOUNCE"]):
        wanted = destination | {"MatchingEventTypes": types}
        update(**SET, EventDestinationName="topic", EventDestination=wanted)
        events = told("bounce@simulator.amazonses.com", **SET)
        assert len(events) == (types == ["BOUNCE"])
    aws.sesv2.create_configuration_set(ConfigurationSetName="other")
    aws.sesv2.create_configuration_set_event_destination(
        ConfigurationSetName="other", EventDestinationName="topic", EventDestination=wanted
    )
    assert told("bounce@simulator.amazonses.com", ConfigurationSetName="other") == []
    aws.sesv2.delete_configuration_set(ConfigurationSetName="other")


def test_mail_with_a_configuration_set_that_is_not_there_is_refused(
    told: Callable[..., list[Any]], aws: Aws
) -> None:
    with pytest.raises(aws.sesv2.exceptions.NotFoundException):
        told("ann@example.com", ConfigurationSetName="nothing")
