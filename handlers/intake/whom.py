"""With whom deals, orders, activities and tasks are that come in: found by id or name, or made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select

from handlers.intake.companies import Companies
from handlers.intake.links import Links
from handlers.intake.report import Report
from handlers.intake.said import text
from language.sounds import name_keys
from storage.asking import answered, listed, made_once, one_of
from storage.base import Base
from storage.bulk import Bulk
from storage.models import Contact

Record = Mapping[str, Any]
Whom = dict[str, int | None]
"""``contact_id`` and ``company_id``."""


class Abouts:
    """Finds them for many records at a time."""

    def __init__(
        self, bulk: Bulk, companies: Companies, links: Links, report: Report,
        *, owner_id: int, now: datetime,
    ) -> None:  # fmt: skip
        self.bulk, self.companies, self.links, self.report = bulk, companies, links, report
        self.owner_id, self.now = owner_id, now

    def of(self, records: Sequence[Record]) -> list[Whom]:
        linked = [
            (self.links.of("contact", each.get("contact_id")),
             self.links.of("company", each.get("company_id")))
            for each in records
        ]  # fmt: skip
        names = [
            None if link[1] else text(each.get("company"), 200)
            for link, each in zip(linked, records, strict=True)
        ]
        companies = self.companies.ids(names)
        people = [
            None if link[0] else text(each.get("contact"), 200)
            for link, each in zip(linked, records, strict=True)
        ]
        keys = [name_keys(each) if each else None for each in people]
        there = self._called({each["name_key"] for each in keys if each})
        whom: list[Whom] = []
        new: dict[tuple[str, int | None], dict[str, Any]] = {}
        for link, each, named in zip(linked, keys, companies, strict=True):
            number, company = link[0], link[1] or named
            if each and each["name_key"]:
                name = each["name_key"]
                number = there.get((name, company)) or there.get((name, None))
                if number is None:
                    row = new.setdefault((name, company), {**each, "company_id": company})
                    number = row.setdefault("id", self.bulk.ids(1)[0])
            whom.append({"contact_id": number, "company_id": company})
        usual = {"title": None, "city": None, "source": None, "city_key": None}
        made = {"owner_id": self.owner_id, "created_at": self.now}
        self.bulk.write(Contact, [{**usual, **made, **row} for row in new.values()])
        self.report.counts["contact", "new"] += len(new)
        return whom

    def _called(self, names: set[str]) -> dict[tuple[str, int | None], int]:
        """The oldest of each name at each company; under None the oldest of the name at all."""
        session = self.bulk.session
        said = {"space": self.bulk.workspace_id, "me": self.owner_id, "names": listed(names)}
        found: dict[tuple[str, int | None], int] = {}
        for name, company, number in answered(
            session, _named(session.get_bind().dialect.name), said
        ):
            found[name, company] = number
            found[name, None] = min(number, found.get((name, None), number))
        return found


@made_once
def _named(dialect: str) -> Select[Any]:
    table = Base.metadata.tables["contact"]
    rows = select(table.c.name_key, table.c.company_id, func.min(table.c.id))
    here = rows.where(
        table.c.workspace_id == bindparam("space"), one_of(table.c.name_key, "names", dialect)
    )
    mine = or_(~table.c.private, table.c.owner_id == bindparam("me"))
    return here.where(mine).group_by(table.c.name_key, table.c.company_id)
