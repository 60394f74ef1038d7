"""Leads that are here by now, given to somebody in bulk; and who has how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import func, or_, select

from handlers.assigning import whoever_is_named
from handlers.book import Chapter
from handlers.reply import Button, Call, Items, Line, Part, Reply, Title
from handlers.scores import brought_up_to_date
from handlers.segment_reading import read
from handlers.segment_understood import not_understood, who_fits
from handlers.segment_words import described
from handlers.turn import Sorry, Turn
from rules.segments import Node, Test, both, parse, printed
from storage import queries
from storage.models import Contact, LeadScore, Member

chapter = Chapter(__name__)

MOST = 500
"""Leads given away in one go."""

NAMED = 5

LEADS = Test("score", "has")


@chapter.command("lead.give")
def give(
    turn: Turn,
    owners: list[str] | None = None,
    kind: str | None = None,
    value: str | None = None,
    said: str | None = None,
) -> Reply:
    """Which leads that are here by now would go to whom. They go when that is confirmed."""
    members = whoever_is_named(turn, owners or ["me"])
    brought_up_to_date(turn)
    node = _asked(turn, value if kind == "city" else said)
    rows = _to_give(turn, node, members)
    told = turn.voice.told(described(turn, node))
    if not rows:
        raise Sorry("no_leads_to_give", what=told, names=turn.voice.listed(_names(members)))
    parts: list[Part] = [Title(_title(turn, "leads_to_give", members, len(rows)))]
    parts.append(Line(told, quiet=True))
    now = Counter(row.owner_id for row in rows)
    parts.append(Items(tuple(_people(turn, rows))))
    if len(rows) > NAMED:
        parts.append(Line(turn.say("and_more", n=len(rows) - NAMED), quiet=True))
    parts.append(Line(turn.say("leads_are_now", whose=turn.voice.beside(*_whose(turn, now)))))
    go = turn.button(
        "leads_give_button", "lead.give_now", "primary", label_values={"n": min(len(rows), MOST)},
        query=printed(node), owners=[member.id for member in members],
    )  # fmt: skip
    return Reply(tuple(parts), (go, turn.button("lead_rules_button", "assign.rules")))


@chapter.command("lead.give_now")
def give_now(turn: Turn, query: str, owners: list[int]) -> Reply:
    """They are theirs; of several, turn by turn. One undo takes all of it back."""
    found = [queries.get(turn.session, Member, turn.workspace.id, number) for number in owners]
    members = [member for member in found if member is not None and member.active]
    if not members:
        raise Sorry("gone")
    node = parse(query)
    rows = _to_give(turn, node, members)[:MOST]
    if not rows:
        told = turn.voice.told(described(turn, node))
        raise Sorry("no_leads_to_give", what=told, names=turn.voice.listed(_names(members)))
    got: Counter[str] = Counter()
    for at, row in enumerate(rows):
        member = members[at % len(members)]
        row.owner_id = member.id
        got[member.name] += 1
    turn.session.flush()
    parts: list[Part] = [Title(_title(turn, "leads_given", members, len(rows)))]
    if len(members) > 1:
        each = [turn.voice.beside(name, turn.voice.show(count)) for name, count in got.items()]
        parts.append(Items(tuple(each)))
    return Reply(tuple(parts), (turn.undo(), turn.button("leads_by_owner_button", "lead.by_owner")))


def _asked(turn: Turn, said: str | None) -> Node:
    """Which leads: as a segment is described. Sorry for what is not understood of it."""
    if not said:
        return LEADS
    whole = f"{said} leads"
    found = read(turn, whole)
    if not found.whole or found.node is None:
        raise not_understood(turn, found, whole)
    return both((LEADS, found.node)) if found.node != LEADS else LEADS


def _to_give(turn: Turn, node: Node, members: Sequence[Member]) -> list[Contact]:
    """Those who are not theirs yet. Of others' leads only a manager disposes: whoever is none takes
    what is nobody's, and gives away their own."""
    ids = who_fits(turn, node)
    here = select(Contact).where(Contact.workspace_id == turn.workspace.id, Contact.id.in_(ids))
    theirs = [member.id for member in members]
    owner = Contact.owner_id
    if len(theirs) == 1:
        here = here.where(or_(owner.is_(None), owner != theirs[0]))
    else:
        here = here.where(or_(owner.is_(None), owner.not_in(theirs)))
    if not turn.member.may("manager"):
        here = here.where(or_(owner.is_(None), owner == turn.member.id))
    return list(turn.session.scalars(here.order_by(Contact.id)))


def _title(turn: Turn, key: str, members: Sequence[Member], n: int) -> str:
    if [member.id for member in members] == [turn.member.id]:
        return turn.say(f"{key}_me", n=n)
    return turn.say(key, n=n, names=turn.voice.listed(_names(members)))


def _names(members: Sequence[Member]) -> list[str]:
    return [member.name for member in members]


def _people(turn: Turn, rows: Sequence[Contact]) -> Iterator[str]:
    for row in rows[:NAMED]:
        city = row.city or (row.company.city if row.company else None)
        yield turn.voice.beside(row.full_name, city)


def _whose(turn: Turn, counts: Counter[int | None]) -> Iterator[str]:
    """Who has how many of them, the most first."""
    team = {row.id: row.name for row in queries.members(turn.session, turn.workspace.id)}
    for number, count in counts.most_common():
        name = team.get(number or 0) or turn.piece("leads_of_nobody")
        yield turn.voice.told(f"{turn.voice.apart(name)}: {turn.voice.show(count)}")


@chapter.command("lead.by_owner")
def by_owner(turn: Turn) -> Reply:
    """How many leads everybody has, and how many nobody has."""
    brought_up_to_date(turn)
    counted = (
        select(LeadScore.owner_id, func.count())
        .where(LeadScore.workspace_id == turn.workspace.id, LeadScore.score.is_not(None))
        .group_by(LeadScore.owner_id)
    )
    found = Counter[int | None]()
    for number, count in turn.session.execute(counted):
        found[number] = count
    if not found:
        return Reply((Line(turn.say("no_leads")),))
    ways: list[Button] = [turn.button("best_button", "leads.best")]
    if found.get(None) and turn.member.may("manager"):
        free = both((LEADS, parse("not has owner")))
        ways.append(
            Button(turn.say("leads_free_button"), Call("segment.find", {"text": printed(free)}))
        )
    title = Title(turn.say("leads_by_owner", n=found.total()))
    return Reply((title, Items(tuple(_whose(turn, found)))), tuple(ways))
