"""Orders as tables have them, a row for each thing that was ordered, put together by number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.intake.said import text
from handlers.intake.sums import lines_in
from language.folding import fold
from language.orgs import Orgs
from language.sheet import lay_out
from rules.lines import number

Record = Mapping[str, Any]

WHO = ("contact", "company", "contact_id", "company_id")


@dataclass
class Gathered:
    """Rows of one order, with their prints."""

    keys: list[str] = field(default_factory=list)
    rows: list[Record] = field(default_factory=list)

    @property
    def record(self) -> Record:
        """The order that they tell of: whom the first row names, the things of all."""
        if len(self.rows) == 1:
            return self.rows[0]
        first = self.rows[0]
        lines = [line for row in self.rows for line in lines_in(row)]
        return {**first, "lines": lines, "amount": self._amount(lines), "row": first.get("row")}

    def _amount(self, lines: Sequence[Mapping[str, Any]]) -> str | None:
        """What stands as its amount: on each row the same, it is that of the whole order; else
        each row's own, and their sum is. None where the prices of its lines say so as well."""
        said = [number(str(row["amount"])) for row in self.rows if row.get("amount")]
        known = [each for each in said if each is not None]
        if not known:
            return None
        its_own = [_worth(line) for line in lines]
        if len(known) == len(its_own) and known == its_own:
            return None
        if len(set(known)) == 1:
            return str(known[0])
        return str(sum(known)) if len(known) == len(self.rows) else str(known[0])


def _worth(line: Mapping[str, Any]) -> Any:
    price, count = number(str(line.get("price") or "")), number(str(line.get("quantity") or "1"))
    return None if price is None or count is None else price * count


def gathered(rows: Iterable[tuple[str, Record]]) -> list[Gathered]:
    """Rows with the same number for the same buyer are one order; a row that names no buyer goes
    with the one before it of that number. What has lines of its own is whole already."""
    found: list[Gathered] = []
    last: dict[str, Gathered] = {}
    for key, row in rows:
        named = text(row.get("number"), 60) if "lines" not in row else None
        there = last.get(named) if named else None
        if there is None or not _same(there.rows[0], row):
            there = Gathered()
            found.append(there)
            if named:
                last[named] = there
        there.keys.append(key)
        there.rows.append(with_company(row))
    return found


def _same(first: Record, row: Record) -> bool:
    if not any(row.get(each) for each in WHO):
        return True
    row = with_company(row)
    return all(fold(str(first.get(each) or "")) == fold(str(row.get(each) or "")) for each in WHO)


def with_company(row: Record) -> Record:
    """A "customer" may be either; one that is called as companies are is one."""
    name = text(row.get("contact"), 200)
    if "lines" in row or row.get("company") or not name:
        return row
    sheet = lay_out(name)
    whole = [
        each for each in Orgs(sheet, set()).find() if (each.i, each.j) == (0, len(sheet.tokens))
    ]
    return {**row, "company": name, "contact": None} if whole else row
