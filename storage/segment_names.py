"""What a description may name in a workspace: cities, tags, titles, sources, goods, own fields."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.models import Contact, ContactTag, CustomField, CustomValue, Product

MOST = 400
"""Values of a kind that are known."""

_FOR_WORDS = {"rabta_drawn": False}


class SegmentNames:
    """The values that are in use, each kind read off an index from one to the next."""

    def __init__(self, session: Session, space: int) -> None:
        self.session, self.space = session, space

    def tags(self) -> list[str]:
        return self._listed(ContactTag, ContactTag.tag)

    def titles(self) -> list[str]:
        return self._listed(Contact, Contact.title)

    def cities(self) -> list[str]:
        """One way of writing each."""
        keys = self._listed(Contact, Contact.city_key)
        found = []
        for key in keys:
            query = select(Contact.city).where(
                Contact.workspace_id == self.space, Contact.city_key == key
            )
            city = self.session.scalar(query.limit(1), execution_options=_FOR_WORDS)
            if city:
                found.append(city)
        return found

    def sources(self) -> list[str]:
        """All contacts are looked at for it: asked only where a word is not known otherwise."""
        query = select(Contact.source).where(
            Contact.workspace_id == self.space, Contact.source.is_not(None)
        )
        found = self.session.scalars(query.distinct().limit(MOST), execution_options=_FOR_WORDS)
        return [each for each in found if each]

    def goods(self) -> tuple[list[tuple[str, str | None]], list[str]]:
        """Products with their codes, and categories."""
        query = select(Product.name, Product.code, Product.category).where(
            Product.workspace_id == self.space
        )
        rows = self.session.execute(query.limit(MOST)).all()
        categories = sorted({row.category for row in rows if row.category})
        return [(row.name, row.code) for row in rows], categories

    def values(self, field: CustomField) -> list[str]:
        """What stands in a field of the team's own."""
        if field.kind == "choice":
            return list(field.choices or ())
        such = CustomValue.field_id == field.id
        keys = self._listed(CustomValue, CustomValue.value_key, such)
        query = select(func.min(CustomValue.value)).where(
            CustomValue.workspace_id == self.space, such, CustomValue.value_key.in_(keys[:MOST])
        )
        found = self.session.scalars(
            query.group_by(CustomValue.value_key), execution_options=_FOR_WORDS
        )
        return [each for each in found if each]

    def _listed(
        self, kind: Any, column: InstrumentedAttribute[Any], *such: ColumnElement[bool]
    ) -> list[str]:
        """The values of a column that an index leads to, past all rows that have each."""
        within = (kind.workspace_id == self.space, *such)
        if "sight" in self.session.info:  # some rows are others' secret: all are looked at
            query = select(column).where(*within, column.is_not(None)).distinct().limit(MOST)
            return list(self.session.scalars(query, execution_options=_FOR_WORDS))
        values = select(func.min(column)).where(*within).cte("listed", recursive=True)
        value = values.c[0]
        after = select(func.min(column)).where(*within, column > value).scalar_subquery()
        values = values.union_all(select(after).where(value.is_not(None)))
        found = select(values.c[0]).where(values.c[0].is_not(None)).limit(MOST)
        return [each for each in self.session.scalars(found) if each]
