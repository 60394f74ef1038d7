"""The journey of customers: who stands where, how many moved, where they get stuck; its rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from handlers.book import Chapter
from handlers.consent import person
from handlers.journey_names import called
from handlers.reply import Button, Call, Chart, Items, Line, Part, Point, Reply, Table, Title
from handlers.sequence_words import bare
from handlers.turn import Sorry, Turn
from handlers.who import Who
from language.journeying import read_journeying
from language.voice import one_line
from rules.calendar import day_bounds
from rules.journey import STAGES
from storage.journey import keep_names, keep_rules, look_at_due, names_of, rules_of
from storage.journey_figures import (
    Flow,
    flows,
    moved,
    standing,
    stays_of,
    stuck,
    who_stands,
)
from storage.privacy import everything

chapter = Chapter(__name__)

SHOWN = 20
"""People in one answer."""

AT_HAND = 100
"""People looked at before it is answered, of those whom the clock has not come to yet."""

LATELY = timedelta(days=30)

LONGEST_NAME = 20
MOST_OFTEN, MOST_DAYS = 50, 3650


def journey_wished(turn: Turn, text: str) -> Call | None:
    """What a message says of the journey, with the team's own names for its stages."""
    wish = read_journeying(text, turn.today)
    if wish is None and (own := names_of(turn.session, turn.workspace.id)):
        wish = read_journeying(text, turn.today, own)
    if wish is None:
        return None
    return Call(wish.intent, {**wish.slots})


def brought_up_to_date(turn: Turn) -> None:
    """Nobody need wait for the clock to see what was said a moment ago. A turn that keeps nothing
    (it has no number) changes nothing."""
    if turn.id:
        with everything(turn.session):
            look_at_due(turn.session, turn.workspace.id, turn.now, AT_HAND)


# --- everybody ------------------------------------------------------------------------------------


@chapter.command("journey.show")
def show(
    turn: Turn, first: str | None = None, last: str | None = None, stage: str | None = None,
    came_from: str | None = None,
) -> Reply:  # fmt: skip
    """Where everybody stands now, or how many moved in a period."""
    brought_up_to_date(turn)
    if first:
        days = date.fromisoformat(first), date.fromisoformat(last) if last else turn.today
        return _moves(turn, days, stage, came_from)
    found = standing(turn.session, turn.workspace.id)
    total = sum(found.values())
    if not total:
        raise Sorry("journey_empty")
    title = turn.say("journey_title", n=total)
    points = tuple(
        Point(called(turn, each), float(found[each]), turn.voice.show(found[each]))
        for each in STAGES
    )
    flow = flows(turn.session, turn.workspace.id, turn.now)
    since = turn.today - LATELY
    came = _came(turn, since, turn.today)
    rows = tuple(
        (
            called(turn, each), turn.voice.show(found[each]), turn.voice.show(came.get(each, 0)),
            *_flowed(turn, each, flow.get(each)),
        )
        for each in STAGES
    )  # fmt: skip
    head = tuple(
        bare(turn, key)
        for key in ("journey_head_stage", "journey_head_now", "journey_head_came",
                    "journey_head_on", "journey_head_days")
    )  # fmt: skip
    parts: list[Part] = [Title(title), Chart("funnel", title, points)]
    parts.append(Table(head, rows, numeric=(1, 2, 3, 4)))
    if place := stuck(flow):
        parts.append(Line(_stuck(turn, place, flow[place])))
    parts.append(Line(turn.say("journey_notes"), quiet=True))
    buttons = (
        _who_button(turn, "lapsed"),
        turn.button("journey_rules_button", "journey.rules"),
        turn.button("journey_month_button", "journey.show", first=since.isoformat(),
                    last=turn.today.isoformat()),
    )  # fmt: skip
    return Reply(tuple(parts), buttons)


def _flowed(turn: Turn, stage: str, flow: Flow | None) -> tuple[str, str]:
    """The share that went on, and the median of days; nobody goes on from the last."""
    if flow is None or flow.share is None or stage == "loyal":
        return ("—", "—")
    days = turn.voice.show(round(flow.days)) if flow.days is not None else "—"
    return (f"{round(100 * flow.share)}%", days)


def _stuck(turn: Turn, stage: str, flow: Flow) -> str:
    share = f"{round(100 * (flow.share or 0))}%"
    told = {"stage": called(turn, stage), "share": share, "came": flow.came}
    if flow.days is None:
        return turn.say("journey_stuck_all", **told)
    return turn.say("journey_stuck", n=round(flow.days), **told)


def _came(turn: Turn, first: date, last: date) -> dict[str, int]:
    """How many came into each stage in these days."""
    begin, end = day_bounds(first, last, turn.member.zone)
    found: dict[str, int] = {}
    for (_, stage), count in moved(turn.session, turn.workspace.id, begin, end).items():
        found[stage] = found.get(stage, 0) + count
    return found


def _moves(turn: Turn, days: tuple[date, date], stage: str | None, came_from: str | None) -> Reply:
    """How many moved in a period, from where to where."""
    begin, end = day_bounds(*days, turn.member.zone)
    found = {
        pair: count
        for pair, count in moved(turn.session, turn.workspace.id, begin, end).items()
        if stage in (None, pair[1]) and came_from in (None, pair[0])
    }
    when = _span(turn, days)
    steps = {pair: count for pair, count in found.items() if pair[0] is not None}
    came = sum(count for (before, _), count in found.items() if before is None)
    title = turn.say("journey_moved_title", n=sum(steps.values()), when=when)
    order = {name: place for place, name in enumerate(STAGES)}
    lines = tuple(
        turn.voice.told(
            bare(turn, "journey_moved", n=count, before=called(turn, before or ""),
                 after=called(turn, after))
        )
        for (before, after), count in sorted(
            steps.items(), key=lambda each: (order[each[0][0] or ""], order[each[0][1]])
        )
    )  # fmt: skip
    parts: list[Part] = [Title(title)]
    parts += [Items(lines)] if lines else []
    if came:
        parts.append(Line(turn.say("journey_came_in", n=came)))
    return Reply(tuple(parts), (turn.button("journey_button", "journey.show"),))


def _span(turn: Turn, days: tuple[date, date]) -> str:
    first, last = days
    if first == last:
        return turn.voice.full_day(first)
    return bare(turn, "journey_span", first=turn.voice.full_day(first),
                last=turn.voice.full_day(last))  # fmt: skip


def _who_button(turn: Turn, stage: str) -> Button:
    label = turn.say("journey_who_button", stage=called(turn, stage))
    return Button(label, Call("journey.who", {"stage": stage}))


# --- who ------------------------------------------------------------------------------------------


@chapter.command("journey.who")
def who_(turn: Turn, stage: str) -> Reply:
    """Who stands in a stage, since when."""
    if stage not in STAGES:
        raise Sorry("journey_empty")
    brought_up_to_date(turn)
    total = standing(turn.session, turn.workspace.id)[stage]
    if not total:
        raise Sorry("journey_nobody", (turn.button("journey_button", "journey.show"),),
                    stage=called(turn, stage))  # fmt: skip
    rows = who_stands(turn.session, turn.workspace.id, stage, SHOWN)
    lines = tuple(
        turn.voice.told(
            bare(turn, "journey_since", name=turn.voice.apart(contact.name),
                 day=turn.voice.full_day(turn.local_day(since)))
        )
        for contact, since in rows
    )  # fmt: skip
    parts: list[Part] = [
        Title(turn.say("journey_who", stage=called(turn, stage), n=total)),
        Items(lines),
    ]
    if total > len(rows):
        parts.append(Line(turn.say("and_more", n=total - len(rows)), quiet=True))
    buttons = tuple(
        Button(
            turn.say("next_touch_button", name=contact.name),
            Call("touch.next", {"contact": contact.id}),
        )
        for contact, _ in rows[:3]
    )
    return Reply(tuple(parts), buttons)


@chapter.command("journey.of")
def of(turn: Turn, who: Who) -> Reply:
    """In which stages a customer stood, and stands."""
    contact = person(turn, who)
    turn.focus(contact=contact.id, company=contact.company_id)
    brought_up_to_date(turn)
    rows = stays_of(turn.session, turn.workspace.id, contact.id)
    if not rows:
        raise Sorry("journey_not_yet", name=contact.name)
    lines = tuple(
        turn.voice.told(
            bare(turn, "journey_since", name=called(turn, row.stage),
                 day=turn.voice.full_day(turn.local_day(row.at)))
        )
        for row in rows[-SHOWN:]
    )  # fmt: skip
    title = turn.say("journey_of", name=contact.name, stage=called(turn, rows[-1].stage))
    touch = turn.button("touch_button", "touch.next", contact=contact.id)
    return Reply((Title(title), Items(lines)), (touch,))


# --- the rules ------------------------------------------------------------------------------------


@chapter.command("journey.rules")
def rules(turn: Turn) -> Reply:
    """By which rules somebody stands in each stage."""
    now = rules_of(turn.session, turn.workspace.id)
    told = {"often": now.often, "within": now.within.days, "silent": now.silent.days}
    lines = tuple(
        turn.voice.told(
            bare(turn, "journey_rule", stage=called(turn, stage),
                 rule=bare(turn, f"journey_rule_{stage}", **told))
        )
        for stage in STAGES
    )  # fmt: skip
    parts = (
        Title(turn.say("journey_rules_title")),
        Items(lines),
        Line(turn.say("journey_rules_how"), quiet=True),
    )
    return Reply(parts, (turn.button("journey_button", "journey.show"),))


@chapter.command("journey.set", role="manager")
def set_(turn: Turn, n: int | None = None, days: int | None = None) -> Reply:
    """How many purchases in a year make somebody loyal, or after how many days they have lapsed."""
    now = rules_of(turn.session, turn.workspace.id)
    if n is not None:
        if not 2 <= n <= MOST_OFTEN:
            raise Sorry("journey_no_such_often", n=MOST_OFTEN)
        now = replace(now, often=n)
    if days is not None:
        if not 1 <= days <= MOST_DAYS:
            raise Sorry("journey_no_such_days", n=MOST_DAYS)
        now = replace(now, silent=timedelta(days=days))
    keep_rules(turn.session, turn.workspace.id, now)
    turn.session.flush()
    return replace(rules(turn), buttons=(turn.undo(),))


@chapter.command("journey.name", role="manager")
def name_(turn: Turn, stage: str, name: str) -> Reply:
    """What the team calls a stage."""
    name = one_line(name, LONGEST_NAME).replace(";", " ").replace("=", " ").strip()
    names = names_of(turn.session, turn.workspace.id)
    if stage not in STAGES or not name:
        raise Sorry("journey_empty")
    keep_names(turn.session, turn.workspace.id, {**names, stage: name})
    turn.session.flush()
    return replace(rules(turn), buttons=(turn.undo(),))
