"""The catalogue: products with their prices and stock, for everybody."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.adapters import inventory_table
from handlers.api import contract
from handlers.api.problem import answer, not_found
from handlers.domain.product import Product

router = Router()

_CACHED = "public, max-age=5"


@router.get("/api/products")
def list_products() -> Response[str]:
    products = [_product(item) for item in inventory_table.catalogue()]
    return answer({"products": products}, Cache_Control=_CACHED)


@router.get("/api/products/<product_id>")
def get_product(product_id: str) -> Response[str]:
    if not contract.accepts("getProduct", "productId", product_id):
        raise not_found()
    found = inventory_table.products([product_id])
    if product_id not in found:
        raise not_found()
    return answer(_product(found[product_id]), Cache_Control=_CACHED)


def _product(product: Product) -> dict[str, Any]:
    shown = ("productId", "name", "description", "available", "image")
    price = {"amount": product["price"], "currency": product["currency"]}
    return {name: product[name] for name in shown} | {"price": price}
