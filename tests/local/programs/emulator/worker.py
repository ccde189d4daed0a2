"""The toy function of emulator.py: does what its event asks for and says when and where it ran."""

import json
import os
import time
import urllib.request

import boto3


class PaymentDeclined(Exception):
    pass


def run(event, context):
    started = time.time()
    kind = event.get("do") or json.loads(event["body"])["do"]
    if kind == "fail":
        raise PaymentDeclined("no funds")
    if kind == "sleep":
        time.sleep(0.2)
    if kind == "nested":
        lam = boto3.client("lambda")
        lam.invoke(FunctionName=context.function_name, Payload=json.dumps({"do": "sleep"}))
    if kind == "call":
        body = json.dumps({"do": "sleep"}).encode()
        request = urllib.request.Request(event["url"], body, {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=20).read()
    if kind == "log":
        print(
            json.dumps(
                {
                    "_aws": {
                        "Timestamp": 0,
                        "CloudWatchMetrics": [
                            {
                                "Namespace": "toy",
                                "Dimensions": [["shop"]],
                                "Metrics": [{"Name": "Orders", "Unit": "Count"}],
                            }
                        ],
                    },
                    "Orders": 3,
                    "shop": "a",
                }
            )
        )
    if kind == "put":
        boto3.client("s3").put_object(Bucket=event["bucket"], Key="k", Body=b"x")
    if kind == "mail":
        boto3.client("sesv2").send_email(
            FromEmailAddress="Shop <shop@example.com>",
            Destination={"ToAddresses": ["a@b.ch"]},
            Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
        )
    return {"span": [started, time.time()], "pid": os.getpid(), "env": dict(os.environ)}
