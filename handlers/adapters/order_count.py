"""How many orders a customer has placed, counted in the index `byCustomer` of the orders table."""

from handlers.adapters.items import encode
from handlers.adapters.order_table import table
from handlers.runtime.aws import client


def placed(customer_id: str, first: str, last: str, most: int) -> int:
    """Count a customer's orders that were placed from `first` to `last`, both included: `most` at most.

    One read of keys. The index is eventually consistent, so orders of the last moments may be
    missing. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
    """
    answer = client("dynamodb").query(
        TableName=table(),
        IndexName="byCustomer",
        KeyConditionExpression="customerId = :customer AND createdAt BETWEEN :first AND :last",
        ExpressionAttributeValues=encode(
            {":customer": customer_id, ":first": first, ":last": last}
        ),
        Select="COUNT",
        Limit=most,
    )
    return answer["Count"]
