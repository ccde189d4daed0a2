"""The original design's six functions; this file alone is their code archive."""

import json
import os
from typing import Any

import boto3

Event = dict[str, Any]

dynamodb: Any = boto3.resource("dynamodb")
sns: Any = boto3.client("sns")
s3: Any = boto3.client("s3")


def _table(name: str) -> Any:
    return dynamodb.Table(os.environ[name])


def validate(event: Event, context: object) -> Event:
    for line in event["lines"]:
        found = _table("PRODUCTS_TABLE").get_item(Key={"productId": line["productId"]})
        if found["Item"]["stock"] < line["quantity"]:
            raise RuntimeError("OutOfStock")
    wanted = ("OrderId", "customerEmail", "lines", "amount", "paymentMethod")
    return {name: event[name] for name in wanted}


def save(event: Event, context: object) -> Event:
    _table("ORDERS_TABLE").put_item(Item={**event, "status": "PENDING"})
    return event


def pay(event: Event, context: object) -> Event:
    _table("ORDERS_TABLE").update_item(
        Key={"OrderId": event["OrderId"]},
        UpdateExpression="SET #status = :status",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":status": "PAID"},
    )
    return {"paid": True}


def inventory(event: Event, context: object) -> Event:
    for line in event["lines"]:
        _table("PRODUCTS_TABLE").update_item(
            Key={"productId": line["productId"]},
            UpdateExpression="SET stock = stock - :quantity",
            ConditionExpression="stock >= :quantity",
            ExpressionAttributeValues={":quantity": line["quantity"]},
        )
    return {"deducted": True}


def notify(event: Event, context: object) -> Event:
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Message=json.dumps(event), Subject="Order")
    return {"notified": True}


def receipt(event: Event, context: object) -> Event:
    key = f"{event['OrderId']}.txt"
    s3.put_object(Bucket=os.environ["RECEIPTS_BUCKET"], Key=key, Body=json.dumps(event))
    return {"receipt": key}
