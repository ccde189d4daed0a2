from typing import NamedTuple

import pytest

from handlers.runtime.settings import (
    OrderTableSettings,
    PaymentSettings,
    SandboxSettings,
    load,
)


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["ORDERS_TABLE", "PAYMENT_API_URL", "PAYMENT_SECRET_ARN", "SANDBOX_TABLE"]
    for name in [*names, "SANDBOX_DELAY_MS"]:
        monkeypatch.delenv(name, raising=False)


def test_a_fields_name_in_capitals_is_the_variables_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_TABLE", "orders-7")
    assert load(OrderTableSettings) == OrderTableSettings(orders_table="orders-7")


def test_every_missing_variable_is_named_at_once() -> None:
    with pytest.raises(RuntimeError) as told:
        load(SandboxSettings)
    wanted = "SandboxSettings: not in the environment: SANDBOX_TABLE, PAYMENT_SECRET_ARN"
    assert str(told.value) == wanted


def test_a_field_with_a_default_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENT_SECRET_ARN", "arn:secret")
    monkeypatch.setenv("STACK_NAME", "dev")
    assert load(PaymentSettings) == PaymentSettings("arn:secret", "dev", payment_api_url="")
    monkeypatch.setenv("PAYMENT_API_URL", "http://127.0.0.1:1")
    assert load(PaymentSettings).payment_api_url == "http://127.0.0.1:1"


def test_the_environment_is_read_when_asked_and_never_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ORDERS_TABLE", "first")
    load(OrderTableSettings)
    monkeypatch.setenv("ORDERS_TABLE", "second")
    assert load(OrderTableSettings).orders_table == "second"


def test_an_empty_variable_is_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_TABLE", "")
    assert load(OrderTableSettings).orders_table == ""


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        OrderTableSettings("orders").orders_table = "others"  # pyright: ignore[reportAttributeAccessIssue]


def test_any_named_tuple_can_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    class FeedSettings(NamedTuple):
        feed_url: str

    monkeypatch.setenv("FEED_URL", "wss://feed")
    assert load(FeedSettings).feed_url == "wss://feed"
