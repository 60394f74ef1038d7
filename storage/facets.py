"""By what deals are told apart: who owns them, whose team, which product, sector, month, ...

A facet has a kind ("owner", "product", "month", or ``field:7`` for a custom field) and values by
name. A deal has one value of a facet, none, or several (the products of its lines).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from rules.counting import MONTHS, TIMES
from storage.labels import labels_of, now_called
from storage.models import (
    Company,
    Contact,
    CustomField,
    CustomValue,
    Deal,
    LineItem,
    Member,
    Pipeline,
    Product,
    Stage,
)  # fmt: skip
from storage.traits import FIELD, MOST, Traits

PIPELINE = "pipeline"

Values = dict[str, dict[str, list[str]]]
"""Kind, value, and all that the value is called."""

Named = Callable[[Any, date], tuple[str, ...]]
"""The values of a deal, from its row and the day that it counts for."""

TEAM = {"owner": "name", "manager": "manager", "office": "office"}
SUMMED = {*TEAM, "stage", "outcome", PIPELINE}
"""Facets by which the kept sums tell deals apart."""

GOODS: dict[str, InstrumentedAttribute[Any]] = {
    "product": Product.name, "category": Product.category,
}  # fmt: skip
FIRM: dict[str, InstrumentedAttribute[Any]] = {
    "company": Company.name, "city": Company.city, "source": Company.source,
}  # fmt: skip
PERSON: dict[str, InstrumentedAttribute[Any]] = {
    "contact": Contact.name, "city": Contact.city, "source": Contact.source,
}  # fmt: skip


class Facets:
    """The facets of a workspace's deals."""

    def __init__(self, session: Session, workspace_id: int) -> None:
        self.session, self.workspace_id = session, workspace_id
        self.traits = Traits(session, workspace_id)

    @cached_property
    def members(self) -> Sequence[Member]:
        return self._all(Member)

    def _all(self, kind: type[Any]) -> Sequence[Any]:
        return self.session.scalars(
            select(kind).where(kind.workspace_id == self.workspace_id)
        ).all()

    @cached_property
    def labels(self) -> dict[int, tuple[str, str]]:
        """What reasons and sources count under, by the number of the label: kind and value."""
        now = now_called(labels_of(self.session, self.workspace_id))
        return {
            number: ("source" if label.kind == "source" else "reason", label.name or label.key)
            for number, label in now.items()
        }

    def _labelled(self, kind: str) -> dict[int, str]:
        return {number: value for number, (of, value) in self.labels.items() if of == kind}

    # --- deals of a value -----------------------------------------------------------------------

    def fits(self, kind: str, values: Sequence[str], of: Any = Deal) -> ColumnElement[bool]:
        """Whether a deal has one of these values; ``of``: deals, or what is told of many by
        ``SUMMED`` facets."""
        fits: ColumnElement[bool]
        if column := TEAM.get(kind):
            team = [member.id for member in self.members if getattr(member, column) in values]
            fits = of.owner_id.in_(team)
            return fits
        if kind == "stage":
            fits = of.stage.in_(self._alike(values))
            return fits
        if kind == PIPELINE:
            fits = of.stage.in_([each.key for each in self.stages if each.pipeline in values])
            return fits
        if kind == "reason":
            return self._says(Deal.reason_id, Deal.reason, kind, values)
        if kind in GOODS:
            return exists().where(
                LineItem.workspace_id == self.workspace_id,
                LineItem.deal_id == Deal.id,
                LineItem.product_id == Product.id,
                Product.workspace_id == self.workspace_id,
                GOODS[kind].in_(values),
            )
        if kind.startswith(FIELD):
            held = self.held(kind).where(CustomValue.value.in_(values))
            return Deal.company_id.in_(held.with_only_columns(CustomValue.company_id))
        found: list[ColumnElement[bool]] = []
        if kind in FIRM:
            found.append(Deal.company_id.in_(self._ids(Company, FIRM[kind].in_(values))))
        if kind in PERSON:
            found.append(Deal.contact_id.in_(self._ids(Contact, PERSON[kind].in_(values))))
        if kind == "source":  # that of the deal itself, else of whom it is with
            said = self._says(Deal.source_id, Deal.source, kind, values)
            return or_(said, and_(Deal.source_id.is_(None), Deal.source.is_(None), or_(*found)))
        return or_(*found)

    def _says(
        self,
        number: InstrumentedAttribute[int | None],
        said: InstrumentedAttribute[str | None],
        kind: str,
        values: Sequence[str],
    ) -> ColumnElement[bool]:
        """Whether a label of one of these values was given, or this was said where none was."""
        known = self._labelled(kind)
        numbers = [each for each, value in known.items() if value in values]
        unlabelled = or_(number.is_(None), number.not_in(list(known)))
        return or_(number.in_(numbers), and_(unlabelled, said.in_(values)))

    def _alike(self, keys: Sequence[str]) -> set[str]:
        """These stages with those of the same name in other pipelines: who names one means all."""
        names = {_called(stage) for stage in self.stages if stage.key in keys}
        return {stage.key for stage in self.stages if _called(stage) in names} | set(keys)

    @cached_property
    def stages(self) -> Sequence[Stage]:
        rows: Sequence[Stage] = self._all(Stage)
        return rows

    def _ids(
        self, kind: type[Company | Contact], condition: ColumnElement[bool]
    ) -> Select[*tuple[Any, ...]]:
        return select(kind.id).where(kind.workspace_id == self.workspace_id, condition)

    def held(self, kind: str) -> Select[*tuple[Any, ...]]:
        return select(CustomValue.company_id, CustomValue.value).where(
            CustomValue.workspace_id == self.workspace_id,
            CustomValue.field_id == int(kind.removeprefix(FIELD)),
            CustomValue.company_id.is_not(None),
        )

    # --- values of a deal -----------------------------------------------------------------------

    def columns(self, kind: str | None) -> tuple[str, ...] | None:
        """The columns of deals from which ``namer`` tells their values; None where it takes more
        than these. Of a month it takes none."""
        if kind is None or kind in MONTHS:
            return ()
        if kind in TEAM:
            return ("owner_id",)
        if kind in {"stage", "outcome", PIPELINE}:
            return ("stage",)
        if kind == "reason":
            return ("reason_id", "reason")
        if kind.startswith(FIELD):
            return ("company_id",)
        if kind in {*GOODS, *TIMES}:
            return None
        buyers = ("company_id", "contact_id")
        return (*buyers, "source_id", "source") if kind == "source" else buyers

    def namer(self, kind: str | None) -> Named:
        """How deals are called by a facet; without one they have no names."""
        if kind is None:
            return lambda _row, _day: ()
        if when := TIMES.get(kind):
            return lambda _row, day: (when(day),)
        if column := TEAM.get(kind):
            team = {member.id: getattr(member, column) for member in self.members}
            return lambda row, _day: _some(team.get(row.owner_id))
        if kind == "stage":
            return lambda row, _day: _some(row.stage)
        if kind == PIPELINE:
            ways = {stage.key: stage.pipeline for stage in self.stages}
            return lambda row, _day: _some(ways.get(row.stage))
        if kind == "outcome":  # the stage that it is in, or how it ended
            return lambda row, _day: _some(row.stage if row.status == "open" else row.status)
        if kind == "reason":
            reasons = self._labelled(kind)
            return lambda row, _day: _some(reasons.get(row.reason_id) or row.reason)
        if kind in GOODS:
            sold = self._sold(GOODS[kind])
            return lambda row, _day: tuple(sold.get(row.id, ()))
        if kind.startswith(FIELD):
            held = self._pairs(self.held(kind))
            return lambda row, _day: _some(held.get(row.company_id))
        firms = self._buyers(Company, Deal.company_id, FIRM.get(kind))
        people = self._buyers(Contact, Deal.contact_id, PERSON.get(kind))
        if kind == "source":
            sources = self._labelled(kind)
            return lambda row, _day: _some(
                sources.get(row.source_id)
                or row.source
                or firms.get(row.company_id)
                or people.get(row.contact_id)
            )
        return lambda row, _day: _some(firms.get(row.company_id) or people.get(row.contact_id))

    def _pairs(self, query: Select[*tuple[Any, ...]]) -> dict[int, str]:
        return {row[0]: row[1] for row in self.session.execute(query)}

    def _buyers(
        self,
        kind: type[Company | Contact],
        of_deal: InstrumentedAttribute[int | None],
        column: InstrumentedAttribute[Any] | None,
    ) -> dict[int, str]:
        """What those who have deals have in a column, by id."""
        if column is None:
            return {}
        has_deals = exists().where(Deal.workspace_id == self.workspace_id, of_deal == kind.id)
        query = select(kind.id, column).where(kind.workspace_id == self.workspace_id, has_deals)
        return self._pairs(query)

    def _sold(self, column: InstrumentedAttribute[Any]) -> dict[int, list[str]]:
        """What each deal is about, once each."""
        query = select(LineItem.deal_id, column).where(
            LineItem.workspace_id == self.workspace_id,
            LineItem.deal_id.is_not(None),
            LineItem.product_id == Product.id,
            Product.workspace_id == self.workspace_id,
        )
        sold: dict[int, list[str]] = {}
        for deal, name in self.session.execute(query):
            if name and name not in sold.setdefault(deal, []):
                sold[deal].append(name)
        return sold

    # --- what there is, with deals or without ---------------------------------------------------

    def things(self, kind: str, only: Mapping[str, Sequence[str]]) -> set[str] | None:
        """All values of a facet that go with the ``only`` ones; None where only deals tell."""
        if "source" in (kind, *only) and self._labelled("source"):
            return None
        for known, find in ((TEAM, self._team), (GOODS, self._goods), (FIRM, self._firms)):
            if all(
                each in known or (known is FIRM and each.startswith(FIELD))
                for each in (kind, *only)
            ):
                return find(kind, only)
        return None

    def _team(self, kind: str, only: Mapping[str, Sequence[str]]) -> set[str]:
        """Of those who sell: who has had a deal, or stands in the team's list."""
        sellers = set(self.session.scalars(
            select(Deal.owner_id).where(Deal.workspace_id == self.workspace_id).distinct()
        ))  # fmt: skip
        return {
            name
            for member in self.members
            if member.id in sellers or member.manager or member.office
            if all(getattr(member, TEAM[each]) in values for each, values in only.items())
            if (name := getattr(member, TEAM[kind]))
        }

    def _goods(self, kind: str, only: Mapping[str, Sequence[str]]) -> set[str]:
        query = select(GOODS[kind]).where(Product.workspace_id == self.workspace_id)
        query = query.where(*(GOODS[each].in_(values) for each, values in only.items()))
        return {name for name in self.session.scalars(query) if name}

    def _firms(self, kind: str, only: Mapping[str, Sequence[str]]) -> set[str]:
        """Names of companies, or what these have in a column or field of their own."""
        query = select(Company.id, FIRM.get(kind, Company.name))
        query = query.where(Company.workspace_id == self.workspace_id)
        for each, values in only.items():
            if each.startswith(FIELD):
                held = self.held(each).where(CustomValue.value.in_(values))
                query = query.where(Company.id.in_(held.with_only_columns(CustomValue.company_id)))
            else:
                query = query.where(FIRM[each].in_(values))
        found = self._pairs(query)
        if kind.startswith(FIELD):
            in_field = self._pairs(self.held(kind))
            return {in_field[number] for number in found if number in in_field}
        return {name for name in found.values() if name}

    def price(self, name: str) -> tuple[int, str] | None:
        """What a product costs by the list: minor units and currency."""
        query = select(Product.price_minor, Product.currency).where(
            Product.workspace_id == self.workspace_id, Product.name == name
        )
        row = self.session.execute(query.limit(1)).first()
        return (row[0], row[1]) if row and row[0] is not None and row[1] else None

    # --- what a question may name ---------------------------------------------------------------

    def values(self, companies: Iterable[str], people: Iterable[str]) -> Values:
        """The values that are known here, the first ``MOST`` of each facet; of companies and people
        those that the words may speak of, as ``storage.known`` gives them. Who alone has a first
        name is called by it, too. Numbers are no names."""
        names = [member.name for member in self.members]
        firsts = [name.partition(" ")[0] for name in names]
        found: Values = {
            "owner": {
                name: [name, first] if firsts.count(first) == 1 and len(first) > 2 else [name]
                for name, first in zip(names, firsts, strict=True)
            },
            "manager": _each(member.manager for member in self.members),
            "office": _each(member.office for member in self.members),
            "product": _by_word(self._distinct(Product, Product.name)),
            "category": _each(self._distinct(Product, Product.category)),
            "stage": {stage.key: [stage.name or stage.usual or stage.key] for stage in self.stages},
            PIPELINE: {way.key: [way.name or way.key] for way in self._all(Pipeline) if way.active},
            "reason": _each([*self._labelled("reason").values(), *self._unlabelled(Deal.reason)]),
            "source": _each(self._labelled("source").values()),
            "city": _each(self._listed(Company.city)),
            "company": _each(companies),
            "contact": _each(people),
        }
        for field in self._fields:
            kind = f"{FIELD}{field.id}"
            if field.kind in {"text", "choice"} and kind not in self.quantities:
                held = self.held(kind).with_only_columns(CustomValue.value)
                found[kind] = _each(self.session.scalars(held.distinct().limit(MOST)))
        return {kind: values for kind, values in found.items() if values}

    def own(self) -> dict[str, str]:
        """Facets that the team made itself: the names of custom fields by kind."""
        return {
            kind: field.name
            for field in self._fields
            if (kind := f"{FIELD}{field.id}") not in self.quantities
        }

    @cached_property
    def quantities(self) -> dict[str, str]:
        """Fields that hold nothing but numbers, by kind."""
        return {
            f"{FIELD}{field.id}": field.name
            for field in self._fields
            if self.traits.is_quantity(field)
        }

    @cached_property
    def _fields(self) -> list[CustomField]:
        """Those that companies have."""
        return [
            field for field in self._all(CustomField)
            if field.active and field.subject != "contact"
        ]  # fmt: skip

    def _unlabelled(self, column: InstrumentedAttribute[Any]) -> list[str]:
        """Reasons as they were said, of deals that count under none."""
        return self._listed(column, Deal.reason_id.is_(None))

    def _distinct(self, kind: type[Any], column: InstrumentedAttribute[Any]) -> list[str]:
        query = select(column).where(kind.workspace_id == self.workspace_id, column.is_not(None))
        return list(self.session.scalars(query.distinct().limit(MOST)))

    def _listed(self, column: InstrumentedAttribute[Any], *such: ColumnElement[bool]) -> list[str]:
        """The same by an index that ends with the column: from one value to the next, past all
        rows that have it. Where some rows are others' secret, all are looked at."""
        kind: Any = column.class_
        within = (kind.workspace_id == self.workspace_id, *such)
        if "sight" in self.session.info:
            query = select(column).where(*within, column.is_not(None))
            return list(self.session.scalars(query.distinct().limit(MOST)))
        values = select(func.min(column)).where(*within).cte("listed", recursive=True)
        value = values.c[0]
        after = select(func.min(column)).where(*within, column > value).scalar_subquery()
        values = values.union_all(select(after).where(value.is_not(None)))
        query = select(values.c[0]).where(values.c[0].is_not(None)).limit(MOST)
        return list(self.session.scalars(query))


def _called(stage: Stage) -> str:
    return (stage.name or stage.usual or stage.key).casefold()


def _some(name: str | None) -> tuple[str, ...]:
    return (name,) if name else ()


def _by_word(names: Sequence[str]) -> dict[str, list[str]]:
    """Names, also by a word that only one of them has ("denim", of Denim Fabric)."""
    words = Counter(word for name in names for word in set(name.casefold().split()))
    return {
        name: [name, *(w for w in name.split() if len(w) > 3 and words[w.casefold()] == 1)]
        for name in names
    }


def _each(names: Iterable[str | None]) -> dict[str, list[str]]:
    return {name: [name] for name in names if name and len(name) > 1}
