"""Grants become environment and policy together, so the two can't disagree."""

from localcloud.registration import Registration
from tests.support.recorded_stacks import (
    FUNCTION,
    ROLE_POLICY,
    document,
    given,
    of_stand_in,
    recording,
    statements,
)


def policies() -> list[Registration]:
    return recording("dev").of_type(ROLE_POLICY)


def permissions(name: str) -> dict[str, set[str]]:
    """What a function's role may do: action -> resources."""
    found: dict[str, set[str]] = {}
    policy = recording("dev").one(ROLE_POLICY, f"{name}-policy")
    for statement in statements(document(policy, "policy")):
        for action in statement["Action"]:
            found.setdefault(action, set()).update(statement["Resource"])
    return found


def test_a_function_writes_logs_to_its_own_group_alone() -> None:
    for function in recording("dev").of_type(FUNCTION):
        own = {f"<LogGroup.{function.name}-logs.arn>:*"}
        allowed = permissions(function.name)
        assert allowed["logs:CreateLogStream"] == allowed["logs:PutLogEvents"] == own
        assert "logs:CreateLogGroup" not in allowed


def test_who_validates_reads_products_counts_orders_and_may_do_nothing_else() -> None:
    table = "<Table.inventory-store-table.arn>"
    orders = "<Table.order-store-table.arn>/index/byCustomer"
    allowed = permissions("order-workflow-validate-order")
    assert {k: v for k, v in allowed.items() if not k.startswith(("logs:", "xray:"))} == {
        "dynamodb:BatchGetItem": {table},
        "dynamodb:Query": {f"{table}/index/catalogue", orders},
    }


def test_the_api_cannot_move_stock_or_money() -> None:
    allowed = permissions("order-api-customers")
    for action in ("dynamodb:PutItem", "dynamodb:UpdateItem"):
        assert allowed[action] == {"<Table.order-store-table.arn>"}
    refused = {"dynamodb:DeleteItem", "secretsmanager:GetSecretValue"}
    assert refused & set(allowed) == set()
    assert allowed["states:StartExecution"] == {"<StateMachine.order-workflow-machine.arn>"}


def readers(secret: str) -> set[str]:
    """The policies that allow reading the secret of this name."""
    return {
        policy.name
        for policy in policies()
        for statement in statements(document(policy, "policy"))
        if "secretsmanager:GetSecretValue" in statement["Action"]
        and statement["Resource"] == [f"<Secret.{secret}.arn>"]
    }


def test_only_who_pays_reads_the_payment_key() -> None:
    steps = ("process", "capture", "release")
    paying = {f"order-workflow-{step}-payment-policy" for step in steps}
    assert readers("payment-sandbox-key-secret") == paying | {"payment-sandbox-policy"}


def test_only_the_webhook_and_what_signs_for_it_read_the_secret_of_its_events() -> None:
    signing = {"payment-webhook-policy", "payment-sandbox-events-send-policy"}
    assert readers("payment-webhook-secret") == signing


def test_receipts_are_written_by_one_function_and_read_by_another() -> None:
    receipts = {"<Bucket.receipt-store-bucket.arn>/receipts/*"}
    assert permissions("order-workflow-generate-receipt")["s3:PutObject"] == receipts
    assert permissions("order-api-customers")["s3:GetObject"] == receipts


def test_no_function_deletes_what_customers_have_ordered() -> None:
    deleting = {
        (policy.name, action)
        for policy in policies()
        for statement in statements(document(policy, "policy"))
        for action in statement["Action"]
        if "Delete" in action and not action.startswith(("logs:", "sqs:"))
    }
    assert deleting <= {("payment-sandbox-policy", "dynamodb:DeleteItem")}


def test_the_policy_is_there_before_the_function() -> None:
    dev = recording("dev")
    for function in dev.of_type(FUNCTION):
        role = of_stand_in(dev, "aws:iam/role:Role", given(function, "role"))
        [policy] = [each for each in policies() if each.parent == role.parent]
        assert policy.urn in function.dependencies
