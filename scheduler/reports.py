"""Reports at their time: every week in the team's channel, every month to the owners, each once.

What was due while nobody rang the clock comes when it rings again: the latest one, for an older
one tells nothing that it does not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.reply import Line, Reply
from handlers.report_figures import Reporting
from handlers.reports import AT, is_idle, shown, told
from rules.calendar import next_first
from rules.periods import month_before, week_told
from scheduler.drawing import Draw
from scheduler.members import each_due, members_at
from scheduler.one_by_one import Due, due_one_by_one
from scheduler.wins import in_channel, is_outside, post_there
from storage.models import Member, News
from storage.privacy import seeing

BATCH = 5
"""Reports that are counted in one transaction: between two, messages are answered."""

LONG_AGO = 2000
"""Before this year no report was ever due: it is only planned."""


WEEKLY = Due(News.due_at)
MONTHLY = members_at(Member.report_at)


def weekly(session: Session, draw: Draw, now: datetime) -> int:
    """Tell the week in the channels where it is due; how many were told."""
    return due_one_by_one(session, WEEKLY, now, BATCH, lambda news: _week(session, draw, news, now))


def _week(session: Session, draw: Draw, news: News, now: datetime) -> bool:
    """Nothing private is in it, for whoever is in the channel reads it."""
    member = session.get_one(Member, (news.workspace_id, news.by_id))
    zone = member.workspace.timezone
    news.plan(zone, now)
    if news.due_at is None or news.at is None or is_outside(session, news):
        return False
    on = news.due_at.astimezone(ZoneInfo(zone)).date() - timedelta(days=7)
    days = week_told(on, news.at.hour)
    with seeing(session, member, alone=False):
        turn = in_channel(session, draw, news, now)
        occasion = days[0].isoformat()
        if not draw.is_news(turn, kind="weekly", subject="channel", occasion=occasion):
            return False
        parts = told(turn, Reporting(turn, zone).of(days))
        reply = Reply((*parts, Line(turn.say("report_ask_excel"), quiet=True)))
        post_there(session, turn, news, reply)
    return True


def monthly(session: Session, draw: Draw, now: datetime) -> int:
    """Tell owners how the month went that is over; how many were told."""
    return each_due(session, MONTHLY, now, BATCH, lambda member: _month(session, draw, member, now))


def _month(session: Session, draw: Draw, member: Member, now: datetime) -> bool:
    zone = member.workspace.timezone
    due_at = member.report_at or now
    member.report_at = next_first(AT, zone, now)
    if member.role != "owner" or due_at.year < LONG_AGO:
        return False
    first, last = month_before(now.astimezone(ZoneInfo(zone)).date())
    with seeing(session, member, alone=True):
        turn = draw.turn(session, member, now)
        if is_idle(turn, (first, last)):
            return False
        reply = shown(turn, (first, last), zone)
        stop = turn.button("report_stop_button", "report.monthly", value="off")
        reply = replace(reply, buttons=(*reply.buttons, stop))
        occasion = f"{first:%Y-%m}"
        return draw.nudge(turn, reply, kind="monthly", subject="month", occasion=occasion)
