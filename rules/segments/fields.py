"""What can be asked of a contact: every field, its type, and what narrows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rules.tickets import PRIORITIES

Type = Literal["text", "number", "money", "share", "days", "period", "flag"]
"""``days``: a length of time; ``period``: a day that lies in a period; ``share``: of a hundred."""

OPS: dict[str, tuple[str, ...]] = {
    "text": ("=", "~", "has"),
    "number": ("=", ">=", "<=", ">", "<", "has"),
    "share": ("=", ">=", "<=", ">", "<", "has"),
    "money": ("=", ">=", "<=", ">", "<", "has"),
    "days": (">=", "<=", ">", "<"),
    "period": ("in", "has"),
    "flag": ("is",),
}


@dataclass(frozen=True, slots=True)
class Field:
    """``where``: by what the things that are counted can be narrowed."""

    name: str
    type: Type
    where: tuple[str, ...] = ()


_BOUGHT = ("product", "category", "amount", "period")
_DONE = ("kind", "period")
_DEALT = ("status", "stage", "step", "amount", "product", "category", "period")
_HELPED = ("status", "priority", "period")

FIELDS: dict[str, Field] = {
    each.name: each
    for each in (
        Field("city", "text"),
        Field("country", "text"),
        Field("tag", "text"),
        Field("title", "text"),
        Field("company", "text"),
        Field("source", "text"),
        Field("owner", "text"),
        Field("industry", "text"),
        Field("language", "text"),
        Field("birthday", "period"),
        Field("phone", "text"),
        Field("email", "text"),
        Field("added", "period"),
        Field("field", "text"),
        Field("customer", "flag"),
        Field("orders", "number", _BOUGHT),
        Field("spent", "money", _BOUGHT),
        Field("first_order", "period", _BOUGHT),
        Field("last_order", "period", _BOUGHT),
        Field("activities", "number", _DONE),
        Field("last_activity", "period", _DONE),
        Field("silent", "days"),
        Field("deals", "number", _DEALT),
        Field("deal_value", "money", _DEALT),
        Field("next_step", "flag"),
        Field("tickets", "number", _HELPED),
        Field("journey", "text"),
        Field("at_risk", "flag"),
        Field("lapsed", "flag"),
        Field("loyal", "flag"),
        Field("chance", "share"),
        Field("value", "money"),
        Field("score", "number"),
        Field("consent", "text"),
        Field("opted_out", "text"),
    )
}

WHERE: dict[str, Type] = {
    "product": "text", "category": "text", "kind": "text", "status": "text", "stage": "text",
    "step": "text", "priority": "text", "amount": "money", "period": "period",
}  # fmt: skip
"""The types of what narrows."""

LANGUAGES = {
    "ur": ("urdu", "ur", "اردو"), "en": ("english", "en", "انگریزی", "angrezi"),
    "roman": ("roman urdu", "roman", "رومن اردو"),
}  # fmt: skip
"""Languages in which somebody is written to, by what they are called, in small letters."""

KINDS = ("call", "meeting", "visit", "email", "message", "note")

CLOSED = {
    ("activities", "kind"): KINDS,
    ("deals", "status"): ("open", "won", "lost"),
    ("deal_value", "status"): ("open", "won", "lost"),
    ("deals", "step"): ("some", "none"),
    ("deal_value", "step"): ("some", "none"),
    ("tickets", "status"): ("open", "late", "resolved"),
    ("tickets", "priority"): PRIORITIES,
}  # fmt: skip
"""What alone can stand there, by field and by what narrows it. ``step``: whether a deal has a next
step; ``late``: open, and after the time by which it was to be settled."""

CALLED = {
    "country": ("country", "ملک", "mulk"),
    "industry": ("industry", "sector", "business type", "line of business", "صنعت", "شعبہ",
                 "sanat"),
    "language": ("language", "preferred language", "زبان", "zaban", "zuban"),
    "birthday": ("birthday", "birth date", "birthdate", "date of birth", "dob", "سالگرہ",
                 "تاریخ پیدائش", "salgirah", "saalgirah"),
    "consent": ("consent", "opt in", "opt-in", "marketing consent", "رضامندی", "razamandi"),
}  # fmt: skip
"""Custom fields that are known by what they are called, in small letters."""
