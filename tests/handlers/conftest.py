"""The handlers' AWS, faked by moto: single-threaded, one shared boto3 session, no network."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws
from moto.core.models import MockAWS

from handlers.runtime.aws import client
from handlers.runtime.observability import logger

_KEYS_ONLY = {"ProjectionType": "KEYS_ONLY"}


@pytest.fixture(scope="module")
def moto() -> Iterator[MockAWS]:
    """Every AWS API, for the tests of one file: starting moto costs more than most tests."""
    client.cache_clear()
    with mock_aws(config={"core": {"reset_boto3_session": False}}) as mocked:
        yield mocked
    client.cache_clear()


@pytest.fixture
def aws(moto: MockAWS, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty account in us-east-1."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    moto.reset()


@pytest.fixture
def orders_table(aws: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of an empty orders table, with the indexes that the handlers list from."""
    indexes = {"byCustomer": ("customerId", "createdAt"), "open": ("openShard", "dueAt")}
    name = _table("orders", **indexes)
    monkeypatch.setenv("ORDERS_TABLE", name)
    return name


@pytest.fixture
def inventory_table(aws: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of an empty inventory table, with the index of what is for sale."""
    name = _table("inventory", catalogue=("catalogue", "pk"))
    monkeypatch.setenv("INVENTORY_TABLE", name)
    return name


@pytest.fixture
def receipts_bucket(aws: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of an empty receipts bucket."""
    name = "receipts-bucket"
    client("s3").create_bucket(Bucket=name)
    monkeypatch.setenv("RECEIPTS_BUCKET", name)
    return name


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the handlers log while the test runs."""
    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    return stream


def _table(name: str, **indexes: tuple[str, str]) -> str:
    keys = {"pk", "sk", *(attribute for pair in indexes.values() for attribute in pair)}
    secondary: list[dict[str, Any]] = [
        {"IndexName": index, "KeySchema": _schema(*pair), "Projection": _KEYS_ONLY}
        for index, pair in indexes.items()
    ]
    client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_schema("pk", "sk"),
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"} for attribute in sorted(keys)
        ],
        **({"GlobalSecondaryIndexes": secondary} if secondary else {}),
    )
    return name


def _schema(partition: str, sort: str) -> list[Any]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
