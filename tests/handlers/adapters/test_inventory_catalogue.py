"""Reading the inventory table: what is for sale."""

import io
import json
from decimal import Decimal
from unittest.mock import patch

import pytest

from handlers.adapters import inventory_table, reads
from handlers.runtime.aws import client
from handlers.runtime.observability import logger
from tests.support.database import Item, put_product, stock


@pytest.fixture(autouse=True)
def shelves(inventory_table: str) -> None:
    put_product("mug", 5)
    put_product("pen", 5, price=1)


def test_the_catalogue_is_what_is_for_sale_by_name() -> None:
    put_product("ark", 1, name="Zebra Ark")
    put_product("old", 9, catalogue=None)
    names = [product["name"] for product in inventory_table.catalogue()]
    assert names == ["Mug", "Pen", "Zebra Ark"]


def test_a_catalogue_larger_than_one_read_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "_BATCH", 2)
    for number in range(3):
        put_product(f"p-{number}", 1)
    assert {product["productId"] for product in inventory_table.catalogue()} == set(stock())


def test_a_retired_product_is_unknown_though_its_item_is_there() -> None:
    put_product("old", 9, catalogue=None)
    assert set(inventory_table.products(["mug", "old", "never"])) == {"mug"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"price": None},
        {"price": Decimal("19.99")},
        {"price": "1400"},
        {"price": -1},
        {"stocked": None},
        {"productId": None},
        {"name": ["Bad"]},
    ],
)
def test_a_product_that_cannot_be_read_is_left_out_and_logged_and_the_others_are_sold(
    wrong: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    put_product("bad", 1, **wrong)
    assert [product["productId"] for product in inventory_table.catalogue()] == ["mug", "pen"]
    [line] = [json.loads(text) for text in log.getvalue().splitlines()]
    assert (line["level"], line["message"]) == ("ERROR", "unreadable product")
    [(name, _)] = wrong.items()
    assert (line["productId"], line["problem"]) == ("bad", f"missing or wrong: {name}")


def test_products_are_read_consistently() -> None:
    answer = {"Responses": {"inventory": []}, "UnprocessedKeys": {}}
    with patch.object(client("dynamodb"), "batch_get_item", return_value=answer) as read:
        inventory_table.products(["mug"])
    assert read.call_args.kwargs["RequestItems"]["inventory"]["ConsistentRead"] is True


def test_products_that_were_not_read_at_first_are_asked_for_again() -> None:
    real = client("dynamodb").batch_get_item
    asked: list[list[Item]] = []

    def throttled(RequestItems: Item) -> Item:
        keys = RequestItems["inventory"]["Keys"]
        asked.append(keys)
        answer = real(RequestItems={"inventory": {"Keys": keys[:1]}})
        rest = {"inventory": {"Keys": keys[1:]}} if keys[1:] else {}
        return answer | {"UnprocessedKeys": rest}

    with patch.object(client("dynamodb"), "batch_get_item", throttled):
        assert set(inventory_table.products(["mug", "pen"])) == {"mug", "pen"}
    assert [len(keys) for keys in asked] == [2, 1]
