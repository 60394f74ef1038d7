"""What follows from the moves of a deal, as pure rules."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from rules.standing import (
    NOT_TOLD,
    WON,
    Step,
    Stood,
    conversion,
    crowd,
    left,
    middle_days,
    reached,
    stage_on,
    stage_velocity,
    stays,
    usual_days,
    whole_path,
)

WAY = ("lead", "qualified", "proposal", "negotiation")


def day(number: int) -> date:
    return date(2026, 9, 1) + timedelta(days=number)


def path(*moves: tuple[int, str] | tuple[int, str, str]) -> list[Step]:
    return [Step(day(move[0]), move[1], move[2] if len(move) > 2 else "open") for move in moves]


NISHAT = path((0, "lead"), (10, "proposal"), (24, "negotiation"), (33, "negotiation", "won"))


def test_where_it_stood_at_the_end_of_a_day() -> None:
    assert stage_on(NISHAT, day(-1)) is None
    assert [stage_on(NISHAT, day(at)) for at in (0, 9, 10, 23, 24, 32)] == [
        "lead", "lead", "proposal", "proposal", "negotiation", "negotiation",
    ]  # fmt: skip
    assert stage_on(NISHAT, day(33)) is None, "it was won on that day"


def test_who_is_opened_again_stands_there_again() -> None:
    again = [*NISHAT, *path((40, "proposal"))]
    assert stage_on(again, day(35)) is None
    assert stage_on(again, day(41)) == "proposal"
    assert left(again, "proposal", WAY) is None, "it stays there yet"


def test_several_moves_on_one_day_leave_it_where_it_came_last() -> None:
    quick = path((3, "lead"), (3, "qualified"), (3, "lead"))
    assert stage_on(quick, day(3)) == "lead"
    assert [stay.days for stay in stays(quick)] == [0, 0, None]


def test_days_in_a_stage_and_whether_it_went_on() -> None:
    gone = left(NISHAT, "proposal", WAY)
    assert gone is not None
    assert (gone.day, gone.days, gone.on) == (day(24), 14, True)
    lost = path((0, "lead"), (6, "lead", "lost"))
    assert (one := left(lost, "lead", WAY)) is not None
    assert (one.days, one.on) == (6, False)
    back = path((0, "proposal"), (5, "lead"), (7, "proposal"), (10, "negotiation"))
    assert (twice := left(back, "proposal", WAY)) is not None
    assert twice.days == 8, "five days and three"
    assert left(back, "qualified", WAY) is None, "it never was there"


def test_who_skips_a_stage_came_past_it_and_who_is_won_past_all() -> None:
    assert reached(NISHAT, WAY) == {
        "lead": day(0), "qualified": day(10), "proposal": day(10), "negotiation": day(24),
        WON: day(33),
    }  # fmt: skip
    quick = path((2, "lead"), (4, "lead", "won"))
    assert reached(quick, WAY)["negotiation"] == day(4)


def test_what_nobody_told_is_not_counted() -> None:
    came = whole_path([], day(0), "proposal", None)
    assert stage_on(came, day(5)) == "proposal"
    assert reached(came, WAY) == {}
    assert left([*came, *path((9, "negotiation"))], "proposal", WAY) is None
    assert reached([*came, *path((9, "negotiation"))], WAY) == {"negotiation": day(9)}
    closed = whole_path([], day(0), "negotiation", (day(8), "lost"))
    assert stage_on(closed, day(5)) == NOT_TOLD
    assert stage_on(closed, day(8)) is None
    assert whole_path(NISHAT, day(0), "negotiation", (day(33), "won")) == NISHAT


def test_conversion_counts_those_that_came_in_that_time() -> None:
    paths = [
        NISHAT, path((0, "lead")), path((1, "lead"), (2, "qualified"), (5, "qualified", "lost")),
        path((50, "lead")),
    ]  # fmt: skip
    passed = conversion(paths, WAY, "lead", "qualified", day(0), day(30))
    assert (passed.came, passed.went, passed.open) == (3, 2, 1)
    assert passed.rate == Fraction(2, 3)
    assert conversion(paths, WAY, "lead", WON, day(0), day(30)).rate == Fraction(1, 3)
    assert conversion(paths, WAY, "lead", WON, day(100), day(130)).rate is None


def test_usual_days_and_velocity() -> None:
    assert usual_days([10, 4, 1]) == 5
    assert middle_days([10, 4, 1]) == 4
    assert usual_days([]) is None
    assert stage_velocity(500, Fraction(10)) == 50
    assert stage_velocity(500, None) is None
    assert stage_velocity(500, Fraction(0)) is None, "who leaves on the same day takes no time"


def test_a_customer_with_two_deals_counts_once() -> None:
    some = crowd([Stood("lead", "a", 5), Stood("lead", "a", None), Stood("lead", "b", 2)])
    assert (some.deals, some.customers, some.minor) == (3, 2, 7)


STEPS = st.lists(
    st.tuples(
        st.integers(0, 60), st.sampled_from([*WAY, "gone"]),
        st.sampled_from(["open", "open", "won", "lost"]), st.booleans(),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@given(STEPS)
def test_stays_fill_the_time_in_which_it_was_open(drawn: list[tuple[int, str, str, bool]]) -> None:
    """Each day belongs to the stay in which the deal stood at its end, and to no other."""
    steps = [
        Step(day(at), stage, status, assumed)
        for at, stage, status, assumed in sorted(drawn, key=lambda each: each[0])
    ]
    told = list(stays(steps))
    for number in range(-1, 62):
        here = day(number)
        inside = [
            stay.stage for stay in told
            if stay.since <= here and (stay.until is None or here < stay.until)
        ]  # fmt: skip
        stood = stage_on(steps, here)
        assert (stood is None) == (inside == []) or stood == NOT_TOLD
        assert stood in (None, NOT_TOLD, *inside)
        assert len(inside) <= 1


@given(STEPS)
def test_nobody_passes_more_than_came(drawn: list[tuple[int, str, str, bool]]) -> None:
    steps = [
        Step(day(at), stage, status, assumed)
        for at, stage, status, assumed in sorted(drawn, key=lambda each: each[0])
    ]
    here = reached(steps, WAY)
    days = [here[stage] for stage in (*WAY, WON) if stage in here]
    assert days == sorted(days)
