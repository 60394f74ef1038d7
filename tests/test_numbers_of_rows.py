"""The numbers that new rows get, and moments as both databases keep them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Dialect, literal, make_url, select

from storage.clock import SetClock, SystemClock, skew_of
from storage.types import Ids, Moment

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
KARACHI = ZoneInfo("Asia/Karachi")
SQLITE: Dialect = make_url("sqlite://").get_dialect()()
POSTGRESQL: Dialect = make_url("postgresql+psycopg://").get_dialect()()


def ids(moment: datetime) -> Ids:
    made = Ids()
    made.clock = SetClock(moment)
    return made


def test_a_number_tells_when_its_row_was_made() -> None:
    for later in (timedelta(), timedelta(milliseconds=1), timedelta(days=365, seconds=7)):
        number = ids(BEGAN + later)()
        assert number >> 13 == later // timedelta(milliseconds=1)
    assert ids(BEGAN + timedelta(days=30 * 365))() < 1 << 53, "exact in JSON"


def test_whoever_makes_it_a_later_row_has_a_greater_number() -> None:
    one, other = ids(BEGAN + timedelta(hours=1)), ids(BEGAN + timedelta(hours=1, milliseconds=1))
    assert one() < other()


def test_within_one_process_they_grow_even_if_the_clock_is_set_back() -> None:
    made = ids(BEGAN + timedelta(days=1))
    several = made.several(20_000)
    assert len(several) == 20_000
    following = made()
    assert following == several[-1] + 1, "beyond what fits in a millisecond they follow each other"
    made.clock = SetClock(BEGAN)
    assert made() == following + 1


def test_within_a_millisecond_they_follow_each_other() -> None:
    made = ids(BEGAN + timedelta(days=1))
    first = made()
    assert [made() for _ in range(3)] == [first + 1, first + 2, first + 3]


def test_two_processes_seldom_hit_the_same() -> None:
    assert len({ids(BEGAN)() for _ in range(50)}) > 40


def test_a_machine_whose_clock_is_before_our_time_makes_numbers_too() -> None:
    made = ids(BEGAN - timedelta(days=1))
    assert 0 <= made() < 1 << 13


def test_without_a_clock_of_its_own_it_is_the_machines() -> None:
    passed = timedelta(milliseconds=Ids()() >> 13)
    assert abs(BEGAN + passed - datetime.now(UTC)) < timedelta(minutes=1)


# --- moments ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL])
def test_a_moment_is_kept_in_utc_and_comes_back_aware(dialect: Dialect) -> None:
    ten = datetime(2026, 11, 23, 10, tzinfo=KARACHI)
    kept = Moment().process_bind_param(ten, dialect)
    assert kept is not None
    assert (kept.hour, kept.tzinfo) == (5, UTC)
    for read in (datetime(2026, 11, 23, 5), ten):  # noqa: DTZ001 - as SQLite reads it
        back = Moment().process_result_value(read, dialect)
        assert back is not None
        assert (back, back.tzinfo) == (ten, UTC)
    assert Moment().process_bind_param(None, dialect) is None
    assert Moment().process_result_value(None, dialect) is None


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        Moment().process_bind_param(datetime(2026, 11, 23, 5), SQLITE)  # noqa: DTZ001
    written = Moment().bind_processor(SQLITE)
    assert written is not None
    assert written(datetime(2026, 11, 23, 10, tzinfo=KARACHI)) == "2026-11-23 05:00:00.000000"
    with pytest.raises(ValueError, match="needs a zone"):
        written(datetime(2026, 11, 23, 5))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("dialect", "written"),
    [
        (SQLITE, "'2026-11-23 05:00:00.000000'"),
        (POSTGRESQL, "'2026-11-23 05:00:00+00:00'"),
    ],
)
def test_a_moment_can_be_written_out(dialect: Dialect, written: str) -> None:
    ten = literal(datetime(2026, 11, 23, 10, tzinfo=KARACHI), Moment())
    shown = select(ten).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    assert written in str(shown)
    assert Moment().python_type is datetime


# --- clocks that are set ------------------------------------------------------------------------


def test_a_clock_stands_where_it_was_set_and_skips_as_told() -> None:
    clock = SetClock(datetime(2026, 11, 23, 10, tzinfo=KARACHI))
    assert clock.now() == datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    clock.skip(timedelta(hours=2))
    assert clock.now().hour == 7
    assert skew_of(clock) == skew_of(SystemClock()) == 0.0


def test_a_running_clock_goes_on_from_where_it_was_set() -> None:
    clock = SetClock(BEGAN, running=True)
    first = clock.now()
    assert timedelta() <= first - BEGAN < timedelta(seconds=30)
    assert clock.now() > first
    clock.set(datetime(2027, 1, 1, tzinfo=UTC))
    assert timedelta() <= clock.now() - datetime(2027, 1, 1, tzinfo=UTC) < timedelta(seconds=30)
