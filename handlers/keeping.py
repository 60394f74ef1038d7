"""How many customers stay and how many leave: in a time, time after time, and by cohort.

The same count as a retention goal's (``storage.progress``): of those who had bought in the year
before, who bought or was in touch since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from handlers.book import Chapter
from handlers.customer import Customer, brought_up_to_date, named
from handlers.reply import Button, Call, Chart, Items, Line, Part, Point, Reply, Table, Title
from handlers.turn import Sorry, Turn
from rules.calendar import period_days
from rules.cohorts import Cohort, cohorts, curve, quarter
from rules.money import Money
from storage.contract_facts import contract_of
from storage.goals import Goal, goals_of, time_around
from storage.models import Activity, Deal, Member, Outlook
from storage.progress import Progressing

chapter = Chapter(__name__)

TIMES = {"month": 12, "quarter": 8, "year": 5}
"""How many of each are told beside each other."""

STEPS = {"month": 1, "quarter": 3, "year": 12}
SHOWN = 6
"""Customers who left that are named."""

MOST = 20_000
"""Customers whose cohorts are counted at most: the ones who came last."""

COHORTS = 8
COLUMNS = 4

Period = tuple[date, date]


@chapter.command("keeping.show")
def keeping(
    turn: Turn,
    by: str | None = None,
    first: str | None = None,
    last: str | None = None,
    kept: str | None = None,
) -> Reply:
    """Retention and churn: of a time, time after time, or by cohort."""
    if by == "cohort":
        return _by_cohort(turn)
    if by in TIMES:
        return _course(turn, by, kept=bool(kept))
    period = _period(turn, first, last)
    return _of(turn, period, None)


def churn(turn: Turn, period: str, owner: Member | None) -> Reply:
    """As it is asked by the name of a time: "churn this year"."""
    try:
        days = period_days(period, turn.today)
    except KeyError:
        raise Sorry("no_such_period") from None
    return _of(turn, days, owner)


def rate_of(turn: Turn, call: Call) -> float | None:
    """The churn, or the retention, that a call asks for, as a fraction; None where it asks for
    several, or nobody was there."""
    slots = call.slots
    if call.intent == "stats.show":
        period = period_days(slots.get("period") or "month", turn.today)
    elif slots.get("by"):
        return None
    else:
        period = _period(turn, slots.get("first"), slots.get("last"))
    told = _counting(turn).of(Goal(measure="retention"), period).reached
    if told is None:
        return None
    return round(float(told if slots.get("kept") else 1 - told), 4)


def _period(turn: Turn, first: str | None, last: str | None) -> Period:
    """The year that runs, where none was said; until today, where no end was."""
    today = turn.today
    try:
        return date.fromisoformat(first or ""), date.fromisoformat(last) if last else today
    except ValueError:
        return time_around("year", today)


def _of(turn: Turn, period: Period, owner: Member | None) -> Reply:
    """Who stayed and who left in a time, and why."""
    goal = Goal(measure="retention", member_id=owner.id if owner else None)
    there, kept = _counting(turn).kept(goal, period)
    title = Title(turn.say("churn_title", when=_when(turn, period)))
    if not there:
        return Reply((title, Line(turn.say("goal_no_retention"))), (_how(turn),))
    lost = there - kept
    share = len(lost) / len(there)
    told = turn.say(
        "churn_is", percent=f"{share:.1%}", lost=len(lost), whole=len(there), kept=len(kept),
        kept_percent=f"{1 - share:.1%}",
    )  # fmt: skip
    parts: list[Part] = [title, Line(told), *_against(turn, period, 1 - share)]
    if period[1] >= turn.today:
        parts.append(Line(turn.say("churn_runs", n=(period[1] - turn.today).days + 1), quiet=True))
    if lost:
        named_ones = _left(turn, lost)
        parts.append(Line(turn.say("churn_who")))
        parts.append(Items(tuple(_why(turn, each) for each in named_ones)))
    buttons = (
        turn.button("churn_months_button", "keeping.show", by="month"),
        turn.button("cohorts_button", "keeping.show", by="cohort"),
        _how(turn),
    )
    return Reply(tuple(parts), buttons)


def _against(turn: Turn, period: Period, kept: float) -> Iterator[Line]:
    """How it stands against the team's goal for that time, where there is one."""
    for goal in goals_of(turn.session, turn.workspace.id, period[0], []):
        if goal.measure == "retention" and goal.member_id is None:
            target = float(goal.value)
            key = "churn_goal_met" if kept >= target else "churn_goal_missed"
            yield Line(turn.say(key, percent=f"{target:.0%}"))
            return


def _left(turn: Turn, lost: set[tuple[str, int]]) -> list[Customer]:
    """Those of them who had bought most."""
    brought_up_to_date(turn)
    companies = [number for kind, number in lost if kind == "company"]
    people = [number for kind, number in lost if kind == "contact"]
    rows: list[Outlook] = []
    for column, ids in ((Outlook.company_id, companies), (Outlook.contact_id, people)):
        for begin in range(0, len(ids), 500):
            here = select(Outlook).where(
                Outlook.workspace_id == turn.workspace.id, column.in_(ids[begin : begin + 500])
            )
            rows += turn.session.scalars(here.order_by(Outlook.spent_minor.desc()).limit(SHOWN))
    rows.sort(key=lambda row: -row.spent_minor)
    return named(turn, rows[:SHOWN])


def _why(turn: Turn, customer: Customer) -> str:
    """Since when somebody is gone, and what was heard last."""
    row = customer.row
    name = turn.voice.apart(customer.name)
    ended = _ended(turn, row)
    if ended and not row.last_day:
        return turn.voice.told(f"{name}: {turn.voice.apart(ended)}")
    amount = turn.voice.money(Money(row.spent_minor, turn.currency))
    told = turn.say("left_since", day=row.last_day or turn.today, amount=amount)
    said = ended or _last_reason(turn, row)
    return turn.voice.told(f"{name}: {turn.voice.apart(told)} {said}".rstrip())


def _ended(turn: Turn, row: Outlook) -> str:
    """When their last contract was cancelled, and why."""
    facts = contract_of(row)
    if "ended" not in facts:
        return ""
    key = "risk_ended_because" if facts.get("reason") else "risk_ended"
    day = date.fromisoformat(facts["ended"])
    return turn.say(key, day=day, reason=facts.get("reason") or "")


def _last_reason(turn: Turn, row: Outlook) -> str:
    complained = (row.facts or {}).get("complained")
    if complained:
        return turn.say("left_complained", day=date.fromisoformat(complained))
    whose = (
        Deal.company_id == row.company_id if row.company_id else Deal.contact_id == row.contact_id
    )
    reason = turn.session.scalar(
        select(Deal.reason)
        .where(Deal.workspace_id == turn.workspace.id, whose, Deal.status == "lost")
        .where(Deal.reason.is_not(None))
        .order_by(Deal.closed_at.desc())
        .limit(1)
    )
    if reason:
        return turn.say("left_lost_deal", reason=reason)
    theirs = (
        Activity.company_id == row.company_id
        if row.company_id
        else Activity.contact_id == row.contact_id
    )
    since = select(Activity.id).where(Activity.workspace_id == turn.workspace.id, theirs)
    if row.last_day:
        since = since.where(Activity.on_day > row.last_day)
    if turn.session.scalar(since.limit(1)) is None:
        return turn.say("left_nobody_called")
    return ""


# --- time after time ------------------------------------------------------------------------------


def _course(turn: Turn, by: str, *, kept: bool) -> Reply:
    """The rate of each month, quarter or year."""
    counting, points = _counting(turn), []
    for period in _times(turn.today, by):
        told = counting.of(Goal(measure="retention"), period)
        if told.reached is None:
            continue
        rate = float(told.reached) if kept else 1 - float(told.reached)
        said = turn.piece("churn_point", percent=f"{rate:.1%}", part=_part(told, kept=kept),
                        whole=told.basis)  # fmt: skip
        points.append(Point(_label(turn, by, period[0]), round(rate * 100, 2), said))
    key = ("retention_by_" if kept else "churn_by_") + by
    if not points:
        return Reply((Title(turn.say(key)), Line(turn.say("goal_no_retention"))), (_how(turn),))
    note = turn.say("churn_runs_on") if _times(turn.today, by)[-1][1] >= turn.today else ""
    chart = Chart("trend", turn.say(key), tuple(points), note)
    others = tuple(
        turn.button(f"churn_{each}s_button", "keeping.show", by=each)
        for each in TIMES if each != by
    )  # fmt: skip
    cohort = turn.button("cohorts_button", "keeping.show", by="cohort")
    return Reply((Title(turn.say(key)), chart), (*others, cohort, _how(turn)))


def _part(told: Any, *, kept: bool) -> int:
    return int(told.part if kept else told.basis - told.part)


def _times(today: date, by: str) -> list[Period]:
    first, _ = time_around(by, today)
    begins = [first - relativedelta(months=STEPS[by] * back) for back in reversed(range(TIMES[by]))]
    return [(day, day + relativedelta(months=STEPS[by]) - timedelta(days=1)) for day in begins]


# --- by cohort ------------------------------------------------------------------------------------


def _by_cohort(turn: Turn) -> Reply:
    """Who first bought in the same quarter, and how many of them bought in later ones."""
    waiting = brought_up_to_date(turn)
    latest = (
        select(Outlook.facts)
        .where(Outlook.workspace_id == turn.workspace.id, Outlook.orders > 0)
        .order_by(Outlook.company_id.desc(), Outlook.contact_id.desc())
        .limit(MOST)
    )
    histories = (
        [date.fromordinal(day) for day in (facts or {}).get("days", ())]
        for facts in turn.session.scalars(latest)
    )
    found = cohorts(histories, turn.today)
    told = curve(found)
    title = turn.say("cohorts_title")
    if not told:
        return Reply((Title(title), Line(turn.say("cohorts_none"))), (_how(turn, "cohorts"),))
    points = tuple(
        Point(turn.piece("cohort_after", n=n), round(share * 100, 2), f"{share:.0%}")
        for n, share in enumerate(told, 1)
    )
    parts: list[Part] = [
        Title(title),
        Chart("trend", turn.say("cohorts_curve"), points, turn.say("cohorts_note")),
        _table(turn, found[-COHORTS:]),
    ]
    if waiting:
        parts.append(Line(turn.say("still_looking", n=waiting), quiet=True))
    return Reply(tuple(parts), (_how(turn, "cohorts"),))


def _table(turn: Turn, found: Sequence[Cohort]) -> Table:
    after = (turn.piece("cohort_after", n=n) for n in range(1, COLUMNS + 1))
    head = (turn.say("cohort_head"), turn.say("cohort_size"), *after)
    rows = tuple(
        (
            _label(turn, "quarter", each.first), str(each.size),
            *(f"{share:.0%}" for share in each.shares[:COLUMNS]),
            *("" for _ in range(COLUMNS - len(each.shares))),
        )
        for each in found
    )  # fmt: skip
    return Table(head, rows, numeric=tuple(range(1, COLUMNS + 2)))


# --- in words -------------------------------------------------------------------------------------


def _label(turn: Turn, by: str, first: date) -> str:
    if by == "year":
        return str(first.year)
    if by == "quarter":
        n = quarter(first) % 4 + 1
        return turn.piece("span_quarter", n=n, year=str(first.year))
    month = turn.voice.month(first.month)
    return month if first.year == turn.today.year else f"{month} {first.year}"


def _when(turn: Turn, period: Period) -> str:
    for by in TIMES:
        if time_around(by, period[0]) == period:
            label = _label(turn, by, period[0])
            return (
                f"{label} {period[0].year}" if label == turn.voice.month(period[0].month) else label
            )
    first, last = (turn.voice.day(each) for each in period)
    return turn.piece("span_from_to", first=first, last=last)


def _counting(turn: Turn) -> Progressing:
    return Progressing(turn.session, turn.workspace.id, turn.member.zone)


def _how(turn: Turn, measure: str = "churn") -> Button:
    return turn.button("how_button", "stats.how", measure=measure)
