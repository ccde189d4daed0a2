import pytest

from handlers.domain.sweep import Part, Span, Sweep, due

HOUR, DAY = 3600, 24 * 3600
NOW = 1_800_000_000


def test_a_day_after_it_began_a_sweep_is_followed_by_one_of_what_happened_since() -> None:
    done = Sweep(NOW - DAY, NOW, Part.DONE, saves=7)
    assert due(done, NOW + DAY - 1) is None
    assert due(done, NOW + DAY) == Sweep(NOW, NOW + DAY, saves=7)


def test_days_without_a_sweep_are_made_up_for() -> None:
    done = Sweep(NOW - DAY, NOW, Part.DONE)
    assert due(done, NOW + 9 * DAY) == Sweep(NOW, NOW + 9 * DAY)


@pytest.mark.parametrize("part", [part for part in Part if part is not Part.DONE])
def test_a_sweep_that_is_not_over_goes_on_however_long_it_takes(part: Part) -> None:
    begun = Sweep(NOW - DAY, NOW, part, ("re_1",), saves=3)
    assert due(begun, NOW + 9 * DAY) == begun


def test_the_first_sweep_looks_at_the_last_day() -> None:
    assert due(None, NOW) == Sweep(NOW - DAY, NOW)


def test_the_parts_follow_each_other_to_the_end() -> None:
    parts, sweep = [Part.PAYMENTS], Sweep(NOW - DAY, NOW)
    while sweep.part is not Part.DONE:
        sweep = sweep._replace(part=sweep.next_part)
        parts.append(sweep.part)
    assert parts == list(Part)


def test_payments_are_in_two_sweeps_and_captures_in_one_after_an_hour_at_rest() -> None:
    first = Sweep(NOW - DAY, NOW)
    second = Sweep(NOW, NOW + DAY)
    assert first.created == Span(NOW - 2 * DAY, NOW)
    assert second.created == Span(NOW - DAY, NOW + DAY)
    assert first.captured.end == second.captured.first == NOW - 2 * HOUR
    assert first.created.first < first.captured.first


def test_refunds_may_fail_for_30_days_and_none_is_left_out_after_a_longer_pause() -> None:
    assert Sweep(NOW - DAY, NOW).may_have_failed == Span(NOW - 30 * DAY, NOW)
    late = Sweep(NOW - 60 * DAY, NOW)
    assert late.may_have_failed == late.created
