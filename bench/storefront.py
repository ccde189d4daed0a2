"""What Lighthouse says of every page of the storefront, and how much script a page loads."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import Section, at_least, at_most, table, told
from bench.run import Run
from local.settings import ROOT
from localcloud import node

LIGHTHOUSE = Path(__file__).parent / "lighthouse"
RUNS = 3
"""Each page in each form; the median counts."""
MOBILE, DESKTOP = 95, 100
FULL = ("accessibility", "best-practices", "seo")

Result = Mapping[str, Any]


def measure(run: Run) -> Section:
    """Signs in, orders, and measures the pages on the way: as a customer has them, with an empty cache."""
    results = _lighthouse(run.cloud.outputs["storefrontUrl"])
    mobile, desktop = ([each for each in results if each["form"] == form] for form in _FORMS)
    slow = median(each["metrics"]["largest-contentful-paint"] for each in mobile) / 1000
    shift = max(each["metrics"]["cumulative-layout-shift"] for each in results)
    figures = [
        at_least(
            "Lighthouse accessibility, best practices, SEO, worst page",
            min(each["scores"][name] for each in results for name in FULL),
            100,
            "",
            f"Failed audits: {', '.join(sorted({each for one in results for each in one['faults']}))}.",
        ),
        at_least(
            "Lighthouse performance, desktop, worst page", _worst(desktop), DESKTOP, "", _BUSY
        ),
        at_least("Lighthouse performance, mobile, worst page", _worst(mobile), MOBILE, "", _BUSY),
        at_most("Cumulative layout shift, worst page", round(shift, 3), 0.01, ""),
        told("Largest contentful paint, mobile, median of the pages", slow, "s"),
    ]
    return Section("Storefront", figures, f"{_TEXT}\n\n{_pages(results)}")


def _lighthouse(origin: str) -> list[Result]:
    browser = subprocess.run(
        [ROOT / "tests/support/browser/chromium.sh"], capture_output=True, text=True, check=False
    )
    if browser.returncode:
        raise RuntimeError(browser.stderr.strip())
    if node.run(["npm", "ci", "--no-progress", "--loglevel=error"], LIGHTHOUSE).returncode:
        raise RuntimeError("Lighthouse could not be installed")
    settings = {
        "browser": browser.stdout.strip(),
        "origin": origin,
        "email": "bench@example.com",
        "runs": RUNS,
        "product": "notebook",
    }
    measured = node.run(["measure.mjs"], LIGHTHOUSE, input=json.dumps(settings))
    if measured.returncode:
        raise RuntimeError("Lighthouse failed; see above")
    return json.loads(measured.stdout)


def _worst(results: Sequence[Result]) -> int:
    return min(each["scores"]["performance"] for each in results)


def _pages(results: Sequence[Result]) -> str:
    return table(
        ("page", *_FORMS, "FCP, LCP mobile", "TBT mobile", "KB loaded"),
        [_row(*(each for each in results if each["page"] == page)) for page in _in_order(results)],
    )


def _row(mobile: Result, desktop: Result) -> list[str]:
    metrics = mobile["metrics"]
    paints = (metrics["first-contentful-paint"], metrics["largest-contentful-paint"])
    return [
        f"`{mobile['page']}`",
        str(mobile["scores"]["performance"]),
        str(desktop["scores"]["performance"]),
        ", ".join(f"{each / 1000:.2f} s" for each in paints),
        f"{metrics['total-blocking-time']:.0f} ms",
        f"{metrics['total-byte-weight'] / 1000:.0f}",
    ]


def _in_order(results: Sequence[Result]) -> list[str]:
    return list(dict.fromkeys(each["page"] for each in results))


_FORMS = ("mobile", "desktop")
_BUSY = (
    "It falls with whatever else the machine does: only blocking time moves. Run the bench alone."
)
_TEXT = """\
Lighthouse's performance score, out of 100: mobile is a slow phone on slow 4G, simulated. FCP, LCP: first and largest
contentful paint. TBT: how long the page could not answer. The site comes from the local cloud's CloudFront,
compressed with gzip where CloudFront would use Brotli; budgets of its files are in tests/frontend/."""
