"""The team's working days in chat: its week, weeks of a season, holidays.

They count for the pace of goals and for what comes by itself, so managers and owners tell them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from handlers.book import Chapter
from handlers.rates import day_said
from handlers.reply import Button, Items, Line, Part, Reply, Title
from handlers.turn import Sorry, Turn
from language.voice import one_line
from rules.hijri import ramadan_after
from rules.workdays import USUAL
from storage.models import WorkWeek
from storage.tickets import plan_all, service_of
from storage.workdays import work_days, work_weeks

chapter = Chapter(__name__)

SHOWN = 12
_WEEK = range(7)
_LONGEST = 366
"""Days of a season or holiday at most."""


@chapter.command("workdays.set", role="manager")
def set_(
    turn: Turn,
    days: list[int],
    first: str | None = None,
    last: str | None = None,
    season: str | None = None,
) -> Reply:
    """These weekdays are worked: always, or in a season."""
    worked = sorted({day for day in days if day in _WEEK})
    if not worked:
        raise Sorry("workdays_none")
    if season and not first:
        first, last = map(str, ramadan_after(turn.today))
        lines = [Line(turn.say("ramadan_by_moon"), quiet=True)]
    else:
        lines = []
    begins, ends = _between(turn, first, last)
    row = _same(turn, begins, ends) or _new(turn, begins, ends)
    row.days, row.name = "".join("01"[day in worked] for day in _WEEK), season
    _follow(turn)
    return Reply((Title(turn.say("workdays_set")), Line(_told(turn, row)), *lines), _buttons(turn))


@chapter.command("workdays.holiday", role="manager")
def holiday(turn: Turn, first: str, last: str | None = None, name: str | None = None) -> Reply:
    """Days on which nobody works."""
    begins, ends = _between(turn, first, last or first)
    row = _same(turn, begins, ends) or _new(turn, begins, ends)
    row.days, row.name = "0" * 7, one_line(name, 60) or None if name else None
    _follow(turn)
    return Reply((Title(turn.say("workdays_set")), Line(_told(turn, row))), _buttons(turn))


def _follow(turn: Turn) -> None:
    """By when tickets are to be settled follows the days on which the team works."""
    turn.session.flush()
    plan_all(turn.session, turn.workspace.id)


def _buttons(turn: Turn) -> tuple[Button, ...]:
    return (turn.undo(), turn.button("workdays_button", "workdays.show"))


def _between(turn: Turn, first: str | None, last: str | None) -> tuple[date | None, date | None]:
    if first is None:
        return None, None
    begins, ends = day_said(turn, first), day_said(turn, last or first)
    if ends < begins or (ends - begins).days > _LONGEST:
        raise Sorry("workdays_no_time")
    return begins, ends


def _same(turn: Turn, first: date | None, last: date | None) -> WorkWeek | None:
    """What was told of those very days."""
    rows = work_weeks(turn.session, turn.workspace.id)
    return next((row for row in rows if (row.first_day, row.last_day) == (first, last)), None)


def _new(turn: Turn, first: date | None, last: date | None) -> WorkWeek:
    row = WorkWeek(
        workspace_id=turn.workspace.id, days="", first_day=first, last_day=last,
        created_at=turn.now,
    )  # fmt: skip
    turn.session.add(row)
    return row


@chapter.command("workdays.remove", role="manager")
def remove(turn: Turn, first: str | None = None, last: str | None = None) -> Reply:
    """What was told of some days counts no more; without days, the team's week."""
    begins, ends = _between(turn, first, last or first)
    row = _same(turn, begins, ends)
    if row is None and begins and ends:
        rows = [each for each in work_weeks(turn.session, turn.workspace.id) if each.first_day]
        row = next((each for each in rows if each.stretch.holds(begins)), None)
    if row is None:
        raise Sorry("workdays_nothing_there", _buttons_of_list(turn))
    told = _told(turn, row)
    turn.session.delete(row)
    _follow(turn)
    return Reply((Title(turn.say("workdays_removed")), Line(told)), (turn.undo(),))


def _buttons_of_list(turn: Turn) -> tuple[Button, ...]:
    return (turn.button("workdays_button", "workdays.show"),)


@chapter.command("workdays.show")
def show(turn: Turn) -> Reply:
    """The team's week, and the seasons and holidays that are still to come."""
    rows = work_weeks(turn.session, turn.workspace.id)
    usual = next((row.weekdays for row in reversed(rows) if row.first_day is None), USUAL)
    dated = [row for row in rows if row.last_day and row.last_day >= turn.today]
    dated.sort(key=lambda row: (row.first_day or date.min, row.last_day or date.max))
    lines = tuple(_told(turn, row) for row in dated[:SHOWN])
    opens, closes = service_of(turn.session, turn.workspace.id).work.hours
    left = work_days(turn.session, turn.workspace.id).count(turn.today, _end_of_month(turn.today))
    parts: list[Part] = [
        Title(turn.say("workdays_title")),
        Line(turn.say("workdays_week", days=week_told(turn, usual))),
        Line(turn.say("work_hours_are", start=opens, end=closes)),
        *([Items(lines)] if lines else []),
        Line(turn.say("workdays_left", n=left)),
        Line(turn.say("workdays_hint"), quiet=True),
    ]
    return Reply(tuple(parts))


def _end_of_month(day: date) -> date:
    return date.fromordinal(
        (date(day.year + day.month // 12, day.month % 12 + 1, 1)).toordinal() - 1
    )


def _told(turn: Turn, row: WorkWeek) -> str:
    """ "18 Feb to 19 Mar 2027: Sunday to Thursday"; a holiday by its name."""
    if row.first_day is None or row.last_day is None:
        return turn.say("workdays_week", days=week_told(turn, row.weekdays))
    voice = turn.voice
    first, last = voice.full_day(row.first_day), voice.full_day(row.last_day)
    when = first if first == last else turn.say("span_from_to", first=first, last=last)
    if not row.weekdays:
        what = row.name or turn.piece("holiday")
    else:
        season = turn.piece("ramadan") if row.name == "ramadan" else row.name
        what = voice.beside(season, week_told(turn, row.weekdays))
    return turn.say("workdays_dated", when=voice.told(when), what=what)


def week_told(turn: Turn, days: Iterable[int]) -> str:
    """ "Monday to Saturday" where they follow each other, else each of them."""
    worked = sorted(days)
    names = [turn.voice.weekday(day) for day in worked]
    run = _run(worked)
    if len(worked) == len(_WEEK):
        return turn.piece("workdays_all")
    if len(run) < 3:
        return turn.voice.listed(names)
    first, last = turn.voice.weekday(run[0]), turn.voice.weekday(run[-1])
    return turn.piece("workdays_from_to", first=first, last=last)


def _run(worked: Sequence[int]) -> list[int]:
    """The days in the order of a week that may begin on any day, where they all follow each other;
    else nothing."""
    for start in worked:
        run = [(start + step) % 7 for step in range(len(worked))]
        if sorted(run) == list(worked):
            return run
    return []
