"""A product: what the catalogue shows, an order is priced by and stock is taken from.

Products are put into the table by people too, so an item is one only if `product_of` can read it.
"""

import re
from collections.abc import Mapping
from typing import Any, TypedDict, cast

_TEXTS = ("name", "description", "image")
_COUNTS = ("price", "available", "taken", "stocked")


class Product(TypedDict):
    """One product, as the inventory table holds it.

    `price` is in minor units of `currency` (ISO 4217); `available` is the number of pieces that
    can be ordered, `taken` of those that orders have; `image` is a path on the storefront.
    """

    productId: str
    name: str
    description: str
    price: int
    currency: str
    image: str
    available: int
    taken: int
    stocked: int


def product_of(product_id: str, attributes: Mapping[str, Any]) -> Product:
    """Return the product with this id that these attributes are.

    Raises ValueError naming every attribute that is missing or not what it should be.
    """
    right = {
        "productId": attributes.get("productId") == product_id,
        **{name: isinstance(attributes.get(name), str) for name in _TEXTS},
        **{name: _is_count(attributes.get(name)) for name in _COUNTS},
        "currency": bool(re.fullmatch("[A-Z]{3}", str(attributes.get("currency")))),
    }
    wrong = [name for name, is_right in right.items() if not is_right]
    if wrong:
        raise ValueError(f"missing or wrong: {', '.join(wrong)}")
    return cast(Product, attributes)


def _is_count(value: object) -> bool:
    """Return whether it is a whole number, and not a Decimal with a fraction or below zero."""
    return type(value) is int and value >= 0
