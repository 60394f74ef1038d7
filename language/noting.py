"""What is to be remembered of a customer: "Rashid likes tea", "Rashid ka pata Saddar, shop 12";
and that one is there now: "reached Bilal's shop".

One is such a message only where the whole of it is, by the templates of `words/noting.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator

from language.action import Action
from language.sheet import Sheet
from language.templates import likely
from language.whole import bare, customer_at, is_marked, told

HEADINGS = ("noting_fact", "noting_address", "noting_arrived")

_NOTE = frozenset({"note", "notes", "نوٹ"})
"""Whoever writes a note says what it is to be: "note Sara: prefers tea"."""

_MORE = frozenset({",", ";", "،", "؛", "and", "aur", "اور", "but", "lekin", "magar", "لیکن", "مگر"})
"""Where one is in what is liked, something else is said behind it."""

_NO_ADDRESS = frozenset({
    "chala", "chal", "nahi", "nahin", "nai", "na", "karo", "kar", "karna", "kro", "karein", "lagao",
    "laga", "hai", "hain", "kya", "kia", "kahan", "kidhar", "batao", "bata", "bataein", "dikhao",
    "dikha", "chahiye", "bhejo", "bhej", "do", "dein", "de", "not", "wrong", "missing", "unknown",
    "ghalat", "galat", "چلا", "نہیں", "کرو", "کر", "کرنا", "لگاؤ", "ہے", "کیا", "کہاں", "بتاؤ",
    "دکھاؤ", "چاہیے", "بھیجو", "دو", "غلط", "badal", "same", "saved",
})  # fmt: skip
"""With these behind it, "ka pata" tells no address: it is found out, asked for, or not known."""


def read_noting(sheet: Sheet) -> Iterator[Action]:
    """``fact.note`` with whom and the text, ``contact.address`` with whom and the address,
    ``activity.log`` of a visit."""
    if is_marked(sheet):
        return
    for heading in HEADINGS:
        if not likely(sheet, heading):
            continue
        for intent, slots in told(sheet, heading):
            whom = customer_at(sheet, slots["who"])
            if whom is None or sheet.key(slots["who"][0]) in _NOTE:
                continue
            if intent == "activity.log":
                yield Action(intent, {**whom, "kind": "visit"})
                continue
            rest = slots["rest"]
            keys = [sheet.key(at) for at in range(*rest)]
            if intent == "fact.note" and not _MORE.isdisjoint(keys):
                continue
            if intent == "fact.note":
                yield Action(intent, {**whom, "text": bare(sheet.text)})
            elif keys[0] not in _NO_ADDRESS:
                yield Action(intent, {**whom, "text": _address(sheet.said(*rest))})


def _address(said: str) -> str:
    """Without the verb behind it."""
    words = bare(said).split()
    if len(words) > 1 and words[-1].strip(".!۔").casefold() in {"hai", "he", "hy", "ہے"}:
        words.pop()
    return " ".join(words)
