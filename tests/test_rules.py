"""What a good salesperson knows, as plain values: days, hours, periods, money, stages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import (
    Due,
    QuietHours,
    day_bounds,
    first_due,
    next_at,
    next_due,
    period_days,
    wall_to_utc,
)
from rules.money import CurrenciesDiffer, Money, digits
from rules.pipeline import STAGES, conversion, stage_after

KARACHI = "Asia/Karachi"
ZONES = sorted(available_timezones() - {"Factory", "localtime", "posixrules"})
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)

often = settings(max_examples=200, deadline=None)  # no deadline: others use the machine too
zones = st.sampled_from(ZONES)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis puts UTC on
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))


# --- a due day or time ----------------------------------------------------------------------------


@often
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.none() | minutes)
def test_a_due_is_read_as_it_was_written(day: date, at: time | None) -> None:
    assert Due.parse(str(Due(day, at))) == Due(day, at)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2026-11-27", Due(date(2026, 11, 27))),
        ("2026-11-27T15:00", Due(date(2026, 11, 27), time(15))),
        ("2026-11-27T15:00:20", Due(date(2026, 11, 27), time(15, 0, 20))),
        ("2028-02-29", Due(date(2028, 2, 29))),
    ],
)
def test_a_due_is_a_day_with_or_without_a_time(text: str, due: Due) -> None:
    assert Due.parse(text) == due


@pytest.mark.parametrize(
    "text",
    [
        *("", "T", "friday", "2026-02-31", "2027-02-29", "2026-11-27T", "2026-11-27T25:00"),
        *("2026-11-27 15:00", "27-11-2026", "2026-11-27T15:00+05:00", "2026-11-27T15:00Z"),
        *("0001-01-01T00:00", "9999-12-31T23:59", "٢٠٢٦-١١-٢٧"),
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whose message, date's or ours, is no matter
        Due.parse(text)


def test_three_in_karachi_is_ten_in_utc() -> None:
    friday = Due(date(2026, 11, 27), time(15))
    assert friday.instant(KARACHI) == datetime(2026, 11, 27, 10, tzinfo=UTC)
    assert Due(friday.day).instant(KARACHI) is None


# --- again and again ------------------------------------------------------------------------------


def _times(due: Due, every: str, count: int) -> Iterator[Due]:
    """The next times, each counted from the first as the clock does."""
    now = due
    for _ in range(count):
        now = next_due(due, every, datetime.combine(now.day, now.at or time.min))
        yield now


def test_the_31st_comes_back_after_february() -> None:
    found = [str(due) for due in _times(Due(date(2027, 1, 31)), "month", 4)]
    assert found == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]


@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("day", ["2026-12-31", "2027-01-01", "2027-01-02"]),
        ("week", ["2027-01-06", "2027-01-13", "2027-01-20"]),
        ("month", ["2027-01-30", "2027-02-28", "2027-03-30"]),
        ("weekday:fri", ["2027-01-01", "2027-01-08", "2027-01-15"]),
        ("weekday:wed", ["2027-01-06", "2027-01-13", "2027-01-20"]),
    ],
)
def test_what_recurs_goes_over_the_year(every: str, days: list[str]) -> None:
    wednesday = Due(date(2026, 12, 30), time(9))
    assert [str(due.day) for due in _times(wednesday, every, 3)] == days


def test_the_next_time_is_strictly_after() -> None:
    due = Due(date(2026, 11, 27), time(15))
    at_three = datetime(2026, 12, 4, 15)  # noqa: DTZ001 - local
    before = at_three - timedelta(seconds=1)
    assert next_due(due, "week", before) == Due(date(2026, 12, 4), time(15))
    assert next_due(due, "week", at_three) == Due(date(2026, 12, 11), time(15))
    whole_day = Due(date(2026, 11, 27))
    assert next_due(whole_day, "week", at_three) == Due(date(2026, 12, 11))


def test_the_next_time_is_never_the_first_again() -> None:
    due = Due(date(2026, 11, 27), time(15))
    long_before = datetime(2026, 1, 1)  # noqa: DTZ001 - local
    assert next_due(due, "day", long_before) == Due(date(2026, 11, 28), time(15))


@often
@given(
    st.dates(date(2024, 1, 1), date(2035, 12, 31)),
    st.none() | minutes,
    st.sampled_from(["day", "week", "month", *(f"weekday:{d}" for d in ("mon", "thu", "sun"))]),
    st.datetimes(datetime(2024, 1, 1), datetime(2036, 1, 1)),  # noqa: DTZ001 - local
)
def test_of_all_times_the_next_is_the_first_after(
    day: date, at: time | None, every: str, after: datetime
) -> None:
    due = next_due(Due(day, at), every, after)
    assert due.at == at
    assert due.day > day
    assert (datetime.combine(due.day, at) > after) if at else due.day > after.date()
    (one_more,) = list(_times(due, every, 1))
    assert timedelta(1) <= one_more.day - due.day <= timedelta(31)


def test_an_unknown_rhythm_is_refused() -> None:
    with pytest.raises(ValueError, match="fortnight"):
        next_due(Due(date(2026, 11, 27)), "fortnight", datetime(2026, 11, 27))  # noqa: DTZ001
    with pytest.raises(ValueError, match="fortnight"):
        first_due("fortnight", date(2026, 11, 27))


@pytest.mark.parametrize(
    ("every", "first"),
    [
        ("day", "2026-12-01"),
        ("week", "2026-12-07"),
        ("month", "2026-12-30"),
        ("weekday:mon", "2026-12-07"),
        ("weekday:tue", "2026-12-01"),
    ],
)
def test_what_recurs_begins_after_today(every: str, first: str) -> None:
    monday = date(2026, 11, 30)
    assert str(first_due(every, monday)) == first


# --- zones ----------------------------------------------------------------------------------------


def test_an_hour_that_is_skipped_comes_when_the_clock_is_right_again() -> None:
    gap = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 - wall time in Berlin
    assert wall_to_utc(gap, "Europe/Berlin") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_counts_once_the_first_time() -> None:
    fold = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001 - wall time in Berlin
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert wall_to_utc(fold, "Europe/Berlin") == first
    assert next_at(time(2, 30), "Europe/Berlin", first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@often
@given(zones, st.dates(date(2024, 1, 1), date(2035, 12, 31)), minutes)
def test_every_wall_time_is_a_moment(zone: str, day: date, at: time) -> None:
    wall = datetime.combine(day, at)
    local = wall_to_utc(wall, zone).astimezone(ZoneInfo(zone))
    moved = local.replace(tzinfo=None) - wall
    assert timedelta(0) <= moved <= timedelta(hours=2), "only a gap moves it, and only forward"
    assert local.fold == 0


@cache
def _changes() -> list[tuple[str, date]]:
    """A zone and day for each way in which clocks are put on or back in these years."""
    ways: dict[tuple[time, timedelta], tuple[str, date]] = {}
    week = timedelta(days=7)
    steps = [FIRST + week * n for n in range((LAST - FIRST) // week + 1)]
    for name in ZONES:
        zone = ZoneInfo(name)
        offsets = [step.astimezone(zone).utcoffset() for step in steps]
        for (before, early), (after, late) in pairwise(zip(steps, offsets, strict=True)):
            if early == late:
                continue
            low, high = before, after
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                early_still = middle.astimezone(zone).utcoffset() == early
                low, high = (middle, high) if early_still else (low, middle)
            wall = (low + timedelta(minutes=1)).replace(second=0, microsecond=0)
            wall = (wall + (early or timedelta())).replace(tzinfo=None)
            ways.setdefault((wall.time(), (late or early) - early), (name, wall.date()))  # type: ignore[operator]
    return list(ways.values())


def test_where_clocks_change_every_hour_comes_once_a_day() -> None:
    assert len(_changes()) > 10
    for zone, changed in _changes():
        days = [changed + timedelta(days=n) for n in range(-2, 3)]
        for half_hours in range(48):
            hour = time(half_hours // 2, 30 * (half_hours % 2))
            after = wall_to_utc(datetime.combine(days[0], hour), zone) - timedelta(seconds=1)
            for day in days:
                after = next_at(hour, zone, after)
                assert after == wall_to_utc(datetime.combine(day, hour), zone), (zone, day, hour)


@often
@given(zones, moments, minutes)
def test_the_next_hour_is_the_first_of_all_days_hours(
    zone: str, after: datetime, hour: time
) -> None:
    today = after.astimezone(ZoneInfo(zone)).date()
    walls = [datetime.combine(today + timedelta(days=n), hour) for n in range(-2, 4)]
    expected = min(m for m in (wall_to_utc(wall, zone) for wall in walls) if m > after)
    assert next_at(hour, zone, after) == expected


def test_an_hour_skipped_over_midnight_is_not_forgotten() -> None:
    """In Nuuk the clock goes from 23:00 to midnight: half past eleven comes at half past twelve."""
    late = datetime(2026, 3, 29, 1, 10, tzinfo=UTC)  # 00:10 there, on Sunday
    assert next_at(time(23, 30), "America/Nuuk", late) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


# --- quiet hours ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "held"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("06:59", True),
     ("07:00", False), ("12:00", False)],
)  # fmt: skip
def test_quiet_over_midnight(at: str, held: bool) -> None:
    night = QuietHours(time(22), time(7))
    local = datetime.combine(date(2026, 11, 27), time.fromisoformat(at), ZoneInfo(KARACHI))
    assert night.hold(local) is held
    if held:
        day = 28 if at > "12" else 27
        assert night.over_at(local) == datetime(2026, 11, day, 2, tzinfo=UTC)


def test_quiet_within_a_day_and_never() -> None:
    zone = ZoneInfo(KARACHI)
    noon = QuietHours(time(13), time(14))
    assert not noon.hold(datetime(2026, 11, 27, 12, 59, tzinfo=zone))
    assert noon.hold(datetime(2026, 11, 27, 13, tzinfo=zone))
    assert not noon.hold(datetime(2026, 11, 27, 14, tzinfo=zone))
    never = QuietHours(time(9), time(9))
    assert not any(never.hold(datetime(2026, 11, 27, h, tzinfo=zone)) for h in range(24))


@often
@given(zones, moments, minutes, minutes)
def test_quiet_ends_later_and_is_over_then(
    zone: str, now: datetime, start: time, end: time
) -> None:
    quiet, local = QuietHours(start, end), now.astimezone(ZoneInfo(zone))
    if quiet.hold(local):
        assert now < quiet.over_at(local) <= now + timedelta(hours=26)


def test_quiet_is_over_once_when_an_hour_comes_twice() -> None:
    """In Berlin it is 2:15 a second time; quiet until half past two ends at the second one."""
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    quiet = QuietHours(time(23), time(2, 30))
    local = second.astimezone(ZoneInfo("Europe/Berlin"))
    assert quiet.hold(local)
    assert quiet.over_at(local) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


# --- periods --------------------------------------------------------------------------------------

PERIODS = [
    ("today", "2027-01-01", "2027-01-01", "2027-01-01"),
    ("yesterday", "2027-01-01", "2026-12-31", "2026-12-31"),
    ("week", "2027-01-01", "2026-12-28", "2027-01-03"),
    ("week", "2026-11-23", "2026-11-23", "2026-11-29"),
    ("week", "2026-11-29", "2026-11-23", "2026-11-29"),
    ("last_week", "2026-11-23", "2026-11-16", "2026-11-22"),
    ("last_week", "2027-01-03", "2026-12-21", "2026-12-27"),
    ("month", "2028-02-29", "2028-02-01", "2028-02-29"),
    ("month", "2026-12-31", "2026-12-01", "2026-12-31"),
    ("last_month", "2027-01-31", "2026-12-01", "2026-12-31"),
    ("last_month", "2027-03-31", "2027-02-01", "2027-02-28"),
    ("quarter", "2026-12-31", "2026-10-01", "2026-12-31"),
    ("quarter", "2026-04-01", "2026-04-01", "2026-06-30"),
    ("quarter", "2026-03-31", "2026-01-01", "2026-03-31"),
    ("last_quarter", "2027-01-01", "2026-10-01", "2026-12-31"),
    ("last_quarter", "2026-09-30", "2026-04-01", "2026-06-30"),
    ("year", "2026-01-01", "2026-01-01", "2026-12-31"),
    ("year", "2026-12-31", "2026-01-01", "2026-12-31"),
]


@pytest.mark.parametrize(("period", "today", "first", "last"), PERIODS)
def test_a_period_has_a_first_and_a_last_day(
    period: str, today: str, first: str, last: str
) -> None:
    days = period_days(period, date.fromisoformat(today))
    assert days == (date.fromisoformat(first), date.fromisoformat(last))


@often
@given(st.dates(date(2024, 1, 1), date(2035, 12, 31)))
def test_this_and_the_last_period_touch_and_hold_today(today: date) -> None:
    for period in ("week", "month", "quarter"):
        first, last = period_days(period, today)
        assert first <= today <= last
        before, until = period_days(f"last_{period}", today)
        assert before <= until == first - timedelta(days=1)
        assert period_days(period, until) == (before, until)


def test_a_period_nobody_named_is_refused() -> None:
    with pytest.raises(KeyError):
        period_days("fortnight", date(2026, 11, 27))


def test_a_day_in_karachi_begins_the_evening_before_in_utc() -> None:
    day = date(2026, 11, 27)
    assert day_bounds(day, day, KARACHI) == (
        datetime(2026, 11, 26, 19, tzinfo=UTC),
        datetime(2026, 11, 27, 19, tzinfo=UTC),
    )


@often
@given(zones, st.dates(date(2024, 1, 1), date(2035, 12, 31)))
def test_days_follow_each_other_without_gap_or_overlap(zone: str, day: date) -> None:
    after = day + timedelta(days=1)
    begin, end = day_bounds(day, day, zone)
    assert end == day_bounds(after, after, zone)[0]
    assert timedelta(hours=22) <= end - begin <= timedelta(hours=26)


# --- money ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency", "minor", "plain"),
    [
        ("480000", "PKR", 48_000_000, "480000.00"),
        (4.8e5, "PKR", 48_000_000, "480000.00"),
        ("0.005", "PKR", 1, "0.01"),
        ("0.004", "PKR", 0, "0.00"),
        ("2.675", "USD", 268, "2.68"),
        (2.675, "USD", 268, "2.68"),
        ("-2.675", "USD", -268, "-2.68"),
        ("1500", "JPY", 1500, "1500"),
        ("1500.5", "JPY", 1501, "1501"),
        ("1.2345", "KWD", 1235, "1.235"),
        ("12.5", "KWD", 12500, "12.500"),
        ("100.50", "LBP", 10050, "100.50"),
        ("0", "PKR", 0, "0.00"),
        ("9999999999999.99", "PKR", 999_999_999_999_999, "9999999999999.99"),
        (Decimal("90071992547409.93"), "PKR", 9_007_199_254_740_993, "90071992547409.93"),
    ],
)
def test_money_is_exact(
    amount: str | float | Decimal, currency: str, minor: int, plain: str
) -> None:
    money = Money.of(amount, currency)
    assert money.minor == minor
    assert money.plain() == plain


@often
@given(
    st.integers(-(10**17), 10**17),
    st.sampled_from(["PKR", "INR", "USD", "JPY", "KWD", "AED", "LBP", "IQD"]),
)
def test_money_comes_back_as_it_was_written(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.of(money.plain(), currency) == money
    assert Money.of(money.amount, currency) == money
    assert len(money.plain().partition(".")[2]) == digits(currency)


@pytest.mark.parametrize("amount", ["nan", "inf", "-inf", float("nan"), float("inf"), "many", ""])
def test_what_is_no_number_is_no_money(amount: str | float) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - one kind for the caller to catch
        Money.of(amount, "PKR")


@pytest.mark.parametrize("amount", [10**40, "1e40", 1e300])
def test_money_is_whole_however_large(amount: str | float) -> None:
    assert Money.of(Decimal(str(amount)), "PKR").minor == int(Decimal(str(amount))) * 100


def test_rupees_and_dollars_are_not_added() -> None:
    five = Money.of("5", "PKR")
    assert five + Money.of("2.50", "PKR") == Money(750, "PKR")
    with pytest.raises(CurrenciesDiffer):
        five + Money.of("5", "USD")


# --- stages ---------------------------------------------------------------------------------------


def test_a_deal_goes_stage_by_stage_until_only_its_end_is_left() -> None:
    way = [STAGES[0]]
    while following := stage_after(way[-1], STAGES):
        way.append(following)
    assert tuple(way) == STAGES


@pytest.mark.parametrize(
    ("won", "lost", "share"), [(0, 0, None), (3, 1, 0.75), (0, 4, 0.0), (2, 0, 1.0)]
)
def test_conversion_is_the_share_of_closed_deals(won: int, lost: int, share: float | None) -> None:
    assert conversion(won, lost) == share
