"""Reports: how a stretch of days went, in a few lines, as a workbook, and by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from fractions import Fraction
from typing import Any

from handlers.book import Chapter
from handlers.figure_words import said as said_span
from handlers.orders_apart import orders_apart
from handlers.reply import Button, Call, Chart, Fields, Items, Line, Part, Point, Reply, Title
from handlers.report_figures import (
    Report,
    Reporting,
    Side,
    buyer_of,
    days_of,
    money_of,
    worth,
)
from handlers.report_file import workbook
from handlers.sums import rate_notes
from handlers.turn import Sorry, Turn
from language.figures import Span
from language.voice import RLM
from rules.calendar import WEEKDAYS, next_first
from rules.counting import Fact, growth
from rules.money import Money
from rules.periods import Days
from storage.models import Chat, Member, News
from storage.news import news_of

chapter = Chapter(__name__)

SELLERS = 3
"""Sellers that a report names."""

AT = time(9)
"""When a weekly report comes where no hour was said, and a monthly one does."""

MONDAY, A_WEEK = 0, 7


# --- asked for ------------------------------------------------------------------------------------


@chapter.command("report.show")
def show(
    turn: Turn,
    first: str | None = None,
    last: str | None = None,
    form: str | None = None,
    owner: Member | None = None,
) -> Reply:
    """How it went, from a day to another; the last seven days where none is said."""
    return shown(turn, _days(turn, first, last), turn.member.zone, form, owner)


def shown(
    turn: Turn, days: Days, zone: str, form: str | None = None, owner: Member | None = None
) -> Reply:
    """The same, of days as a zone has them."""
    reporting = Reporting(turn, zone, owner)
    report = reporting.of(days)
    if form == "xlsx":
        turn.discreet = True
        turn.note(export={"format": form, "report": len(report.now.won) + len(report.now.lost)})
        title = Title(turn.say("report_title", when=when(turn, report.now.days)))
        return Reply((title, workbook(turn, reporting, report)), (_how(turn),))
    slots = {"first": days[0].isoformat(), "last": days[1].isoformat(), "form": "xlsx"}
    call = Call("report.show", slots | ({"owner": owner.id} if owner else {}))
    excel = Button(turn.say("report_excel_button"), call)
    return Reply(tuple(told(turn, report, owner)), (excel, _how(turn)))


def _how(turn: Turn) -> Button:
    return turn.button("how_button", "stats.how", measure="report")


def _days(turn: Turn, first: str | None, last: str | None) -> Days:
    try:
        known = [date.fromisoformat(day) if day else None for day in (first, last)]
    except ValueError:
        raise Sorry("no_such_period") from None
    if known == [None, None]:
        return date.fromordinal(turn.today.toordinal() - 6), turn.today
    found = days_of(known[0], known[1], turn.today)
    if found[0] > turn.today:
        raise Sorry("report_to_come", when=when(turn, found))
    return found


def when(turn: Turn, days: Days) -> str:
    return said_span(turn, Span(*days)).lstrip(RLM)


# --- what it tells --------------------------------------------------------------------------------


def told(turn: Turn, report: Report, owner: Member | None = None) -> Iterator[Part]:
    """The takeaway first, then the figures beside those of the time before."""
    now, earlier = report.now, report.before
    if owner:
        yield Title(turn.say("report_title_of", when=when(turn, now.days), name=owner.name))
    else:
        yield Title(turn.say("report_title", when=when(turn, now.days)))
    yield Line(_takeaway(turn, now, earlier))
    if not report.is_idle:
        yield Fields(tuple(_figures(turn, now, earlier)))
        yield Line(turn.say("report_against", when=when(turn, earlier.days)), quiet=True)
    yield from orders_apart(turn, *now.days, owner)
    if len(report.sellers) > 1 and owner is None:
        yield Line(turn.say("report_sellers"))
        yield Items(tuple(_seller(turn, row.name, row.value) for row in report.sellers[:SELLERS]))
    if report.slipped:
        yield Line(turn.say("report_slipped", n=report.late))
        yield Items(tuple(_late(turn, row) for row in report.slipped))
    yield from pictures(turn, report)
    yield from rate_notes(turn, report.rates, report.left_out)


def pictures(turn: Turn, report: Report) -> Iterator[Part]:
    """What was won, beside the stretches before."""
    points = tuple(
        Point(_short(turn, days), float(money.amount), turn.voice.sum(money))
        for days, money in report.trend
    )
    if any(point.value for point in points):
        yield Chart("trend", turn.say("report_trend"), points)


def _short(turn: Turn, days: Days) -> str:
    """A stretch by its month, or the day on which it begins."""
    first, last = days
    month = turn.voice.month(first.month)
    whole = first.day == 1 and (last - first).days > A_WEEK
    return month if whole else f"{first.day} {month}"


def _takeaway(turn: Turn, now: Side, earlier: Side) -> str:
    if now.is_empty:
        return turn.say("report_nothing")
    if not now.won:
        return turn.say("report_none_won", lost=len(now.lost), new=len(now.new))
    amount, was = worth(turn, now.won), worth(turn, earlier.won)
    change = growth(Fraction(amount.minor), Fraction(was.minor))
    said = {"n": len(now.won), "amount": amount}
    if change is None:
        return turn.say("report_won", **said)
    percent = f"{abs(float(change)):.0%}"
    if percent == "0%":
        return turn.say("report_won_same", **said)
    return turn.say("report_won_more" if change > 0 else "report_won_less", **said, percent=percent)


def _figures(turn: Turn, now: Side, earlier: Side) -> Iterator[tuple[str, str]]:
    for name in ("won", "lost", "new", "open"):
        here, there = _counted(turn, getattr(now, name)), _counted(turn, getattr(earlier, name))
        yield turn.say(f"report_head_{name}"), turn.say("changed_from", value=here, before=there)
    if now.win_rate is not None:
        yield turn.say("report_head_win_rate"), _percent(turn, now.win_rate, earlier.win_rate)


def _counted(turn: Turn, facts: list[Fact]) -> str:
    """How many, and their worth."""
    money = worth(turn, facts)
    return turn.voice.beside(str(len(facts)), turn.voice.sum(money) if facts else None)


def _percent(turn: Turn, value: Fraction, before: Fraction | None) -> str:
    if before is None:
        return f"{float(value):.0%}"
    return turn.say("changed_from", value=f"{float(value):.0%}", before=f"{float(before):.0%}")


def _seller(turn: Turn, name: str, minor: Fraction) -> str:
    money = turn.voice.money(Money(int(minor), turn.currency))
    return turn.voice.told(f"{turn.voice.apart(name)}: {turn.voice.apart(money)}")


def _late(turn: Turn, row: Any) -> str:
    money = money_of(row)
    closing = turn.piece("report_was_to_close", day=row.close_day)
    return turn.voice.beside(buyer_of(row), turn.voice.money(money) if money else None, closing)


# --- by itself ------------------------------------------------------------------------------------


@chapter.command("report.weekly", role="manager")
def weekly(
    turn: Turn, value: str | None = None, weekday: str | None = None, at: str | None = None
) -> Reply:
    """Every week in the place where it is said, or no more."""
    if value == "off":
        return _no_more(turn, "weekly")
    news = placed(turn, "weekly")
    news.weekday = WEEKDAYS.index(weekday) if weekday in WEEKDAYS else MONDAY
    news.at = _hour(at)
    zone = turn.workspace.timezone
    news.plan(zone, turn.now)
    turn.session.flush()
    day = turn.voice.weekday(news.weekday)
    line = turn.say("report_weekly_here", day=day, at=news.at, zone=zone)
    return Reply(
        (Title(line), Line(turn.say("news_holds_nothing_private"), quiet=True)), (turn.undo(),)
    )


def _hour(said: str | None) -> time:
    try:
        return time.fromisoformat(said).replace(tzinfo=None) if said else AT
    except ValueError:
        raise Sorry("bad_due", value=str(said)[:40]) from None


@chapter.command("news.wins", role="manager")
def wins(turn: Turn, value: str | None = None) -> Reply:
    """Each win in the place where it is said, or no more."""
    if value == "off":
        return _no_more(turn, "wins")
    placed(turn, "wins")
    turn.session.flush()
    parts = (
        Title(turn.say("news_wins_here")),
        Line(turn.say("news_holds_nothing_private"), quiet=True),
    )
    return Reply(parts, (turn.undo(),))


def placed(turn: Turn, kind: str) -> News:
    """That it is told here from now on. Sorry where people of another organisation read along."""
    if turn.audience == "external":
        raise Sorry("news_not_outside")
    news = news_of(turn.session, turn.workspace.id, kind)
    if news is None:
        news = News(workspace_id=turn.workspace.id, kind=kind)
        turn.session.add(news)
    chat: Chat = turn.chat
    news.platform, news.team = chat.platform, chat.team
    news.chat = chat.key.partition("/")[0]
    news.tongue, news.by_id = turn.voice.tongue, turn.member.id
    return news


def _no_more(turn: Turn, kind: str) -> Reply:
    news = news_of(turn.session, turn.workspace.id, kind)
    if news is None:
        raise Sorry(f"news_no_{kind}")
    turn.session.delete(news)
    turn.session.flush()
    return Reply((Title(turn.say(f"news_{kind}_off")),), (turn.undo(),))


def is_idle(turn: Turn, days: Days) -> bool:
    """Whether there is nothing at all to tell: a team that keeps no deals is left alone."""
    report = Reporting(turn, turn.workspace.timezone).of(days)
    return report.is_idle


@chapter.command("report.monthly", role="owner")
def monthly(turn: Turn, value: str | None = None) -> Reply:
    """On the first of each month to the owner who wants it, alone."""
    if value == "off":
        turn.member.report_at = None
        turn.session.flush()
        return Reply((Title(turn.say("report_monthly_off")),), (turn.undo(),))
    turn.member.report_at = next_first(AT, turn.workspace.timezone, turn.now)
    turn.session.flush()
    return Reply((Title(turn.say("report_monthly_on")),), (turn.undo(),))
