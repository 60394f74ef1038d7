"""One import: all its records in one transaction, as one turn of the member who brings them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.given import FileSorter
from handlers.intake.agreed import Agreed
from handlers.intake.campaigns import Campaigns
from handlers.intake.companies import Companies
from handlers.intake.consents import Consents
from handlers.intake.contracts import Contracts
from handlers.intake.fields import Fields
from handlers.intake.goods import Goods
from handlers.intake.labels import Labels
from handlers.intake.links import Links
from handlers.intake.notes import Notes
from handlers.intake.people import People
from handlers.intake.prints import fresh, keep_prints, ours
from handlers.intake.rates import RatesIn
from handlers.intake.report import Report
from handlers.intake.said import Owners, text
from handlers.intake.selection import Selection
from handlers.intake.sequences import SequencesIn
from handlers.intake.stages import Stages
from handlers.intake.tasks import Tasks
from handlers.intake.team import Team
from handlers.intake.tickets import Tickets
from handlers.intake.whom import Abouts
from handlers.intake.work import Work
from language.folding import fold
from storage.bulk import Bulk
from storage.fill import Fill
from storage.models import Former, Member, Workspace
from storage.queries import setting
from storage.survey import Survey

AT_ONCE = 2000
"""Records that are looked up and written together."""

Record = Mapping[str, Any]
Progress = Callable[[int], None]
"""Hears how many records were taken in so far."""


def nobody(_count: int) -> None:
    return


class Intake:
    """Takes in records for a member, in a transaction that the caller ends, within ``turn_id``.
    ``operator``: by command, on the machine, where all is allowed."""

    def __init__(
        self, session: Session, space: Workspace, member: Member, turn_id: int, now: datetime,
        *, operator: bool = False,
    ) -> None:  # fmt: skip
        self.operator = operator
        session.info["turn"] = turn_id
        self.session, self.space, self.member, self.now = session, space, member, now
        self.report = Report()
        self.bulk = Bulk(session, space.id, turn_id)
        self.fill = Fill(session, space.id, turn_id)
        self.survey = Survey(session)
        self.fields, self.stages = Fields(session, space.id), Stages(session, space.id)
        self.links, self.labels = Links(), Labels(self.bulk)
        self.team = Team(session, space.id, self.links, now)
        who: dict[str, Any] = {"owner_id": member.id, "now": now}
        zones: dict[str, Any] = {"zone": ZoneInfo(space.timezone), "local": ZoneInfo(member.zone)}
        shared = (self.bulk, self.fill)
        self.companies = Companies(*shared, self.fields, self.report, zone=zones["zone"], **who)
        self.sorter = FileSorter(session, space, member, now)
        self.people = People(
            *shared, self.companies, self.fields, self.report, zone=zones["zone"],
            links=self.links, today=now.astimezone(zones["local"]).date(),
            sorter=self.sorter, **who,
        )  # fmt: skip
        self.consents = Consents(self.bulk, zone=zones["zone"], **who)
        self.notes = Notes(self.bulk, by_id=member.id, now=now, local=zones["local"])
        self.abouts = abouts = Abouts(self.bulk, self.companies, self.links, self.report, **who)
        self.goods = Goods(
            self.bulk, self.fill, abouts, self.report, currency=space.currency, **who, **zones
        )
        self.agreements = Contracts(
            self.bulk, abouts, self.report, currency=space.currency, **who, **zones
        )
        self.tasks = Tasks(self.bulk, abouts, self.links, self.report, **who, **zones)
        self.tickets = Tickets(
            self.bulk, abouts, self.links, self.report, zone=zones["zone"], **who
        )
        self.campaigns = Campaigns(
            self.bulk, abouts, self.links, self.report, by_id=member.id, now=now,
            zone=zones["zone"], may=self._may,
        )  # fmt: skip
        self.work = Work(
            self.bulk, abouts, self.stages, self.goods, self.labels, self.links, self.notes,
            self.report, currency=space.currency, **who, **zones,
        )  # fmt: skip

    def take_in(self, records: Iterable[Record], progress: Progress = nobody) -> Report:
        """All records; those of one kind that follow each other are taken in together."""
        taken = 0
        for kind, read in _runs(records):
            some = [self.team.by_id(record) for record in read]
            owners = self.team.owners(some, self.report)
            since = self.bulk.ids(1)[0]
            match kind:
                case "company":
                    self.companies.take_in(self._not_yet(kind, some), owners)
                    self._beside("company", self.companies.placed, since)
                case "contact":
                    self.people.take_in(self._not_yet(kind, some), owners)
                    self._beside("contact", self.people.placed, since)
                    self.consents.take_in(self.people.placed, owners)
                case "deal":
                    self.work.take_in_deals(some, owners)
                case "order":
                    self.goods.take_in_orders(some, owners)
                case "contract":
                    self.agreements.take_in(some, owners)
                case "activity":
                    self.work.take_in_activities(some, owners)
                case "task":
                    self.tasks.take_in(some, owners)
                case "score_rule" | "lead_rule" | "goal" | "segment" | "feedback":
                    self._rules(kind, some, owners)
                case "ticket" | "rating" | "referral":
                    self._service(kind, some, owners)
                case "template" | "campaign" | "message" | "sequence" | "sequence_run":
                    self._written_to_customers(kind, some, owners)
                case _:
                    self._settings(kind, some)
            self.notes.settle()
            self.fill.settle()
            self.session.flush()
            taken += len(some)
            self.survey.after(taken)
            progress(taken)
        self.sorter.tell()
        self.report.stages_made = self.stages.made
        self.report.left_out += self.fields.left_out
        return self.report

    def _rules(self, kind: str, records: Sequence[Record], owners: Owners) -> None:
        """What the team has agreed on, with whose it is."""
        match kind:
            case "score_rule":
                self._selection().take_in_score_rules(records, owners)
            case "lead_rule":
                self._selection().take_in_lead_rules(records, owners)
            case "segment":
                self._agreed().take_in_segments(records, owners)
            case "feedback":
                self._agreed().take_in_feedback(records, owners)
            case _:
                self._agreed().take_in_goals(records, owners)

    def _service(self, kind: str, records: Sequence[Record], owners: Owners) -> None:
        """What became of customers after they bought."""
        match kind:
            case "ticket":
                self.tickets.take_in(records, owners)
            case "rating":
                self.tickets.take_in_ratings(records, owners)
            case _:
                self.tickets.take_in_referrals(records, owners)

    def _written_to_customers(self, kind: str, records: Sequence[Record], owners: Owners) -> None:
        match kind:
            case "template":
                self.campaigns.take_in_templates(records, owners)
            case "campaign":
                self.campaigns.take_in_campaigns(records, owners)
            case "sequence" | "sequence_run":
                self._sequences().take_in(kind, records, owners)
            case _:
                self.campaigns.take_in_messages(records, owners)

    def _settings(self, kind: str, records: Sequence[Record]) -> None:
        """What is nobody's: how the team works, and what it sells."""
        match kind:
            case "pipeline":
                self.stages.take_in_pipelines(records, self.report)
            case "stage":
                self.stages.take_in(records, self.report)
            case "field":
                self.fields.take_in(records, self.report)
            case "label":
                self.labels.take_in(records, self.report)
            case "member":
                self.team.take_in(records, self.report)
            case "product":
                self.goods.take_in_products(records)
            case "week":
                self._agreed().take_in_weeks(records)
            case "rate":
                self._rates_in().take_in(records)
            case _:
                for record in records:
                    self.report.refuse(record, "kind")

    def _rates_in(self) -> RatesIn:
        day = self.now.astimezone(ZoneInfo(self.member.zone)).date()
        return RatesIn(self.bulk, self.report, self._currency, day, may=self._may)

    def _selection(self) -> Selection:
        """Takes in what leads are chosen by."""
        zone = ZoneInfo(self.space.timezone)
        return Selection(
            self.bulk, self.report, by_id=self.member.id, now=self.now, zone=zone, may=self._may
        )

    def _sequences(self) -> SequencesIn:
        """Takes in what customers are written to with."""
        zone = ZoneInfo(self.space.timezone)
        return SequencesIn(
            self.bulk, self.abouts, self.links, self.report, by_id=self.member.id,
            now=self.now, zone=zone, may=self._may,
        )  # fmt: skip

    def _agreed(self) -> Agreed:
        """Takes in what the whole team goes by."""
        zone = ZoneInfo(self.space.timezone)
        return Agreed(
            self.bulk, self.report, by_id=self.member.id, now=self.now, zone=zone, may=self._may
        )

    @property
    def _may(self) -> bool:
        return self.operator or self.member.may("manager")

    @property
    def _currency(self) -> str:
        """The workspace's, in which amounts are told that name none."""
        changed = setting(self.session, self.space.id, "currency")
        return changed.value if changed else self.space.currency

    def _not_yet(self, kind: str, records: Sequence[Record]) -> Sequence[Record]:
        """Without those of a workspace's export that came before, or are this one's own: who is
        who is known there better than their names and numbers tell."""
        if not any(isinstance(record.get("id"), int) for record in records):
            return records
        for number in ours(self.bulk, kind, records):
            self.links.keep(kind, number, number)
        new = list(fresh(self.bulk, kind, records, self.report))
        keep_prints(self.bulk, [key for key, _ in new])
        return [record for _, record in new]

    def _beside(self, kind: str, placed: Sequence[tuple[Record, int]], since: int) -> None:
        """What hangs on contacts or companies that are here now: the ids by which other records
        call them, what was noted of them, and what else they were called before. Those whose number
        is after ``since`` are new."""
        formers: list[dict[str, Any]] = []
        for record, number in placed:
            self.links.keep(kind, record.get("id"), number)
            if record.get("note"):
                whom = (number, None) if kind == "contact" else (None, number)
                self.notes.add(record["note"], *whom)
            if record.get("also_called"):
                for former in self._formers(kind, record["also_called"], number):
                    if number > since:
                        formers.append(former)
                    else:
                        self.fill.part(Former, **former)
            if record.get("private") is True and not self.space.keeps_private:
                self.space.keeps_private = True
        self.bulk.write(Former, formers)

    def _formers(self, kind: str, names: Any, number: int) -> Iterator[dict[str, Any]]:
        """Names of those that were merged into one, where it is not known by them yet."""
        whose = Former.contact_id if kind == "contact" else Former.company_id
        here = select(Former.name_key).where(Former.workspace_id == self.space.id, whose == number)
        there = set(self.session.scalars(here))
        for said in names if isinstance(names, list) else ():
            name = text(said, 200)
            if name and fold(name) and fold(name)[:200] not in there:
                there.add(fold(name)[:200])
                whom = {"contact_id": None, "company_id": None, f"{kind}_id": number}
                yield {**whom, "former_id": self.bulk.ids(1)[0], "name": name,
                       "name_key": fold(name)[:200]}  # fmt: skip


def _runs(records: Iterable[Record]) -> Iterator[tuple[str, list[Record]]]:
    """Records of one kind that follow each other, some thousands at a time."""
    some: list[Record] = []
    for record in records:
        if some and (len(some) == AT_ONCE or record.get("type") != some[0].get("type")):
            yield str(some[0].get("type")), some
            some = []
        some.append(record)
    if some:
        yield str(some[0].get("type")), some
