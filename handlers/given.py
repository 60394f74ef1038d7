"""New leads given to whose they are by the team's rules, and how that is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.reply import Button, Call, Line, Reply, Title
from handlers.scoring import words_of
from handlers.turn import Turn
from language.sheet import lay_out
from language.tongue import tongue_of_tokens
from language.voice import RLM
from rules.assigning import Newcomer, Rule, fitting
from rules.money import Money, digits
from rules.reach_keys import city_key
from storage import queries
from storage.assigning import LeadRule, at_work, lead_rules, take_turn
from storage.models import Activity, Company, Contact, Deal, Member, Nudge, Workspace

TOLD = "lead_given"
"""The kind of nudge that tells a member of leads that were given to them."""

BY_HAND = "hand"
"""In place of a rule's kind, where somebody gave a customer away in so many words."""

NAMED = 3
"""Leads of one message of which the names are told."""


@dataclass(frozen=True, slots=True)
class Given:
    """A lead went to a member by a rule."""

    member: Member
    rule: Rule


def rule_of(row: LeadRule) -> Rule:
    key = city_key(row.value) or "" if row.kind == "city" else ""
    words = words_of(row.value) if row.kind in ("word", "source") else ()
    return Rule(row.id, row.kind, row.value, tuple(row.member_ids), words, key)


class Sorter:
    """Gives leads by the rules of a workspace, as they are at this moment."""

    def __init__(self, session: Session, workspace_id: int, now: datetime) -> None:
        self.session, self.space, self.now = session, workspace_id, now
        self.rules = [rule_of(row) for row in lead_rules(session, workspace_id)]
        self._team: dict[int, Member] | None = None
        self._here: set[int] = set()

    def give(self, lead: Newcomer) -> Given | None:
        """To whom a lead goes; None where no rule is about it, or all whom it names are away."""
        for rule in fitting(self.rules, lead):
            here = self._at_work()
            chosen = self._of(rule, here)
            if chosen is not None and self._team:
                return Given(self._team[chosen], rule)
        return None

    def _of(self, rule: Rule, here: Collection[int]) -> int | None:
        if len(rule.members) > 1:
            return take_turn(self.session, self.space, rule.id, list(rule.members), here)
        return rule.members[0] if rule.members[0] in here else None

    def _at_work(self) -> Collection[int]:
        if self._team is None:
            team = queries.members(self.session, self.space)
            self._team = {member.id: member for member in team}
            self._here = set(at_work(self.session, team, self.now))
        return self._here


# --- by a message ---------------------------------------------------------------------------------


def give(turn: Turn) -> Reply:
    """Give the leads that this message brought to whose they are, and tell it both sides."""
    came = [row for row in turn.came if row in turn.session]
    handed = set(turn.handed)
    turn.came.clear()
    turn.handed.clear()
    if turn.chat.private:
        came = [row for row in came if row.id in handed]
    people = [row for row in came if isinstance(row, Contact) and not row.private]
    firms = [row for row in came if isinstance(row, Company)]
    firms = [row for row in firms if all(person.company_id != row.id for person in people)]
    if not people and not firms:
        return Reply()
    sorter = Sorter(turn.session, turn.workspace.id, turn.now)
    if not sorter.rules:
        return Reply()
    lines: list[Line] = []
    ways: list[Button] = []
    leads: list[Contact | Company] = [*people, *firms]
    for row in leads:
        given = sorter.give(_newcomer(turn, row))
        if given is None:
            continue
        lines.append(Line(reason_said(turn, given)))
        if given.member.id != turn.member.id:
            _hand_over(turn, row, given.member)
            tell(turn.session, turn.member, given, [row], turn.now, turn.today)
            ways.append(Button(turn.say("keep_lead_button"), Call("lead.keep", _whom(row))))
    turn.session.flush()
    return Reply(tuple(lines), tuple(ways[:1]))


def _whom(row: Contact | Company) -> dict[str, Any]:
    return {"contact" if isinstance(row, Contact) else "company": row.id}


def _newcomer(turn: Turn, row: Contact | Company) -> Newcomer:
    """What is known of somebody who has just come, and what was said of them."""
    person = row if isinstance(row, Contact) else None
    firm = person.company if person else row
    held = [*(row.own_values or ()), *(firm.own_values if person and firm else ())]
    texts = [
        *([person.title, *person.tags] if person else []),
        *([firm.name] if firm else []),
        *(value.value for value in held),
        *_notes(turn, row),
        turn.said,
    ]
    sheet = lay_out(turn.said) if turn.said else None
    return Newcomer(
        cities=frozenset(
            key for each in (row, firm) if each is not None and (key := city_key(each.city))
        ),
        sources=[words_of(each.source) for each in (row, firm) if each is not None and each.source],
        said=[words_of(text) for text in texts if text],
        amount=_amount(turn, row),
        language=tongue_of_tokens(sheet.tokens) if sheet else None,
    )


def _mine(turn: Turn, kind: type[Activity | Deal], row: Contact | Company) -> Any:
    """What was written down of somebody who is new."""
    column = kind.contact_id if isinstance(row, Contact) else kind.company_id
    return select(kind).where(kind.workspace_id == turn.workspace.id, column == row.id)


def _notes(turn: Turn, row: Contact | Company) -> list[str]:
    rows = turn.session.scalars(_mine(turn, Activity, row).limit(5))
    return [each.text for each in rows if each.text]


def _deals(turn: Turn, row: Contact | Company) -> Sequence[Deal]:
    return list(turn.session.scalars(_mine(turn, Deal, row).limit(5)))


def _amount(turn: Turn, row: Contact | Company) -> int | None:
    """The largest of their deals, in whole units of the workspace's currency."""
    from storage.rates import Rates

    rates, found = Rates(turn.session, turn.workspace.id), []
    for deal in _deals(turn, row):
        if deal.amount:
            worth = rates.worth(deal.amount.minor, deal.amount.currency, turn.currency, turn.today)
            found += [] if worth is None else [int(worth / 10 ** digits(turn.currency))]
    return max(found, default=None)


def _hand_over(turn: Turn, row: Contact | Company, to: Member) -> None:
    """Somebody who is new, with the company that came along and what was begun with them."""
    row.owner_id = to.id
    firm = row.company if isinstance(row, Contact) else None
    if firm is not None and firm.created_at == turn.now and firm.owner_id == turn.member.id:
        firm.owner_id = to.id
    for deal in _deals(turn, row):
        if deal.is_open and deal.owner_id == turn.member.id:
            deal.owner_id = to.id


def keep(turn: Turn, row: Contact | Company) -> None:
    """They are the member's own, after all."""
    row.owner_id = turn.member.id
    firm = row.company if isinstance(row, Contact) else None
    if firm is not None and firm.created_at == row.created_at:
        firm.owner_id = turn.member.id
    for deal in _deals(turn, row):
        if deal.is_open:
            deal.owner_id = turn.member.id


# --- by a file ------------------------------------------------------------------------------------


class FileSorter:
    """Gives the leads of a file, and counts them to tell it once."""

    def __init__(self, session: Session, workspace: Workspace, member: Member, now: datetime):
        self.session, self.workspace, self.member, self.now = session, workspace, member, now
        self.given: Counter[tuple[int, int]] = Counter()
        self._by: dict[tuple[int, int], Given] = {}

    @cached_property
    def _rules(self) -> Sorter:
        return Sorter(self.session, self.workspace.id, self.now)

    @property
    def has_rules(self) -> bool:
        """Whether anybody is given at all."""
        return bool(self._rules.rules)

    def owner(self, record: Mapping[str, Any], texts: Iterable[str | None]) -> int | None:
        """Whose somebody is whom the file gives to nobody; None where no rule is about them."""
        city, source = record.get("city"), record.get("lead_source") or record.get("source")
        key = city_key(str(city)) if city else None
        given = self._rules.give(
            Newcomer(
                cities=frozenset({key} if key else ()),
                sources=[words_of(source)] if isinstance(source, str) and source else (),
                said=[words_of(str(text)) for text in texts if text],
            )
        )
        if given is None:
            return None
        mark = given.rule.id, given.member.id
        self.given[mark] += 1
        self._by[mark] = given
        return given.member.id

    def tell(self) -> None:
        """Let those whose they are hear of it."""
        today = self.now.astimezone(ZoneInfo(self.member.zone)).date()
        for given, many in self.told():
            if given.member.id != self.member.id:
                tell(self.session, self.member, given, (), self.now, today, many)

    def told(self) -> Iterator[tuple[Given, int]]:
        """What went to whom, and how many of it."""
        for mark, many in self.given.items():
            yield self._by[mark], many


def of_a_file(turn: Turn, sorter: FileSorter) -> Iterator[str]:
    """How many leads of a file went to whom, and why."""
    for given, many in sorter.told():
        reason = turn.voice.told(reason_said(turn, given))
        yield turn.voice.told(f"{reason} ({many})")


# --- said -----------------------------------------------------------------------------------------


def leads_said(turn: Turn, rule: Rule) -> str:
    """``Lahore leads``, ``leads of Rs 5 lakh or more``, ``new leads``."""
    match rule.kind:
        case "all":
            return turn.say("leads_all")
        case "amount":
            worth = Money.of(rule.value, turn.currency)
            return turn.say("leads_amount", amount=worth)
        case "language":
            return turn.say("leads_language", language=turn.say(f"tongue_{rule.value}"))
    return turn.say("leads_about", value=rule.value)


def reason_said(turn: Turn, given: Given) -> str:
    """``Given to Sara: Lahore leads are hers``."""
    leads = turn.voice.told(leads_said(turn, given.rule)).lstrip(RLM)
    turns = "turns" if len(given.rule.members) > 1 else "one"
    if given.member.id == turn.member.id:
        return turn.say(f"lead_mine_{turns}", leads=leads)
    return turn.say(f"lead_given_{turns}", name=given.member.name, leads=leads)


def tell(
    session: Session,
    by: Member,
    given: Given,
    rows: Sequence[Contact | Company],
    now: datetime,
    today: Any,
    many: int = 1,
) -> None:
    """Let whose they are now hear of them, as soon as the clock comes round."""
    row = rows[0] if rows else None
    subject = f"{row.__tablename__}:{row.id}" if row is not None else f"lead_rule:{given.rule.id}"
    session.add(
        Nudge(
            workspace_id=by.workspace_id,
            member_id=given.member.id,
            kind=TOLD,
            subject=subject,
            occasion=f"{by.id} {now.isoformat()}"[:40],
            day=today,
            raised_at=now,
            state="waiting",
            due_at=now,
            about={
                "kind": given.rule.kind, "value": given.rule.value, "by": by.name,
                "turns": len(given.rule.members) > 1, "many": many,
            },
        )
    )  # fmt: skip


def told(turn: Turn, nudge: Nudge, row: Contact | Company | None) -> Reply:
    """What a member hears of leads that are theirs now."""
    about = nudge.about or {}
    if about["kind"] == BY_HAND and row is not None:
        return _told_by_hand(turn, about["by"], row)
    rule = Rule(0, about["kind"], about["value"], (turn.member.id,) * (2 if about["turns"] else 1))
    why = reason_said(turn, Given(turn.member, rule))
    if row is None:
        title = turn.say("leads_for_you", n=about["many"], by=about["by"])
        ways: tuple[Button, ...] = (turn.button("best_mine_button", "leads.best", mine=True),)
        return Reply((Title(title), Line(why)), ways)
    name = row.full_name if isinstance(row, Contact) else row.name
    title = turn.say("lead_for_you", name=name, by=about["by"])
    return Reply((Title(title), Line(why)), _ways(turn, row))


def _told_by_hand(turn: Turn, by: str, row: Contact | Company) -> Reply:
    name = row.full_name if isinstance(row, Contact) else row.name
    return Reply((Title(turn.say("customer_for_you", name=name, by=by)),), _ways(turn, row))


def _ways(turn: Turn, row: Contact | Company) -> tuple[Button, ...]:
    whom = _whom(row)
    called = Call("activity.log", {"kind": "call", **whom})
    return (
        Button(turn.say("open_lead_button", name=row.name), Call("contact.show", whom)),
        Button(turn.say("called_button", name=row.name), called),
    )
