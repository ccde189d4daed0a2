"""Notes each call in a queue, with when it ran, and does what its event asks for."""

import json
import os
import time

import boto3

notes = boto3.client("sqs")


def wanted(event):
    """The part that a test sends: alone, in an event of a bus, or in a topic's message."""
    if "Records" in event:
        return json.loads(event["Records"][0]["Sns"]["Message"])
    return event.get("detail", event)


def run(event, _context):
    asked, started = wanted(event), time.time()
    time.sleep(asked.get("seconds", 0))
    note = {"asked": asked, "event": event, "span": [started, time.time()]}
    notes.send_message(QueueUrl=os.environ["NOTES"], MessageBody=json.dumps(note))
    if asked.get("fails"):
        raise RuntimeError("asked to fail")
