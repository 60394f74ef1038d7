"""Whose new leads are, in chat: the rules set, listed and taken out by a manager.

How a rule is chosen and whose turn it is stands in docs/numbers.md, under "Whose a new lead is".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from handlers.book import Chapter
from handlers.colleagues import is_called
from handlers.given import keep, leads_said, rule_of
from handlers.party import Party
from handlers.reply import Button, Items, Line, Part, Reply, Title
from handlers.turn import Ask, Choice, Sorry, Turn
from language.folding import fold
from language.voice import RLM, one_line
from rules.assigning import MOST
from rules.reach_keys import city_key
from storage import queries
from storage.assigning import LeadRule, LeadTurn, at_work, lead_rules
from storage.models import Company, Contact, Member
from storage.reach import is_city

chapter = Chapter(__name__)

LONGEST = 60
"""Letters of what leads are about."""

RULES = 30
"""Rules of one team at most."""


@chapter.command("assign.set", role="manager")
def set_(
    turn: Turn,
    owners: list[str] | None = None,
    kind: str | None = None,
    value: str | None = None,
    said: str | None = None,
) -> Reply:
    """New leads of which something holds go to somebody, or turn by turn to several."""
    if not owners:
        raise Ask("ask_lead_owner", "owners", choices=tuple(_everybody(turn)))
    members = whoever_is_named(turn, owners)
    kind, value = _asked(turn, kind, value, said)
    row, key = _there(turn, kind, value), _key(kind, value)
    before = _line(turn, row) if row else ""
    if row is None:
        if len(lead_rules(turn.session, turn.workspace.id)) >= RULES:
            raise Sorry("lead_rules_full", n=RULES)
        row = LeadRule(
            workspace_id=turn.workspace.id, kind=kind, key=key, value=value, member_ids=[],
            by_id=turn.member.id, created_at=turn.now,
        )  # fmt: skip
        turn.session.add(row)
    row.member_ids, row.value = [member.id for member in members], value
    turn.session.flush()
    if turn.session.get(LeadTurn, (turn.workspace.id, row.id)) is None:
        turn.session.add(LeadTurn(workspace_id=turn.workspace.id, rule_id=row.id))
        turn.session.flush()
    parts: list[Part] = [Title(_line(turn, row))]
    if before and before != _line(turn, row):
        parts.append(Line(turn.say("lead_rule_was", rule=turn.voice.told(before)), quiet=True))
    parts.append(Line(turn.say("lead_rule_from_now"), quiet=True))
    ways = (turn.undo(), *_those_here(turn, row, members))
    return Reply(tuple(parts), (*ways, turn.button("lead_rules_button", "assign.rules")))


def _those_here(turn: Turn, row: LeadRule, members: Sequence[Member]) -> tuple[Button, ...]:
    """The rule is for leads to come; those of a city that are here by now are a tap away."""
    if row.kind not in ("city", "all"):
        return ()
    owners = [each.name for each in members]
    return (
        turn.button(
            "leads_too_button", "lead.give", owners=owners, kind=row.kind, value=row.value
        ),
    )  # fmt: skip


def _everybody(turn: Turn) -> Iterator[Choice]:
    for member in _team(turn)[:6]:
        yield Choice(member.name, {"owners": [member.name]})


def _team(turn: Turn) -> list[Member]:
    return [each for each in queries.members(turn.session, turn.workspace.id) if each.active]


def whoever_is_named(turn: Turn, said: Sequence[Any]) -> list[Member]:
    """Those of the team who are named, each once. Sorry, with who there is, for another name."""
    team, found = _team(turn), dict[int, Member]()
    for name in said[:MOST]:
        if name == "me":
            found[turn.member.id] = turn.member
            continue
        if name == "team":
            found.update({each.id: each for each in team[:MOST]})
            continue
        exact = [each for each in team if fold(each.name) == fold(str(name))]
        named = exact or [each for each in team if is_called(each, str(name))]
        if len(named) > 1 and len(said) == 1:
            choices = tuple(Choice(each.name, {"owners": [each.name]}) for each in named[:6])
            raise Ask("which_colleague", "owners", choices=choices, name=str(name))
        if len(named) != 1:
            raise Sorry("no_member", name=str(name), names=[each.name for each in team[:8]])
        found[named[0].id] = named[0]
    return list(found.values())


def _asked(turn: Turn, kind: str | None, value: str | None, said: str | None) -> tuple[str, str]:
    """What leads the rule is about: a city where one is so called, else a word."""
    if kind is not None:
        return kind, one_line(str(value or ""), LONGEST)
    words = one_line(str(said or ""), LONGEST)
    if not words:
        return "all", ""
    key = city_key(words)
    return ("city" if key and is_city(turn.session, turn.workspace.id, key) else "word"), words


def _key(kind: str, value: str) -> str:
    return (city_key(value) or "" if kind == "city" else fold(value))[:100]


def _there(turn: Turn, kind: str, value: str) -> LeadRule | None:
    kept = lead_rules(turn.session, turn.workspace.id)
    key = _key(kind, value)
    return next((row for row in kept if (row.kind, row.key) == (kind, key)), None)


def _line(turn: Turn, row: LeadRule) -> str:
    """``Lahore leads go to Sara``, ``website leads go to Omar and Hina, turn by turn``."""
    team = {each.id: each for each in queries.members(turn.session, turn.workspace.id)}
    names = [team[number].name for number in row.member_ids if number in team]
    leads = turn.voice.told(leads_said(turn, rule_of(row))).lstrip(RLM)
    key = "lead_rule_turns" if len(names) > 1 else "lead_rule_one"
    return turn.say(key, leads=leads, names=turn.voice.listed(names) or "—")


@chapter.command("assign.rules")
def rules(turn: Turn) -> Reply:
    """All rules with their numbers, and who is away."""
    rows = lead_rules(turn.session, turn.workspace.id)
    if not rows:
        return Reply((Line(turn.say("no_lead_rules")),))
    parts: list[Part] = [
        Title(turn.say("lead_rules_title")),
        Items(tuple(_line(turn, row) for row in rows), numbered=True),
    ]
    if away := _away(turn, rows):
        parts.append(Line(turn.say("leads_pass_over", names=turn.voice.listed(away)), quiet=True))
    parts.append(Line(turn.say("lead_rules_how"), quiet=True))
    ways = (
        turn.button("lead_rule_remove_button", "assign.remove", label_values={"n": n}, n=n)
        for n in range(1, min(len(rows), 3) + 1)
    )
    return Reply(tuple(parts), tuple(ways) if turn.member.may("manager") else ())


def _away(turn: Turn, rows: Sequence[LeadRule]) -> list[str]:
    """Whom rules name who has handed their customers to somebody else."""
    team = queries.members(turn.session, turn.workspace.id)
    named = {number for row in rows for number in row.member_ids}
    here = set(at_work(turn.session, team, turn.now))
    return [each.name for each in team if each.id in named and each.id not in here]


@chapter.command("assign.remove", role="manager")
def remove(turn: Turn, n: int | None = None) -> Reply:
    """The rule of that number holds no more."""
    rows = lead_rules(turn.session, turn.workspace.id)
    if not rows:
        raise Sorry("no_lead_rules")
    if n is None or not 1 <= n <= len(rows):
        choices = tuple(Choice(_line(turn, row), {"n": at}) for at, row in enumerate(rows[:6], 1))
        raise Ask("which_lead_rule", "n", choices=choices)
    row = rows[n - 1]
    line = turn.voice.told(_line(turn, row))
    turn.session.delete(row)
    turn.session.flush()
    title = Title(turn.say("lead_rule_removed", rule=line))
    return Reply((title,), (turn.undo(), turn.button("lead_rules_button", "assign.rules")))


def rule_about(turn: Turn, said: str) -> int | None:
    """The number of the rule about that city or word."""
    rows = lead_rules(turn.session, turn.workspace.id)
    keys = {city_key(said), fold(said)}
    return next((n for n, row in enumerate(rows, 1) if row.value and row.key in keys), None)


@chapter.command("lead.keep")
def keep_it(turn: Turn, who: Party) -> Reply:
    """A lead that a rule gave away is the member's own, after all."""
    row: Contact | Company | None = who.contact or who.company
    if row is None:
        raise Sorry("gone")
    keep(turn, row)
    turn.session.flush()
    turn.focus(**who.ids)
    return Reply((Title(turn.say("lead_kept", name=row.name)),), (turn.undo(),))
