"""A made-up firm for segments, and an oracle that reads its rows one by one, without SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from bot.reception import DEFAULT, House, workspace
from rules.purchases import counts
from rules.reach_keys import city_key
from rules.segments import Ago, And, Node, Not, Or, Sum, Test, Where
from storage.models import (
    Activity,
    Company,
    Consent,
    Contact,
    ContactPoint,
    ContactTag,
    CustomField,
    CustomValue,
    Deal,
    Journey,
    LeadScore,
    LineItem,
    Member,
    Order,
    Outlook,
    Product,
    Task,
    Ticket,
)

NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ZONE = "Asia/Karachi"
CITIES = ("Lahore", "Karachi", "Multan", "لاہور", None, None)
TITLES = ("Manager", "Purchase Manager", "Owner", "", None)
GOODS = (("Denim", "Fabric"), ("Lawn", "Fabric"), ("Zipper", "Trims"), ("Thread", None))
BORN = ("1990-11-30", "--12-20", "1985-02-28", "--02-29", "1970-06-01")
STATUSES = (None, None, "paid", "cancelled", "Partially refunded", "Returned")


@dataclass
class World:
    """All rows by kind."""

    space: int
    rows: dict[type[Any], list[Any]] = field(default_factory=dict)

    def all(self, kind: type[Any]) -> list[Any]:
        return self.rows.get(kind, [])


def build(session: Session, people: int, seed: int = 3) -> World:  # noqa: C901 - a list
    """Contacts, some at companies, with what they bought, what was done, their deals."""
    dice = Random(seed)
    space = workspace(session, House(), DEFAULT, NOW)
    world = World(space.id)

    def add(row: Any) -> Any:
        session.add(row)
        session.flush()
        world.rows.setdefault(type(row), []).append(row)
        return row

    def ago(days: int) -> datetime:
        return NOW - timedelta(days=days)

    at = {"workspace_id": space.id}
    members = [
        add(Member(**at, name=name, role="rep", created_at=ago(900)))
        for name in ("Ayesha Khan", "Bilal Ahmed")
    ]
    ntn = add(CustomField(**at, key="ntn", name="NTN", kind="text", active=True))
    staff = add(CustomField(**at, key="staff", name="Staff", kind="number", active=True))
    born = add(CustomField(**at, key="birthday", name="Birthday", kind="date", active=True))
    trade = add(CustomField(**at, key="industry", name="Industry", kind="text", active=True))
    land = add(CustomField(**at, key="country", name="Country", kind="text", active=True))
    goods = [
        add(Product(**at, name=name, name_key=name.lower(), category=category, created_at=ago(900)))
        for name, category in GOODS
    ]

    def held(own: CustomField, value: str, **whose: int) -> None:
        add(CustomValue(**at, field_id=own.id, value=value, value_key=value.lower(), **whose))

    firms = []
    for number in range(max(1, people // 5)):
        name = f"Firm {number}"
        firm = add(Company(**at, name=name, name_key=name.lower(), city=dice.choice(CITIES),
                           source=dice.choice(("Expo", None)), created_at=ago(800)))  # fmt: skip
        if dice.random() < 0.5:
            held(trade, dice.choice(("Textile", "Food")), company_id=firm.id)
        firms.append(firm)
    for number in range(people):
        name = f"Person {number}"
        firm = dice.choice(firms) if dice.random() < 0.5 else None
        person = add(Contact(
            **at, name=name, name_key=name.lower(), company_id=firm.id if firm else None,
            title=dice.choice(TITLES), city=dice.choice(CITIES),
            source=dice.choice(("Referral", "expo", None)),
            owner_id=dice.choice((members[0].id, members[1].id, None)),
            created_at=ago(dice.choice((3, 40, 59, 60, 61, 200, 500))),
        ))  # fmt: skip
        for kind, value in (("phone", f"+92300{number:07}"), ("phone", f"+97150{number:07}"),
                            ("email", f"p{number}@example.com")):  # fmt: skip
            if dice.random() < 0.5:
                add(ContactPoint(**at, contact_id=person.id, kind=kind, value=value))
        for tag in ("vip", "retail", "left"):
            if dice.random() < 0.3:
                add(ContactTag(**at, contact_id=person.id, tag=tag))
        if dice.random() < 0.4:
            held(born, dice.choice(BORN), contact_id=person.id)
        if dice.random() < 0.3:
            held(staff, dice.choice(("5", "50", "500")), contact_id=person.id)
        if dice.random() < 0.3:
            held(ntn, dice.choice(("123-4", "987")), contact_id=person.id)
        if dice.random() < 0.2:
            held(land, dice.choice(("UAE", "pakistan", "France")), contact_id=person.id)
    contacts = world.all(Contact)

    def whom() -> dict[str, int | None]:
        person, firm = dice.choice(contacts), dice.choice(firms)
        return dice.choice((
            {"contact_id": person.id, "company_id": None},
            {"contact_id": person.id, "company_id": person.company_id},
            {"contact_id": None, "company_id": firm.id},
            {"contact_id": person.id, "company_id": firm.id},
        ))  # fmt: skip

    def lines(**of: int) -> None:
        for position in range(dice.randrange(3)):
            good = dice.choice(goods)
            add(LineItem(**at, product_id=good.id, position=position, name=good.name, **of))

    days = (0, 1, 10, 29, 30, 31, 59, 60, 61, 90, 200, 400)
    for _ in range(people):
        day = dice.choice(days)
        order = add(Order(
            **at, **whom(), amount_minor=dice.choice((None, 50_000_00, 100_000_00, 7_00)),
            currency=dice.choice(("PKR", None)), status=dice.choice(STATUSES), at=ago(day),
            on_day=TODAY - timedelta(days=day), owner_id=members[0].id, created_at=ago(day),
        ))  # fmt: skip
        lines(order_id=order.id)
    for _ in range(people):
        status, day = dice.choice(("open", "won", "lost")), dice.choice(days)
        deal = add(Deal(
            **at, **whom(), amount_minor=dice.choice((None, 300_000_00, 900_000_00)),
            currency="PKR", stage=dice.choice(("lead", "proposal")), status=status,
            owner_id=members[1].id, created_at=ago(day + 5),
            closed_at=None if status == "open" else ago(day),
        ))  # fmt: skip
        lines(deal_id=deal.id)
        if status == "won" and dice.random() < 0.3:
            dice.choice(world.all(Order)).deal_id = deal.id
    for _ in range(people):
        day = dice.choice(days)
        add(Activity(**at, **whom(), kind=dice.choice(("call", "meeting", "note")), at=ago(day),
                     on_day=TODAY - timedelta(days=day), by_id=members[0].id))  # fmt: skip
    session.flush()
    for row in session.query(Outlook).filter(Outlook.workspace_id == space.id):
        row.state = dice.choice(("fine", "risk", "lost"))
        row.orders, row.p_buy = dice.randrange(1, 6), dice.random()
        row.value_minor = dice.randrange(10**8)
        world.rows.setdefault(Outlook, []).append(row)
    session.flush()
    _agrees(session, world, Random(seed + 1))
    _helped(session, world, Random(seed + 2))
    return world


def _agrees(session: Session, world: World, dice: Random) -> None:
    """What some of them said of messages, some of them twice and not in its order; the languages
    of others; the scores of leads."""
    for person in world.all(Contact):
        person.language = dice.choice(("ur", "en", "roman", None, None))
        for channel in ("email", "whatsapp", "sms"):
            for _ in range(dice.choice((0, 1, 1, 2))):
                word = Consent(
                    workspace_id=world.space, contact_id=person.id, channel=channel,
                    granted=dice.random() < 0.6, at=NOW - timedelta(days=dice.randrange(3)),
                    how="said",
                )  # fmt: skip
                session.add(word)
                session.flush()
                world.rows.setdefault(Consent, []).append(word)
    for row in session.query(LeadScore).filter(LeadScore.workspace_id == world.space):
        row.score = dice.choice((None, 20, 60, 70, 71, 90))
        world.rows.setdefault(LeadScore, []).append(row)
    session.flush()


def _helped(session: Session, world: World, dice: Random) -> None:
    """Trouble that some of them have, what is still to be done, where they stand."""
    contacts, firms, deals = world.all(Contact), world.all(Company), world.all(Deal)
    at = {"workspace_id": world.space}

    def add(row: Any) -> None:
        session.add(row)
        session.flush()
        world.rows.setdefault(type(row), []).append(row)

    def whose() -> dict[str, int | None]:
        person = dice.choice(contacts)
        return dice.choice((
            {"contact_id": person.id, "company_id": person.company_id},
            {"contact_id": person.id, "company_id": None},
            {"contact_id": None, "company_id": dice.choice(firms).id},
        ))  # fmt: skip

    owner = world.all(Member)[0].id
    for number in range(len(contacts) // 2):
        began = NOW - timedelta(days=dice.choice((1, 5, 20, 45)))
        due = began + timedelta(days=dice.choice((1, 3, 30)))
        status = dice.choice(("open", "open", "waiting", "resolved", "reopened"))
        add(Ticket(
            **at, **whose(), number=number + 1, text="Broken", status=status, owner_id=owner,
            priority=dice.choice(("low", "normal", "high", "urgent")), opened_by=owner,
            created_at=began, began_at=began, answer_due_at=due, warn_at=due, due_at=due,
            waiting_since=began + timedelta(days=2) if status == "waiting" else None,
            resolved_at=NOW if status == "resolved" else None,
        ))  # fmt: skip
    for _ in range(len(contacts) // 2):
        deal = dice.choice((None, None, dice.choice(deals).id))
        add(Task(
            **at, **whose(), text="Ring", deal_id=deal, zone=ZONE, owner_id=owner,
            status=dice.choice(("open", "open", "done")), created_at=NOW,
        ))  # fmt: skip
    for person in contacts:
        row = session.get(Journey, (world.space, person.id)) or Journey(**at, contact_id=person.id)
        row.stage = dice.choice((None, "lead", "customer", "lapsed"))
        add(row)


class Oracle:
    """Who is meant, told from plain rows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people = {row.id: row for row in world.all(Contact)}
        self.firms = {row.id: row for row in world.all(Company)}
        self.owners = {row.id: row.name for row in world.all(Member)}

    def members(self, node: Node) -> set[int]:
        return {number for number, row in self.people.items() if self.holds(node, row)}

    def holds(self, node: Node, row: Contact) -> bool:
        match node:
            case And(nodes):
                return all(self.holds(each, row) for each in nodes)
            case Or(nodes):
                return any(self.holds(each, row) for each in nodes)
            case Not(inner):
                return not self.holds(inner, row)
            case Test():
                return bool(getattr(self, node.field)(node, row))

    # --- values -----------------------------------------------------------------------------------

    def _firm(self, row: Contact) -> Company | None:
        return self.firms.get(row.company_id or 0)

    def city(self, test: Test, row: Contact) -> bool:
        firm = self._firm(row)
        key = city_key(row.city) or (city_key(firm.city) if firm else None)
        return bool(key) if test.op == "has" else key in {city_key(each) for each in _of(test)}

    def source(self, test: Test, row: Contact) -> bool:
        firm = self._firm(row)
        return _text(test, row.source if row.source is not None else firm and firm.source)

    def title(self, test: Test, row: Contact) -> bool:
        return _text(test, row.title)

    def company(self, test: Test, row: Contact) -> bool:
        firm = self._firm(row)
        return _text(test, firm and firm.name)

    def owner(self, test: Test, row: Contact) -> bool:
        return _text(test, self.owners.get(row.owner_id or 0))

    def tag(self, test: Test, row: Contact) -> bool:
        here = [each.tag for each in self.world.all(ContactTag) if each.contact_id == row.id]
        return any(_text(test, each) for each in here)

    def phone(self, test: Test, row: Contact) -> bool:
        return any(_text(test, value) for value in self._points("phone", row))

    def email(self, test: Test, row: Contact) -> bool:
        return any(_text(test, value) for value in self._points("email", row))

    def _points(self, kind: str, row: Contact) -> list[str]:
        return [
            each.value for each in self.world.all(ContactPoint)
            if each.contact_id == row.id and each.kind == kind
        ]  # fmt: skip

    def _values(self, name: str, row: Contact) -> list[str]:
        number = next(f.id for f in self.world.all(CustomField) if f.name.lower() == name.lower())
        return [
            each.value for each in self.world.all(CustomValue)
            if each.field_id == number
            and (each.contact_id == row.id
                 or (each.company_id is not None and each.company_id == row.company_id))
        ]  # fmt: skip

    def field(self, test: Test, row: Contact) -> bool:
        values = self._values(test.name, row)
        if isinstance(_of(test), Decimal):
            return any(_against(test.op, Decimal(value), _of(test)) for value in values)
        return any(_text(test, value) for value in values)

    def industry(self, test: Test, row: Contact) -> bool:
        return any(_text(test, value) for value in self._values("industry", row))

    def country(self, test: Test, row: Contact) -> bool:
        names = dict.fromkeys(("AE", "UAE"), ("uae", "+971"))
        names |= dict.fromkeys(("PK", "Pakistan"), ("pakistan", "+92"))
        told = [value.lower() for value in self._values("country", row)]
        for code in _of(test):
            name, begin = names[code]
            if name in told or (
                not told and any(p.startswith(begin) for p in self._points("phone", row))
            ):
                return True
        return False

    def birthday(self, test: Test, row: Contact) -> bool:
        for value in self._values("birthday", row):
            if test.op == "has":
                return True
            first, last = _of(test).days(TODAY)
            day = first
            while day <= last:
                leap = day.year % 4 == 0
                keys = {f"{day:%m-%d}"} | (
                    {"02-29"} if f"{day:%m%d}" == "0228" and not leap else set()
                )
                if value[-5:] in keys:
                    return True
                day += timedelta(days=1)
        return False

    def added(self, test: Test, row: Contact) -> bool:
        return _in(test, (row.created_at + timedelta(hours=5)).date())

    # --- what they agreed to ----------------------------------------------------------------------

    def _last_words(self, row: Contact) -> dict[str, bool]:
        said = [each for each in self.world.all(Consent) if each.contact_id == row.id]
        return {each.channel: each.granted for each in sorted(said, key=lambda e: (e.at, e.id))}

    def consent(self, test: Test, row: Contact) -> bool:
        yes = {channel for channel, granted in self._last_words(row).items() if granted}
        return bool(yes if test.op == "has" else yes & {*_of(test)})

    def opted_out(self, test: Test, row: Contact) -> bool:
        no = {channel for channel, granted in self._last_words(row).items() if not granted}
        return bool(no if test.op == "has" else no & {*_of(test)})

    def language(self, test: Test, row: Contact) -> bool:
        names = {"ur": "urdu", "en": "english", "roman": "roman urdu", None: None}
        spoken = names[row.language]
        return bool(spoken) if test.op == "has" else spoken in {s.lower() for s in _of(test)}

    def score(self, test: Test, row: Contact) -> bool:
        here = (r.score for r in self.world.all(LeadScore) if r.contact_id == row.id)
        found = next(here, None)
        if test.op == "has" or found is None:
            return found is not None
        return _against(test.op, Decimal(found), _of(test))

    # --- events -----------------------------------------------------------------------------------

    def _theirs(self, event: Any, row: Contact) -> bool:
        if event.contact_id == row.id:
            return True
        company = event.company_id
        if company is None and event.contact_id:
            company = self.people[event.contact_id].company_id
        return company is not None and company == row.company_id

    def _purchases(self, row: Contact, where: tuple[Where, ...] = ()) -> Iterator[tuple[date, Any]]:
        for order in self.world.all(Order):
            if counts(order.status) and self._theirs(order, row) and self._such(where, order):
                yield order.on_day, order
        stands = {order.deal_id for order in self.world.all(Order)}
        for deal in self.world.all(Deal):
            bought = deal.status == "won" and deal.id not in stands
            if bought and self._theirs(deal, row) and self._such(where, deal):
                yield _ended(deal), deal

    def _such(self, where: tuple[Where, ...], event: Any) -> bool:
        lines = [
            each for each in self.world.all(LineItem)
            if (each.order_id if isinstance(event, Order) else each.deal_id) == event.id
        ]  # fmt: skip
        goods = {row.id: row for row in self.world.all(Product)}
        day = _ended(event) if isinstance(event, Deal) else event.on_day
        wanted = {each.key: each for each in where}
        held: dict[str, Callable[[Where], bool]] = {
            "period": lambda w: _in(w, day),
            "amount": lambda w: (
                event.amount_minor is not None
                and _against(w.op, Decimal(event.amount_minor) / 100, _of(w).amount)
            ),
            "kind": lambda w: event.kind in _of(w),
            "status": lambda w: event.status in _of(w),
            "step": lambda w: (
                event.status == "open" and ("none", "some")[self._has_step(event)] in _of(w)
            ),
            "stage": lambda w: event.stage in _of(w),
        }
        for key, each in wanted.items():
            if key in held and not held[key](each):
                return False
        named = [each for key, each in wanted.items() if key in {"product", "category"}]
        return not named or any(
            all(
                (goods[line.product_id].name if each.key == "product"
                 else goods[line.product_id].category) in _of(each)
                for each in named
            )
            for line in lines
        )  # fmt: skip

    # --- service, steps, the journey --------------------------------------------------------------

    def tickets(self, test: Test, row: Contact) -> bool:
        wanted = {each.key: each for each in test.where}

        def stands(ticket: Ticket) -> bool:
            late = ticket.is_open and ticket.is_late(NOW)
            now = {"open"} if ticket.is_open else {"resolved"}
            return bool(_of_any(wanted.get("status"), now | ({"late"} if late else set())))

        here = [
            each for each in self.world.all(Ticket)
            if self._theirs(each, row) and stands(each)
            and _of_any(wanted.get("priority"), {each.priority})
            and ("period" not in wanted
                 or _in(wanted["period"], (each.created_at + timedelta(hours=5)).date()))
        ]  # fmt: skip
        return _against(test.op, Decimal(len(here)), _of(test))

    def next_step(self, _test: Test, row: Contact) -> bool:
        tasks = [each for each in self.world.all(Task) if each.status == "open"]
        return any(self._theirs(each, row) for each in tasks)

    def _has_step(self, deal: Deal) -> bool:
        def is_of(task: Task) -> bool:
            if task.deal_id is not None:
                return task.deal_id == deal.id
            if deal.contact_id and task.contact_id:
                return task.contact_id == deal.contact_id
            return task.company_id is not None and task.company_id == deal.company_id

        return any(task.status == "open" and is_of(task) for task in self.world.all(Task))

    def journey(self, test: Test, row: Contact) -> bool:
        stage = next(r.stage for r in self.world.all(Journey) if r.contact_id == row.id)
        return stage is not None if test.op == "has" else stage in _of(test)

    def customer(self, _test: Test, row: Contact) -> bool:
        return any(True for _ in self._purchases(row))

    def orders(self, test: Test, row: Contact) -> bool:
        return _against(test.op, Decimal(len(list(self._purchases(row, test.where)))), _of(test))

    def spent(self, test: Test, row: Contact) -> bool:
        return _sums(test, [each for _, each in self._purchases(row, test.where)])

    def first_order(self, test: Test, row: Contact) -> bool:
        days = [day for day, _ in self._purchases(row, test.where)]
        return bool(days) and (test.op == "has" or _in(test, min(days)))

    def last_order(self, test: Test, row: Contact) -> bool:
        days = [day for day, _ in self._purchases(row, test.where)]
        return bool(days) and (test.op == "has" or _in(test, max(days)))

    def _done(self, row: Contact, where: tuple[Where, ...]) -> list[date]:
        return [
            each.on_day for each in self.world.all(Activity)
            if self._theirs(each, row) and self._such(where, each)
        ]  # fmt: skip

    def activities(self, test: Test, row: Contact) -> bool:
        return _against(test.op, Decimal(len(self._done(row, test.where))), _of(test))

    def last_activity(self, test: Test, row: Contact) -> bool:
        days = self._done(row, test.where)
        return bool(days) and (test.op == "has" or _in(test, max(days)))

    def silent(self, test: Test, row: Contact) -> bool:
        days = [*self._done(row, ()), *(day for day, _ in self._purchases(row))]
        last = max(days, default=(row.created_at + timedelta(hours=5)).date())
        assert isinstance(_of(test), Ago)
        limit = _of(test).day(TODAY)
        far = {">=": last <= limit, ">": last < limit, "<": last > limit, "<=": last >= limit}
        return bool(far[test.op])

    def deals(self, test: Test, row: Contact) -> bool:
        here = [
            d for d in self.world.all(Deal) if self._theirs(d, row) and self._such(test.where, d)
        ]
        return _against(test.op, Decimal(len(here)), _of(test))

    def deal_value(self, test: Test, row: Contact) -> bool:
        here = [
            d for d in self.world.all(Deal) if self._theirs(d, row) and self._such(test.where, d)
        ]
        return _sums(test, here)

    # --- what is expected -------------------------------------------------------------------------

    def _outlook(self, row: Contact) -> Any:
        for each in self.world.all(Outlook):
            whose = (each.company_id, each.contact_id)
            if whose == ((row.company_id, 0) if row.company_id else (0, row.id)):
                return each
        return None

    def at_risk(self, _test: Test, row: Contact) -> bool:
        found = self._outlook(row)
        return bool(found) and found.state == "risk"

    def lapsed(self, _test: Test, row: Contact) -> bool:
        found = self._outlook(row)
        return bool(found) and found.state == "lost"

    def loyal(self, _test: Test, row: Contact) -> bool:
        found = self._outlook(row)
        return bool(found) and found.orders >= 3 and found.state == "fine"

    def chance(self, test: Test, row: Contact) -> bool:
        found = self._outlook(row)
        return bool(found) and _against(test.op, Decimal(found.p_buy) * 100, _of(test))

    def value(self, test: Test, row: Contact) -> bool:
        found = self._outlook(row)
        return bool(found) and _against(test.op, Decimal(found.value_minor) / 100, _of(test).amount)


def _of_any(said: Where | None, holds: set[str]) -> bool:
    return said is None or not holds.isdisjoint(_of(said))


def _of(said: Test | Where) -> Any:
    """What is held against."""
    return said.value


def _ended(deal: Deal) -> date:
    return ((deal.closed_at or deal.created_at) + timedelta(hours=5)).date()


def _text(test: Test, value: Any) -> bool:
    if not value:
        return False
    if test.op == "has":
        return True
    texts = [each.lower() for each in _of(test)]
    if test.op == "~":
        return any(each in value.lower() for each in texts)
    return value.lower() in texts


def _in(said: Test | Where, day: date) -> bool:
    first, last = _of(said).days(TODAY)
    return (first is None or day >= first) and (last is None or day <= last)


def _against(op: str, held: Decimal, wanted: Any) -> bool:
    found: dict[str, bool] = {
        "=": held == wanted, ">=": held >= wanted, "<=": held <= wanted, ">": held > wanted,
        "<": held < wanted,
    }  # fmt: skip
    return found[op]


def _sums(test: Test, rows: list[Any]) -> bool:
    assert isinstance(_of(test), Sum)
    total = sum((Decimal(row.amount_minor or 0) / 100 for row in rows), Decimal(0))
    return _against(test.op, total, _of(test).amount)
