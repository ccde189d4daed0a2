"""What is tried on behalf of each role: the calls that a function may need, and their neighbours.

Each is made so that it changes nothing where it is allowed.
"""

import json
from functools import partial
from typing import Any

from tests.roles import Call
from tests.shop import Shop

OTHER_TABLE = "orders-other-order-store-table"
OTHER_SECRET = "orders-other-payment-key"
"""Of another stack of the same account; whoever tries the calls makes them first."""

KEY = {"pk": {"S": "NOBODY#permissions"}, "sk": {"S": "NOBODY"}}
_NEVER = "attribute_exists(pk)"  # no such item: an allowed write is refused by its condition


def attempts(shop: Shop) -> dict[str, Call]:
    """Everything that is tried, by what it would do."""
    return {**_on_tables(shop), **_on_receipts(shop), **_on_the_rest(shop)}


def _on_tables(shop: Shop) -> dict[str, Call]:
    orders, stock = shop.outputs["ordersTableName"], shop.outputs["inventoryTableName"]
    sandbox = orders.replace("order-store", "payment-sandbox")
    db = partial(Call, "dynamodb")

    def get(table: str) -> Call:
        return db("get_item", {"TableName": table, "Key": KEY})

    def batch(table: str) -> Call:
        return db("batch_get_item", {"RequestItems": {table: {"Keys": [KEY]}}})

    def put(table: str) -> Call:
        return db("put_item", {"TableName": table, "Item": KEY, "ConditionExpression": _NEVER})

    def update(table: str) -> Call:
        return db("update_item", {"TableName": table, "Key": KEY, "ConditionExpression": _NEVER})

    def delete(table: str) -> Call:
        return db("delete_item", {"TableName": table, "Key": KEY})

    def query(table: str, index: str, key: str) -> Call:
        condition = {
            "KeyConditionExpression": f"{key} = :none",
            "ExpressionAttributeValues": {":none": {"S": "NOBODY"}},
        }
        return db("query", {"TableName": table, "IndexName": index, **condition})

    check = {"TableName": orders, "Key": KEY, "ConditionExpression": _NEVER}
    return {
        "read an order": get(orders),
        "read orders": batch(orders),
        "list orders": query(orders, "byCustomer", "customerId"),
        "write an order row": put(orders),
        "move an order": update(orders),
        "check an order": db(
            "transact_write_items", {"TransactItems": [{"ConditionCheck": check}]}
        ),
        "delete an order": delete(orders),
        "read all orders": db("scan", {"TableName": orders}),
        "read a reservation": get(stock),
        "read products": batch(stock),
        "list products": query(stock, "catalogue", "catalogue"),
        "write a reservation": put(stock),
        "move stock": update(stock),
        "delete a product": delete(stock),
        "read all stock": db("scan", {"TableName": stock}),
        "use the sandbox's table": get(sandbox),
        "read another store's order": get(OTHER_TABLE),
        "write another store's order": put(OTHER_TABLE),
        "move another store's order": update(OTHER_TABLE),
    }


def _on_receipts(shop: Shop) -> dict[str, Call]:
    def of(operation: str, key: str, **more: Any) -> Call:
        bucket = {"Bucket": shop.outputs["receiptsBucketName"]}
        return Call("s3", operation, {**bucket, "Key": key, **more})

    return {
        "read a receipt": of("get_object", "receipts/none.pdf"),
        "write a receipt": of("put_object", "receipts/none.pdf", IfMatch='"none"'),
        "delete a receipt": of("delete_object", "receipts/none.pdf"),
        "read beside the receipts": of("get_object", "other/none.pdf"),
        "write beside the receipts": of("put_object", "other/none.pdf", IfMatch='"none"'),
        "list receipts": Call(
            "s3", "list_objects_v2", {"Bucket": shop.outputs["receiptsBucketName"]}
        ),
    }


def _on_the_rest(shop: Shop) -> dict[str, Call]:
    (key,) = [
        each["ARN"]
        for each in shop.aws.secretsmanager.list_secrets()["SecretList"]
        if "payment-sandbox" in each["Name"]
    ]
    queues = shop.aws.sqs.list_queues()["QueueUrls"]
    (mails,) = [url for url in queues if url.endswith("-notifier-mails")]
    functions = shop.aws.lambda_.list_functions()["Functions"]
    a_function = functions[0]["FunctionName"]
    machine = shop.outputs["stateMachineArn"]
    run = {"input": json.dumps({"orderId": "NOBODY", "command": "process"})}

    def mail(sender: str) -> Call:
        text = {"Data": "permissions"}
        content = {"Simple": {"Subject": text, "Body": {"Text": text}}}
        to = {"ToAddresses": ["nobody@example.com"]}
        named = {"FromEmailAddress": sender, "Destination": to, "Content": content}
        return Call("sesv2", "send_email", named)

    secrets, states = partial(Call, "secretsmanager"), partial(Call, "stepfunctions")
    peek = {"QueueUrl": mails, "VisibilityTimeout": 0}
    return {
        "read the payment key": secrets("get_secret_value", {"SecretId": key}),
        "read another stack's key": secrets("get_secret_value", {"SecretId": OTHER_SECRET}),
        "change another stack's key": secrets(
            "put_secret_value", {"SecretId": OTHER_SECRET, "SecretString": "sk_changed"}
        ),
        "start a run": states("start_execution", {"stateMachineArn": machine, **run}),
        "start another machine": states(
            "start_execution", {"stateMachineArn": f"{machine}-2", **run}
        ),
        "send mail": mail("orders@example.com"),
        "send mail as somebody else": mail("boss@example.com"),
        "receive mail jobs": Call("sqs", "receive_message", peek),
        "make mail jobs": Call("sqs", "send_message", {"QueueUrl": mails, "MessageBody": "{}"}),
        "publish an event": Call(
            "sns", "publish", {"TopicArn": shop.outputs["orderEventsTopicArn"], "Message": "{}"}
        ),
        "call a function": Call(
            "lambda", "invoke", {"FunctionName": a_function, "InvocationType": "DryRun"}
        ),
        "read customers": Call(
            "cognito-idp", "list_users", {"UserPoolId": shop.outputs["userPoolId"]}
        ),
        "take another role": Call(
            "sts",
            "assume_role",
            {"RoleArn": functions[0]["Role"], "RoleSessionName": "as-another"},
        ),
    }
