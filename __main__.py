"""The stack: settings -> components -> outputs. No raw resource is made here."""

from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.function import FunctionDefaults
from components.grants import Grant, joined
from components.identity import Identity, IdentityArgs
from components.inventory_store import InventoryStore, InventoryStoreArgs
from components.notifier import Notifier, NotifierArgs
from components.options import PROJECT, base_tags
from components.order_api import OrderApi, OrderApiArgs
from components.order_events import OrderEvents, OrderEventsArgs
from components.order_reconciler import OrderReconciler, OrderReconcilerArgs
from components.order_store import OrderStore, OrderStoreArgs
from components.order_workflow import OrderWorkflow, OrderWorkflowArgs
from components.payment_books import PaymentBooks, PaymentBooksArgs
from components.payment_key import PaymentKey, PaymentKeyArgs
from components.payment_sandbox import PaymentSandbox, PaymentSandboxArgs
from components.payment_sandbox_events import PaymentSandboxEvents, PaymentSandboxEventsArgs
from components.payment_webhook import PaymentWebhook, PaymentWebhookArgs
from components.receipt_store import ReceiptStore, ReceiptStoreArgs
from components.settings import StackSettings
from components.sign_in import SignIn, SignInArgs
from components.site_config import SiteConfig, SiteConfigArgs
from components.storefront import Storefront, StorefrontArgs
from components.storefront_address import (
    StorefrontAddress,
    StorefrontAddressArgs,
    grant_read_address,
)

settings = StackSettings.from_config()
tags = base_tags(settings.stack)
protected = pulumi.ResourceOptions(protect=settings.protect_data)
account_id = aws.get_caller_identity_output().account_id
function_defaults = FunctionDefaults(
    tags=tags,
    account_id=account_id,
    log_retention_days=settings.log_retention_days,
    platform_log_level=settings.platform_log_level,
    tracing=settings.tracing,
    platform=settings.bundle_platform,
)

identity = Identity(
    "identity",
    IdentityArgs(
        tags=tags,
        protect_data=settings.protect_data,
        domain_prefix=pulumi.Output.concat(f"{PROJECT}-{settings.stack}-", account_id),
    ),
    opts=protected,
)

orders = OrderStore(
    "order-store", OrderStoreArgs(tags=tags, protect_data=settings.protect_data), opts=protected
)
inventory = InventoryStore(
    "inventory-store",
    InventoryStoreArgs(
        tags=tags,
        protect_data=settings.protect_data,
        seed_currency=settings.currency if settings.seed_catalogue else "",
    ),
    opts=protected,
)
receipts = ReceiptStore(
    "receipt-store",
    ReceiptStoreArgs(
        tags=tags,
        retention_days=settings.receipt_retention_days,
        protect_data=settings.protect_data,
    ),
    opts=protected,
)

if settings.stripe.secret_key is not None and settings.stripe.read_key is not None:
    stripe_key = PaymentKey("stripe-key", PaymentKeyArgs(tags=tags, key=settings.stripe.secret_key))
    pay = stripe_key.grant_read()
    sandbox = None
    read_key = PaymentKey(
        "stripe-read-key", PaymentKeyArgs(tags=tags, key=settings.stripe.read_key)
    )
    read_payments = read_key.grant_read()
    payment_sandbox_url = pulumi.Output.from_input("")
else:
    sandbox = PaymentSandbox(
        "payment-sandbox",
        PaymentSandboxArgs(
            function_defaults=function_defaults, payment_gateway=settings.payment_gateway
        ),
    )
    pay = sandbox.grant_pay()
    read_payments = sandbox.grant_read_payments()
    payment_sandbox_url = sandbox.url

events = OrderEvents("order-events", OrderEventsArgs(tags=tags))
workflow = OrderWorkflow(
    "order-workflow",
    OrderWorkflowArgs(
        function_defaults=function_defaults,
        workflow_type=settings.workflow_type,
        max_attempts=settings.max_attempts,
        order_max_age_minutes=settings.order_max_age_minutes,
        orders_per_customer=settings.orders_per_customer,
        payment_concurrency=settings.payment_concurrency,
        orders_table=orders.table_name,
        order_events_topic_arn=events.topic_arn,
        workflow_grants=[orders.grant_workflow(), events.grant_publish()],
        count_orders=orders.grant_count(),
        read_products=inventory.grant_read(),
        drive_orders=orders.grant_drive(),
        move_stock=inventory.grant_move(),
        pay=joined(pay, Grant(env={"STACK_NAME": settings.stack})),
        send_back=grant_read_address(settings.stack, account_id),
        write_receipts=receipts.grant_write(),
    ),
)
OrderReconciler(
    "reconciler",
    OrderReconcilerArgs(
        function_defaults=function_defaults,
        schedule_state=settings.reconciler_schedule,
        max_attempts=settings.max_attempts,
        attention_after_minutes=settings.attention_after_minutes,
        grants=[orders.grant_reconcile(), workflow.grant_start(), events.grant_publish()],
    ),
)
books = PaymentBooks(
    "payment-books",
    PaymentBooksArgs(
        function_defaults=function_defaults,
        stack=settings.stack,
        read_payments=read_payments,
        grants=[orders.grant_compare(), events.grant_publish()],
    ),
)
webhook = PaymentWebhook(
    "payment-webhook",
    PaymentWebhookArgs(
        function_defaults=function_defaults,
        stack=settings.stack,
        secrets=settings.stripe.webhook_secrets,
        grants=[orders.grant_wake(), workflow.grant_start()],
        invoke_books=books.grant_check(),
    ),
)
api = OrderApi(
    "order-api",
    OrderApiArgs(
        function_defaults=function_defaults,
        user_pool_arn=identity.user_pool_arn,
        rate_limit=settings.api_rate_limit,
        require_key=settings.require_cloudfront,
        grants=[
            orders.grant_read(),
            orders.grant_place(),
            inventory.grant_read(),
            receipts.grant_read(),
            workflow.grant_start(),
        ],
        payment_webhook=webhook.function,
    ),
)

sign_in_url = settings.sign_in_url or identity.sign_in_url
storefront = Storefront(
    "storefront",
    StorefrontArgs(
        tags=tags,
        site=Path(__file__).parent / "frontend" / "dist",
        api_url=api.url,
        api_key=api.key,
        sign_in_url=sign_in_url,
        payment_gateway=settings.payment_gateway,
        domain_name=settings.domain_name,
        hosted_zone_id=settings.hosted_zone_id,
        waf_enabled=settings.waf_enabled,
    ),
)
storefront_url = settings.storefront_url or storefront.url
sign_in = SignIn(
    "sign-in", SignInArgs(user_pool_id=identity.user_pool_id, storefront_url=storefront_url)
)
if sandbox is not None:
    PaymentSandboxEvents(
        "payment-sandbox-events",
        PaymentSandboxEventsArgs(
            function_defaults=function_defaults,
            queue_arn=sandbox.events_queue_arn,
            consume=sandbox.grant_consume_events(),
            webhook_url=pulumi.Output.concat(storefront_url, "/api/payments/webhook"),
            webhook_secret=webhook.grant_sign(),
        ),
    )
StorefrontAddress(
    "storefront-address",
    StorefrontAddressArgs(tags=tags, stack=settings.stack, storefront_url=storefront_url),
)
SiteConfig(
    "site-config",
    SiteConfigArgs(
        tags=tags,
        bucket=storefront.bucket_name,
        sign_in_url=sign_in_url,
        issuer=identity.issuer,
        client_id=sign_in.client_id,
        payment_gateway=settings.payment_gateway,
        payment_sandbox_url=payment_sandbox_url,
        sends_mail=bool(settings.sender_email),
        order_max_age_minutes=settings.order_max_age_minutes,
        stripe_publishable_key=settings.stripe.publishable_key,
    ),
)

Notifier(
    "notifier",
    NotifierArgs(
        function_defaults=function_defaults,
        stack=settings.stack,
        topic_arn=events.topic_arn,
        storefront_url=storefront_url,
        sender_email=settings.sender_email,
        sender_identity=settings.sender_identity,
        operations_email=settings.operations_email,
        mail_grants=[orders.grant_log_mail()],
        outcome_grants=[orders.grant_note_mail_outcomes(), events.grant_publish()],
    ),
)

pulumi.export("storefrontUrl", storefront_url)
pulumi.export("siteBucketName", storefront.bucket_name)
pulumi.export("distributionId", storefront.distribution_id)
pulumi.export("apiUrl", api.url)
pulumi.export("region", aws.get_region_output().region)
pulumi.export("ordersTableName", orders.table_name)
pulumi.export("inventoryTableName", inventory.table_name)
pulumi.export("receiptsBucketName", receipts.bucket_name)
pulumi.export("stateMachineArn", workflow.state_machine_arn)
pulumi.export("orderEventsTopicArn", events.topic_arn)
pulumi.export("userPoolId", identity.user_pool_id)
pulumi.export("userPoolClientId", sign_in.client_id)
pulumi.export("signInUrl", sign_in_url)
pulumi.export("paymentSandboxUrl", payment_sandbox_url)
