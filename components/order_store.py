"""OrderStore: the orders table, its indexes, and who may do what with it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.grants import Grant, Statement
from components.options import child

# Keys alone: whoever lists reads the orders themselves, so moving an order on, which happens
# far more often than listing, pays for no second copy of it.
_INDEXES = {
    "byCustomer": ("customerId", "createdAt"),
    "open": ("openShard", "dueAt"),
    "attention": ("attentionShard", "attentionSince"),
}


@dataclass(frozen=True, kw_only=True)
class OrderStoreArgs:
    """`protect_data` turns the table's deletion protection on."""

    tags: Mapping[str, str]
    protect_data: bool


class OrderStore(pulumi.ComponentResource):
    """Orders, their ledger and their mail log, in one table."""

    table_name: pulumi.Output[str]
    table_arn: pulumi.Output[str]

    def __init__(self, name: str, args: OrderStoreArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("orders:index:OrderStore", name, {}, opts)
        self._table = self._create_table(name, args)
        self.table_name = self._table.name
        self.table_arn = self._table.arn
        self.register_outputs({"tableName": self.table_name, "tableArn": self.table_arn})

    def grant_read(self) -> Grant:
        """Read orders, one by one or a customer's."""
        indexes = pulumi.Output.concat(self.table_arn, "/index/*")
        return self._grant(
            Statement(
                actions=["dynamodb:GetItem", "dynamodb:BatchGetItem"], resources=[self.table_arn]
            ),
            Statement(actions=["dynamodb:Query"], resources=[indexes]),
        )

    def grant_count(self) -> Grant:
        """Count a customer's orders, of which the index has keys alone."""
        index = pulumi.Output.concat(self.table_arn, "/index/byCustomer")
        return self._grant(Statement(actions=["dynamodb:Query"], resources=[index]))

    def grant_place(self) -> Grant:
        """Write new orders, and make one due whose run could not be started.

        The conditional write shows the order that is there already.
        """
        actions = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
        return self._grant(Statement(actions=actions, resources=[self.table_arn]))

    def grant_log_mail(self) -> Grant:
        """Read the order that a mail is about with its customer's row, and put the row of that mail.

        Not limited to those rows: IAM tells items apart by partition key alone, and a row has its
        order's. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
        """
        actions = ["dynamodb:BatchGetItem", "dynamodb:PutItem"]
        return self._grant(Statement(actions=actions, resources=[self.table_arn]))

    def grant_note_mail_outcomes(self) -> Grant:
        """Mark an order whose mail failed, in the mail's row too, and put its customer's row."""
        actions = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        return self._grant(Statement(actions=actions, resources=[self.table_arn]))

    def grant_wake(self) -> Grant:
        """Read an order, and note on it the payment event that a run was started for."""
        actions = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
        return self._grant(Statement(actions=actions, resources=[self.table_arn]))

    def grant_drive(self) -> Grant:
        """Move orders on and keep their ledger."""
        actions = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
        return self._grant(Statement(actions=actions, resources=[self.table_arn]))

    def grant_reconcile(self) -> Grant:
        """List the orders that are due, read each, and take it by moving its next look."""
        due = pulumi.Output.concat(self.table_arn, "/index/open")
        return self._grant(
            Statement(actions=["dynamodb:Query"], resources=[due]),
            Statement(
                actions=["dynamodb:GetItem", "dynamodb:UpdateItem"], resources=[self.table_arn]
            ),
        )

    def grant_compare(self) -> Grant:
        """Read orders with their ledgers, one by one or all captures, add rows, and list for operators.

        Not limited to those rows, for the reason that `grant_log_mail` says.
        """
        actions = ["GetItem", "Query", "Scan", "PutItem", "UpdateItem"]
        return self._grant(
            Statement(
                actions=[f"dynamodb:{action}" for action in actions], resources=[self.table_arn]
            )
        )

    def grant_workflow(self) -> Grant:
        """What the state machine does itself: read the order, write its statuses."""
        actions = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
        return self._grant(Statement(actions=actions, resources=[self.table_arn]))

    def _grant(self, *statements: Statement) -> Grant:
        return Grant(env={"ORDERS_TABLE": self.table_name}, statements=statements)

    def _create_table(self, name: str, args: OrderStoreArgs) -> aws.dynamodb.Table:
        keys = sorted({"pk", "sk"}.union(*_INDEXES.values()))
        return aws.dynamodb.Table(
            f"{name}-table",
            billing_mode="PAY_PER_REQUEST",
            hash_key="pk",
            range_key="sk",
            attributes=[{"name": key, "type": "S"} for key in keys],
            global_secondary_indexes=[
                {
                    "name": index,
                    "hash_key": hash_key,
                    "range_key": range_key,
                    "projection_type": "KEYS_ONLY",
                }
                for index, (hash_key, range_key) in _INDEXES.items()
            ],
            point_in_time_recovery={"enabled": True},
            server_side_encryption={"enabled": True},
            ttl={"attribute_name": "expiresAt", "enabled": True},
            stream_enabled=True,
            stream_view_type="NEW_AND_OLD_IMAGES",
            deletion_protection_enabled=args.protect_data,
            tags=args.tags,
            opts=child(self),
        )
