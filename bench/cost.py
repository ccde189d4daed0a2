"""What a million orders cost at list prices, line by line."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Section, at_most, table, told
from bench.plots import Bar, bars
from bench.run import Run
from bench.usage import Usage

PRICES = Path(__file__).parent / "prices.toml"
ORDERS = 1_000_000
APART = "ses-mail"
"""Mail is not in the sums: the yardstick sends none."""

_SHARE = 1 / 3
_SLOWER = 3  # times; how much longer Lambda might take than this machine
_GATEWAY_SECONDS = 3 * 0.5  # what a real gateway might take for an order's three calls
_PAYMENT_GB = 0.5  # the memory of the functions that wait for it


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
    ours, original = total(costs["EXPRESS"]), total(costs["yardstick"])
    services = by_service(costs["EXPRESS"], prices)
    return Section(
        "A million orders",
        figures=[
            told("A million orders, EXPRESS", ours, "USD"),
            told("A million orders, STANDARD", total(costs["STANDARD"]), "USD"),
            told("Yardstick: a million orders", original, "USD"),
            at_most("EXPRESS against the yardstick", ours / original, round(_SHARE, 2), "x", _DEAR),
        ],
        text=_text(listed) + _table(costs, prices) + "\n\n" + _what_if(costs, run.usage, prices),
        plots={
            "cost.svg": bars(
                "A million orders, USD",
                [
                    Bar(name, total(costs[name]), int(name == "yardstick"))
                    for name in ("EXPRESS", "STANDARD", "yardstick")
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


def _table(costs: Mapping[str, Mapping[str, float]], prices: Mapping[str, Price]) -> str:
    def cell(name: str, row: str) -> str:
        return f"{costs[name][row]:.2f}" if row in costs[name] else "–"

    used = [row for row in prices if any(row in each for each in costs.values())]
    rows = [
        [
            f"{prices[row].service}: {prices[row].unit}",
            f"{prices[row].usd:g} / {prices[row].per:,}",
            *(cell(name, row) for name in costs),
        ]
        for row in used
        if row != APART
    ]
    rows.append(["**Sum**", "", *(f"**{total(each):.2f}**" for each in costs.values())])
    rows.append(
        [
            "Mail apart: SES",
            f"{prices[APART].usd:g} / {prices[APART].per:,}",
            *(cell(name, APART) for name in costs),
        ]
    )
    return table(["line", "list price, USD", *costs], rows)


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
    traced = costs["EXPRESS"]["xray-trace"]
    share = slower("EXPRESS") / slower("yardstick")
    return (
        f"If everything ran {_SLOWER} times as long as here, it would be {slower('EXPRESS'):.0f} USD "
        f"against {slower('yardstick'):.0f}, {share:.2f}×. A payment gateway that takes half a second "
        f"for each of its three calls adds {waiting:.0f} USD, and the yardstick calls none. With X-Ray "
        f"sampling at its default of 5 % in a busy shop, {0.95 * traced:.2f} USD less.\n"
    )


def _text(listed: PriceList) -> str:
    return f"""\
List prices of {listed.region}, looked up on {listed.looked_up}, without free tiers and volume discounts;
[prices.toml](../bench/prices.toml) has each with its source. Quantities are those measured above, for
an order of one line that goes well. Assumed, not measured:

- Lambda takes as long as this machine does, with the memory that the program asks for; no cold starts.
- STANDARD bills each state that a run enters once, here and for the yardstick.
- EXPRESS bills 64 MB: 50 MB and a definition with data of some tens of KB.
- Lambda's own log lines have the length of its documented JSON events.
- Every order is traced: X-Ray records the first request of each second.
- The mapping to the mail function receives and deletes each message by itself.
- Rows and receipts are kept for one month. Backups, secrets by the month (0.40 USD each), sign-ins,
  data transfer and the customer's looks at the order are not in it, nor is the payment gateway's fee.
- The yardstick gets no API, no queue, no traces and no mail, as it was designed.

"""


_DEAR = (
    "DynamoDB is the larger part: each status is a write, three of them in transactions, which "
    "count twice. An order item that stays below 1 KB and indexes of keys alone keep it down."
)
