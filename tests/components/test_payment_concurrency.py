"""Lambda keeps executions for payments if the config says so, never more than the account can spare."""

import pytest

from components.function_limits import LimitError, check_payment_concurrency
from local.settings import LOCAL_CONFIG
from localcloud.provision import invokes
from localcloud.recorder import record
from localcloud.registration import Mode, Recording
from tests.support.recorded_stacks import FUNCTION, given, recording

PAYING = {f"order-workflow-{step}-payment" for step in ("process", "capture", "release")}
LIMIT = 1000  # of an account, by default
MOST = (LIMIT - 100) // 3


def reserved(found: Recording) -> dict[str, int]:
    """Function -> the executions that are reserved for it."""
    every = found.of_type(FUNCTION)
    counts = {each.name: given(each, "reservedConcurrentExecutions") for each in every}
    return {name: count for name, count in counts.items() if count is not None}


def test_nothing_is_reserved_unless_the_config_says_so_and_the_account_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(invokes.INVOKES, "aws:servicequotas/getServiceQuota:getServiceQuota")
    assert reserved(record("dev", config=LOCAL_CONFIG)) == {}


@pytest.mark.parametrize("count", [1, MOST])
def test_each_function_that_asks_the_gateway_has_as_many_of_its_own(count: int) -> None:
    found = recording("dev", paymentConcurrency=count)
    assert reserved(found) == dict.fromkeys(PAYING, count)


@pytest.mark.parametrize("mode", ["placeholder", "unknown"])
def test_a_preview_fails_if_less_than_100_would_stay_unreserved(mode: Mode) -> None:
    with pytest.raises(LimitError) as told:
        recording("dev", mode, paymentConcurrency=MOST + 1)
    assert str(told.value).startswith(
        "paymentConcurrency: 301 for each of 3 functions is 903 in all"
    )
    assert "limit of 1000" in str(told.value)
    assert "lower it to 300" in str(told.value)


@pytest.mark.parametrize("limit", [10, 100, 102])
def test_a_new_account_may_have_nothing_to_reserve(limit: int) -> None:
    with pytest.raises(LimitError, match="lower it to 0"):
        check_payment_concurrency(1, 3, limit)
