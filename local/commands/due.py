"""`due`: lists the orders that are still to be done, as the reconciler finds them."""

import argparse
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from handlers.adapters.order_table import of_item
from handlers.domain.clock import timestamp
from handlers.domain.order import OPEN_SHARDS, Order
from localcloud import settings
from localcloud.errors import LocalError
from localcloud.instance import running
from localcloud.provision.aws import Aws

_ROW = "{:<26}  {:<18}  {:>8}  {:<24}  {}"


def due(arguments: argparse.Namespace) -> int:
    """One line for each order: when it is looked at next, its faults, the last fault."""
    outputs = running.outputs(settings.state_dir())
    aws = Aws(outputs["endpointUrl"])
    try:
        orders = [
            order
            for shard in OPEN_SHARDS
            for order in _open(aws, outputs["ordersTableName"], shard)
        ]
    except (ClientError, BotoCoreError) as error:
        raise LocalError(f"cannot read the orders: {error}") from None
    if orders:
        print(_ROW.format("order", "status", "faults", "next look", "last fault"))
    for order in sorted(orders, key=lambda order: order.get("dueAt", "")):
        print(_line(order))
    print(f"{len(orders)} open order(s)")
    return 0


def _open(aws: Aws, table: str, shard: str) -> list[Order]:
    pages = aws.dynamodb.get_paginator("query").paginate(
        TableName=table,
        IndexName="open",
        KeyConditionExpression="openShard = :shard",
        ExpressionAttributeValues={":shard": {"S": shard}},
    )
    keys = [{"pk": item["pk"], "sk": item["sk"]} for page in pages for item in page["Items"]]
    found = [aws.dynamodb.get_item(TableName=table, Key=key).get("Item") for key in keys]
    return [of_item(item) for item in found if item]


def _line(order: Order) -> str:
    at = order.get("dueAt", "")
    look = f"{at[:19]}Z{' now' if at <= timestamp() else ''}"
    fault: Any = order.get("lastFault", {})
    cause = f"{fault['state']}: {fault['error']}" if fault else ""
    return _ROW.format(order["orderId"], order["status"], order["attempts"], look, cause).rstrip()
