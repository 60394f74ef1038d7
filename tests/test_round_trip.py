"""A workspace leaves as JSON Lines and comes into an empty one: nothing is lost on the way."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from exchange.asked import Asked
from exchange.reading import read
from exchange.spool import FIRST
from handlers.intake import Intake, intake
from handlers.intake.report import Report
from handlers.scoring import new_rule
from language.folding import fold
from language.sounds import name_keys
from rules.calendar import Due
from rules.reach_keys import city_key
from storage import history
from storage.campaigns import go_on
from storage.export import KINDS, records
from storage.merging import fold_into
from storage.models import (
    Activity,
    Base,
    Campaign,
    Company,
    Consent,
    Contact,
    Contract,
    CustomField,
    CustomValue,
    Deal,
    DealContact,
    DealMove,
    Feedback,
    Goal,
    Label,
    LeadRule,
    LineItem,
    Member,
    Message,
    MessageTemplate,
    Order,
    Pipeline,
    Product,
    Rate,
    Rating,
    Referral,
    ScoreRule,
    Segment,
    Sequence,
    SequenceRun,
    SequenceStart,
    Stage,
    Task,
    Ticket,
    TicketComment,
    Turn,
    Workspace,
    WorkWeek,
)
from storage.scope import within
from storage.sequences_kept import of_segment
from storage.stages import begin_pipeline
from tests.conversation import Conversation

AT = datetime(2026, 3, 1, 4, 30, tzinfo=UTC)
FIRSTS = ("Sara", "عائشہ", "Mohammad", "بلال", "Nadia", "Omar", "ثناء", "J.P.", "O'Neil", "Zoë")
LASTS = ("Malik", "خان", "Farooq", "احمد", "Shah", "of the Hills", "Ali", "Butt")
FIRMS = ("Nishat Mills", "حلال ڈیری", "Bilal Traders", "Gul Ahmed", "A & B, Sons", "Chen One")
CITIES = ("Lahore", "کراچی", "Multan", "Faisalabad", None)
TEXTS = (
    "wants rates,\nsoon",
    "=SUM(A1)",
    "کل فون کریں",
    'said "maybe"',
    "\u200fبعد میں",
    "naya maal",
)


class World:
    """A workspace with something of everything, drawn by lot."""

    def __init__(self, session: Session, space: Workspace, seed: int) -> None:
        self.session, self.space, self.lot = session, space, random.Random(seed)
        self.members = [self.adds(Member, name=name, role="rep", created_at=AT)
                        for name in ("Ayesha", "بلال", "Umar F.")]  # fmt: skip
        self.deals: list[Deal] = []
        self.members[1].manager, self.members[1].office = "Ayesha", "لاہور"

    def adds(self, model: Any, /, **values: Any) -> Any:
        row = model(workspace_id=self.space.id, **values)
        self.session.add(row)
        self.session.flush()
        return row

    def when(self) -> datetime:
        return AT + timedelta(minutes=self.lot.randrange(300_000))

    def who(self) -> int:
        return int(self.lot.choice(self.members).id)

    def fills(self) -> None:
        self.stages()
        fields = self.fields()
        companies = [self.company(name, fields) for name in (*FIRMS, FIRMS[0])]
        people = [self.person(companies, fields, number) for number in range(40)]
        self.merges(people)
        goods = [self.product(number) for number in range(6)]
        self.labels()
        whom = [*people, None]
        for _ in range(30):
            self.deal(self.lot.choice(whom), self.lot.choice(companies), goods)
        for _ in range(15):
            self.order(self.lot.choice(people), self.lot.choice(companies), goods)
            self.contract(self.lot.choice(people), self.lot.choice(companies))
        for _ in range(40):
            self.activity(self.lot.choice(whom), self.lot.choice(companies))
            self.task(self.lot.choice(whom))
        self.goals()
        self.score_rules(fields[0])
        self.tickets(people, companies)
        self.campaigns(people)
        self.sequences(people)
        for number in range(9):
            base, rate = self.lot.choice([("PKR", "278.5"), ("USD", "1.083")])
            self.adds(
                Rate, currency="EUR", base=base, rate=rate, on_day=date(2026, 2, 20 + number % 9)
            )  # fmt: skip

    def tickets(self, people: list[Contact], companies: list[Company]) -> None:
        for number in range(1, 16):
            person = self.lot.choice([*people, None])
            firm = self.lot.choice(companies) if person is None else None
            whose: dict[str, Any] = {
                "contact_id": person.id if person else None,
                "company_id": firm.id if firm else None,
            }  # fmt: skip
            made, status = self.when(), self.lot.choice(["open", "waiting", "resolved", "reopened"])
            over = made + timedelta(hours=30) if status == "resolved" else None
            answered = self.lot.choice([None, made + timedelta(hours=2)])
            ticket = self.adds(
                Ticket, number=number * 3, text=self.lot.choice(TEXTS), **whose, status=status,
                priority=self.lot.choice(["low", "normal", "high", "urgent"]),
                owner_id=self.who(), opened_by=self.who(), created_at=made, began_at=made,
                answered_at=answered, answer_worked=7200 if answered else None,
                answer_due_at=made + timedelta(hours=4), warn_at=made + timedelta(hours=20),
                due_at=made + timedelta(hours=26),
                due_told_at=self.lot.choice([None, made + timedelta(hours=1)]),
                waited=self.lot.choice([0, 600]),
                waiting_since=made + timedelta(hours=3) if status == "waiting" else None,
                resolved_at=over, resolved_by=self.who() if over else None, worked=9000,
                reopened=int(status == "reopened"), was_late=status == "reopened",
                more=self.lot.choice([None, {"Channel": "WhatsApp"}]),
            )  # fmt: skip
            for _ in range(self.lot.randrange(3)):
                self.adds(
                    TicketComment, ticket_id=ticket.id, text=self.lot.choice(TEXTS),
                    at=self.when(), by_id=self.who(),
                )  # fmt: skip
            if over:
                self.adds(
                    Rating, **whose, ticket_id=ticket.id, score=self.lot.randrange(1, 6), at=over,
                    words=self.lot.choice([None, *TEXTS]),
                    by_id=self.lot.choice([None, self.who()]),
                    referral_asked=number % 2 == 0,
                )  # fmt: skip
        for _ in range(4):
            one, other = self.lot.sample(people, 2)
            firm = self.lot.choice([None, self.lot.choice(companies)])
            self.adds(
                Referral, contact_id=one.id, by_contact_id=None if firm else other.id,
                by_company_id=firm.id if firm else None, at=self.when(), by_id=self.who(),
            )  # fmt: skip

    def campaigns(self, people: list[Contact]) -> None:
        texts = [
            self.adds(
                MessageTemplate, name=name, name_key=fold(name), by_id=self.who(), active=active,
                versions=versions, created_at=self.when(),
            )
            for name, active, versions in (
                ("Eid offer", True, {"en": {"text": "Dear {first_name|friend},\n\nhi {{you}}",
                                            "subject": "Eid Mubarak"},
                                     "ur": {"text": "محترم {name|}"}}),
                ("Eid offer", False, {"roman": {"text": "purana"}}),
                ("نئے ریٹ", True, {"ur": {"text": "نئے ریٹ"}}),
            )
        ]  # fmt: skip
        for number, state in enumerate(("paused", "stopped", "done")):
            began = self.when() + timedelta(microseconds=number * 1234)
            row = self.adds(
                Campaign, name=f"Eid offer {number}", name_key=f"eid offer {number}",
                template_id=texts[number].id, audience='city = "Lahore" and silent >= 60d',
                told="لاہور والے" if number else "those in Lahore", ways="email,whatsapp",
                held=number * 5, within=14 + number, state=state, by_id=self.who(),
                created_at=began, started_at=began,
                ended_at=None if state == "paused" else began + timedelta(days=3),
                left_out={"no_consent": 3, "quiet": 1} if number else None,
            )  # fmt: skip
            states = ["sent", "failed", "unknown", "dropped", "held", "ready", "prepared"]
            states += ["planned"] * (state == "paused")
            for person in self.lot.sample(people, 8):
                self.message(person, row.source, "", self.lot.choice(states), texts[number].id)
        for person in self.lot.sample(people, 5):
            occasion = str(self.lot.randrange(10**9))
            state = self.lot.choice(["sent", "dropped", "prepared"])
            self.message(person, "hand", occasion, state, None)

    def message(
        self, person: Contact, source: str, occasion: str, state: str, template: int | None
    ) -> None:
        at, went = self.when(), state in {"sent", "failed", "unknown", "prepared"}
        self.adds(
            Message, contact_id=person.id, source=source, state=state, ways="email,sms",
            key=f"{source}/{person.id}/{occasion}", template_id=template, by_id=self.who(),
            reason={"dropped": "no_consent", "planned": "paused", "failed": "550 5.1.1"}.get(state),
            channel="email" if went else None, address="sara@nishat.pk" if went else None,
            language="ur" if went else None, subject="عید مبارک" if went else None,
            text=self.lot.choice(TEXTS).strip() if went else None, planned_at=at, due_at=None,
            went_at=at + timedelta(microseconds=77) if went else None,
            lapses_at=at + timedelta(days=14),
        )  # fmt: skip

    def sequences(self, people: list[Contact]) -> None:
        """Texts and sequences, one of each removed; people who are in one, in every state."""
        texts = [
            self.adds(
                MessageTemplate, name=name, name_key=fold(name), by_id=self.who(), active=active,
                versions=versions, created_at=self.when(),
            )
            for name, active, versions in (
                ("Hello", True, {"en": {"text": "Dear {name},\nhello", "subject": "Hi"}}),
                ("عید آفر", True, {"ur": {"text": "محترم {name}"}, "roman": {"text": "Eid"}}),
                ("Old", False, {"en": {"text": "Gone"}}),
            )
        ]  # fmt: skip
        steps = [
            {"key": 1, "kind": "message", "wait": 0, "template": texts[0].id, "ways": ["email"],
             "text": None, "only": None, "gone": False},
            {"key": 4, "kind": "message", "wait": 4320, "template": texts[1].id,
             "ways": ["whatsapp", "sms"], "text": None, "only": "no_answer", "gone": False},
            {"key": 2, "kind": "message", "wait": 60, "template": texts[2].id, "ways": ["sms"],
             "text": None, "only": None, "gone": True},
            {"key": 3, "kind": "task", "wait": 2880, "template": None, "ways": [],
             "text": "فون کریں", "only": 'city = "Lahore"', "gone": False},
        ]  # fmt: skip
        rows = [
            self.adds(
                Sequence, name=name, name_key=fold(name), steps=steps, state=state, active=active,
                by_id=self.who(), created_at=self.when(),
            )
            for name, state, active in (
                ("welcome", "running", True), ("خوش آمدید", "paused", True),
                ("old", "stopped", False),
            )
        ]  # fmt: skip
        self.adds(
            SequenceStart, sequence_id=rows[0].id, stage="offer", by_id=self.who(),
            created_at=self.when(),
        )  # fmt: skip
        of_here = select(Segment).where(Segment.workspace_id == self.space.id)
        for segment in self.session.scalars(of_here.order_by(Segment.id)):
            self.adds(
                SequenceStart, sequence_id=rows[0].id, stage=of_segment(segment.id),
                by_id=self.who(), created_at=self.when(),
            )  # fmt: skip
        for number, person in enumerate(people):
            state = ("running", "stopped", "finished")[number % 3]
            began = self.when()
            done = [{"step": 1, "what": "sent", "at": "2026-03-05T10:00:00Z"}]
            done += [{"step": 4, "what": "left_out", "at": "2026-03-08T10:00:00Z", "why": "gap"}]
            run = self.adds(
                SequenceRun, sequence_id=rows[number % 2].id, contact_id=person.id, state=state,
                reason="answered" if state == "stopped" else None, how=("hand", "many")[number % 2],
                by_id=self.who(), started_at=began, since=began + timedelta(days=number),
                round=1 + number % 2, done=done[: number % 3], last_step=number % 3 or None,
                ended_at=None if state == "running" else began + timedelta(days=9),
            )  # fmt: skip
            if number % 6 == 3:
                source = f"sequence:{run.sequence_id}:4:1"
                sent = self.adds(
                    Message, contact_id=person.id, source=source, key=f"{source}/{person.id}/",
                    state="sent", ways="email", by_id=self.who(), planned_at=began,
                    went_at=began + timedelta(days=3), lapses_at=began + timedelta(days=9),
                )  # fmt: skip
                run.message_id = sent.id
                self.session.flush()

    def goals(self) -> None:
        for number, every in enumerate((None, "week", "month")):
            money = number != 1
            self.adds(
                Goal, measure="amount" if money else "activity", kind=None if money else "call",
                target="5000000.5" if money else "25", currency="PKR" if money else None,
                member_id=self.lot.choice([None, self.who()]), every=every,
                first_day=date(2026, 11, 1), last_day=None if every else date(2026, 11, 30),
                by_id=self.who(), active=number != 2, created_at=self.when(),
            )  # fmt: skip
        for number, query in enumerate(('city = "Lahore" and orders >= 2', "silent >= 60d")):
            self.adds(
                Segment, name=f"سیگمنٹ {number}", name_key=f"سیگمنٹ {number}", query=query,
                owner_id=self.who(), shared=number == 1, created_at=self.when(),
            )  # fmt: skip
        self.adds(Feedback, text="بٹن چھوٹے ہیں", at=self.when(), by_id=self.who())
        self.adds(Feedback, text="too\nslow", at=self.when(), by_id=None)
        self.adds(WorkWeek, days="1111110", created_at=AT)
        self.adds(
            WorkWeek, days="0000000", first_day=date(2026, 3, 20), last_day=date(2026, 3, 22),
            name="عید", created_at=AT,
        )  # fmt: skip

    def score_rules(self, field: CustomField) -> None:
        for kind, value, points in (
            ("base", "", 25), ("word", "ٹیکسٹائل", 20), ("city", "Lahore", -10), ("did", "met", 0),
            ("silent", "45", -7), ("amount", "500000", 12), ("own", "A 12", 9),
        ):  # fmt: skip
            number = field.id if kind == "own" else 0
            key = new_rule(kind, value, points, number).name[2]
            self.adds(
                ScoreRule, kind=kind, value=value, points=points, key=key, field_id=number,
                by_id=self.who(), created_at=self.when(),
            )  # fmt: skip

        for at, (kind, value) in enumerate(
            (("city", "لاہور"), ("word", "loom"), ("amount", "500000"), ("all", ""))
        ):
            key = city_key(value) or "" if kind == "city" else fold(value)
            self.adds(
                LeadRule, kind=kind, value=value, key=key, by_id=self.who(),
                member_ids=[each.id for each in self.members[: 1 + at % 3]], created_at=self.when(),
            )  # fmt: skip

    @property
    def _stages(self) -> Select[Any]:
        return select(Stage).where(Stage.workspace_id == self.space.id).order_by(Stage.id)

    def stages(self) -> None:
        rows: list[Stage] = [*self.session.scalars(self._stages)]
        asleep = rows.pop(self.lot.randrange(len(rows)))  # deals stood in it, and still say so
        rows[0].name, asleep.active, rows[2].days = "نیا", False, None
        self.adds(Pipeline, key="export", name="ایکسپورٹ", position=1, active=True)
        for place, key in enumerate(("lead_2", "offer")):
            own = {"name": "Offer" if key == "offer" else None, "pipeline": "export"}
            until = (AT + timedelta(days=9)).isoformat()
            past = [{"name": "Quote", "until": until}] if key == "offer" else None
            self.adds(Stage, key=key, position=place, probability=20, formerly=past, **own)
        self.adds(Stage, key="site_visit", name="Site visit", position=9, probability=66, days=4)

    def fields(self) -> list[CustomField]:
        made = [
            self.adds(CustomField, key=key, name=name, subject=subject, kind=kind, choices=choices)
            for key, name, subject, kind, choices in (
                ("ntn", "NTN", None, "text", None),
                ("looms", "کھڈیاں", "company", "number", None),
                ("size_2", "Size", "contact", "choice", ["small", "بڑا"]),
            )
        ]
        gone = {"key": "old", "name": "Old", "kind": "text", "active": False}
        self.adds(CustomField, **gone, subject=None)
        return made

    def labels(self) -> None:
        """Why deals ended and where they came from; one of them went into another."""
        self.reasons = [
            self.adds(Label, kind="lost", key="price", name=None),
            self.adds(Label, kind="lost", key="rate", name="Rate zyada", also=["mehnga bohat"]),
            self.adds(Label, kind="won", key="price", name="Munasib daam", active=False),
        ]
        self.reasons[1].into_id = self.reasons[0].id
        self.sources = [
            self.adds(
                Label,
                kind="source",
                key="karachi_expo",
                name="Karachi expo",
                cost_minor=45050,
                cost_currency="PKR",
            ),
            self.adds(Label, kind="source", key="referral", name=None),
        ]

    def company(self, name: str, fields: list[CustomField]) -> Company:
        row: Company = self.adds(
            Company, **name_keys(name), city=self.lot.choice(CITIES), source="expo",
            phone=self.phone(), email=f"info{self.lot.randrange(10**6)}@firm.example",
            owner_id=self.lot.choice([None, self.who()]), created_at=self.when(),
        )  # fmt: skip
        for field in fields[:2]:
            self.value(field, company_id=row.id)
        return row

    def phone(self) -> str:
        return f"+92300{self.lot.randrange(10**6, 10**7)}"

    def value(self, field: CustomField, **whose: int) -> None:
        if self.lot.random() < 0.6:
            said = str(self.lot.randrange(1000))
            both = {"contact_id": None, "company_id": None, **whose}
            self.adds(CustomValue, field_id=field.id, value=said, value_key=said, **both)

    def person(self, firms: list[Company], fields: list[CustomField], number: int) -> Contact:
        name = f"{self.lot.choice(FIRSTS)} {self.lot.choice(LASTS)}"
        firm = self.lot.choice([*firms, None])
        private = number % 9 == 0
        row: Contact = self.adds(
            Contact, **name_keys(name), company_id=firm.id if firm else None,
            title=self.lot.choice([None, "Buyer", "منیجر"]), city=self.lot.choice(CITIES),
            source=self.lot.choice([None, "referral"]), private=private, created_at=self.when(),
            owner_id=self.who() if private else self.lot.choice([None, self.who()]),
        )  # fmt: skip
        self.space.keeps_private = True
        for _ in range(self.lot.randrange(4)):
            row.reach_by("phone", self.phone())
        for at in range(self.lot.randrange(3)):
            row.reach_by("email", f"p{number}.{at}@mail.example")
        row.tag(*self.lot.sample(["vip", "عید", "dealer"], self.lot.randrange(3)))
        for field in (fields[0], fields[2]):
            self.value(field, contact_id=row.id)
        row.language = self.lot.choice([None, "ur", "roman"])
        for at in range(self.lot.randrange(3)):
            self.adds(
                Consent, contact_id=row.id, channel=("email", "whatsapp")[number % 2],
                granted=not at, at=AT - timedelta(hours=9 - at, microseconds=number), how="said",
                by_id=self.who(), words="agreed",
            )  # fmt: skip
        self.session.flush()
        return row

    def merges(self, people: list[Contact]) -> None:
        """Some were in twice, under another name."""
        for _ in range(3):
            gone = people.pop(self.lot.randrange(1, len(people)))
            open_ones = [each for each in people if not each.private and not gone.private]
            if open_ones:
                fold_into(self.session, self.lot.choice(open_ones), gone)

    def product(self, number: int) -> Product:
        name = f"{self.lot.choice(['Roll', 'کریٹ', 'Yarn'])} {number}"
        row: Product = self.adds(
            Product, name=name, name_key=name_keys(name)["name_key"], code=f"P-{number}",
            price_minor=self.lot.randrange(10**6), currency=self.lot.choice(["PKR", "USD", "JPY"]),
            unit="roll", category="cloth", note=self.lot.choice([None, *TEXTS]),
            active=number != 3, more={"Series": "GT"} if number % 2 else None, created_at=AT,
        )  # fmt: skip
        return row

    def lines(self, goods: list[Product], **whose: int) -> None:
        for position, product in enumerate(self.lot.sample(goods, self.lot.randrange(3))):
            own = {"order_id": None, "deal_id": None, **whose, "position": position}
            self.adds(
                LineItem, **own, product_id=product.id, name=product.name,
                quantity=self.lot.choice(["2", "1.5", None]), price_minor=product.price_minor,
                currency=product.currency, unit=self.lot.choice([None, "roll"]),
                discount=self.lot.choice([None, "10", "2.5"]),
            )  # fmt: skip

    def deal(self, person: Contact | None, firm: Company, goods: list[Product]) -> None:
        status = self.lot.choice(["open", "won", "lost"])
        stages: Iterable[Stage] = self.session.scalars(self._stages)
        keys = [each.key for each in stages if each.active or status != "open"]
        first, stage = self.lot.choice(keys), self.lot.choice(keys)
        made, has_sum = self.when(), self.lot.random() < 0.8
        source = self.lot.choice([*self.sources, None])
        row: Deal = self.adds(
            Deal, title=self.lot.choice([None, "40 rolls", "سوتی کپڑا"]),
            contact_id=person.id if person else None,
            company_id=self.lot.choice([firm.id, None]) if person else firm.id,
            quantity=self.lot.choice([None, "40"]),
            amount_minor=self.lot.randrange(10**9) if has_sum else None,
            currency=self.lot.choice(["PKR", "USD"]) if has_sum else None,
            stage=stage, status=status, created_at=made,
            reason="too dear, قیمت" if status == "lost" else None,
            reason_id=self.lot.choice(self.reasons[:2]).id if status == "lost" else None,
            source=source.name or "ریفرل" if source else None,
            source_id=source.id if source else None, counted=has_sum and self.lot.random() < 0.5,
            close_day=self.lot.choice([None, date(2026, 5, 4)]), owner_id=self.who(),
            closed_at=None if status == "open" else made + timedelta(days=9),
            more=self.lot.choice([None, {"Pipeline": "Exports", "امکان": "80"}]),
        )  # fmt: skip
        moves = [
            (first, "open", made),
            *([(stage, status, row.closed_at)] if row.closed_at else []),
        ]
        for its, how, at in moves:
            self.adds(DealMove, deal_id=row.id, stage=its, status=how, at=at, by_id=self.who())
        self.lines(goods, deal_id=row.id)
        if person and self.lot.random() < 0.5:
            role = self.lot.choice([None, "decision_maker", "منشی"])
            self.adds(DealContact, deal_id=row.id, contact_id=person.id, role=role)
        self.deals.append(row)

    def order(self, person: Contact, firm: Company, goods: list[Product]) -> None:
        at = self.when()
        row: Order = self.adds(
            Order, number=f"SO-{self.lot.randrange(999)}", contact_id=person.id,
            company_id=self.lot.choice([firm.id, None]), amount_minor=self.lot.randrange(10**8),
            currency="PKR", status=self.lot.choice([None, "paid"]), at=at, on_day=at.date(),
            owner_id=self.who(), note=self.lot.choice([None, *TEXTS]), created_at=at,
            more=self.lot.choice([None, {"Gate pass": "77"}]),
        )  # fmt: skip
        self.lines(goods, order_id=row.id)

    def contract(self, person: Contact, firm: Company) -> None:
        at, renewals = self.when(), self.lot.randrange(4)
        gone = self.lot.random() < 0.3
        self.adds(
            Contract, title=self.lot.choice([None, "Service"]), contact_id=person.id,
            company_id=self.lot.choice([firm.id, None]), amount_minor=self.lot.randrange(10**8),
            currency="PKR", months=self.lot.choice([1, 12, 18]), owner_id=self.who(),
            began_on=self.lot.choice([None, date(2024, 2, 29)]), renews_on=date(2027, 3, 1),
            renewals=renewals, known_renewals=self.lot.randrange(renewals + 1),
            status="cancelled" if gone else "running",
            ended_on=date(2026, 10, 1) if gone else None,
            reason=self.lot.choice(TEXTS) if gone else None, created_at=at,
            more=self.lot.choice([None, {"Gate pass": "77"}]),
        )  # fmt: skip

    def activity(self, person: Contact | None, firm: Company) -> None:
        at = self.when()
        self.adds(
            Activity, kind=self.lot.choice(["call", "note", "visit", "email"]),
            contact_id=person.id if person else None, company_id=None if person else firm.id,
            text=self.lot.choice([None, *TEXTS]), at=at, on_day=at.date() + timedelta(days=1),
            by_id=self.who(), more=self.lot.choice([None, {"Duration": "3 min"}]),
        )  # fmt: skip

    def task(self, person: Contact | None) -> None:
        day = date(2026, 12, self.lot.randrange(1, 29))
        due = self.lot.choice([None, Due(day), Due(day, AT.time())])
        task: Task = self.adds(
            Task, text=self.lot.choice(TEXTS), contact_id=person.id if person else None,
            deal_id=self.lot.choice([None, self.lot.choice(self.deals).id]),
            company_id=None, zone=self.lot.choice(["Asia/Karachi", "Europe/London"]),
            every=self.lot.choice([None, "month", "weekday:fri"]) if due else None,
            owner_id=self.who(), created_at=self.when(),
        )  # fmt: skip
        task.plan(due)
        if not task.every and self.lot.random() < 0.4:
            task.done(at=self.when())
        elif task.every and due:
            task.first_day = day - timedelta(days=60)


def leaves(session: Session, space: Workspace) -> list[dict[str, Any]]:
    return json.loads(json.dumps(list(records(session, [space], list(KINDS)))))  # type: ignore[no-any-return]


def plain(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what numbers it here."""

    def bare(each: Any) -> Any:
        if isinstance(each, list):
            return [bare(one) for one in each]
        if not isinstance(each, dict):
            return each
        return {k: bare(v) for k, v in each.items() if k != "id" and not k.endswith("_id")}

    return [bare(each) for each in told]


def an_empty_one(session: Session, name: str) -> tuple[Workspace, Member]:
    space = Workspace(name=name, currency="PKR", region="PK", timezone="Asia/Karachi",
                      language="en", created_at=AT)  # fmt: skip
    session.add(space)
    session.flush()
    with within(session, space.id):
        begin_pipeline(session, space.id)
        member = Member(workspace_id=space.id, name="Sara", role="owner", created_at=AT)
        session.add(member)
        session.flush()
    return space, member


def as_file(told: list[dict[str, Any]], lot: random.Random) -> Iterator[dict[str, Any]]:
    """Written as lines, in any order of kinds, and read as any file is."""
    lines = [json.dumps(each, ensure_ascii=False) for each in told]
    for kind in lot.sample(list(KINDS), len(KINDS)):
        mine = "\n".join(line for line in lines if json.loads(line)["type"] == kind)
        if mine:
            for each in read(io.BytesIO(mine.encode()), f"{kind}.jsonl", Asked("PK")):
                assert isinstance(each, dict), each
                yield json.loads(json.dumps(each))


def comes_in(
    session: Session, space: Workspace, member: Member, told: list[dict[str, Any]]
) -> tuple[Report, Turn]:
    turn = Turn(workspace_id=space.id, member_id=member.id, chat_id=0, at=AT, said="import x")
    session.add(turn)
    session.flush()
    try:
        some = sorted(told, key=lambda each: FIRST.index(each["type"]))
        return Intake(session, space, member, turn.id, AT).take_in(some), turn
    finally:
        session.info.pop("turn", None)


@pytest.mark.parametrize("seed", range(8))
def test_a_workspace_comes_back_whole(
    chat: Conversation, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 2000 if seed % 2 else 7)
    with chat.database.transaction() as session:
        space, _ = an_empty_one(session, "theirs")
        with within(session, space.id):
            World(session, space, seed).fills()
            told = leaves(session, space)
        assert {each["type"] for each in told} == set(KINDS)
        assert any(each.get("also_called") for each in told)
        other, member = an_empty_one(session, "ours")
        with within(session, other.id):
            lot = random.Random(seed)
            file = list(as_file(told, lot))
            report, turn = comes_in(session, other, member, file)
            assert report.refused == []
            back = leaves(session, other)
            for kind in KINDS:
                was, now = ([e for e in plain(some) if e["type"] == kind] for some in (told, back))
                assert now == was, kind
            again, _ = comes_in(session, other, member, file)
            assert (again.of("new"), again.of("updated")) == (0, 0)
            assert leaves(session, other) == back
            assert history.undo(session, turn, 0) == 0
            left = {table.name for table in Base.metadata.sorted_tables
                    if "version" in table.c and session.execute(
                        select(table.c.id).where(table.c.workspace_id == other.id).limit(1)
                    ).first()}  # fmt: skip
            assert left <= {"member", "pipeline", "stage"}


def test_what_comes_from_a_file_sends_nothing(chat: Conversation) -> None:
    with chat.database.transaction() as session:
        space, _ = an_empty_one(session, "theirs")
        with within(session, space.id):
            world = World(session, space, 5)
            text = world.adds(
                MessageTemplate, name="Eid", name_key="eid", versions={"en": {"text": "hi"}},
                by_id=world.who(), created_at=AT,
            )  # fmt: skip
            run = world.adds(
                Campaign, name="Eid", name_key="eid", template_id=text.id, audience="customer",
                told="customers", ways="email", held=0, within=14, state="running",
                by_id=world.who(), created_at=AT, started_at=AT,
            )  # fmt: skip
            draft = world.adds(
                Campaign, name="Draft", name_key="draft", template_id=text.id, audience="customer",
                told="customers", ways="email", held=0, within=14, state="draft",
                by_id=world.who(), created_at=AT,
            )  # fmt: skip
            for number, (source, state) in enumerate((
                (run.source, "planned"), (run.source, "posted"), ("hand", "planned"),
            )):  # fmt: skip
                person = world.adds(
                    Contact, name=f"P {number}", name_key=f"p {number}", sound_key=f"p{number}",
                    owner_id=world.who(), created_at=AT,
                )  # fmt: skip
                world.message(person, source, "", state, text.id)
            session.execute(
                update(Message).where(Message.workspace_id == space.id).values(due_at=AT)
            )
            told = leaves(session, space)
        assert [each["name"] for each in told if each["type"] == "campaign"] != [draft.name]
        other, member = an_empty_one(session, "ours")
        with within(session, other.id):
            report, _ = comes_in(session, other, member, list(as_file(told, random.Random(5))))
            assert report.refused == []
            ran = session.scalars(select(Campaign).where(Campaign.workspace_id == other.id)).one()
            assert (ran.name, ran.state) == ("Eid", "paused")
            come = session.scalars(
                select(Message).where(Message.workspace_id == other.id).order_by(Message.id)
            ).all()
            assert {row.due_at for row in come} == {None}
            what = sorted((row.source.partition(":")[0], row.state, row.reason) for row in come)
            assert what == [
                ("campaign", "planned", "paused"), ("campaign", "unknown", "may_have_arrived"),
                ("hand", "dropped", "stopped"),
            ]  # fmt: skip
            assert {row.source for row in come} == {ran.source, "hand"}
            later = AT + timedelta(days=30)
            assert go_on(session, ran, later) == 1


def test_an_export_that_comes_back_to_its_own_workspace_changes_nothing(
    chat: Conversation,
) -> None:
    with chat.database.transaction() as session:
        space, member = an_empty_one(session, "theirs")
        with within(session, space.id):
            World(session, space, 3).fills()
            told = leaves(session, space)
            report, _ = comes_in(session, space, member, list(as_file(told, random.Random(3))))
            assert (report.of("new"), report.refused) == (0, [])
            assert leaves(session, space) == told
