"""What is sold, as it comes in: a price list, orders, and the lines of orders and deals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from handlers.intake.order_rows import Gathered, gathered
from handlers.intake.prints import fresh, keep_prints
from handlers.intake.report import Report
from handlers.intake.said import Owners, moment, owner_of, prose, text
from handlers.intake.sums import is_unread, lines_in, minor, more
from handlers.intake.whom import Abouts
from language.folding import fold, letters
from rules import lines as sums
from rules.lines import Sold
from rules.money import CurrenciesDiffer, Money
from storage.bulk import Bulk
from storage.fill import Fill
from storage.models import LineItem, Order, Product

Record = Mapping[str, Any]


class Goods:
    """Takes in products and orders. A product is known by its code, else by its name, however it
    is spaced."""

    def __init__(
        self, bulk: Bulk, fill: Fill, abouts: Abouts, report: Report,
        *, owner_id: int, now: datetime, zone: ZoneInfo, local: ZoneInfo, currency: str,
    ) -> None:  # fmt: skip
        self.bulk, self.fill, self.abouts, self.report = bulk, fill, abouts, report
        self.owner_id, self.now, self.zone, self.local = owner_id, now, zone, local
        self.currency = currency
        self._known: dict[str, int] | None = None

    def take_in_products(self, records: Sequence[Record]) -> None:
        new: dict[int, dict[str, Any]] = {}
        for record in records:
            name = text(record.get("name"), 200)
            if not name or not letters(name):
                self.report.refuse(record, "no_name")
                continue
            if is_unread(record):
                self.report.refuse(record, "amount")
                continue
            try:
                price = minor(
                    record.get("price"), record.get("currency"), self.currency, "price_minor"
                )
            except ValueError:
                self.report.refuse(record, "amount")
                continue
            said = {
                "code": text(record.get("code"), 60), **price, "unit": text(record.get("unit"), 40),
                "category": text(record.get("category"), 100),
                "note": prose(record.get("note")), "more": more(record),
            }  # fmt: skip
            number = self.called(name, said["code"])
            if number in new:
                new[number] |= {key: each for key, each in said.items() if not new[number][key]}
                self.report.counts["product", "merged"] += 1
                continue
            if number is not None:
                self._fill_in(number, said)
                continue
            made = moment(record.get("created_at"), self.zone) or self.now
            number = self.bulk.ids(1)[0]
            new[number] = {"id": number, "name": name, "name_key": fold(name)[:200], **said,
                           "active": record.get("active", True) is not False,
                           "created_at": made}  # fmt: skip
            self._learn(number, name, said["code"])
        self.bulk.write(Product, list(new.values()))
        self.report.counts["product", "new"] += len(new)

    def _fill_in(self, number: int, said: Mapping[str, Any]) -> None:
        row = self.fill.row("product", number)
        lacking = {key: each for key, each in said.items() if each and not row.get(key)}
        if lacking.get("currency") and "price_minor" not in lacking:
            del lacking["currency"]
        changed = self.fill.columns("product", number, lacking)
        self.report.counts["product", "updated" if changed else "same"] += 1

    def take_in_orders(self, records: Sequence[Record], owners: Owners) -> None:
        new = gathered(fresh(self.bulk, "order", records, self.report))
        about = self.abouts.of([each.record for each in new])
        there = self._numbered([each.record for each in new])
        rows, lines, taken = [], list[Any](), []
        numbers = self.bulk.ids(len(new))
        for number, its_rows, whom in zip(numbers, new, about, strict=True):
            record = its_rows.record
            if not any(whom.values()):
                self._refuse(its_rows, "about_nobody")
                continue
            if any(map(is_unread, its_rows.rows)):
                self._refuse(its_rows, "amount")
                continue
            try:
                if "lines" not in its_rows.rows[0]:
                    self._make_products(record)
                its = list(self.lines(record, order_id=number))
                row = self._order(record, its, owners)
            except ValueError:
                self._refuse(its_rows, "amount")
                continue
            taken += its_rows.keys
            before = there.get(
                (row["number"], whom["contact_id"], whom["company_id"], row["on_day"])
            )
            if before is not None and "lines" not in its_rows.rows[0]:
                self._more_of(before, row, its)
                continue
            rows.append({"id": number, **whom, **row})
            lines += its
        keep_prints(self.bulk, taken)
        self.bulk.write(Order, rows)
        self.bulk.write(LineItem, lines)
        self.report.counts["order", "new"] += len(rows)

    def _refuse(self, rows: Gathered, why: str) -> None:
        for row in rows.rows:
            self.report.refuse(row, why)

    def _numbered(self, records: Sequence[Record]) -> dict[Any, int]:
        """Orders that are here, by number, buyer and day: further rows of them may come."""
        said = {text(each.get("number"), 60) for each in records} - {None}
        if not said:
            return {}
        columns = (Order.number, Order.contact_id, Order.company_id, Order.on_day, Order.id)
        here = select(*columns).where(
            Order.workspace_id == self.bulk.workspace_id, Order.number.in_(sorted(map(str, said)))
        )
        return {tuple(row[:4]): row.id for row in self.bulk.session.execute(here)}

    def _more_of(
        self, number: int, row: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]
    ) -> None:
        """Further lines of an order that is here; one whose amount follows them costs more."""
        session, space = self.bulk.session, self.bulk.workspace_id
        mine = LineItem.workspace_id == space, LineItem.order_id == number
        last = session.scalar(select(func.max(LineItem.position)).where(*mine))
        for place, line in enumerate(lines, (-1 if last is None else last) + 1):
            self.fill.part(LineItem, **{**line, "order_id": number, "position": place})
        order = self.fill.row("order", number)
        more = row["amount_minor"] if row["counted"] else None
        if order["counted"] and more is not None and order["currency"] == row["currency"]:
            self.fill.columns("order", number, {"amount_minor": order["amount_minor"] + more})
        self.report.counts["order", "updated"] += 1

    def _make_products(self, record: Record) -> None:
        """What is sold by a table of orders and not on the price list goes there, without a
        price: what somebody paid once is none."""
        new = []
        for line in lines_in(record):
            name, code = text(line.get("product"), 200), text(line.get("code"), 60)
            if not name or not letters(name) or self.called(name, code):
                continue
            number = self.bulk.ids(1)[0]
            unknown = ("price_minor", "currency", "unit", "category", "note", "more")
            new.append({"id": number, "name": name, "name_key": fold(name)[:200], "code": code,
                        **dict.fromkeys(unknown), "active": True,
                        "created_at": self.now})  # fmt: skip
            self._learn(number, name, code)
        self.bulk.write(Product, new)
        if new:
            self.report.counts["product", "new"] += len(new)

    def _order(
        self, record: Record, lines: Sequence[Mapping[str, Any]], owners: Owners
    ) -> dict[str, Any]:
        """The values of its row. Raises ValueError for an amount that is none."""
        amount = minor(record.get("amount"), record.get("currency"), self.currency, "amount_minor")
        counted = record.get("counted") is True and amount["amount_minor"] is not None
        if amount["amount_minor"] is None and "counted" not in record:
            amount = sum_of(lines)
            counted = amount["amount_minor"] is not None
        at = moment(record.get("at"), self.zone) or self.now
        return {
            "number": text(record.get("number"), 60), **amount, "counted": counted,
            "deal_id": self.abouts.links.of("deal", record.get("deal_id")),
            "status": text(record.get("status"), 40), "at": at,
            "on_day": _day(record.get("day")) or at.astimezone(self.local).date(),
            "owner_id": owner_of(record.get("owner"), owners, self.owner_id),
            "note": prose(record.get("note")),
            "more": more(record),
            "created_at": moment(record.get("created_at"), self.zone) or self.now,
        }  # fmt: skip

    def lines(self, record: Record, **whose: int) -> Iterator[dict[str, Any]]:
        """The rows of its lines. Raises ValueError for a price that is none."""
        for position, line in enumerate(lines_in(record)):
            name = text(line.get("product"), 300)
            yield {
                "order_id": None, "deal_id": None, **whose, "position": position, "name": name,
                "product_id": self.called(name or "", text(line.get("code"), 60)),
                "quantity": text(line.get("quantity"), 40), "unit": text(line.get("unit"), 40),
                "discount": _percent(line.get("discount")),
                **minor(line.get("price"), line.get("currency"), self.currency, "price_minor"),
            }  # fmt: skip

    def called(self, name: str, code: str | None = None) -> int | None:
        """The number of a product on the list."""
        if self._known is None:
            self._known = {}
            here = select(Product.id, Product.name, Product.code).order_by(Product.id.desc())
            rows = here.where(Product.workspace_id == self.bulk.workspace_id)
            for row in self.bulk.session.execute(rows):
                self._learn(row.id, row.name, row.code)
        by_code = self._known.get(f"# {code}") if code else None
        return by_code or (self._known.get(letters(name)) if letters(name) else None)

    def _learn(self, number: int, name: str, code: str | None) -> None:
        known = self._known if self._known is not None else {}
        known[letters(name)] = number
        if code:
            known[f"# {code}"] = number


def sum_of(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the lines come to, where each tells its price and how many."""
    none: dict[str, Any] = {"amount_minor": None, "currency": None}
    sold = []
    for line in lines:
        count = sums.number(line["quantity"] or "1")
        if line["price_minor"] is None or count is None:
            return none
        price = Money(line["price_minor"], line["currency"])
        sold.append(Sold(count, price, sums.number(line["discount"]) or Decimal(0)))
    try:
        found = sums.total(sold)
    except CurrenciesDiffer:
        return none
    return {"amount_minor": found.minor, "currency": found.currency} if found else none


def _percent(said: Any) -> str | None:
    """A discount as it is kept; None for what is none."""
    found = sums.number(str(said)) if said not in (None, "") else None
    return sums.kept(found) if found is not None and 0 < found <= 100 else None


def _day(said: Any) -> date | None:
    try:
        return date.fromisoformat(str(said)[:10])
    except ValueError:
        return None
