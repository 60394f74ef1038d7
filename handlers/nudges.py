"""Nudges: what a member makes of them, and which they want, how many, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.book import Chapter
from handlers.nudge_letter import count_of
from handlers.reply import Button, Fields, Line, Reply, Title
from handlers.settings import set_
from handlers.turn import Ask, Choice, Sorry, Turn
from rules.calendar import next_at
from rules.nudging import A_DAY, KINDS, MOST_A_DAY, TOO_MANY, good_moment, is_enough
from storage import nudges
from storage.models import Nudge, NudgeChoice
from storage.workdays import work_days

chapter = Chapter(__name__)

NOT_NOW = 3
"""Days for which "not now" holds."""

TIDY = "tidy"

OF_MANAGERS = (TIDY, "look")
"""Kinds that come to managers and owners alone."""

LATELY = timedelta(days=30)
"""How long back it is counted how often a kind came."""


@chapter.command("nudge.useful")
def useful(turn: Turn, nudge: int) -> Reply:
    """It was worth it: such nudges come first."""
    row = _theirs(turn, nudge)
    row.answer, row.answered_at = "useful", turn.now
    name = _kind_name(turn, row.kind)
    return Reply((Line(turn.say("nudge_useful", kind=name)),))


@chapter.command("nudge.later")
def later(turn: Turn, nudge: int) -> Reply:
    """Not now: in some days again, if it still holds. A kind that is put off again and again
    stops, openly."""
    row = _theirs(turn, nudge)
    row.state, row.due_at = "later", _in_some_days(turn)
    row.answer, row.answered_at = "later", turn.now
    turn.session.flush()
    if is_enough(nudges.latest_answers(turn.session, turn.member, row.kind)):
        return _stopped_by_itself(turn, row)
    return Reply((Line(turn.say("nudge_later", day=turn.local_day(row.due_at))),))


def _in_some_days(turn: Turn) -> datetime:
    """A working morning."""
    member = turn.member
    after = turn.now + timedelta(days=NOT_NOW - 1)
    morning = next_at(member.morning, member.zone, after)
    works = work_days(turn.session, turn.workspace.id).works
    return good_moment(morning, member.zone, member.morning, member.quiet, works) or morning


def _stopped_by_itself(turn: Turn, row: Nudge) -> Reply:
    nudges.choose(
        turn.session, turn.member, row.kind, turn.now, wanted=row.kind == TIDY, by_itself=True
    )
    if row.kind == TIDY:
        turn.member.tidy_at = None
    turn.session.flush()
    line = turn.say("nudge_stopped_by_itself", kind=_kind_name(turn, row.kind), n=TOO_MANY)
    keep = turn.button("keep_these_button", "nudge.stop", kind=row.kind, wanted=True)
    return Reply((Line(line),), (keep, turn.button("nudges_button", "nudge.settings")))


@chapter.command("nudge.stop")
def stop(
    turn: Turn, kind: str | None = None, wanted: bool | None = None, nudge: int | None = None
) -> Reply:
    """No more, or again, of a kind."""
    if kind not in KINDS:
        return settings(turn)
    if nudge is not None:
        row = _theirs(turn, nudge)
        row.answer, row.answered_at = "stop", turn.now
    if kind == TIDY:  # a setting of its own, beside this one
        return set_(turn, TIDY, "on" if wanted else "off")
    nudges.choose(turn.session, turn.member, kind, turn.now, wanted=bool(wanted))
    turn.session.flush()
    key = "nudge_wanted" if wanted else "nudge_stopped"
    settings_ = turn.button("nudges_button", "nudge.settings")
    return Reply((Line(turn.say(key, kind=_kind_name(turn, kind))),), (turn.undo(), settings_))


def _theirs(turn: Turn, number: int) -> Nudge:
    """A nudge that the member got, for themselves or for whom they stand in."""
    row = turn.session.get(Nudge, (turn.workspace.id, number))
    if row is None or turn.member.id != (row.to_id or row.member_id):
        raise Sorry("gone")
    return row


def _kind_name(turn: Turn, kind: str) -> str:
    return turn.piece(f"nudge_kind_{kind}")


@chapter.command("nudge.budget")
def budget(turn: Turn, most: int | None = None) -> Reply:
    """How many may interrupt the member on a day."""
    if most is None:
        raise Ask("ask_budget", "most", kind="count", choices=_BUDGETS)
    if not 0 <= most <= MOST_A_DAY:
        raise Sorry("budget_too_large", most=MOST_A_DAY)
    turn.member.nudges_a_day = most
    turn.session.flush()
    key = "budget_set" if most else "budget_none"
    return Reply(
        (Line(turn.say(key, n=most)),),
        (turn.undo(), turn.button("nudges_button", "nudge.settings")),
    )


_BUDGETS = tuple(Choice(str(most), {"most": most}) for most in range(1, A_DAY + 1))


# --- what a member may ask ------------------------------------------------------------------------


@chapter.command("nudge.settings")
def settings(turn: Turn) -> Reply:
    """Which kinds come and how often they came, how many may, and when none does."""
    member, session = turn.member, turn.session
    chosen = nudges.choices(session, member)
    came = nudges.counts(session, member, turn.today - LATELY)
    kinds = [kind for kind in KINDS if kind not in OF_MANAGERS or member.may("manager")]
    off = {kind for kind in kinds if _is_off(turn, chosen.get(kind), kind)}
    rows = tuple(
        (_kind_name(turn, kind), _how(turn, kind, off, chosen.get(kind), came.get(kind, 0)))
        for kind in kinds
    )
    sent, most = count_of(turn)
    quiet = member.quiet
    span = turn.say("quiet_span", start=quiet.start, end=quiet.end) if quiet else turn.say("off")
    parts = (
        Title(turn.say("nudges_title")),
        Fields(rows),
        Fields(((turn.say("field_quiet"), span),)),
        Line(turn.say("nudges_today", n=sent, most=most)),
        Line(turn.say("nudges_hint"), quiet=True),
    )
    buttons = (
        *(_switch(turn, kind, stopped=kind in off) for kind in kinds),
        turn.button("budget_button", "nudge.budget"),
        turn.button("quiet_button", "settings.set", name="quiet"),
    )
    return Reply(parts, buttons, private=True)


def _is_off(turn: Turn, choice: NudgeChoice | None, kind: str) -> bool:
    if kind == TIDY:
        return turn.member.tidy_at is None
    return choice is not None and not choice.wanted


def _how(turn: Turn, kind: str, off: set[str], choice: NudgeChoice | None, came: int) -> str:
    if kind in off:
        itself = choice is not None and choice.by_itself
        return turn.say("nudge_off_itself" if itself else "off")
    return turn.say("nudge_on_often", n=came)


def _switch(turn: Turn, kind: str, *, stopped: bool) -> Button:
    return turn.button(
        "nudge_on_button" if stopped else "nudge_off_button",
        "nudge.stop",
        label_values={"kind": _kind_name(turn, kind)},
        kind=kind,
        wanted=stopped,
    )
