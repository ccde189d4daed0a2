"""A product: what the catalogue shows, an order is priced by and stock is taken from."""

from typing import TypedDict


class Product(TypedDict):
    """One product, as the inventory table holds it.

    `price` is in minor units of `currency` (ISO 4217); `available` is the number of pieces that
    can be ordered; `image` is a path on the storefront.
    """

    productId: str
    name: str
    description: str
    price: int
    currency: str
    image: str
    available: int
