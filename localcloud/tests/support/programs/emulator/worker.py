"""The toy function: does what its event asks for, and says when and where it ran."""

import json
import os
import pathlib
import time
import urllib.request

import boto3

METRIC = {"Namespace": "toy", "Dimensions": [["shop"]], "Metrics": [{"Name": "Orders"}]}


class PaymentDeclined(Exception):
    """What a Catch has to recognise by name."""


def fail(_event, _context):
    raise PaymentDeclined("no funds")


def nested(_event, context):
    payload = json.dumps({"do": "sleep"})
    boto3.client("lambda").invoke(FunctionName=context.function_name, Payload=payload)


def call(event, _context):
    body = json.dumps(event.get("body", {"do": "sleep"})).encode()
    request = urllib.request.Request(event["url"], body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=20).read()


def hang(event, _context):
    pathlib.Path(event["began"]).touch()
    time.sleep(20)


def log(_event, _context):
    print(json.dumps({"_aws": {"CloudWatchMetrics": [METRIC]}, "Orders": 3, "shop": "a"}))


def put(event, _context):
    boto3.client("s3").put_object(Bucket=event["bucket"], Key="k", Body=b"x")


ACTIONS = {
    "nothing": lambda _event, _context: None,
    "sleep": lambda _event, _context: time.sleep(0.3),
    "oversleep": lambda _event, _context: time.sleep(3),
    "hang": hang,
    "fail": fail,
    "nested": nested,
    "call": call,
    "log": log,
    "put": put,
}


def run(event, context):
    started = time.time()
    wanted = event if "do" in event else json.loads(event["body"])
    ACTIONS[wanted["do"]](wanted, context)
    return {"span": [started, time.time()], "pid": os.getpid(), "env": dict(os.environ)}


def answer(event, context):
    """Answers a request of a REST API."""
    return {"statusCode": 200, "body": json.dumps(run(event, context)["span"])}


def tell_connection(event, _context):
    """Answers a message of a WebSocket."""
    return {"statusCode": 200, "body": event["requestContext"]["connectionId"]}
