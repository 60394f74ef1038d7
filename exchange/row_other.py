"""A row as a company, deal, activity or task, order, product or ticket."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from exchange.amounts import read_sum
from exchange.cells import Cells
from exchange.headers import key
from exchange.records import Person, Place, Record
from exchange.regions import region_of
from exchange.row_contact import addresses
from exchange.values import Phones, tidy

_WON = ("closed won", "won", "deal won", "true", "jeet", "جیت")
_LOST = ("closed lost", "lost", "deal lost", "deleted", "abandoned", "haar", "ہار")
_DONE = (
    "done", "completed", "complete", "closed", "yes", "true", "1", "finished", "held", "مکمل",
    "ہو گیا",
)  # fmt: skip
_NO_SUM = ("-", "--", "—", "n/a", "na", "n.a.", "none", "null", "nil", "tbd", "?", "نہیں")
_ADDRESS = re.compile(r" \([^()\s]+@[^()\s]+\)$")
_KINDS = {
    "call": ("call", "phone", "کال", "فون"),
    "meeting": ("meeting", "event", "lunch", "demo", "appointment", "ملاقات", "میٹنگ"),
    "email": ("mail", "ای میل"),
    "message": ("message", "sms", "whatsapp", "chat", "linkedin", "پیغام"),
    "visit": ("visit", "site", "وزٹ"),
}


def other(kind: str, cells: Cells, region: str, place: Place) -> Record:
    """The record of a row of that kind, which is not a contact."""
    told = _SHAPES[kind](cells, region)
    fields: dict[str, str] = told.setdefault("fields", {})
    cells.fields(fields)
    return {**told, "source": place.told()}


def _company(cells: Cells, region: str) -> Record:
    firm = Person(Phones(region_of(cells.peek("country")) or region))
    for said in cells.all("phone"):
        firm.phones.add(said)
    for said in cells.all("email"):
        firm.reach_by_email(said)
    addresses(firm, cells)
    for said in cells.all("website"):
        firm.fields.setdefault("website", tidy(said))
    name = cells.first("name")
    return {
        "type": "company",
        "name": name or None,
        "city": firm.city or None,
        **firm.as_firm(),
        "phones_as_written": firm.phones.written,
        "lead_source": cells.first("lead_source") or None,
        "fields": firm.fields,
        "note": "\n".join(cells.all("note")) or None,
        "owner": cells.first("owner") or None,
        "created_at": cells.moment("created_at"),
        "problems": _problems(no_name=not name, phone=bool(firm.phones.unread)),
    }


def _deal(cells: Cells, _region: str) -> Record:
    amount, currency, unread = _sum(cells, "amount")
    stage, said = cells.first("stage"), cells.first("status").lower()
    status = _status(said) or _status(stage.lower()) or "open"
    close, closed_at = cells.day("close"), cells.moment("closed_at")
    title = cells.first("title")
    whom = _whom(cells)
    return {
        "type": "deal",
        "title": title or None,
        **whom,
        "product": cells.first("product") or None,
        "quantity": cells.first("quantity") or None,
        "amount": amount,
        "currency": currency,
        "stage": stage or None,
        "pipeline": cells.first("pipeline") or None,
        "status": status,
        "reason": cells.first("reason") or None,
        "deal_source": cells.first("lead_source") or None,
        "close": close,
        "note": "\n".join(cells.all("note")) or None,
        "owner": cells.first("owner") or None,
        "created_at": cells.moment("created_at"),
        "closed_at": closed_at or (close if status != "open" else None),
        "problems": _problems(amount=unread, no_name=not (title or any(whom.values()))),
    }


def _whom(cells: Cells) -> dict[str, str | None]:
    """Some write the person's address behind the name: ``Ali Khan (ali@nishat.pk)``."""
    contact = _ADDRESS.sub("", cells.first("contact"))
    return {"contact": contact or None, "company": cells.first("company") or None}


def _status(said: str) -> str | None:
    if said in _WON or said.endswith(" won"):
        return "won"
    return "lost" if said in _LOST or said.endswith(" lost") else None


def _activity(cells: Cells, _region: str) -> Record:
    """What is not done yet is a task."""
    kind, status = cells.first("kind").lower(), cells.first("status").lower()
    header, at, by = cells.header("at"), cells.moment("at"), cells.first("by") or None
    whom = _whom(cells)
    text = "\n".join(dict.fromkeys(cells.all("text"))) or None
    problems = _problems(no_text=not (text or kind), day=at is None)
    ahead = "due" in key(header) if not status else status not in _DONE
    if ahead and not status.startswith("held"):
        due = {"due": at, "every": None, "status": "open", "owner": by}
        return {
            "type": "task",
            "text": text or kind.capitalize() or None,
            **whom,
            **due,
            "problems": problems,
        }
    known = next((name for name, words in _KINDS.items() if any(w in kind for w in words)), "note")
    told = {"type": "activity", "kind": known, **whom, "text": text, "at": at, "by": by}
    return {**told, "problems": problems}


def _order(cells: Cells, _region: str) -> Record:
    amount, currency, unread = _sum(cells, "amount")
    price, its_currency, _ = _sum(cells, "price")
    return {
        "type": "order",
        "number": cells.first("number") or None,
        "contact": cells.first("contact") or None,
        "company": cells.first("company") or None,
        "product": cells.first("product") or None,
        "quantity": cells.first("quantity") or None,
        "price": price,
        "amount": amount,
        "currency": currency or its_currency,
        "status": cells.first("status") or None,
        "at": cells.moment("at"),
        "owner": cells.first("owner") or None,
        "note": "\n".join(cells.all("note")) or None,
        "problems": _problems(amount=unread),
    }


def _ticket(cells: Cells, _region: str) -> Record:
    """Trouble of a customer, as a help desk keeps it."""
    text = "\n".join(dict.fromkeys(cells.all("text")))
    whom = _whom(cells)
    note = "\n".join(cells.all("note"))
    created = cells.moment("created_at")
    return {
        "type": "ticket",
        "number": cells.first("number") or None,
        "text": text or None,
        **whom,
        "status": cells.first("status") or None,
        "priority": cells.first("priority") or None,
        "owner": cells.first("owner") or None,
        "created_at": created,
        "answered_at": cells.moment("answered_at"),
        **({"due_at": due} if (due := cells.moment("due_at")) else {}),
        **({"due_told_at": told} if (told := cells.moment("due_told_at")) else {}),
        "resolved_at": cells.moment("resolved_at"),
        "comments": [{"text": note, "at": created}] if note else [],
        "problems": _problems(no_text=not text),
    }


def _contract(cells: Cells, _region: str) -> Record:
    """``months`` as it was written: "12", "yearly", "2 years"."""
    amount, currency, unread = _sum(cells, "amount")
    return {
        "type": "contract",
        "contact": cells.first("contact") or None,
        "company": cells.first("company") or None,
        "title": cells.first("title") or None,
        "amount": amount,
        "currency": currency,
        "months": cells.first("months") or None,
        "began": cells.day("began"),
        "renews": cells.day("renews"),
        "renewals": cells.first("renewals") or None,
        "known_renewals": cells.first("known_renewals") or None,
        "status": cells.first("status") or None,
        "ended": cells.day("ended"),
        "reason": cells.first("reason") or None,
        "owner": cells.first("owner") or None,
        "created_at": cells.moment("created_at"),
        "note": "\n".join(cells.all("note")) or None,
        "problems": _problems(amount=unread),
    }


def _product(cells: Cells, _region: str) -> Record:
    price, currency, unread = _sum(cells, "price")
    name = cells.first("name")
    return {
        "type": "product",
        "name": name or None,
        "code": cells.first("code") or None,
        "price": price,
        "currency": currency,
        "unit": cells.first("unit") or None,
        "category": cells.first("category") or None,
        "note": "\n".join(cells.all("note")) or None,
        "problems": _problems(no_name=not name, amount=unread),
    }


def _member(cells: Cells, _region: str) -> Record:
    """Somebody of the team."""
    name = cells.first("name")
    return {
        "type": "member",
        "name": name or None,
        "manager": cells.first("manager") or None,
        "office": cells.first("office") or None,
        "problems": _problems(no_name=not name),
    }


def _sum(cells: Cells, slot: str) -> tuple[str | None, str | None, bool]:
    """The sum as a plain number, its currency if any is said, and whether it could not be read."""
    said = cells.first(slot)
    said = "" if said.lower() in _NO_SUM else said
    found = read_sum(said) if said else None
    named = cells.first("currency").upper() or None if slot in {"amount", "price"} else None
    if found is None:
        return None, named, bool(said)
    return f"{found[0]:f}", named or found[1], False


def _problems(**are: bool) -> list[str]:
    return [code for code, is_so in are.items() if is_so]


_SHAPES: dict[str, Callable[[Cells, str], dict[str, Any]]] = {
    "company": _company, "deal": _deal, "activity": _activity, "order": _order,
    "contract": _contract, "product": _product, "member": _member, "ticket": _ticket,
}  # fmt: skip
