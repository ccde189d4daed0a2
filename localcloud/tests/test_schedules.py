"""Functions that the patched emulator invokes by itself: at their time, with the ways out of a failure."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

import pytest

from localcloud.provision.aws import Aws
from localcloud.tests.support.spans import most_at_once
from localcloud.tests.support.toy import FUNCTION_BOUND, Toy

Message = Mapping[str, Any]
Messages = list[Message]
ALL = {"MessageAttributeNames": ["All"], "MaxNumberOfMessages": 10, "WaitTimeSeconds": 1}
FUNCTION = "orders-dev-worker"


@pytest.fixture(scope="module")
def outputs(module_toy: Toy) -> Mapping[str, Any]:
    module_toy.use("schedules")
    return module_toy.up()


@pytest.fixture
def received(outputs: Mapping[str, Any], aws: Aws) -> Callable[..., Messages]:
    """Takes the messages of a queue that the test named `by` caused; those of other tests are left out."""

    def receive(queue: str, by: str, count: int, seconds: float = 15) -> Messages:
        found: Messages = []
        deadline = time.monotonic() + seconds
        while len(found) < count and time.monotonic() < deadline:
            answer = aws.sqs.receive_message(QueueUrl=outputs[queue], **ALL)
            for each in answer.get("Messages", []):
                if by in each["Body"]:
                    found.append(each)
                    aws.sqs.delete_message(
                        QueueUrl=outputs[queue], ReceiptHandle=each["ReceiptHandle"]
                    )
        return found

    return receive


@contextmanager
def once(aws: Aws, outputs: Mapping[str, Any], name: str, **changed: Any) -> Iterator[None]:
    """A schedule that is due in a second; `changed` is of its target."""
    target = {
        "Arn": outputs["function"],
        "RoleArn": outputs["invoker"],
        "Input": json.dumps({"by": name}),
        "DeadLetterConfig": {"Arn": outputs["lettersArn"]},
    }
    aws.scheduler.create_schedule(
        Name=name,
        ScheduleExpression=time.strftime("at(%Y-%m-%dT%H:%M:%S)", time.gmtime(time.time() + 1)),
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=target | changed,
    )
    yield
    aws.scheduler.delete_schedule(Name=name)


def asked(name: str, **more: Any) -> str:
    return json.dumps({"by": name, **more})


@contextmanager
def by_schedule(aws: Aws, outputs: Mapping[str, Any], wanted: str) -> Iterator[None]:
    with once(aws, outputs, "failing", Input=wanted):
        yield


@contextmanager
def by_rule(aws: Aws, outputs: Mapping[str, Any], wanted: str) -> Iterator[None]:
    aws.events.put_rule(Name="toy", EventPattern=json.dumps({"source": ["toy"]}))
    aws.events.put_targets(Rule="toy", Targets=[{"Id": "worker", "Arn": outputs["function"]}])
    event = {"Source": "toy", "DetailType": "asked", "Detail": wanted}
    aws.events.put_events(Entries=[event])
    yield
    aws.events.remove_targets(Rule="toy", Ids=["worker"])
    aws.events.delete_rule(Name="toy")


@contextmanager
def by_topic(aws: Aws, outputs: Mapping[str, Any], wanted: str) -> Iterator[None]:
    topic = aws.sns.create_topic(Name="toy")["TopicArn"]
    aws.sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=outputs["function"])
    aws.sns.publish(TopicArn=topic, Message=wanted)
    yield
    aws.sns.delete_topic(TopicArn=topic)


@pytest.mark.parametrize("sent", [by_schedule, by_rule, by_topic])
def test_a_failed_event_is_tried_again_and_goes_to_the_functions_destination(
    aws: Aws,
    outputs: Mapping[str, Any],
    received: Callable[..., Messages],
    sent: Callable[..., AbstractContextManager[None]],
) -> None:
    with sent(aws, outputs, asked(sent.__name__, fails=True)):
        notes = received("notes", sent.__name__, 2)
        [failure] = received("failures", sent.__name__, 1)
    assert len(notes) == 2
    record = json.loads(failure["Body"])
    assert record["requestPayload"] == json.loads(notes[0]["Body"])["event"]
    assert record["responsePayload"]["errorMessage"] == "asked to fail"


def test_a_schedule_whose_function_is_missing_sends_a_dead_letter(
    aws: Aws, outputs: Mapping[str, Any], received: Callable[..., Messages]
) -> None:
    missing = outputs["function"] + "-gone"
    policy = {"RoleName": "orders-dev-invoker", "PolicyName": "gone"}
    allowed = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": missing}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    aws.iam.put_role_policy(**policy, PolicyDocument=document)
    with once(aws, outputs, "gone", Arn=missing):
        [letter] = received("letters", "gone", 1)
    aws.iam.delete_role_policy(**policy)
    assert json.loads(letter["Body"]) == {
        "FunctionName": missing,
        "InvocationType": "Event",
        "Payload": asked("gone"),
    }
    found = {name: each["StringValue"] for name, each in letter["MessageAttributes"].items()}
    assert found["ERROR_CODE"] == "ResourceNotFoundException"
    assert found["SCHEDULE_ARN"].endswith(":schedule/default/gone")
    assert (found["RETRY_ATTEMPTS"], found["TARGET_ARN"]) == (
        "0",
        "arn:aws:scheduler:::aws-sdk:lambda:invoke",
    )


def test_a_schedule_invokes_with_the_permissions_of_its_role(
    aws: Aws, outputs: Mapping[str, Any], received: Callable[..., Messages]
) -> None:
    policy = {"RoleName": "orders-dev-invoker", "PolicyName": "deny"}
    denied = {"Effect": "Deny", "Action": "lambda:*", "Resource": outputs["function"]}
    document = json.dumps({"Version": "2012-10-17", "Statement": [denied]})
    aws.iam.put_role_policy(**policy, PolicyDocument=document)
    with once(aws, outputs, "denied"):
        [letter] = received("letters", "denied", 1)
    aws.iam.delete_role_policy(**policy)
    code = letter["MessageAttributes"]["ERROR_CODE"]["StringValue"]
    assert code == "AccessDeniedException"
    assert received("notes", "denied", 1, seconds=2) == []
    with once(aws, outputs, "allowed"):
        assert len(received("notes", "allowed", 1)) == 1


def test_scheduled_invocations_wait_for_the_functions_bound(
    aws: Aws, outputs: Mapping[str, Any], received: Callable[..., Messages]
) -> None:
    wanted = asked("bound", seconds=0.5)
    with ExitStack() as schedules:
        for number in range(6):
            schedules.enter_context(once(aws, outputs, f"bound-{number}", Input=wanted))
        notes = received("notes", "bound", 6)
    spans = [json.loads(each["Body"])["span"] for each in notes]
    assert len(spans) == 6
    assert most_at_once(spans) == FUNCTION_BOUND


def test_an_asynchronous_invocation_waits_for_reserved_concurrency_and_a_direct_one_is_throttled(
    aws: Aws, outputs: Mapping[str, Any], received: Callable[..., Messages]
) -> None:
    aws.lambda_.put_function_concurrency(FunctionName=FUNCTION, ReservedConcurrentExecutions=1)
    try:
        for _ in range(4):
            payload = asked("reserved", seconds=1)
            aws.lambda_.invoke(FunctionName=FUNCTION, InvocationType="Event", Payload=payload)
        time.sleep(0.5)
        with pytest.raises(aws.lambda_.exceptions.TooManyRequestsException):
            aws.lambda_.invoke(FunctionName=FUNCTION, Payload=asked("direct"))
        notes = received("notes", "reserved", 4)
    finally:
        aws.lambda_.delete_function_concurrency(FunctionName=FUNCTION)
    assert most_at_once([json.loads(each["Body"])["span"] for each in notes]) == 1
    assert len(notes) == 4
    assert received("failures", "reserved", 1, seconds=1) == []


# The last test, so that its minute passes while the others run.
def test_a_rate_of_one_minute_fires_each_minute(received: Callable[..., Messages]) -> None:
    [note] = received("notes", "minutely", 1, seconds=70)
    assert json.loads(note["Body"])["event"] == {"by": "minutely"}
