"""The function: one more visit of a name."""

import json
import os

import boto3


def handle(event, context):
    name = event.get("rawPath", "/").strip("/") or "stranger"
    answer = boto3.client("dynamodb").update_item(
        TableName=os.environ["TABLE"],
        Key={"name": {"S": name}},
        UpdateExpression="ADD visits :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
        ReturnValues="UPDATED_NEW",
    )
    visits = answer["Attributes"]["visits"]["N"]
    said = f"{os.environ['GREETING']}, {name}: visit {visits}"
    return {"statusCode": 200, "body": json.dumps(said)}
