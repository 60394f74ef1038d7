"""Goals: set and asked for in words, with their pace, told once when they slip or are met."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from handlers.goal_words import Standing
from handlers.reply import Chart
from rules.pace import pace, wins_in_a_row
from rules.workdays import Stretch, WorkDays
from scheduler.goals import _tell
from storage.goals import time_around
from storage.models import Goal, Member, Nudge
from tests.conversation import Conversation, labels, part, words

# --- in words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("goal 50 lakh this month", "Your goal: Rs 50 lakh, Nov 2026"),
        ("is mahine ka target 30 lakh hai", "Aap ka target: Rs 30 lakh, Nov 2026"),
        ("اس مہینے کا ہدف ۵۰ لاکھ", "آپ کا ہدف: 50 لاکھ روپے، نومبر 2026"),
        ("team ka target 5 crore is saal", "Team ka target: Rs 5 crore, 2026"),
        ("our target for 2027 is 2 crore", "The team's goal: Rs 2 crore, 2027"),
        ("my goal: 10 meetings a week", "Your goal: 10 meetings, every week"),
        ("har hafte 10 mulaqaton ka target", "Aap ka target: 10 mulaqatein, har hafte"),
        ("ہفتے میں 10 ملاقاتوں کا ہدف", "آپ کا ہدف: 10 ملاقاتیں، ہر ہفتے"),
        ("target 20 deals this quarter", "Your goal: 20 deals won, Q4 2026"),
        ("win rate goal 35% this quarter", "Your goal: win rate of 35%, Q4 2026"),
        ("retention target 85 percent this year", "Your goal: 85% of customers kept, 2026"),
        ("goal for Q1 2027 is $50,000", "Your goal: $50,000, Q1 2027"),
        ("target from 1 Dec to 15 Jan 25 lakh", "Your goal: Rs 25 lakh, 1 Dec 2026 to 15 Jan 2027"),
        ("set the sales target at 60 lakh for december", "Your goal: Rs 60 lakh, Dec 2026"),
        ("monthly target of 20 lakh", "Your goal: Rs 20 lakh, every month"),
        ("rozana 15 calls ka target", "Aap ka target: 15 calls, har roz"),
    ],
)
def test_a_goal_is_set_in_words(chat: Conversation, said: str, told: str) -> None:
    assert told in words(chat.says(said))


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("how is my goal", "Your goal"),
        ("goals", "Your goal"),
        ("are we on track", "Your goal"),
        ("how far off target am I this month?", "Your goal"),
        ("target kitna reh gaya", "Aap ka target"),
        ("kya hum track par hain", "Aap ka target"),
        ("ہدف کتنا رہ گیا", "آپ کا ہدف"),
        ("میرا ہدف کہاں تک پہنچا", "آپ کا ہدف"),
    ],
)
def test_how_it_stands_is_asked_in_words(chat: Conversation, asked: str, title: str) -> None:
    chat.says("goal 20 lakh this month")
    assert title in words(chat.says(asked))


def test_the_pace_is_told(chat: Conversation) -> None:
    chat.says("goal 50 lakh this month")
    for who, amount in (
        ("Nishat Mills", "7 lakh"),
        ("Gul Ahmed", "6 lakh"),
        ("Sapphire", "9 lakh"),
    ):
        chat.says(f"deal {amount} with {who}")
        chat.says(f"won {who}")
    told = words(chat.says("how is my goal"))
    assert "44% with 71% of the time gone: Rs 22 lakh so far, 6 working days left" in told
    assert "Rs 28 lakh short: 4 deals of your usual size (Rs 7 lakh)" in told
    assert "That is Rs 4.67 lakh on each of the 6 working days left" in told
    assert "Behind the pace by Rs 13.8 lakh" in told
    chart = part(chat.last().reply, Chart)
    assert (chart.kind, chart.points[0].value, chart.points[0].mark) == ("pace", 44.0, 100.0)
    assert "median" in words(chat.taps("How is this counted?"))


def test_less_than_one_a_day_is_one_in_so_many_days(chat: Conversation) -> None:
    """Two a day, for a little more than one, would be far too many."""
    told = words(chat.says("my goal: 3 meetings this month"))
    assert "That is one every 2 working days." in told
    told = words(chat.says("team target 8 deals this month"))
    assert "That is 1.4 deals won on each of the 6 working days left." in told
    told = words(chat.says("team target 200 deals this month"))
    assert "That is 34 deals won on each of the 6 working days left." in told
    assert "Yani har 2 kaam ke dinon mein aik." in words(
        chat.says("is mahine 3 mulaqaton ka target", by="Bilal")
    )


def test_a_deal_in_dollars_counts_toward_a_goal_in_rupees(chat: Conversation) -> None:
    chat.says("rate of the dollar on 1 November was 280")
    chat.says("goal 50 lakh this month")
    chat.says("deal $10,000 with Limelight")
    chat.says("won Limelight")
    told = words(chat.says("how is my goal"))
    assert "56% with 71% of the time gone: Rs 28 lakh so far" in told
    assert "USD at 280.00 of 1 Nov 2026" in told
    chat.says("deal 1000 EUR with Bonanza")
    chat.says("won Bonanza")
    told = words(chat.says("how is my goal"))
    assert "Rs 28 lakh so far" in told
    assert "Left out: one deal in EUR" in told


def test_a_goal_in_dollars_of_deals_in_rupees(chat: Conversation) -> None:
    chat.says("goal $10,000 this month")
    chat.says("deal 14 lakh with Nishat Mills")
    chat.says("won Nishat Mills")
    assert "Left out: one deal in PKR" in words(chat.says("how is my goal"))
    chat.says("1 USD = 280 PKR")
    assert "50% with" in words(chat.says("how is my goal"))


def test_met_by_a_deal_is_told_there_and_once(chat: Conversation) -> None:
    chat.says("goal 10 lakh this month")
    chat.says("team target 2 deals this month")
    chat.says("deal 12 lakh with Nishat Mills")
    told = words(chat.says("won Nishat Mills"))
    assert "Your goal is met: Rs 10 lakh, Nov 2026!" in told
    assert "team" not in told
    chat.says("deal 1 lakh with Gul Ahmed")
    told = words(chat.says("won Gul Ahmed"))
    assert "The team's goal is met: 2 deals won, Nov 2026!" in told
    assert "Your goal" not in told
    chat.taps("Undo")
    assert "is met" in words(chat.says("won Gul Ahmed"))


def test_a_goal_is_changed_removed_and_undone(chat: Conversation) -> None:
    chat.says("goal 50 lakh this month")
    assert "Before: Rs 50 lakh" in words(chat.says("change the goal to 60 lakh"))
    assert "Rs 60 lakh" in words(chat.says("goals"))
    chat.says("goal 60 lakh this month")
    assert words(chat.says("goals")).count("Rs 60 lakh, Nov") == 1
    assert "No goal any more" in words(chat.says("remove my goal"))
    assert "no goal yet" in words(chat.says("how is my goal"))
    chat.says("undo")
    assert "Rs 60 lakh" in words(chat.says("goals"))


def test_a_bare_figure_is_asked_about(chat: Conversation) -> None:
    assert "20 of what?" in words(chat.says("goal 20 this month"))
    assert "20 deals won" in words(chat.taps("20 deals won"))


def test_who_sees_and_sets_whose(chat: Conversation) -> None:
    chat.says("goal 10 lakh this month")
    chat.says("team target 1 crore this year")
    for said in ("how is Ayesha's goal", "Ayesha ka target kitna reh gaya"):
        told = words(chat.says(said, by="Bilal"))
        assert "10 lakh" not in told
    told = words(chat.says("goals", by="Bilal"))
    assert "Rs 1 crore" in told
    assert "10 lakh" not in told
    assert "Managers and owners set" in words(
        chat.says("team target 2 crore this year", by="Bilal")
    )
    chat.says("speak english", by="Bilal")
    assert "for them" in words(chat.says("Ayesha's target is 5 lakh this month", by="Bilal"))
    assert "Goal of Bilal: Rs 5 lakh" in words(chat.says("Bilal's target is 5 lakh this month"))
    assert "Goal of Bilal" in words(chat.says("how is Bilal's goal"))
    assert "Your goal: Rs 5 lakh" in words(chat.says("how is my goal", by="Bilal"))


def test_a_goal_for_the_team_at_a_tap(chat: Conversation) -> None:
    chat.says("goal 1 crore this year")
    assert "The team's goal: Rs 1 crore" in words(chat.taps("It is the team's"))
    assert "Your goal" not in words(chat.says("goals"))
    assert "It is the team's" not in labels(chat.says("goal 2 lakh this month", by="Bilal"))


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("win rate goal 135% this quarter", "no share"),
        ("goal 0 lakh this month", "no goal that can be reached"),
        ("goal 5 lakh last month", "was over on 31 Oct 2026"),
    ],
)
def test_what_is_no_goal_is_refused(chat: Conversation, said: str, answer: str) -> None:
    chat.says("hello")
    assert answer in words(chat.says(said))


def test_conversion_of_nothing(chat: Conversation) -> None:
    told = words(chat.says("win rate goal 50% this month"))
    assert "No deal was won or lost" in told
    for who in ("Nishat Mills", "Gul Ahmed", "Sapphire", "Bonanza", "Khaadi"):
        chat.says(f"deal 1 lakh with {who}")
        chat.says(f"lost {who}, price" if who != "Khaadi" else f"won {who}")
    told = words(chat.says("how is my goal"))
    assert "20% against 50%: 1 won of 5 closed" in told
    assert "3 wins in a row" in told


def test_customers_kept(chat: Conversation) -> None:
    for who in ("Nishat Mills", "Gul Ahmed", "Sapphire", "Bonanza"):
        chat.says(f"deal 1 lakh with {who}")
        chat.says(f"won {who}")
    chat.clock.set(chat.clock.now() + timedelta(days=40))
    told = words(chat.says("retention goal 75% this month"))
    assert "0% against 75%: 0 of the 4 customers" in told
    chat.says("deal 2 lakh with Nishat Mills")
    chat.says("won Nishat Mills")
    chat.says("called Gul Ahmed")
    chat.says("note Sapphire: nothing new")
    assert "50% against 75%: 2 of the 4 customers" in words(chat.says("how is my goal"))


def test_customers_kept_grow_with_the_days(chat: Conversation) -> None:
    """In the first days of a year nobody is behind; with half of it gone half are to be back."""
    shops = ("Nishat Mills", "Gul Ahmed", "Sapphire", "Bonanza", "Khaadi", "Limelight")
    for who in shops:
        chat.says(f"{who} ordered goods worth 50000")
    chat.clock.set(datetime(2027, 1, 11, 6, tzinfo=UTC))
    assert "Too early to tell." in words(chat.says("retention goal 60% this year"))
    chat.clock.set(datetime(2027, 7, 1, 6, tzinfo=UTC))
    assert "Below the goal." in words(chat.says("how is my goal"))
    chat.says("called Gul Ahmed")
    chat.says("met Sapphire")
    told = words(chat.says("how is my goal"))
    assert "33% against 60%: 2 of the 6 customers" in told
    assert "On track." in told


@pytest.mark.parametrize(
    "said",
    [
        "our goal is to visit Nishat", "deal for Nishat Mills 5 lakh",
        "target Nishat Mills this month",
        "Sara said their target price is 500", "call Sara about the target of 5 lakh tomorrow",
    ],
)  # fmt: skip
def test_what_is_about_customers_is_no_goal(chat: Conversation, said: str) -> None:
    chat.says(said)
    assert "no goal yet" in words(chat.says("goals"))


# --- the clock ----------------------------------------------------------------------------------


def days(chat: Conversation, many: int) -> list[str]:
    """What of goals came in so many days."""
    heard = []
    for _ in range(many):
        chat.clock.set(chat.clock.now() + timedelta(days=1))
        heard += [words(each.reply).splitlines()[0] for each in chat.rings()]
    return [line for line in heard if "goal" in line]


def test_a_slip_is_told_once_and_the_end_once(chat: Conversation) -> None:
    chat.says("goal 50 lakh this month")
    told = days(chat, 12)
    assert told == [
        "Your goal is slipping: Rs 50 lakh, Nov 2026",
        "The time of a goal is over. Your goal: Rs 50 lakh, Nov 2026",
    ]


def test_who_is_on_track_hears_nothing_until_it_is_met(chat: Conversation) -> None:
    chat.says("goal 10 lakh this month", by="Bilal")
    chat.says("deal 9 lakh with Nishat Mills", by="Bilal")
    chat.says("won Nishat Mills", by="Bilal")
    assert days(chat, 3) == []
    chat.says("deal 2 lakh with Gul Ahmed", by="Bilal")
    chat.runs("deal.win", "Ayesha", deal=_last_deal(chat))
    assert days(chat, 3) == []  # the reply told it to Ayesha, who may see it


def _last_deal(chat: Conversation) -> int:
    from sqlalchemy import select

    from storage.models import Deal

    with chat.database.transaction() as session:
        return session.scalars(select(Deal.id).order_by(Deal.created_at.desc())).first() or 0


def test_a_goal_that_comes_again_begins_anew(chat: Conversation) -> None:
    chat.says("goal: 5 meetings a week")
    told = days(chat, 20)
    assert told[0] == "Your goal is slipping: 5 meetings, every week"
    assert sum("slipping" in line for line in told) == 3
    assert sum("over" in line for line in told) == 2


def test_quiet_hours_hold(chat: Conversation) -> None:
    chat.says("goal 50 lakh this month")
    chat.says("quiet hours 8am to 11am")
    chat.clock.set(datetime(2026, 11, 24, 4, 30, tzinfo=UTC))
    assert [each for each in chat.rings() if "slipping" in words(each.reply)] == []
    chat.clock.set(datetime(2026, 11, 24, 6, 5, tzinfo=UTC))
    assert [each for each in chat.rings() if "slipping" in words(each.reply)]


# --- the rules ----------------------------------------------------------------------------------

MONTH = (date(2026, 11, 1), date(2026, 11, 30))
F = Fraction


def at(reached: int, day: int, usual: int = 1, target: int = 21) -> str:
    work = WorkDays()
    return pace(F(target), F(reached), MONTH, date(2026, 11, day), work, usual=F(usual)).state


@pytest.mark.parametrize(
    ("reached", "day", "state"),
    [
        (0, 1, "early"), (0, 3, "early"), (0, 6, "behind"), (4, 6, "ok"), (3, 6, "behind"),
        (21, 6, "met"), (20, 30, "ok"), (21, 30, "met"),
    ],
)  # fmt: skip
def test_states_of_a_goal(reached: int, day: int, state: str) -> None:
    assert at(reached, day) == state


def test_when_its_time_is_over() -> None:
    late = pace(F(21), F(20), MONTH, date(2026, 12, 1), WorkDays(), usual=F(1))
    assert late.state == "missed"
    assert (late.left, late.a_day, late.gone_share) == (0, None, F(1))
    early = pace(F(21), F(0), MONTH, date(2026, 10, 1), WorkDays(), usual=F(1))
    assert (early.gone, early.left, early.a_day) == (0, 21, F(1))


def test_time_without_a_working_day() -> None:
    weekend = (date(2026, 11, 28), date(2026, 11, 29))
    found = pace(F(2), F(0), weekend, date(2026, 11, 29), WorkDays(), usual=F(1))
    assert (found.days, found.gone, found.left) == (2, 1, 1)


@pytest.mark.parametrize(
    ("won", "closed", "target", "row"),
    [
        (1, 5, F(1, 2), 3),
        (0, 0, F(1, 2), 0),
        (4, 5, F(1), None),
        (5, 5, F(1), 0),
        (0, 4, F(1, 3), 2),
    ],
)
def test_wins_in_a_row(won: int, closed: int, target: Fraction, row: int | None) -> None:
    assert wins_in_a_row(won, closed, target) == row
    if row:
        assert F(won + row, closed + row) >= target > F(won + row - 1, closed + row - 1)


@pytest.mark.parametrize(
    ("every", "day", "first", "last"),
    [
        ("week", date(2026, 12, 31), date(2026, 12, 28), date(2027, 1, 3)),
        ("week", date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3)),
        ("month", date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        ("month", date(2027, 2, 1), date(2027, 2, 1), date(2027, 2, 28)),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        ("year", date(2028, 2, 29), date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_times_that_come_again(every: str, day: date, first: date, last: date) -> None:
    assert time_around(every, day) == (first, last)


def test_own_weeks_and_holidays() -> None:
    ramadan = Stretch(frozenset({0, 1, 2, 3, 5, 6}), date(2026, 2, 18), date(2026, 3, 19))
    eid = Stretch(frozenset(), date(2026, 3, 17), date(2026, 3, 19))
    work = WorkDays([Stretch(frozenset(range(6))), eid, ramadan])
    assert work.works(date(2026, 2, 14))  # a Saturday
    assert not work.works(date(2026, 2, 20))  # a Friday of Ramadan
    assert work.works(date(2026, 2, 22))  # a Sunday of Ramadan
    assert not work.works(date(2026, 3, 18))
    assert work.next(date(2026, 3, 17)) == date(2026, 3, 20)
    assert work.count(date(2026, 3, 16), date(2026, 3, 22)) == 3


def test_a_goal_that_slips_again_is_told_of_once_a_week_and_one_that_is_met_once(
    chat: Conversation,
) -> None:
    chat.says("goal 50 lakh this month")
    with chat.database.transaction() as session:
        goal, member = session.scalars(select(Goal)).one(), session.scalars(select(Member)).one()
        nothing: Any = None
        november = (date(2026, 11, 1), date(2026, 11, 30))
        judged = Standing(goal, november, progress=nothing, pace=nothing, rates=nothing)
        monday = datetime(2026, 11, 16, 9, tzinfo=UTC)

        def occasions(key: str) -> int:
            for days in (0, 2, 6, 7, 9):
                _tell(session, member, judged, key, monday + timedelta(days=days))
            told = select(Nudge.occasion).where(Nudge.occasion.contains(key.removeprefix("goal_")))
            return len(session.scalars(told).all())

        assert occasions("goal_slips") == 2
        assert occasions("goal_met") == 1
