"""A segment's tree as one SQL question for the numbers of contacts."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Float,
    Numeric,
    Select,
    and_,
    case,
    cast,
    false,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from rules.calendar import day_bounds
from rules.countries import code_of, dialled, names_of
from rules.reach_keys import city_key
from rules.segments import Ago, And, Node, Not, Or, Test
from rules.segments.fields import CALLED, LANGUAGES
from rules.touches import CHANNELS
from storage import queries
from storage.fields import fields_of
from storage.models import (
    Base,
    Company,
    Consent,
    Contact,
    ContactPoint,
    ContactTag,
    CustomField,
    CustomValue,
    Journey,
    Outlook,
    Workspace,
)
from storage.segment_events import Events, Such
from storage.segment_sets import EVERYBODY, NOBODY, All, Ids, Never, OneOf, Part, Row, Sets
from storage.segment_which import OPS, Unknown, Which, is_said, texts
from storage.segment_worth import Worth

LOYAL = 3
"""Purchases of a customer who is loyal, and neither at risk nor lost."""

ELSEWHERE: dict[str, tuple[str, str]] = {"score": ("lead_score", "score")}
"""Numbers that another table keeps of each contact, by ``contact_id``: its name, and the column."""


class Query:
    """Questions of one workspace. ``seen_by``: the member who may see their own private contacts,
    too; others' are never in it."""

    def __init__(
        self, session: Session, space: int, now: datetime, zone: str, seen_by: int | None
    ) -> None:
        self.session, self.space, self.zone, self.seen_by = session, space, zone, seen_by
        self.today = now.astimezone(ZoneInfo(zone)).date()
        self.sets = Sets(session.get_bind().dialect.name, space)
        self.hidden = self._hidden()
        self.events = Events(session, space, zone, self.hidden)
        self.worth = Worth(session, space, self.today)
        self.which = Which(session, space, now, self.today, self.events, self.worth)

    def select(self, node: Node) -> Select[int]:
        """The numbers of the contacts. Raises Unknown."""
        query = select(Contact.id).where(
            Contact.workspace_id == self.space, self.sets.where(self.part(node))
        )
        if self.hidden is not None:
            mine = or_(~Contact.private, Contact.owner_id == self.seen_by)
            query = query.where(mine)
        return query

    def _hidden(self) -> Select[Any] | None:
        if not self.session.get_one(Workspace, self.space).keeps_private:
            return None
        table: Any = Contact.__table__
        secret = table.alias()
        others = or_(secret.c.owner_id.is_(None), secret.c.owner_id != self.seen_by)
        hidden = select(secret.c.id).where(secret.c.workspace_id == self.space, secret.c.private)
        return hidden if self.seen_by is None else hidden.where(others)

    # --- how tests are joined ---------------------------------------------------------------------

    def part(self, node: Node) -> Part:
        match node:
            case And(nodes):
                return All([self.part(each) for each in nodes])
            case Or(nodes):
                return OneOf([self.part(each) for each in nodes])
            case Not(inner):
                return Never(self.part(inner))
            case Test():
                return self._test(node)

    def _test(self, test: Test) -> Part:
        own: Callable[[Test], Part] | None = getattr(self, f"_{test.field}", None)
        if own is not None:
            return own(test)
        if test.field in ELSEWHERE:
            return self._elsewhere(test)
        return self._called(test)

    # --- who they are -----------------------------------------------------------------------------

    def _city(self, test: Test) -> Part:
        keys = [city_key(each) for each in texts(test)]
        there = (lambda kind: kind.city_key.is_not(None)) if test.op == "has" else (
            lambda kind: kind.city_key.in_(keys)
        )  # fmt: skip
        return self._own_or_firms(there, Contact.city_key.is_(None))

    def _source(self, test: Test) -> Part:
        return self._own_or_firms(lambda kind: is_said(kind.source, test), Contact.source.is_(None))

    def _own_or_firms(self, holds: Callable[[Any], Any], nothing: ColumnElement[bool]) -> Part:
        """Their own, or where they have none that of their company."""
        theirs = select(Contact.id).where(Contact.workspace_id == self.space, holds(Contact))
        firms = (
            select(Contact.id)
            .join(Company, and_(Company.workspace_id == self.space,
                                Company.id == Contact.company_id))
            .where(Contact.workspace_id == self.space, nothing, holds(Company))
        )  # fmt: skip
        return Ids(union_all(theirs.correlate(None), firms.correlate(None)))

    def _title(self, test: Test) -> Part:
        return _on_row(Contact.title, is_said(Contact.title, test))

    def _owner(self, test: Test) -> Part:
        if test.op == "has":
            return _on_row(Contact.owner_id, Contact.owner_id.is_not(None))
        members = queries.members(self.session, self.space)
        numbers = []
        for said in texts(test):
            found = [each.id for each in members if each.name.casefold() == said.casefold()]
            if not found:
                raise Unknown("owner", said)
            numbers += found
        return _on_row(Contact.owner_id, Contact.owner_id.in_(numbers))

    def _company(self, test: Test) -> Part:
        if test.op == "has":
            return _on_row(Contact.company_id, Contact.company_id.is_not(None))
        keys = [" ".join(each.casefold().split()) for each in texts(test)]
        called = or_(Company.name_key.in_(keys), Company.name.in_(texts(test)))
        if test.op == "~":
            called = or_(*(Company.name_key.contains(key, autoescape=True) for key in keys))
        firms = select(Company.id).where(Company.workspace_id == self.space, called)
        there = select(Contact.id).where(
            Contact.workspace_id == self.space, Contact.company_id.in_(firms)
        )
        return Ids(there.correlate(None))

    def _tag(self, test: Test) -> Part:
        rows = select(ContactTag.contact_id).where(ContactTag.workspace_id == self.space)
        if test.op == "=":  # tags are kept in small letters
            return Ids(rows.where(ContactTag.tag.in_([each.lower() for each in texts(test)])))
        return Ids(rows if test.op == "has" else rows.where(is_said(ContactTag.tag, test)))

    def _phone(self, test: Test) -> Part:
        return self._point("phone", test)

    def _email(self, test: Test) -> Part:
        return self._point("email", test)

    def _point(self, kind: str, test: Test) -> Part:
        rows = select(ContactPoint.contact_id).where(
            ContactPoint.workspace_id == self.space, ContactPoint.kind == kind
        )
        return Ids(rows if test.op == "has" else rows.where(is_said(ContactPoint.value, test)))

    def _added(self, test: Test) -> Part:
        first, last = self.which.days(test)
        held: list[ColumnElement[bool]] = []
        if first:
            held.append(Contact.created_at >= day_bounds(first, first, self.zone)[0])
        if last:
            held.append(Contact.created_at < day_bounds(last, last, self.zone)[1])
        return _on_row(Contact.created_at, and_(*held))

    def _country(self, test: Test) -> Part:
        """What a field of the team's says; of those of whom it says nothing, where they phone."""
        fields = self._fields("country")
        if test.op == "has":
            told: list[Part] = [self._held(fields, CustomValue.value != "")]
            return OneOf([*told, self._point("phone", test)])
        names, numbers = [], []
        for said in texts(test):
            code = code_of(said)
            if code is None:
                raise Unknown("country", said)
            names += names_of(code)
            if begin := dialled(code):
                numbers.append(ContactPoint.value.startswith(begin, autoescape=True))
        phones = select(ContactPoint.contact_id).where(
            ContactPoint.workspace_id == self.space,
            ContactPoint.kind == "phone",
            or_(false(), *numbers),
        )
        untold = Never(self._held(fields, CustomValue.value != ""))
        said_so = self._held(fields, func.lower(CustomValue.value).in_(names))
        return OneOf([said_so, All([untold, Ids(phones)])])

    # --- fields of the team's own -----------------------------------------------------------------

    def _field(self, test: Test) -> Part:
        wanted = test.name.casefold()
        fields = [
            each for each in fields_of(self.session, self.space)
            if each.active and wanted in {each.name.casefold(), each.key.casefold()}
        ]  # fmt: skip
        if not fields:
            raise Unknown("field", test.name)
        return self._held(fields, self._fits(test))

    def _called(self, test: Test) -> Part:
        """A field that is known by what it is called: industry, language, consent."""
        fields = self._fields(test.field)
        if not fields:
            raise Unknown("field", test.field)
        if test.op == "has":
            return self._held(fields, CustomValue.value != "")
        return self._held(fields, is_said(CustomValue.value, test))

    def _language(self, test: Test) -> Part:
        """As was said of them; of whom nothing was, what a field of the team's own says."""
        fields = self._fields("language")
        own = self._called(test) if fields else NOBODY
        untold = _on_row(Contact.language, Contact.language.is_not(None))
        if test.op == "has":
            return OneOf([untold, own])
        said = [each.strip().casefold() for each in texts(test)]
        codes = [code for code, names in LANGUAGES.items() if not {*names}.isdisjoint(said)]
        if not codes and not fields:
            raise Unknown("field", "language")
        spoken = _on_row(Contact.language, Contact.language.in_(codes))
        return OneOf([spoken, All([Never(untold), own])])

    # --- what they agreed to ----------------------------------------------------------------------

    def _consent(self, test: Test) -> Part:
        """Whose last word on a channel is yes; of other words, what a field of the team's says."""
        said = [each.strip().casefold() for each in texts(test)]
        if test.op == "has" or (test.op == "=" and {*said} <= {*CHANNELS}):
            return self._last_word(said, granted=True)
        return self._called(test)

    def _opted_out(self, test: Test) -> Part:
        said = [each.strip().casefold() for each in texts(test)]
        if strange := [each for each in said if each not in CHANNELS]:
            raise Unknown("channel", strange[0])
        return self._last_word(said, granted=False)

    def _last_word(self, channels: Sequence[str], *, granted: bool) -> Part:
        word, later = aliased(Consent), aliased(Consent)
        after = (
            select(later.id)
            .where(
                later.workspace_id == self.space,
                later.contact_id == word.contact_id,
                later.channel == word.channel,
                or_(later.at > word.at, and_(later.at == word.at, later.id > word.id)),
            )
            .exists()
        )
        last = select(word.contact_id).where(
            word.workspace_id == self.space, word.granted.is_(granted), ~after
        )
        return Ids(last.where(word.channel.in_(channels)) if channels else last)

    def _birthday(self, test: Test) -> Part:
        fields = self._fields("birthday")
        if not fields:
            raise Unknown("field", "birthday")
        if test.op == "has":
            return self._held(fields, CustomValue.day_key.is_not(None))
        return self._held(fields, self._of_the_year(test))

    def _of_the_year(self, test: Test) -> ColumnElement[bool]:
        """A day of whatever year that lies in the period."""
        first, last = self.which.days(test)
        if first is None or last is None:
            raise Unknown("period", test.field)
        key = CustomValue.day_key
        if (last - first).days >= 365:
            return key.is_not(None)
        begin, end = f"{first:%m%d}", f"{last:%m%d}"
        if end == "0228" and (last + timedelta(days=1)).month == 3:
            end = "0229"  # where a year has none, the day before stands for it
        within = (key >= begin, key <= end)
        return and_(*within) if begin <= end else or_(*within)

    def _fields(self, called: str) -> list[CustomField]:
        names = CALLED[called]
        return [
            each for each in fields_of(self.session, self.space)
            if each.active
            and not {each.name.casefold().replace("_", " "), each.key.casefold()}.isdisjoint(names)
        ]  # fmt: skip

    def _held(self, fields: Sequence[CustomField], fits: ColumnElement[bool]) -> Part:
        """Who has such a value in one of these fields, or whose company has."""
        if not fields:
            return NOBODY
        here = (
            CustomValue.workspace_id == self.space,
            CustomValue.field_id.in_([each.id for each in fields]),
            fits,
        )
        theirs = select(CustomValue.contact_id).where(CustomValue.contact_id.is_not(None), *here)
        there = select(CustomValue.company_id).where(CustomValue.company_id.is_not(None), *here)
        firms = select(Contact.id).where(
            Contact.workspace_id == self.space, Contact.company_id.in_(there)
        )
        return Ids(union_all(theirs, firms.correlate(None)))

    def _fits(self, test: Test) -> ColumnElement[bool]:
        value = CustomValue.value
        if test.op == "has":
            return value != ""
        if test.op == "in":
            first, last = self.which.days(test)
            held: list[ColumnElement[bool]] = [value.like("____-__-__")]
            if first:
                held.append(value >= first.isoformat())
            if last:
                held.append(value <= last.isoformat())
            return and_(*held)
        if isinstance(test.value, Decimal):
            return OPS[test.op](self._number(value), test.value)  # type: ignore[no-any-return]
        return is_said(value, test)

    def _number(self, value: Any) -> ColumnElement[Any]:
        """What is written as a number; null for what is none."""
        plain = func.replace(value, ",", "")
        if self.sets.dialect == "sqlite":
            digits = plain.op("GLOB")("*[0-9]*")
            else_ = plain.op("GLOB")("*[^0-9.-]*")
            return case((and_(digits, ~else_), cast(plain, Float)))
        return case((plain.op("~")(r"^-?[0-9]+(\.[0-9]+)?$"), cast(plain, Numeric)))

    # --- what they did ----------------------------------------------------------------------------

    def _customer(self, _test: Test) -> Part:
        return self.events.whose(self.events.purchases(Such()))

    def _orders(self, test: Test) -> Part:
        such = self.which.such(test)

        def at_least(count: int) -> Part:
            events = self.events.purchases(such)
            if count == 1:
                return self.events.whose(events)
            return self.events.counted(events, lambda size: size >= count)

        return _as_many(test, at_least)

    def _spent(self, test: Test) -> Part:
        such = self.which.such(test)
        return self._comes_to(test, lambda: self.events.purchases(such, self.worth.of))

    def _comes_to(self, test: Test, events: Callable[[], Any]) -> Part:
        """What sums of events come to; who has none has spent nothing."""
        if test.op == "has":
            return self.events.counted(events(), lambda size: size > 0, worth=True)
        wanted = self.which.minor(test.value)

        def more(op: Callable[[Any, Any], Any]) -> Part:
            if op(0, wanted):
                return EVERYBODY
            return self.events.counted(events(), lambda size: op(size, wanted), worth=True)

        match test.op:
            case ">=" | ">":
                return more(OPS[test.op])
            case "<":
                return Never(more(operator.ge))
            case "<=":
                return Never(more(operator.gt))
            case _:
                return All([more(operator.ge), Never(more(operator.gt))])

    def _last_order(self, test: Test) -> Part:
        return self._latest(test, self.events.purchases)

    def _first_order(self, test: Test) -> Part:
        such = self.which.such(test)
        if test.op == "has":
            return self.events.whose(self.events.purchases(such))
        first, last = self.which.days(test)
        then = self.events.whose(self.events.purchases(such.within(first, last)))
        if first is None:
            return then
        before = such.within(None, first - timedelta(days=1))
        return All([then, Never(self.events.whose(self.events.purchases(before)))])

    def _latest(self, test: Test, events: Callable[[Such], Any]) -> Part:
        """One in the period, and none after it."""
        such = self.which.such(test)
        if test.op == "has":
            return self.events.whose(events(such))
        first, last = self.which.days(test)
        then = self.events.whose(events(such.within(first, last)))
        if last is None:
            return then
        after = such.within(last + timedelta(days=1), None)
        return All([then, Never(self.events.whose(events(after)))])

    def _activities(self, test: Test) -> Part:
        such = self.which.such(test)

        def at_least(count: int) -> Part:
            events = self.events.activities(such)
            if count == 1:
                return self.events.whose(events)
            return self.events.counted(events, lambda size: size >= count)

        return _as_many(test, at_least)

    def _last_activity(self, test: Test) -> Part:
        return self._latest(test, self.events.activities)

    def _silent(self, test: Test) -> Part:
        """Nothing happened for so long; of whom nothing ever did, since they were added."""
        length = test.value
        if not isinstance(length, Ago):
            raise TypeError(length)
        last = self.which.day(length)
        if test.op in {">", "<="}:
            last -= timedelta(days=1)
        lately = self.events.touches(Such(first=last + timedelta(days=1)))
        before = self.events.touches(Such(last=last))
        known = Contact.created_at < day_bounds(last, last, self.zone)[1]
        silent = All([
            Never(self.events.whose(lately)),
            OneOf([_on_row(Contact.created_at, known), self.events.whose(before)]),
        ])  # fmt: skip
        return silent if test.op in {">=", ">"} else Never(silent)

    def _deals(self, test: Test) -> Part:
        such = self.which.such(test)

        def at_least(count: int) -> Part:
            events = self.events.deals(such)
            if count == 1:
                return self.events.whose(events)
            return self.events.counted(events, lambda size: size >= count)

        return _as_many(test, at_least)

    def _next_step(self, _test: Test) -> Part:
        """There is something to be done with them."""
        return self.events.whose(self.events.steps())

    def _tickets(self, test: Test) -> Part:
        such = self.which.such(test)

        def at_least(count: int) -> Part:
            events = self.events.tickets(such)
            if count == 1:
                return self.events.whose(events)
            return self.events.counted(events, lambda size: size >= count)

        return _as_many(test, at_least)

    def _journey(self, test: Test) -> Part:
        rows = select(Journey.contact_id).where(Journey.workspace_id == self.space)
        if test.op == "has":
            return Ids(rows.where(Journey.stage.is_not(None)))
        return Ids(rows.where(Journey.stage.in_(texts(test))))

    def _deal_value(self, test: Test) -> Part:
        such = self.which.such(test)
        return self._comes_to(test, lambda: self.events.deals(such, self.worth.of))

    # --- what is expected of them -----------------------------------------------------------------

    def _at_risk(self, _test: Test) -> Part:
        return self._expected(Outlook.state == "risk")

    def _lapsed(self, _test: Test) -> Part:
        return self._expected(Outlook.state == "lost")

    def _loyal(self, _test: Test) -> Part:
        return self._expected(Outlook.orders >= LOYAL, Outlook.state.not_in(("risk", "lost")))

    def _chance(self, test: Test) -> Part:
        if test.op == "has":
            return self._expected(Outlook.p_buy.is_not(None))
        share = float(_decimal(test) / 100)
        return self._expected(OPS[test.op](Outlook.p_buy, share))

    def _value(self, test: Test) -> Part:
        if test.op == "has":
            return self._expected(Outlook.value_minor.is_not(None))
        return self._expected(OPS[test.op](Outlook.value_minor, self.which.minor(test.value)))

    def _expected(self, *holds: ColumnElement[bool]) -> Part:
        """Customers of whom this is kept: companies with all who are there, and single people."""
        here = (Outlook.workspace_id == self.space, *holds)
        firms = select(Outlook.company_id).where(Outlook.company_id != 0, *here)
        there = select(Contact.id).where(
            Contact.workspace_id == self.space, Contact.company_id.in_(firms)
        )
        alone = aliased(Contact)  # what was kept of somebody who came to a company since is not it
        people = select(Outlook.contact_id).join(
            alone, and_(alone.workspace_id == self.space, alone.id == Outlook.contact_id,
                        alone.company_id.is_(None))
        ).where(Outlook.contact_id != 0, *here)  # fmt: skip
        return Ids(union_all(people, there.correlate(None)))

    def _elsewhere(self, test: Test) -> Part:
        name, column = ELSEWHERE[test.field]
        table = Base.metadata.tables.get(name)
        if table is None:
            raise Unknown("field", test.field)
        rows = select(table.c.contact_id).where(table.c.workspace_id == self.space)
        if test.op == "has":
            return Ids(rows.where(table.c[column].is_not(None)))
        value = _decimal(test)  # as a whole number, where it is one: then an index may tell
        whole = int(value) if value == int(value) else value
        return Ids(rows.where(OPS[test.op](table.c[column], whole)))


def _decimal(test: Test) -> Decimal:
    if not isinstance(test.value, Decimal):
        raise TypeError(test.value)
    return test.value


def _on_row(column: Any, holds: ColumnElement[bool]) -> Row:
    return Row(and_(column.is_not(None), holds), or_(column.is_(None), ~holds))


def _as_many(test: Test, at_least: Callable[[int], Part]) -> Part:
    """A count held against a number; who has none has nought."""

    def more(count: int) -> Part:
        return EVERYBODY if count <= 0 else at_least(count)

    if test.op == "has":
        return more(1)
    wanted = _decimal(test)
    up = int(wanted.to_integral_value(ROUND_CEILING))
    down = int(wanted.to_integral_value(ROUND_FLOOR))
    match test.op:
        case ">=":
            return more(up)
        case ">":
            return more(down + 1)
        case "<":
            return Never(more(up))
        case "<=":
            return Never(more(down + 1))
        case _ if up != down:
            return NOBODY
        case _:
            return All([more(up), Never(more(up + 1))])
