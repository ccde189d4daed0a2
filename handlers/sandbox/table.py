"""The payment sandbox's own table, key `pk`,`sk`; only idempotency keys have a TTL (`expiresAt`).

- `INTENTS` / the intent's id: the record as JSON, and its version. One partition, so that a
  listing is a query; ids begin with the time, so newest first is their order.
- `REFUNDS`, `DISPUTES` / the object's id: the id of the intent whose record holds it.
- `METHOD#<id>` / `METHOD`: a one-use payment method, its test token, and the intent that used it.
- `KEY#<idempotency key>` / `KEY`: whose request it is, until when, and in the end its answer.
- `DELIVERY` / `DELIVERY`: how events are delivered, where a test has said so.

What a request changes and what its key answers are one transaction: both are there or neither.
"""

import json
import time
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import ClientError

from handlers.adapters.conditions import cancellation_reasons, transact, write
from handlers.adapters.items import Item, decode, encode
from handlers.runtime.aws import client, code
from handlers.runtime.settings import SandboxSettings, load

Listed = Literal["INTENTS", "REFUNDS", "DISPUTES"]
_INTENTS: Listed = "INTENTS"
_DELIVERY = {"pk": "DELIVERY", "sk": "DELIVERY"}
_KEY_LIVES_SECONDS = 24 * 3600
# Longer than a request takes, shorter than a client's patience. Nothing rests on it: whoever
# loses the key to a later request can't commit.
_LEASE_SECONDS = 10


@dataclass(frozen=True)
class StoredIntent:
    """A record as it was read; `version` guards the write that follows."""

    record: dict[str, Any]
    version: int


def intent(intent_id: str) -> StoredIntent | None:
    """The intent as it stands, read consistently."""
    item = _get({"pk": _INTENTS, "sk": intent_id})
    return StoredIntent(json.loads(item["record"]), item["version"]) if item else None


def intent_with(kind: Listed, id: str) -> StoredIntent | None:
    """The intent whose record holds this refund or dispute."""
    item = _get({"pk": kind, "sk": id})
    return intent(item["intentId"]) if item else None


def newest(kind: Listed, low: str, high: str, limit: int) -> list[dict[str, Any]]:
    """The records of at most `limit` objects with ids from `low` to `high`, the newest first.

    A record is there once for each of its objects.
    """
    answer = client("dynamodb").query(
        TableName=_table(),
        KeyConditionExpression="pk = :pk AND sk BETWEEN :low AND :high",
        ExpressionAttributeValues=encode({":pk": kind, ":low": low, ":high": high}),
        ScanIndexForward=False,
        Limit=limit,
        ConsistentRead=True,
    )
    items = [decode(item) for item in answer["Items"]]
    if kind == _INTENTS:
        return [json.loads(item["record"]) for item in items]
    found = {id: intent(id) for id in {item["intentId"] for item in items}}
    stored = [found[item["intentId"]] for item in items]
    return [each.record for each in stored if each]


def payment_method(method_id: str) -> Item | None:
    """`{token, created, usedBy?}` of a one-use payment method."""
    return _get(_method_key(method_id))


def insert_intent(record: dict[str, Any]) -> Item:
    """The write of a new intent."""
    return _put(_intent_item(record, 1), "attribute_not_exists(pk)")


def update_intent(before: StoredIntent, record: dict[str, Any]) -> Item:
    """The write of a changed intent, refused if anybody has changed it meanwhile."""
    item = _intent_item(record, before.version + 1)
    return _put(item, "version = :read", {":read": before.version})


def list_under(kind: Listed, id: str, intent_id: str) -> Item:
    """The write that lists a new refund or dispute of this intent."""
    return _put({"pk": kind, "sk": id, "intentId": intent_id}, "attribute_not_exists(pk)")


def delivery() -> Item:
    """How events are to be delivered; empty if nothing was said."""
    return _get(_DELIVERY) or {}


def deliver(how: Item) -> Item:
    """The write of how events are to be delivered from now on."""
    return {"Put": {"TableName": _table(), "Item": encode(_DELIVERY | how)}}


def insert_payment_method(method_id: str, token: str, created: int) -> Item:
    """The write of a new one-use payment method."""
    item = _method_key(method_id) | {"token": token, "created": created}
    return _put(item, "attribute_not_exists(pk)")


def use_payment_method(method_id: str, intent_id: str) -> Item:
    """The write that binds a payment method to the one intent that may use it."""
    return _update(
        _method_key(method_id),
        "SET usedBy = :intent",
        "attribute_exists(pk) AND (attribute_not_exists(usedBy) OR usedBy = :intent)",
        {":intent": intent_id},
    )


def claim(key: str, request_hash: str, request_id: str) -> Item | None:
    """Take the idempotency key before anything is done. None when taken, else its item.

    A running request's key can be taken over by the same request when its lease has ended.
    """
    now = int(time.time())
    lease = {"leaseUntil": now + _LEASE_SECONDS, "expiresAt": now + _KEY_LIVES_SECONDS}
    item = _idempotency_key(key) | lease | {"requestHash": request_hash, "requestId": request_id}
    condition = (
        "attribute_not_exists(pk) OR expiresAt < :now OR "
        "(attribute_not_exists(httpStatus) AND leaseUntil < :now AND requestHash = :hash)"
    )
    put = _put(item, condition, {":now": now, ":hash": request_hash})["Put"]
    try:
        return write("put_item", put)
    except ClientError as error:
        if code(error) != "TransactionConflictException":
            raise
        return item  # its first request is just being committed


def answer(key: str, request_id: str, status: int, body: str) -> Item:
    """The write of the key's answer, refused if this request has lost the key."""
    return _update(
        _idempotency_key(key),
        "SET httpStatus = :status, body = :body REMOVE leaseUntil",
        "requestId = :request AND attribute_not_exists(httpStatus)",
        {":status": status, ":body": body, ":request": request_id},
    )


def commit(writes: list[Item]) -> set[int]:
    """All writes or none. Empty when made, else the positions of the refused ones.

    A transaction that only ever met others on its items counts as refused at the first.
    """
    try:
        return set(transact(writes)) if writes else set()
    except ClientError as error:
        reasons = {reason["Code"] for reason in cancellation_reasons(error)}
        if "TransactionConflict" not in reasons:
            raise
        return {0}


def abandon(key: str, request_id: str) -> None:
    """Give the key back: its request did nothing and may come again."""
    condition = "requestId = :request AND attribute_not_exists(httpStatus)"
    commit([{"Delete": _conditional(condition, {":request": request_id}) | _keyed(key)}])


def _keyed(key: str) -> Item:
    return {"Key": encode(_idempotency_key(key))}


def _idempotency_key(key: str) -> Item:
    return {"pk": f"KEY#{key}", "sk": "KEY"}


def _method_key(method_id: str) -> Item:
    return {"pk": f"METHOD#{method_id}", "sk": "METHOD"}


def _intent_item(record: dict[str, Any], version: int) -> Item:
    key = {"pk": _INTENTS, "sk": record["intent"]["id"]}
    return key | {"version": version, "record": json.dumps(record)}


def _get(key: Item) -> Item | None:
    answer = client("dynamodb").get_item(TableName=_table(), Key=encode(key), ConsistentRead=True)
    return decode(answer["Item"]) if "Item" in answer else None


def _put(item: Item, condition: str, values: Item | None = None) -> Item:
    return {"Put": _conditional(condition, values) | {"Item": encode(item)}}


def _update(key: Item, change: str, condition: str, values: Item) -> Item:
    update = {"Key": encode(key), "UpdateExpression": change}
    return {"Update": _conditional(condition, values) | update}


def _conditional(condition: str, values: Item | None) -> Item:
    request: Item = {"TableName": _table(), "ConditionExpression": condition}
    return request | ({"ExpressionAttributeValues": encode(values)} if values else {})


def _table() -> str:
    return load(SandboxSettings).sandbox_table
