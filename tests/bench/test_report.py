"""The report names what misses and why, and shows every plot that there is."""

from pathlib import Path

from bench import report
from bench.figures import Figure, Section, at_least, at_most, exactly, table, told

HELD = at_most("POST", 12.3, 40, "ms", "why")
MISSED = at_most("CONFIRMED", 250, 200, "ms", "The machine was busy.")
ALSO = at_most("Mail", 900, 500, "ms", "The machine was busy.")


def page(*figures: Figure) -> str:
    return report.markdown([Section("Times", figures, "Told.")], "2 cores", "2026-01-02", 90)


def test_a_figure_at_its_limit_holds() -> None:
    assert at_most("f", 40, 40, "ms").verdict == "ok"
    assert at_most("f", 40.01, 40, "ms").verdict == "MISS"
    assert at_least("f", 12, 12, "/s").verdict == "ok"
    assert at_least("f", 11.9, 12, "/s").verdict == "MISS"
    assert exactly("f", "1 write", "1 write").verdict == "ok"
    assert exactly("f", "2 write", "1 write").verdict == "MISS"
    assert told("f", 4, "s").verdict == ""


def test_an_aim_is_told_beside_the_limit_and_missing_it_is_no_miss() -> None:
    figure = at_most("f", 0.19, 0.2, "x", aim=1 / 6)
    assert (figure.target, figure.verdict) == ("≤ 0.20×, aim 0.17×", "ok")


def test_every_missed_figure_is_named_with_what_would_reach_it() -> None:
    text = page(HELD, MISSED, ALSO)
    (told_of,) = [line for line in text.splitlines() if line.startswith("- ")]
    assert "**CONFIRMED**: 250 ms, wanted ≤ 200 ms." in told_of
    assert "**Mail**: 900 ms, wanted ≤ 500 ms." in told_of
    assert told_of.count("The machine was busy.") == 1
    assert "| CONFIRMED | ≤ 200 ms | 250 ms | **MISS** |" in text


def test_a_page_without_misses_says_so() -> None:
    text = page(HELD)
    assert "Every target is held." in text
    assert "MISS" not in text
    assert "| POST | ≤ 40 ms | 12.3 ms | ok |" in text


def test_the_page_says_when_where_and_how_it_was_measured() -> None:
    text = page(HELD)
    for said in ("2026-01-02", "2 cores", "make bench", "1.5 minutes"):
        assert said in text


def test_the_machine_is_described_without_its_name() -> None:
    assert "cores" in report.machine()
    assert "Python 3" in report.machine()
    assert "/" not in report.machine()


def test_the_terminals_table_has_every_figure_with_its_verdict() -> None:
    lines = report.summary([HELD, MISSED]).splitlines()
    assert [line.split()[0] for line in lines] == ["POST", "CONFIRMED"]
    assert [line.split()[-1] for line in lines] == ["ok", "MISS"]


def test_the_plots_are_written_where_the_page_shows_them(tmp_path: Path) -> None:
    section = Section("Times", [HELD], "Told.", {"times.svg": "<svg/>"})
    report.write([section], 60, tmp_path / "performance.md")
    text = (tmp_path / "performance.md").read_text()
    assert "![Times](performance/times.svg)" in text
    assert (tmp_path / "performance" / "times.svg").read_text() == "<svg/>"


def test_a_table_has_a_cell_for_each_column_in_each_row() -> None:
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n|---|---:|\n| 1 | 2 |"
