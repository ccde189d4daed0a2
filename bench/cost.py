"""What a million orders cost at list prices, line by line."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.calls import USUAL, yardstick
from bench.figures import Figure, Section, at_most, table, told
from bench.function_logs import JSON_PLATFORM_BYTES
from bench.orders import KINDS, YARDSTICK_LINES
from bench.plots import Bar, bars
from bench.run import Run
from bench.usage import (
    LOOKS,
    RATE,
    Usage,
    of_books,
    of_daily_scans,
    seconds_with_a_request,
    traced,
)

PRICES = Path(__file__).parent / "prices.toml"
ORDERS = 1_000_000
APART = "ses-mail"
"""Mail is not in the sums: the yardstick sends none."""

_SHARES = {1: (0.20, 1 / 6), 3: (0.24, None)}
"""Lines -> the most that a million orders may cost against the yardstick's of as many lines, and the aim."""
_SLOWER = 3  # times; how much longer Lambda might take than this machine
_GATEWAY_SECONDS = 3 * 0.5  # what a real gateway might take for an order's three calls
_PAYMENT_GB = 0.5  # the memory of the functions that wait for it
_BUSY_RATES = (10, 100)  # orders a second


@dataclass(frozen=True)
class Price:
    """`usd` for `per` of `unit`, as `source` lists it; `read_in` is where it was read if not there."""

    service: str
    unit: str
    usd: float
    per: int
    source: str
    read_in: str = ""

    def of(self, units: float) -> float:
        return units * self.usd / self.per


@dataclass(frozen=True)
class PriceList:
    """All prices of one region on one day, by id."""

    looked_up: str
    region: str
    prices: Mapping[str, Price]


def price_list(path: Path = PRICES) -> PriceList:
    """The file's prices."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    looked_up, region = document.pop("looked_up"), document.pop("region")
    return PriceList(
        looked_up, region, {name: Price(**fields) for name, fields in document.items()}
    )


def lines(usage: Usage, prices: Mapping[str, Price]) -> dict[str, float]:
    """Price id -> USD for a million orders. KeyError if a price is missing."""
    return {name: prices[name].of(ORDERS * units) for name, units in usage.items()}


def total(costs: Mapping[str, float]) -> float:
    """The sum without mail."""
    return sum(usd for name, usd in costs.items() if name != APART)


def by_service(costs: Mapping[str, float], prices: Mapping[str, Price]) -> dict[str, float]:
    """Service -> USD, without mail and without what is nothing; the largest first."""
    sums: dict[str, float] = {}
    for name, usd in costs.items():
        if name != APART and usd:
            sums[prices[name].service] = sums.get(prices[name].service, 0.0) + usd
    return dict(sorted(sums.items(), key=lambda each: -each[1]))


def measure(run: Run) -> Section:
    """Price the usage that `calls` has measured."""
    listed = price_list()
    prices = listed.prices
    costs = {name: lines(used, prices) for name, used in run.usage.items()}
    services = by_service(costs[USUAL], prices)
    return Section(
        "A million orders",
        figures=_figures({name: total(each) for name, each in costs.items()}),
        text=_text(listed)
        + f"{_table(costs, prices)}\n\n{_what_if(costs, run.usage, prices)}\n"
        + _books(run.usage[USUAL], prices),
        plots={
            "cost.svg": bars(
                "A million orders, USD",
                [
                    Bar(_column(name), total(each), int(name.startswith("yardstick")))
                    for name, each in costs.items()
                ],
                unit="USD",
            ),
            "cost-by-service.svg": bars(
                "A million orders, EXPRESS: USD by service",
                [Bar(name, usd) for name, usd in services.items()],
                unit="USD",
            ),
        },
    )


def _figures(totals: Mapping[str, float]) -> list[Figure]:
    return [
        *(told(f"A million orders, {_column(kind)}", totals[kind], "USD") for kind in KINDS),
        told("A million orders, STANDARD", totals["STANDARD"], "USD"),
        *(
            told(f"Yardstick: a million orders{_with(count)}", totals[yardstick(count)], "USD")
            for count in YARDSTICK_LINES
        ),
        *(_share(totals, count, *_SHARES[count]) for count in YARDSTICK_LINES),
    ]


def _share(totals: Mapping[str, float], count: int, limit: float, aim: float | None) -> Figure:
    ours = totals[USUAL if count == 1 else f"{count} lines"]
    name = f"EXPRESS against the yardstick{_with(count)}"
    return at_most(name, ours / totals[yardstick(count)], limit, "x", _DEAR, aim)


def _with(count: int) -> str:
    return "" if count == 1 else f", {count} lines"


def _column(name: str) -> str:
    if name == USUAL:
        return "EXPRESS"
    return f"EXPRESS, {name}" if name in KINDS else name


def _table(costs: Mapping[str, Mapping[str, float]], prices: Mapping[str, Price]) -> str:
    def row(name: str, told_as: str) -> list[str]:
        price = prices[name]
        paid = (f"{each[name]:.2f}" if name in each else "–" for each in costs.values())
        source = f"[{price.service}]({price.source})"
        return [f"{told_as}{source}: {price.unit}", f"{price.usd:g} / {price.per:,}", *paid]

    used = [name for name in prices if any(name in each for each in costs.values())]
    rows = [row(name, "") for name in used if name != APART]
    rows.append(["**Sum**", "", *(f"**{total(each):.2f}**" for each in costs.values())])
    rows.append(row(APART, "Mail apart: "))
    return table(["line", "list price, USD", *map(_column, costs)], rows)


def _what_if(
    costs: Mapping[str, Mapping[str, float]],
    usage: Mapping[str, Usage],
    prices: Mapping[str, Price],
) -> str:
    """What the assumptions are worth."""

    def slower(name: str) -> float:
        compute = sum(usd for row, usd in costs[name].items() if row.endswith("-gb-second"))
        return total(costs[name]) + (_SLOWER - 1) * compute

    waiting = prices["lambda-arm64-gb-second"].of(ORDERS * _GATEWAY_SECONDS * _PAYMENT_GB)
    waiting += prices["express-gb-second"].of(ORDERS * _GATEWAY_SECONDS / 16)
    own_lines = usage[USUAL]["lambda-request"] * JSON_PLATFORM_BYTES / 1024**3
    noted = prices["logs-gb"].of(ORDERS * own_lines)
    share = slower(USUAL) / slower("yardstick")
    return (
        f"If everything ran {_SLOWER} times as long as here, it would be {slower(USUAL):.0f} USD "
        f"against {slower('yardstick'):.0f}, {share:.2f}×. A payment gateway that takes half a second "
        f"for each of its three calls adds {waiting:.0f} USD, and the yardstick calls none. "
        f"`platformLogLevel: INFO`, the default outside of `prod`, adds {noted:.2f} USD.\n\n"
        + _traces(prices["xray-trace"])
    )


def _books(used: Usage, prices: Mapping[str, Price]) -> str:
    """What the daily comparison of payments costs."""
    compared, scanned = lines(of_books(), prices), lines(of_daily_scans(used), prices)
    return (
        "The comparison of payments with orders and ledgers is not in the table. By its reads and writes, and "
        f"15 ms for a payment, it adds {total(compared):.2f} USD. Once a day it also reads the whole orders "
        f"table for captures that the gateway doesn't show: {total(scanned):.2f} USD a month for each million "
        "orders that are kept.\n"
    )


def _traces(price: Price) -> str:
    """The arithmetic of sampling."""
    first, requests = seconds_with_a_request(RATE), RATE * (1 + LOOKS)
    at_rate = price.of(ORDERS * traced(RATE))
    busy = ", ".join(
        f"at {rate} a second {100 * traced(rate):.1f} % of them ({price.of(ORDERS * traced(rate)):.2f} USD)"
        for rate in _BUSY_RATES
    )
    return (
        "Traces: by X-Ray's default rule the first request of each second is traced, and 5 % of the others. A "
        f"million orders in 30 days are {RATE:.2f} a second, and with {LOOKS} looks of its customer at each "
        f"{requests:.2f} requests. At random moments {100 * first:.0f} % of the seconds (1 - e^-{requests:.2f}) have "
        f"one or more, so ({first:.3f} + 0.05 x ({requests:.3f} - {first:.3f})) / {requests:.3f} = "
        f"{100 * traced(RATE):.0f} % of the orders are traced: {at_rate:.2f} USD. The traces of the looks are not in "
        f"it, as the looks are not: {LOOKS * at_rate:.2f} USD more. A busier shop has fewer traced: {busy}. Looks at "
        "products lower the share further. Without traces (`tracing: false`) the line is 0.\n"
    )


def _text(listed: PriceList) -> str:
    return f"""\
List prices of {listed.region}, looked up on {listed.looked_up}, without free tiers and volume discounts;
[prices.toml](../bench/prices.toml) also has where each was read. Quantities are those measured above, in the
settings of the stack `prod`: Lambda's own log lines of failed calls alone, traces as sampled. The shares
compare orders of as many lines, here and at the yardstick. Assumed, not measured:

- Lambda takes as long as this machine does, with the memory that the program asks for; no cold starts.
- STANDARD bills each state that a run enters once, here and for the yardstick.
- EXPRESS bills 64 MB: 50 MB and a definition with data of some tens of KB.
- Orders come at random moments, a million in 30 days: so many are traced as is said below the table.
- The mapping to the mail function receives and deletes each message by itself.
- Rows and receipts are kept for one month. Backups, secrets by the month (0.40 USD each), sign-ins,
  data transfer and the customer's looks at the order are not in it, nor is the payment gateway's fee.
- The yardstick gets no API, no queue, no traces and no mail, as it was designed.

"""


_DEAR = (
    "DynamoDB is the larger part: each status is a write, and those in transactions count twice. An order item "
    "that stays below 1 KB and indexes of keys alone keep it down."
)
