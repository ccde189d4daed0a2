"""Mail that its customer does not get, on the running system: SES's own mailbox simulator answers.

https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html
"""

import uuid
from typing import Any

import pytest

from tests.support.live_system import Customer, LiveSystem


def customer_of(shop: LiveSystem, box: str) -> Customer:
    """A customer whose address is this box of the mailbox simulator, with a label of their own."""
    return Customer(shop.outputs, f"{box}+{uuid.uuid4().hex[:12]}@simulator.amazonses.com")


def mailed(shop: LiveSystem, order_id: str, **wanted: str) -> Any:
    """The row of the order's confirmation, as soon as it says what is wanted."""

    def row() -> dict[str, Any]:
        rows = {each["sk"]: each for each in shop.rows(order_id)}
        return rows.get("MAIL#OrderConfirmed", {})

    shop.until(order_id, lambda _: wanted.items() <= row().items())
    return row()


@pytest.mark.parametrize(
    ("box", "noted"),
    [
        ("bounce", {"status": "SENT", "outcome": "BOUNCED"}),
        ("complaint", {"status": "SENT", "outcome": "COMPLAINED"}),
        ("suppressionlist", {"status": "SKIPPED", "reason": "SUPPRESSED"}),
    ],
)
def test_an_order_whose_mail_fails_stays_confirmed_and_is_listed_for_operators(
    shop: LiveSystem, box: str, noted: dict[str, str]
) -> None:
    customer = customer_of(shop, box)
    order_id = customer.accepted({shop.product(): 1})
    assert mailed(shop, order_id, **noted)["feedbackId"]

    order = shop.until(order_id, lambda order: "MAIL" in order["attention"])
    assert shop.settled(order_id)["status"] == "CONFIRMED"
    assert order["attention"].keys() == {"MAIL"}
    assert shop.listed("attention", order_id)
    assert "MAIL" not in str(customer.see(order_id))  # it is not the customer's matter


def test_no_second_mail_goes_to_an_address_that_bounced_until_the_customer_has_another(
    shop: LiveSystem,
) -> None:
    product, customer = shop.product(), customer_of(shop, "bounce")
    first = customer.accepted({product: 1})
    mailed(shop, first, outcome="BOUNCED")

    second = customer.accepted({product: 1})
    mailed(shop, second, status="SKIPPED", reason="BOUNCED")
    assert len(shop.mails(customer.email)) == 1
    assert shop.settled(second)["attention"] == {}

    address = f"c{uuid.uuid4().hex[:12]}@example.com"
    shop.aws.cognito_idp.admin_update_user_attributes(
        UserPoolId=shop.outputs["userPoolId"],
        Username=customer.email,
        UserAttributes=[
            {"Name": "email", "Value": address},
            {"Name": "email_verified", "Value": "true"},
        ],
    )
    third = Customer(shop.outputs, address).accepted({product: 1})
    assert shop.order(third)["customerId"] == shop.order(first)["customerId"]
    mailed(shop, third, status="SENT")
    assert len(shop.mails(address)) == 1
