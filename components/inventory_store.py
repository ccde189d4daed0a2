"""InventoryStore: products with their stock, and who may do what with them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from components.grants import Grant, Statement
from components.options import child

_DEMO = Path(__file__).parent / "demo_catalogue.json"


@dataclass(frozen=True, kw_only=True)
class InventoryStoreArgs:
    """`seed_currency` (ISO 4217) puts the demo products on sale in it; empty for none."""

    tags: Mapping[str, str]
    protect_data: bool
    seed_currency: str = ""


class InventoryStore(pulumi.ComponentResource):
    """Products, in one table; a sparse index holds what is for sale."""

    table_name: pulumi.Output[str]
    table_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: InventoryStoreArgs, opts: pulumi.ResourceOptions | None = None
    ):
        super().__init__("orders:index:InventoryStore", name, {}, opts)
        self._table = self._create_table(name, args)
        self.table_name = self._table.name
        self.table_arn = self._table.arn
        if args.seed_currency:
            self._create_demo_products(name, args.seed_currency)
        self.register_outputs({"tableName": self.table_name, "tableArn": self.table_arn})

    def grant_read(self) -> Grant:
        """Read products, one by one or all that are for sale."""
        index = pulumi.Output.concat(self.table_arn, "/index/catalogue")
        return self._grant(
            Statement(actions=["dynamodb:BatchGetItem"], resources=[self.table_arn]),
            Statement(actions=["dynamodb:Query"], resources=[index]),
        )

    def grant_move(self) -> Grant:
        """Take stock and give it back."""
        actions = ["dynamodb:UpdateItem"]
        return self._grant(Statement(actions=actions, resources=[self.table_arn]))

    def _grant(self, *statements: Statement) -> Grant:
        return Grant(env={"INVENTORY_TABLE": self.table_name}, statements=statements)

    def _create_table(self, name: str, args: InventoryStoreArgs) -> aws.dynamodb.Table:
        return aws.dynamodb.Table(
            f"{name}-table",
            billing_mode="PAY_PER_REQUEST",
            hash_key="pk",
            range_key="sk",
            attributes=[{"name": key, "type": "S"} for key in ("catalogue", "pk", "sk")],
            global_secondary_indexes=[
                {
                    "name": "catalogue",
                    "hash_key": "catalogue",
                    "range_key": "pk",
                    "projection_type": "KEYS_ONLY",
                }
            ],
            point_in_time_recovery={"enabled": True},
            server_side_encryption={"enabled": True},
            deletion_protection_enabled=args.protect_data,
            tags=args.tags,
            opts=child(self),
        )

    def _create_demo_products(self, name: str, currency: str) -> None:
        for product in json.loads(_DEMO.read_text(encoding="utf-8")):
            aws.dynamodb.TableItem(
                f"{name}-product-{product['productId']}",
                table_name=self.table_name,
                hash_key="pk",
                range_key="sk",
                item=json.dumps(_item(product, currency)),
                # Sold is sold: the program puts a product on sale once and never resets it. Not
                # protected: a product that the file no longer has goes, and the table stays.
                opts=child(self, ignore_changes=["item"], protect=False),
            )


def _item(product: dict[str, Any], currency: str) -> dict[str, dict[str, str]]:
    texts = {
        "pk": f"PRODUCT#{product['productId']}",
        "sk": "PRODUCT",
        "catalogue": "ACTIVE",
        "currency": currency,
        "image": f"/images/{product['productId']}.svg",
    } | {name: product[name] for name in ("productId", "name", "description")}
    pieces = product["available"]
    numbers = {"price": product["price"], "available": pieces, "taken": 0, "stocked": pieces}
    numbers["revision"] = 1
    return {key: {"S": value} for key, value in texts.items()} | {
        key: {"N": str(value)} for key, value in numbers.items()
    }
