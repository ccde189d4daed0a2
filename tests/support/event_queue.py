"""The queue that the sandbox puts its events into, in moto's account."""

import json
from typing import Any

import boto3


class EventQueue:
    """The queue of the sandbox's events."""

    def __init__(self) -> None:
        self._sqs: Any = boto3.client("sqs")
        self.url: str = self._sqs.create_queue(QueueName="events")["QueueUrl"]

    def take(self) -> list[dict[str, Any]]:
        """Each event that may be delivered now, and remove it."""
        taken: list[dict[str, Any]] = []
        while page := self._sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in page:
                self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
                taken.append(json.loads(message["Body"]))
        return sorted(taken, key=lambda event: event["id"])

    def types(self) -> list[str]:
        """The types of these events, in the order in which they were made."""
        return [event["type"] for event in self.take()]

    def late(self) -> int:
        """How many are there that may not be delivered yet."""
        name = "ApproximateNumberOfMessagesDelayed"
        answer = self._sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=[name])
        return int(answer["Attributes"][name])

    def delete(self) -> None:
        """Take the queue away."""
        self._sqs.delete_queue(QueueUrl=self.url)
