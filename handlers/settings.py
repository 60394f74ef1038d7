"""Settings in chat: language, time zone, currency, morning hour, quiet hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

from babel.core import get_global

from handlers.book import Chapter
from handlers.learning import is_on
from handlers.reply import Fields, Line, Reply, Title
from handlers.turn import Ask, Choice, Sorry, Turn
from language.voice import TONGUES
from rules.calendar import TIDY_DAY, next_at, next_on
from storage import queries

chapter = Chapter(__name__)


@chapter.command("settings.show")
def show(turn: Turn) -> Reply:
    """How Rabta is set for this member."""
    member = turn.member
    quiet = (
        turn.say("quiet_span", start=member.quiet.start, end=member.quiet.end)
        if member.quiet
        else turn.say("off")
    )
    rows = (
        (turn.say("field_language"), turn.say(f"tongue_{member.tongue}")),
        (turn.say("field_timezone"), member.zone),
        (turn.say("field_currency"), turn.currency),
        (turn.say("field_morning"), turn.voice.clock(member.morning)),
        (turn.say("field_quiet"), quiet),
        (turn.say("field_learn"), turn.say("yes" if is_on(turn) else "off")),
        *([(turn.say("field_tidy"), _told_tidy(turn))] if member.may("manager") else []),
    )
    buttons = tuple(
        turn.button(f"tongue_{tongue}", "settings.set", name="language", value=tongue)
        for tongue in TONGUES
        if tongue != member.language
    )
    parts = (
        Title(turn.say("settings_title")),
        Fields(rows),
        Line(turn.say("settings_hint"), quiet=True),
    )
    return Reply(parts, buttons, private=True)


@chapter.command("settings.set")
def set_(turn: Turn, name: str, value: str | None = None) -> Reply:
    """Change one of them."""
    setter = SETTERS.get(name)
    if name == "quiet" and value is None:
        raise Ask("ask_quiet", "value", kind="hours", choices=tuple(_quiets(turn)))
    if setter is None or value is None:
        return show(turn)
    shown = setter(turn, value)
    turn.session.flush()
    line = turn.say("setting_changed", name=turn.say(f"field_{name}"), value=shown)
    return Reply((Title(line),), (turn.undo(),))


def _language(turn: Turn, value: str) -> str:
    if value not in TONGUES:
        raise Sorry(
            "no_such_language",
            tuple(
                turn.button(f"tongue_{tongue}", "settings.set", name="language", value=tongue)
                for tongue in TONGUES
            ),
        )
    turn.member.language = value
    turn.voice = replace(turn.voice, tongue=value)
    return turn.say(f"tongue_{value}")


def _timezone(turn: Turn, value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise Sorry("no_such_timezone", value=value) from None
    turn.member.timezone = value
    turn.voice = replace(turn.voice, zone=value)
    _plan_morning(turn)
    return value


def _currency(turn: Turn, value: str) -> str:
    """The whole workspace's; members with less than a manager's rights cannot change it."""
    code = value.upper()
    if code not in get_global("all_currencies"):
        raise Sorry("no_such_currency", value=value)
    if not turn.member.may("manager"):
        raise Sorry("not_allowed", role=turn.say("role_manager"))
    queries.put_setting(turn.session, turn.workspace.id, "currency", code)
    return code


def _morning(turn: Turn, value: str) -> str:
    turn.member.morning = _clock(value)
    _plan_morning(turn)
    return turn.voice.clock(turn.member.morning)


def _clock(value: str) -> time:
    try:
        return time.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        raise Sorry("bad_due", value=value[:40]) from None


def _plan_morning(turn: Turn) -> None:
    turn.member.agenda_at = next_at(turn.member.morning, turn.member.zone, turn.now)
    if turn.member.tidy_at is not None:
        plan_tidying(turn)


def plan_tidying(turn: Turn) -> None:
    member = turn.member
    member.tidy_at = next_on(TIDY_DAY, member.morning, member.zone, turn.now)


def _tidy(turn: Turn, value: str) -> str:
    """The weekly look for those who are in twice, which only managers and owners get."""
    if not turn.member.may("manager"):
        raise Sorry("not_allowed", role=turn.say("role_manager"))
    if value == "off":
        turn.member.tidy_at = None
    else:
        plan_tidying(turn)
    return _told_tidy(turn)


def _told_tidy(turn: Turn) -> str:
    return turn.say("yes" if turn.member.tidy_at else "off")


EVENING = time(21)


def _quiets(turn: Turn) -> Iterator[Choice]:
    for start, end in ((time(21), time(8)), (time(22), time(7))):
        said = turn.piece("quiet_span", start=start, end=end)
        yield Choice(said, {"value": f"{start:%H:%M}-{end:%H:%M}"})
    yield Choice(turn.piece("off"), {"value": "off"})


def _quiet(turn: Turn, value: str) -> str:
    if value == "off":
        turn.member.quiet_from = turn.member.quiet_to = None
        return turn.say("off")
    start, _, end = value.partition("-")
    member = turn.member  # what is not told of it stays, or is evening and the hour of the agenda
    begin = _clock(start) if start else member.quiet_from or EVENING
    until = _clock(end) if end else member.quiet_to or member.morning
    member.quiet_from, member.quiet_to = begin, until
    return turn.say("quiet_span", start=begin, end=until)


SETTERS: dict[str, Callable[[Turn, str], str]] = {
    "language": _language,
    "timezone": _timezone,
    "currency": _currency,
    "morning": _morning,
    "quiet": _quiet,
    "tidy": _tidy,
}
