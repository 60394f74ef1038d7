"""Goals in chat: set, changed, taken back, and how they stand.

Everybody sees the team's goals and their own; managers and owners see all, and set those of others
and of the team.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from handlers.book import Chapter
from handlers.finding import find_member
from handlers.goal_words import WHO, Standing, chart, goal_line, lines, named, standing, what_of
from handlers.rates import day_said
from handlers.reply import Button, Call, Items, Line, Part, Reply, Title
from handlers.sums import rate_buttons
from handlers.turn import Ask, Choice, Sorry, Turn
from rules.calendar import next_at, period_days
from rules.money import Money
from storage import queries
from storage.goals import MEASURES, RATES, RHYTHMS, Goal, goals_of, time_around
from storage.models import Member
from storage.progress import CONTACTS

chapter = Chapter(__name__)

SHOWN = 12
"""Goals in one answer."""

IN_FULL = 2
"""So many are told in full, more in a line each."""

LARGEST = Decimal(10**15)

MONEY = Decimal(10**4)
"""A bare figure from here on is no count of deals or calls."""

METRICS = {"revenue": "amount", "won": "won", "conversion": "win_rate", "activity": "activity",
           "retention": "retention", "newcomers": "newcomers"}  # fmt: skip
"""What a goal's measure is called where a message is read as a whole."""


Time = tuple[date, date | None, str | None]
"""First and last day, or the first and how often it comes again."""


@chapter.command("goal.set")
def set_(turn: Turn, call: Call) -> Reply:
    """A goal of the member, of another one or of the team; one that is there is changed."""
    slots = _plain(turn, call.slots)
    whose = _whose(turn, slots.get("who"), to_set=True)
    measure = slots.get("measure") or _only_measure(turn, whose, slots)
    if measure is None:
        raise _which_measure(turn, slots)
    if measure not in MEASURES:
        raise Sorry("no_such_goal")
    target, currency = _target(turn, measure, slots)
    kind = slots.get("kind") if slots.get("kind") in CONTACTS else None
    when = _when(turn, slots)
    goal = _there(turn, whose, measure, kind, when)
    if "target" not in call.slots and not call.slots.get("sure"):
        at = when or ((goal.first_day, goal.last_day, goal.every) if goal else None)
        raise _doubted(turn, measure, target, currency, at)
    before = what_of(turn, goal) if goal else ""
    if goal is None:
        first, last, every = when or _usual_time(turn)
        goal = Goal(
            workspace_id=turn.workspace.id, measure=measure, kind=kind, member_id=whose,
            every=every, first_day=first, last_day=last, by_id=turn.member.id,
            created_at=turn.now, target="0",
        )  # fmt: skip
        turn.session.add(goal)
    goal.target, goal.currency, goal.state = f"{target:f}", currency, None
    goal.check_at = next_at(turn.member.morning, turn.member.zone, turn.now)
    turn.session.flush()
    shown = standing(turn, goal)
    title = Title(turn.say("goal_set", **{WHO: named(turn, goal)}, what=what_of(turn, goal)))
    parts: list[Part] = [title, *lines(turn, shown)]
    if before and before != what_of(turn, goal):
        parts.append(Line(turn.say("goal_was", what=before), quiet=True))
    return Reply(tuple(parts), (turn.undo(), *_for_team(turn, goal, call), _how(turn, goal)))


def _doubted(
    turn: Turn, measure: str, target: Decimal, currency: str | None, when: Time | None
) -> Ask:
    """A goal that was found among other things may be a customer's: nothing is set untold."""
    first, last, every = when or _usual_time(turn)
    like = Goal(
        measure=measure, target=f"{target:f}", currency=currency, every=every,
        first_day=first, last_day=last, member_id=turn.member.id,
    )  # fmt: skip
    yes = Choice(turn.say("yes"), {"sure": True})
    return Ask("ask_goal_sure", "sure", choices=(yes,), what=what_of(turn, like))


def _plain(turn: Turn, slots: dict[str, Any]) -> dict[str, Any]:
    """The slots of a goal, also where the whole message was read for other things, too."""
    found = dict(slots)
    if "metric" in found:
        found.setdefault("measure", METRICS.get(str(found["metric"]), "?"))
    if "amount" in found:
        found.setdefault("target", str(found["amount"]))
        if "measure" not in found and found.get("currency"):
            found["measure"] = "amount"
    if "owner" in found:
        found.setdefault("who", found["owner"])
    if found.get("period") and "first" not in found:
        try:
            first, last = period_days(str(found["period"]), turn.today)
        except KeyError:
            raise Sorry("no_such_period") from None
        found |= {"first": str(first), "last": str(last)}
    return found


def _whose(turn: Turn, who: Any, *, to_set: bool) -> int | None:
    """The member's number, or None for the team. Sorry where it is not theirs to set or see."""
    if who in (None, "", "me"):
        return turn.member.id
    if who != "team":
        member = find_member(turn, Call("", {"owner": who}))
        if member is not None and member.id == turn.member.id:
            return member.id
        if not turn.member.may("manager"):
            raise Sorry("goal_not_yours", name=member.name if member else str(who))
        return member.id if member else None
    if to_set and not turn.member.may("manager"):
        raise Sorry("goal_of_team")
    return None


def _only_measure(turn: Turn, whose: int | None, slots: dict[str, Any]) -> str | None:
    """Where there is one goal of theirs, a bare figure is meant for that. Money says so itself, or
    by its size: "target barha ke 25 lakh kar do"."""
    known = {goal.measure for goal in _of(turn, whose) if not slots.get("every")}
    if known == {"amount"} and slots.get("target") is not None:
        return "amount" if _number(slots["target"]) >= MONEY else None
    return known.pop() if len(known) == 1 and "amount" not in known else None


def _of(turn: Turn, whose: int | None) -> list[Goal]:
    """Goals of the member, or None for the team, whose time is not over."""
    here = goals_of(turn.session, turn.workspace.id, turn.today)
    return [goal for goal in here if goal.member_id == whose]


def _which_measure(turn: Turn, slots: dict[str, Any]) -> Ask:
    """20 of what?"""
    target = slots.get("target")
    if target is None:
        return Ask("ask_goal", "target", kind="amount")
    number = _number(target)
    shown = f"{number.normalize():f}"
    money = turn.voice.money(Money.of(min(number, LARGEST), turn.currency))
    choices = (
        Choice(turn.say("goal_of_won", n=shown), {"measure": "won"}),
        Choice(money, {"measure": "amount"}),
        Choice(turn.say("goal_of_newcomers", n=shown), {"measure": "newcomers"}),
        Choice(turn.say("goal_of_activity", n=shown), {"measure": "activity"}),
    )
    return Ask("ask_goal_of_what", "measure", choices=choices, n=shown)


def _target(turn: Turn, measure: str, slots: dict[str, Any]) -> tuple[Decimal, str | None]:
    """What is to be reached. Sorry for what nobody reaches, Ask where it was not said."""
    if slots.get("target") is None:
        raise Ask("ask_goal", "target", kind="amount")
    number = _number(slots["target"])
    if measure in RATES:
        share = number / 100 if number > 1 else number
        if not 0 < share <= 1:
            raise Sorry("goal_no_share", value=str(slots["target"])[:40])
        return share, None
    if not 0 < number < LARGEST:
        raise Sorry("goal_no_number", value=str(slots["target"])[:40])
    if measure == "amount":
        return number, str(slots.get("currency") or turn.currency).upper()
    if number != number.to_integral_value():
        raise Sorry("goal_no_number", value=str(slots["target"])[:40])
    return number, None


def _number(said: Any) -> Decimal:
    try:
        number = Decimal(str(said))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Sorry("goal_no_number", value=str(said)[:40])
    return number


def _when(turn: Turn, slots: dict[str, Any]) -> Time | None:
    """The time that was said; None where none was. Sorry for one that is over, or none at all."""
    every = slots.get("every")
    if every:
        if every not in RHYTHMS:
            raise Sorry("no_such_period")
        return time_around(every, turn.today)[0], None, every
    if not slots.get("first"):
        return None
    first, last = day_said(turn, slots["first"]), day_said(turn, slots.get("last"))
    if last < first:
        raise Sorry("no_such_period")
    if last < turn.today:
        raise Sorry("goal_time_over", day=turn.voice.full_day(last))
    return first, last, None


def _usual_time(turn: Turn) -> Time:
    return (*time_around("month", turn.today), None)


def _there(
    turn: Turn, whose: int | None, measure: str, kind: str | None, when: Time | None
) -> Goal | None:
    """The goal that is meant: of the same time, or the only one where none is said."""
    like = [goal for goal in _of(turn, whose) if (goal.measure, goal.kind) == (measure, kind)]
    if when is not None:
        same = [goal for goal in like if (goal.first_day, goal.last_day, goal.every) == when]
        same = same or [goal for goal in like if when[2] and goal.every == when[2]]
        return same[0] if same else None
    return like[0] if len(like) == 1 else None


def _for_team(turn: Turn, goal: Goal, call: Call) -> tuple[Button, ...]:
    """Whoever may set the team's goal may have meant it."""
    if goal.member_id != turn.member.id or call.slots.get("who") or not turn.member.may("manager"):
        return ()
    slots = {**call.slots, "goal": goal.id}
    return (Button(turn.say("goal_for_team_button"), Call("goal.team", slots)),)


@chapter.command("goal.team", role="manager")
def to_team(turn: Turn, goal: int) -> Reply:
    """A goal that was taken for the member's own is the team's."""
    row = turn.record(Goal, goal)
    when = (row.first_day, row.last_day, row.every)
    other = _there(turn, None, row.measure, row.kind, when)
    if other is not None and other is not row:
        other.target, other.currency, other.state = row.target, row.currency, None
        row.active = False
        row = other
    row.member_id = None
    turn.session.flush()
    title = Title(turn.say("goal_set", **{WHO: named(turn, row)}, what=what_of(turn, row)))
    return Reply((title, *lines(turn, standing(turn, row))), (turn.undo(), _how(turn, row)))


def _how(turn: Turn, goal: Goal) -> Button:
    return turn.button("how_button", "stats.how", measure=f"goal_{goal.measure}")


# --- how they stand -----------------------------------------------------------------------------


@chapter.command("goal.show")
def show(turn: Turn, call: Call) -> Reply:
    """How goals stand: what is reached, against how much of the time is gone."""
    slots = _plain(turn, call.slots)
    goals = _seen(turn, slots)
    if not goals:
        raise Sorry("no_goals_yet")
    found = [standing(turn, goal) for goal in goals[:SHOWN]]
    parts: list[Part] = []
    if len(found) <= IN_FULL:
        for each in found:
            parts += [Title(_title(turn, each)), *lines(turn, each)]
    else:
        parts.append(Title(turn.say("goals_title")))
        parts.append(Items(tuple(goal_line(turn, each) for each in found)))
    parts += chart(turn, found)
    if goals[SHOWN:]:
        parts.append(Line(turn.say("and_more", n=len(goals) - SHOWN), quiet=True))
    missing = [button for each in found[:IN_FULL] for button in rate_buttons(turn, each.rates)]
    once = [button for at, button in enumerate(missing) if button not in missing[:at]]
    return Reply(tuple(parts), (_how(turn, found[0].goal), *once))


def _title(turn: Turn, each: Standing) -> str:
    return turn.say("goal_title", **{WHO: named(turn, each.goal)}, what=what_of(turn, each.goal))


def _seen(turn: Turn, slots: dict[str, Any]) -> list[Goal]:
    """The goals that were asked for and that may be told here."""
    who = slots.get("who")
    alone = turn.audience == "private"
    if who and who not in {"me", "team"} and not alone and _whose(turn, who, to_set=False):
        turn.discreet = True
    if who:
        goals = _of(turn, _whose(turn, who, to_set=False))
        if who == "me" and not goals:
            goals = _of(turn, None)
    else:
        all_of_them = turn.member.may("manager") and alone
        members = None if all_of_them else [turn.member.id]
        goals = goals_of(turn.session, turn.workspace.id, turn.today, members)
    if slots.get("measure"):
        like = [goal for goal in goals if goal.measure == slots["measure"]]
        like = [g for g in like if not slots.get("kind") or g.kind == slots["kind"]]
        goals = like or goals
    if slots.get("first"):
        first, last = day_said(turn, slots["first"]), day_said(turn, slots.get("last"))
        goals = [g for g in goals if _meets(g, first, last)] or goals
    return goals


def _meets(goal: Goal, first: date, last: date) -> bool:
    """Whether the goal's own time lies in those days."""
    begins, ends = goal.period(first)
    return first <= begins and ends <= last


@chapter.command("goal.remove")
def remove(turn: Turn, call: Call) -> Reply:
    """A goal less. Asks which where several fit."""
    slots = _plain(turn, call.slots)
    if isinstance(slots.get("goal"), int):
        goal = turn.record(Goal, slots["goal"])
        _whose(turn, "team" if goal.member_id is None else goal.member_id, to_set=True)
    else:
        whose = _whose(turn, slots.get("who"), to_set=bool(slots.get("who")))
        goals = [g for g in _of(turn, whose) if slots.get("measure") in (None, g.measure)]
        if not goals and not slots.get("who") and turn.member.may("manager"):
            goals = _of(turn, None)
        if not goals:
            raise Sorry("no_goals_yet")
        then = [g for g in goals if _is_of_then(g, slots)]
        goals = then or goals
        if len(goals) > 1 or not then:
            choices = tuple(
                Choice(turn.voice.told(_short(turn, each)), {"goal": each.id})
                for each in goals[:SHOWN]
            )
            raise Ask("ask_which_goal", "goal", choices=choices)
        goal = goals[0]
    goal.active, goal.check_at = False, None
    turn.session.flush()
    title = turn.say("goal_removed", **{WHO: named(turn, goal)}, what=what_of(turn, goal))
    return Reply((Title(title),), (turn.undo(),))


def _is_of_then(goal: Goal, slots: dict[str, Any]) -> bool:
    """Whether it is of the days that were named, if some were."""
    named = (slots.get("first"), slots.get("last"))
    days = (str(goal.first_day), str(goal.last_day))
    return slots.get("every", goal.every) == goal.every and named in ((None, None), days)


def _short(turn: Turn, goal: Goal) -> str:
    return turn.say("goal_title", **{WHO: named(turn, goal)}, what=what_of(turn, goal))


# --- met by what was just done ------------------------------------------------------------------


_MET_AT_ONCE = frozenset({"amount", "won", "newcomers"})


def met_now(turn: Turn, owner_id: int) -> tuple[Line, ...]:
    """Goals of a deal's owner and of the team that are met by now and were not yet: told once.

    Those that this member does not see are left to the clock, which looks at them at once.
    """
    told = []
    for goal in goals_of(turn.session, turn.workspace.id, turn.today, [owner_id]):
        if goal.measure not in _MET_AT_ONCE or goal.first_day > turn.today:
            continue
        first = goal.period(turn.today)[0]
        if goal.state == "met" and goal.state_of == first:
            continue
        each = standing(turn, goal)
        if each.pace.state != "met":
            continue
        if goal.member_id not in (None, turn.member.id) and not turn.member.may("manager"):
            goal.check_at = turn.now
            continue
        goal.state, goal.state_of = "met", first
        told.append(
            Line(turn.say("goal_met", **{WHO: named(turn, goal)}, what=what_of(turn, goal)))
        )
    return tuple(told)


def members_told(turn: Turn, goal: Goal) -> list[Member]:
    """Who hears of a goal: its member; of the team's, managers and owners."""
    everyone = queries.members(turn.session, turn.workspace.id)
    if goal.member_id is not None:
        return [member for member in everyone if member.id == goal.member_id]
    return [member for member in everyone if member.may("manager")]


def news_of(turn: Turn, each: Standing, key: str) -> Reply:
    """A letter that the clock brings: a goal slips, is met, or its time is over."""
    title = turn.say(key, **{WHO: named(turn, each.goal)}, what=what_of(turn, each.goal))
    told = lines(turn, each)
    show_ = turn.button("goals_button", "goal.show")
    return replace(Reply((Title(title), *told)), buttons=(show_, _how(turn, each.goal)))
