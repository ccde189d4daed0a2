from collections.abc import Iterator
from unittest.mock import patch

import pytest

from handlers.adapters import mailer
from handlers.adapters.order_table import insert
from tests.support.bookkeeping import Bookkeeping
from tests.support.mail_queue import ORDER, Outbox
from tests.support.reconciliation import Reconciler
from tests.support.sandbox_server import running_sandbox


@pytest.fixture
def outbox(orders_table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outbox]:
    monkeypatch.setenv("SENDER_EMAIL", "orders@shop.example")
    monkeypatch.setenv("CONFIGURATION_SET", "orders-dev-mail")
    monkeypatch.setenv("STOREFRONT_URL", "https://shop.example")
    insert(ORDER)
    box = Outbox()
    with patch.object(mailer, "send", box.send):
        yield box


@pytest.fixture
def reconciler(orders_table: str, monkeypatch: pytest.MonkeyPatch) -> Reconciler:
    return Reconciler(monkeypatch)


@pytest.fixture
def books(orders_table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bookkeeping]:
    with running_sandbox(monkeypatch) as sandbox:
        yield Bookkeeping(sandbox, monkeypatch)
