"""A million orders are priced as AWS's pages price them."""

from datetime import date

import pytest

from bench import usage
from bench.cost import ORDERS, Price, by_service, lines, price_list, total
from bench.counting import Counted
from bench.function_logs import Activity

PRICES = price_list().prices


def counted(transitions: int = 17) -> Counted:
    return Counted({}, [], read_units=2, write_units=25, transitions=transitions)


def activity(milliseconds: list[int], memory: int = 512) -> dict[str, Activity]:
    return {"a": Activity(milliseconds, log_bytes=2048, memory=memory, lines=[])}


def test_a_price_is_for_so_many_units() -> None:
    assert Price("S", "unit", usd=0.05, per=10_000, source="").of(30_000) == pytest.approx(0.15)


def test_a_million_orders_cost_a_million_times_the_usage_of_one() -> None:
    costs = lines({"dynamodb-write": 25, "express-request": 1}, PRICES)
    assert costs == pytest.approx({"dynamodb-write": 15.625, "express-request": 1.0})


def test_the_aws_example_of_express_duration_costs_what_aws_says() -> None:
    """https://aws.amazon.com/step-functions/pricing/: a GB-hour of the first thousand is 0.06 USD."""
    hour = PRICES["express-gb-second"].of(3600)
    assert hour == pytest.approx(0.06)


def test_express_rounds_each_run_up_to_100_ms_of_64_mb() -> None:
    used = usage.express([130, 200, 201])
    assert used == pytest.approx({"express-request": 1, "express-gb-second": 0.7 / 3 / 16})


def test_a_standard_order_pays_each_state_that_it_enters() -> None:
    assert total(lines(usage.standard(counted(6)), PRICES)) == pytest.approx(150)


def test_functions_pay_their_memory_for_as_long_as_they_run() -> None:
    used = usage.of_functions(activity([100, 300]), orders=2, architecture="arm64")
    assert used["lambda-request"] == 1
    assert used["lambda-arm64-gb-second"] == pytest.approx(0.2 * 0.5)
    assert used["logs-gb"] == pytest.approx(1024 / 1024**3)


@pytest.mark.parametrize(("rate", "share"), [(0.0001, 1), (10, 0.074), (1000, 0.05)])
def test_x_ray_traces_the_first_request_of_each_second_and_a_twentieth_of_the_others(
    rate: float, share: float
) -> None:
    assert usage.traced(rate) == pytest.approx(share, abs=0.001)


def test_mail_is_priced_apart_from_the_sum() -> None:
    costs = lines({"ses-mail": 1, "sns-publish": 1}, PRICES)
    assert costs["ses-mail"] == pytest.approx(100)
    assert total(costs) == pytest.approx(0.5)
    assert by_service(costs, PRICES) == pytest.approx({"SNS": 0.5})


def test_what_has_no_price_is_an_error_and_not_free() -> None:
    with pytest.raises(KeyError, match="unheard-of"):
        lines({"unheard-of": 1}, PRICES)


def test_everything_that_an_order_uses_has_a_price() -> None:
    item = {"pk": {"S": "ORDER#1"}}
    used = (
        usage.of_functions(activity([1]), 1, "arm64")
        | usage.of_functions(activity([1]), 1, "x86_64")
        | usage.of_counts(counted())
        | usage.of_storage([item], [item], 1000)
        | usage.express([100])
        | usage.standard(counted())
        | usage.beside_the_workflow()
    )
    assert set(used) == set(PRICES)


def test_the_prices_are_dated_of_one_region_and_have_a_source() -> None:
    listed = price_list()
    assert date.fromisoformat(listed.looked_up) <= date.today()
    assert listed.region == "us-east-1"
    for name, price in PRICES.items():
        assert price.usd > 0, name
        assert price.source.startswith("https://aws.amazon.com/"), name
        assert price.read_in.startswith("https://") or not price.read_in, name
    assert ORDERS == 1_000_000


def test_comparing_payments_costs_a_fiftieth_of_the_orders_and_a_daily_scan_by_what_is_kept() -> (
    None
):
    compared = total(lines(usage.of_books(), PRICES))
    assert compared == pytest.approx(0.25 + 0.05 + 0.2, abs=0.01)
    kept = {"dynamodb-gb-month": 1800 / 1024**3}
    scanned = lines(usage.of_daily_scans(kept), PRICES)
    assert scanned == {"dynamodb-read": pytest.approx(30 * 1800 / 8192 * 0.125)}
