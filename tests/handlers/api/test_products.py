import pytest

from tests.support.database import down, put_product
from tests.support.rest_client import RestClient

pytestmark = pytest.mark.usefixtures("products")

MUG = {
    "productId": "mug",
    "name": "Enamel Mug",
    "description": "Holds tea",
    "price": {"amount": 1400, "currency": "USD"},
    "available": 5,
    "image": "/images/mug.svg",
}


def test_anybody_sees_every_product_for_sale_by_name(anybody: RestClient) -> None:
    answer = anybody.get("/api/products")
    assert answer.status == 200
    assert [product["productId"] for product in answer.body["products"]] == ["mug", "pen"]
    assert answer.body["products"][0] == MUG


def test_anybody_sees_one_product(anybody: RestClient) -> None:
    answer = anybody.get("/api/products/mug")
    assert (answer.status, answer.body) == (200, MUG)


def test_one_bad_product_is_not_for_sale_and_the_others_are(anybody: RestClient) -> None:
    put_product("pen", 1, price="cheap")
    answer = anybody.get("/api/products")
    assert (answer.status, answer.body) == (200, {"products": [MUG]})
    assert anybody.get("/api/products/pen").status == 404


def test_an_empty_catalogue_is_an_empty_list(anybody: RestClient) -> None:
    for product_id in ("mug", "pen"):
        put_product(product_id, 1, catalogue=None)
    assert anybody.get("/api/products").body == {"products": []}


@pytest.mark.parametrize("path", ["/api/products", "/api/products/mug"])
def test_the_catalogue_may_be_kept_for_a_few_seconds(anybody: RestClient, path: str) -> None:
    assert anybody.get(path).headers["cache-control"] == "public, max-age=5"


@pytest.mark.parametrize("product_id", ["old", "never", "MUG", "a b", "x" * 65, "..", "PRODUCT%23"])
def test_what_is_not_for_sale_is_not_there(anybody: RestClient, product_id: str) -> None:
    answer = anybody.get(f"/api/products/{product_id}")
    assert answer.status == 404
    assert answer.headers["cache-control"] == "no-store"


def test_a_malformed_product_id_never_reaches_the_table(anybody: RestClient) -> None:
    with down("dynamodb", "batch_get_item") as read:
        assert anybody.get("/api/products/Not-An-Id!").status == 404
    assert not read.called
