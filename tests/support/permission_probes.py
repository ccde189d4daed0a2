"""What is tried on behalf of each role: the calls that a function may need, and their neighbours.

Each is made so that it changes nothing where it is allowed.
"""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from local.settings import overrides
from tests.support.live_system import LiveSystem
from tests.support.roles import Call

OTHER_TABLE = "orders-other-order-store-table"
OTHER_SECRET = "orders-other-payment-key"
"""Of another stack of the same account; whoever tries the calls makes them first."""

KEY = {"pk": {"S": "NOBODY#permissions"}, "sk": {"S": "NOBODY"}}
_NEVER = "attribute_exists(pk)"  # no such item: an allowed write is refused by its condition
_EVENT = '{"id": "evt_probe", "object": "event", "type": "probe", "data": {"object": {}}}'


def attempts(shop: LiveSystem) -> dict[str, Call]:
    """Everything that is tried, by what it would do."""
    groups = (_on_tables, _on_receipts, _on_secrets, _on_messages, _on_the_rest)
    return {what: call for group in groups for what, call in group(shop).items()}


def _get(table: str) -> Call:
    return Call("dynamodb", "get_item", {"TableName": table, "Key": KEY})


def _batch(table: str) -> Call:
    return Call("dynamodb", "batch_get_item", {"RequestItems": {table: {"Keys": [KEY]}}})


def _query(table: str, index: str, key: str) -> Call:
    condition = {
        "KeyConditionExpression": f"{key} = :none",
        "ExpressionAttributeValues": {":none": {"S": "NOBODY"}},
    }
    return Call("dynamodb", "query", {"TableName": table, "IndexName": index, **condition})


def _put(table: str) -> Call:
    item = {"TableName": table, "Item": KEY, "ConditionExpression": _NEVER}
    return Call("dynamodb", "put_item", item)


def _update(table: str) -> Call:
    change = {"TableName": table, "Key": KEY, "ConditionExpression": _NEVER}
    return Call("dynamodb", "update_item", change)


def _delete(table: str) -> Call:
    return Call("dynamodb", "delete_item", {"TableName": table, "Key": KEY})


def _check(table: str) -> Call:
    check = {"TableName": table, "Key": KEY, "ConditionExpression": _NEVER}
    return Call("dynamodb", "transact_write_items", {"TransactItems": [{"ConditionCheck": check}]})


def _on_tables(shop: LiveSystem) -> dict[str, Call]:
    orders, stock = shop.outputs["ordersTableName"], shop.outputs["inventoryTableName"]
    return {
        "read an order": _get(orders),
        "read orders": _batch(orders),
        "list orders": _query(orders, "byCustomer", "customerId"),
        "list open orders": _query(orders, "open", "openShard"),
        "write an order row": _put(orders),
        "move an order": _update(orders),
        "check an order": _check(orders),
        "delete an order": _delete(orders),
        "read all orders": Call("dynamodb", "scan", {"TableName": orders}),
        "read a product": _get(stock),
        "read products": _batch(stock),
        "list products": _query(stock, "catalogue", "catalogue"),
        "write a product": _put(stock),
        "move stock": _update(stock),
        "delete a product": _delete(stock),
        "read all stock": Call("dynamodb", "scan", {"TableName": stock}),
        "use the sandbox's table": _get(orders.replace("order-store", "payment-sandbox")),
        "read another store's order": _get(OTHER_TABLE),
        "write another store's order": _put(OTHER_TABLE),
        "move another store's order": _update(OTHER_TABLE),
    }


def _on_receipts(shop: LiveSystem) -> dict[str, Call]:
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


def _on_secrets(shop: LiveSystem) -> dict[str, Call]:
    found = shop.aws.secretsmanager.list_secrets()["SecretList"]
    key, reading = (
        next(each["ARN"] for each in found if f"payment-sandbox-{name}-secret" in each["Name"])
        for name in ("key", "read-key")
    )
    (events,) = [each["ARN"] for each in found if "payment-webhook" in each["Name"]]
    changed = {"SecretId": OTHER_SECRET, "SecretString": "sk_changed"}
    secrets = partial(Call, "secretsmanager")
    return {
        "read the payment key": secrets("get_secret_value", {"SecretId": key}),
        "read the key that only reads payments": secrets("get_secret_value", {"SecretId": reading}),
        "read the secret of payment events": secrets("get_secret_value", {"SecretId": events}),
        "read another stack's key": secrets("get_secret_value", {"SecretId": OTHER_SECRET}),
        "change another stack's key": secrets("put_secret_value", changed),
    }


def _mail(sender: str) -> Call:
    text = {"Data": "permissions"}
    content = {"Simple": {"Subject": text, "Body": {"Text": text}}}
    to = {"ToAddresses": ["nobody@example.com"]}
    named = {"FromEmailAddress": sender, "Destination": to, "Content": content}
    return Call("sesv2", "send_email", named)


def _on_messages(shop: LiveSystem) -> dict[str, Call]:
    queues = shop.aws.sqs.list_queues()["QueueUrls"]
    (mails,) = [url for url in queues if url.endswith("-notifier-mails")]
    (failed,) = [url for url in queues if url.endswith("-reconciler-dead-letters")]
    (reports,) = [url for url in queues if url.endswith("-notifier-outcomes-queue")]
    (events,) = [url for url in queues if url.endswith("-payment-sandbox-events")]
    topic = shop.outputs["orderEventsTopicArn"]
    event = {"TopicArn": topic, "Message": "{}"}
    report = {"TopicArn": topic.replace("order-events", "notifier-outcomes"), "Message": "{}"}
    return {
        "send mail": _mail(overrides(0, "dev")["senderEmail"]),
        "send mail as somebody else": _mail("boss@example.com"),
        "receive mail jobs": _receive(mails),
        "make mail jobs": _send(mails),
        "receive mail reports": _receive(reports),
        "receive payment events": _receive(events),
        "make payment events": _send(events, _EVENT),
        "publish an event": Call("sns", "publish", event),
        "report on a mail": Call("sns", "publish", report),
        "report a failed minute": _send(failed),
    }


def _receive(queue: str) -> Call:
    return Call("sqs", "receive_message", {"QueueUrl": queue, "VisibilityTimeout": 0})


def _send(queue: str, body: str = "{}") -> Call:
    return Call("sqs", "send_message", {"QueueUrl": queue, "MessageBody": body})


def _on_the_rest(shop: LiveSystem) -> dict[str, Call]:
    function, books = shop.function("capture_payment"), shop.function("compare_books")
    machine, pool = shop.outputs["stateMachineArn"], shop.outputs["userPoolId"]
    role = {"RoleArn": function["Role"], "RoleSessionName": "as-another"}

    def call(called: Mapping[str, Any]) -> Call:
        dry = {"FunctionName": called["FunctionName"], "InvocationType": "DryRun"}
        return Call("lambda", "invoke", dry)

    def parameter(name: str) -> Call:
        return Call("ssm", "get_parameter", {"Name": name})

    def start(arn: str) -> Call:
        run = json.dumps({"orderId": "NOBODY", "command": "process"})
        return Call("stepfunctions", "start_execution", {"stateMachineArn": arn, "input": run})

    return {
        "start a run": start(machine),
        "start another machine": start(f"{machine}-2"),
        "call a function": call(function),
        "have a payment compared": call(books),
        "read the storefront's address": parameter("/orders/dev/storefront-url"),
        "read another parameter": parameter("/orders/dev/another"),
        "read customers": Call("cognito-idp", "list_users", {"UserPoolId": pool}),
        "take another role": Call("sts", "assume_role", role),
    }
