"""Goals at their mornings: whoever slips is told once, whoever is there is told once.

Each goal says itself when it is looked at next (``check_at``, indexed), so a tick costs what is
due, however many goals there are.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.goal_words import Standing, standing
from handlers.goals import members_told
from handlers.turn import Turn
from rules.calendar import next_at
from rules.nudging import Case
from scheduler.drawing import Draw
from scheduler.one_by_one import Due, due_one_by_one
from storage import queries
from storage.models import Goal, Member
from storage.privacy import seeing
from storage.raising import raise_nudge
from storage.workdays import work_days

BATCH = 10
"""Goals looked at in one transaction: between two of them, messages are answered."""

_DAY = timedelta(days=1)
_UNTOLD = ("day",)
"""What comes again so soon is told of by nobody but who asks."""


DUE = Due(Goal.check_at)


def tick(session: Session, draw: Draw, now: datetime) -> int:
    """Look at each goal whose moment it is; how many nudges were raised."""
    return due_one_by_one(session, DUE, now, BATCH, lambda goal: _look(session, draw, goal, now))


def _look(session: Session, draw: Draw, goal: Goal, now: datetime) -> int:
    """Judge a goal, tell whoever hears of it, and say when it is looked at next."""
    keeper = _keeper(session, goal)
    if not goal.active or keeper is None or goal.every in _UNTOLD:
        goal.check_at = None
        return 0
    local = now.astimezone(ZoneInfo(keeper.zone))
    if keeper.quiet and keeper.quiet.hold(local):
        goal.check_at = keeper.quiet.over_at(local)
        return 0
    told = 0
    turn = draw.turn(session, keeper, now)
    judged = _judged(turn, goal)
    key = _news(goal, judged)
    for member in members_told(turn, goal) if key else ():
        told += _tell(session, member, judged, key, now)
    goal.check_at = _next(session, goal, keeper, judged, now)
    goal.state, goal.state_of = judged.pace.state, judged.period[0]
    if goal.every and judged.period[1] < turn.today:  # its next time has begun
        goal.state, goal.state_of = None, goal.period(turn.today)[0]
    return told


def _keeper(session: Session, goal: Goal) -> Member | None:
    """By whose clock it is looked at: its member, else who set the team's."""
    number = goal.member_id or goal.by_id
    member = queries.get(session, Member, goal.workspace_id, number)
    if member is not None and (member.active or goal.member_id is None):
        return member
    return None


def _judged(turn: Turn, goal: Goal) -> Standing:
    """How it stands; where the time that was looked at last is over since, how that ended."""
    with seeing(turn.session, turn.member, alone=True):
        last = goal.state_of
        if goal.every and last and goal.period(turn.today)[0] > last:
            return standing(turn, goal, last)
        return standing(turn, goal)


def _news(goal: Goal, judged: Standing) -> str:
    """What is to be told, of what was not so when it was looked at last."""
    state, before = judged.pace.state, goal.state if goal.state_of == judged.period[0] else None
    if state == before:
        return ""
    return {"behind": "goal_slips", "met": "goal_met", "missed": "goal_over"}.get(state, "")


def _tell(session: Session, member: Member, judged: Standing, key: str, now: datetime) -> int:
    """Once for what there is to tell; of a goal that slips again, once a week at most."""
    occasion = f"{judged.period[0]} {key.removeprefix('goal_')}"
    if key == "goal_slips":
        occasion += now.astimezone(ZoneInfo(member.zone)).strftime(" %G-W%V")
    row = raise_nudge(
        session, member, now,
        kind="goal", subject=str(judged.goal.id), occasion=occasion, case=Case(()),
    )  # fmt: skip
    return int(row is not None)


def _next(
    session: Session, goal: Goal, keeper: Member, judged: Standing, now: datetime
) -> datetime | None:
    """The next working morning; after the end of its time, once more, to tell how it ended."""
    today = now.astimezone(ZoneInfo(keeper.zone)).date()
    over = judged.period[1] < today
    if over and goal.every is None:
        return None
    if over:  # the next time of one that comes again has begun
        return now
    day = work_days(session, goal.workspace_id).next(today + _DAY)
    day = max(day, judged.period[0])
    day = min(day, judged.period[1] + _DAY)
    return _morning(keeper, day, now)


def _morning(keeper: Member, day: date, now: datetime) -> datetime:
    moment = next_at(keeper.morning, keeper.zone, now)
    while moment.astimezone(ZoneInfo(keeper.zone)).date() < day:
        moment = next_at(keeper.morning, keeper.zone, moment)
    return moment
