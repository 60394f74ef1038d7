"""Companies and products as facts to be counted: how many, and what they have in a field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, not_, select

from rules.counting import Fact
from rules.money import digits
from storage.facets import FIRM, GOODS, Facets
from storage.models import Company, CustomValue, Product
from storage.traits import FIELD, PRICE, Holds

_NEVER = date.min
"""Records have no day that they count for."""


@dataclass(frozen=True, slots=True)
class Records:
    """Which records count: ``only`` and ``but`` as for deals, ``traits`` what their quantities
    must be, ``has`` and ``lacks`` fields with anything and with nothing in them; ``field`` is the
    quantity that is asked for."""

    only: Mapping[str, Sequence[str]]
    but: Mapping[str, Sequence[str]] = field(default_factory=dict)
    traits: Mapping[str, Holds] = field(default_factory=dict)
    has: Sequence[str] = ()
    lacks: Sequence[str] = ()
    field: str | None = None


class RecordFacts:
    """The records of a workspace."""

    def __init__(self, facets: Facets, currency: str) -> None:
        self.facets, self.currency = facets, currency
        self.session, self.workspace_id = facets.session, facets.workspace_id

    def companies(self, wanted: Records, by: str | None = None) -> list[Fact]:
        """Companies, called by the facet ``by``."""
        query = select(Company.id, Company.name, Company.city, Company.source).where(
            Company.workspace_id == self.workspace_id, *self._fit(wanted, self._fits_company)
        )
        return self._facts(query, wanted, self._of_company(by), self._trait_of_companies)

    def products(self, wanted: Records, by: str | None = None) -> list[Fact]:
        """Products, called by name or category."""
        query = select(
            Product.id, Product.name, Product.category, Product.price_minor, Product.currency
        ).where(
            Product.workspace_id == self.workspace_id,
            *self._fit(wanted, lambda kind, values: GOODS[kind].in_(values)),
        )
        column = {"product": "name"}.get(by or "", by)
        return self._facts(
            query, wanted, lambda row: getattr(row, column) if column else None, self._price
        )

    def _facts(
        self,
        query: Select[*tuple[Any, ...]],
        wanted: Records,
        name: Callable[[Any], str | None],
        trait: Callable[[str], Callable[[Any], Fraction | None]],
    ) -> list[Fact]:
        bounds = [(trait(kind), holds) for kind, holds in wanted.traits.items()]
        has = [self._of_company(kind) for kind in wanted.has]
        lacks = [self._of_company(kind) for kind in wanted.lacks]
        asked = trait(wanted.field) if wanted.field else None
        found = []
        for row in self.session.execute(query):
            if not all(holds(value(row)) for value, holds in bounds):
                continue
            if not all(value(row) for value in has) or any(value(row) for value in lacks):
                continue
            called = name(row)
            value = asked(row) if asked else None
            found.append(Fact(row.id, _NEVER, names=(called,) if called else (), trait=value))
        return found

    def _fit(
        self, wanted: Records, fits: Callable[[str, Sequence[str]], ColumnElement[bool]]
    ) -> list[ColumnElement[bool]]:
        yes = [fits(kind, values) for kind, values in wanted.only.items()]
        return yes + [not_(fits(kind, values)) for kind, values in wanted.but.items()]

    def _fits_company(self, kind: str, values: Sequence[str]) -> ColumnElement[bool]:
        if not kind.startswith(FIELD):
            return FIRM[kind].in_(values)
        held = self.facets.held(kind).where(CustomValue.value.in_(values))
        return Company.id.in_(held.with_only_columns(CustomValue.company_id))

    def _of_company(self, kind: str | None) -> Callable[[Any], str | None]:
        """What a company has of a facet."""
        if kind is None:
            return lambda _row: None
        if kind.startswith(FIELD):
            held: dict[int, str] = {row[0]: row[1] for row in self.session.execute(
                self.facets.held(kind)
            )}  # fmt: skip
            return lambda row: held.get(row.id)
        column = FIRM[kind].key
        return lambda row: getattr(row, column)

    def _trait_of_companies(self, kind: str) -> Callable[[Any], Fraction | None]:
        values = self.facets.traits.of_companies(kind)
        return lambda row: values.get(row.id)

    def _price(self, kind: str) -> Callable[[Any], Fraction | None]:
        """The list price in major units, of products that have one in this currency."""
        size = 10 ** digits(self.currency)

        def price(row: Any) -> Fraction | None:
            known = kind == PRICE and row.price_minor is not None and row.currency == self.currency
            return Fraction(row.price_minor, size) if known else None

        return price
