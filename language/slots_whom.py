"""The slots of people: who, how to reach them, their tags and source, whose figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from language.filling import Filling
from language.sheet import Sheet
from language.spotting import Item

_TIES = ("is", "as", "them", "with", "the", "ka", "ko", "mein", "par", "add")
_NO_TAG = (
    "from",
    "to",
    "wala",
    "polite_end",
    "add",
    "change",
    "put",
    "remove",
    "find",
    "show",
    "customer",
    "move",
    "is",
    "in",
    "on",
    "at",
    "for",
    "with",
)
_LED = ("from", "field:source", "on", "of", "by", "via", "the")
_TAGLIKE = ("tag_like", "common", "title_part", "org_end", "city", "export_word")


def read_contact(filling: Filling) -> dict[str, Any]:
    item = filling.who.get("contact")
    if item:
        filling.used["contact"] = item
    return {"contact": item.value if item else None}


def read_company(filling: Filling) -> dict[str, Any]:
    item = filling.who.get("company")
    if item:
        filling.used["company"] = item
    return {"company": item.value if item else None}


def read_tags(filling: Filling) -> dict[str, Any]:
    """Hashtags, and the words after "tag"."""
    tags = [item.value for item in filling.items("tag")]
    sheet = filling.scene.sheet
    for at, end in _places(filling, "field:tag"):
        tags += _after_tag(filling, at, end)
    if filling.group.intent in {"contact.find", "contact.update", "export.send"}:
        found = filling.group.intent != "contact.update"
        tags += [
            sheet.said(at, at + sheet.size(at)).lower()
            for at, _ in _places(filling, "tag_like")
            if (found or sheet.has(at - 1, "as")) and not _commands(filling, at)
        ]
    return {"tags": list(dict.fromkeys(tags))}


def _commands(filling: Filling, at: int) -> bool:
    """Whether a word that may be a tag is the command itself: "export vip customers"."""
    is_file = filling.group.intent == "export.send"
    return is_file and filling.scene.sheet.has(at, "export_word")


def _named(filling: Filling, at: int) -> bool:
    item = filling.scene.inside(at)
    return item is not None and item in filling.who.values()


def _after_tag(filling: Filling, first: int, end: int) -> list[str]:
    """The tag after the word "tag", or before it ("hot tag laga do")."""
    sheet = filling.scene.sheet
    at = first + sheet.size(first)
    while at < end and (_named(filling, at) or sheet.has(at, *_TIES)):
        at += sheet.size(at)
    if at < end - 1 and not sheet.verb_first and sheet.has(at, "polite_end"):
        at += sheet.size(at)  # "ٹیگ کرو vip"
    told = sheet.verb_first and sheet.has(at, "customer") and at + 1 == end
    if at < end and sheet.tokens[at].kind == "word" and (told or not sheet.has(at, *_NO_TAG)):
        j = at + (sheet.size(at) if sheet.has(at, "tag_like") else 1)
        return [sheet.said(at, j).lower(), *_more_tags(sheet, j)]
    return _tag_before(filling, first - 1)


def _more_tags(sheet: Sheet, at: int) -> list[str]:
    """Single words that say nothing else, joined on: "as vip and export"."""
    tags = []
    while sheet.has(at, "and") or sheet.key(at) == ",":
        after = sheet.tokens[at + 1 : at + 3]
        plain = all(sense.startswith(_TAGLIKE) for sense in sheet.senses(at + 1))
        word = bool(after) and after[0].kind == "word" and plain
        if not word or (
            len(after) > 1 and after[1].kind == "word" and not sheet.has(at + 2, "and")
        ):
            break
        tags.append(after[0].text.lower())
        at += 2
    return tags


def _tag_before(filling: Filling, at: int) -> list[str]:
    sheet = filling.scene.sheet
    at -= sheet.has(at, "ka", "mein", "customer")  # "vip ka tag", "wholesale mein tag karo"
    if at < 0 or sheet.tokens[at].kind != "word" or sheet.has(at, *_TIES, "find", "customer"):
        return []
    mark = sheet.covered[at]
    said = sheet.said(mark.i, mark.j) if mark else sheet.tokens[at].text
    return [said.lower()]


def _places(filling: Filling, sense: str) -> Iterator[tuple[int, int]]:
    """Where phrases with a sense begin, and the end of their clause."""
    sheet = filling.scene.sheet
    for clause in filling.group.clauses:
        for at in range(clause.i, clause.j):
            if at in sheet.marks and sheet.has(at, sense):
                yield at, clause.j


def read_city(filling: Filling) -> dict[str, Any]:
    """The city; of one that is left ("Multan se Faisalabad chale gaye") the one moved to."""
    found = filling.items("city")
    sheet = filling.scene.sheet
    stays = [item for item in found if not sheet.has(item.j, "se")]
    moved = filling.group.intent == "contact.update" and len(found) > 1 and bool(stays)
    if not moved:
        return {"city": filling.first("city")}
    filling.used["city"] = stays[0]
    return {"city": stays[0].value}


def read_source(filling: Filling) -> dict[str, Any]:
    """The channel that somebody came by, with "from" or "se" beside it."""
    sheet = filling.scene.sheet
    for at, end in _places(filling, "source_word"):
        j = at + sheet.size(at)
        alone = j == end and (at == 0 or sheet.tokens[at - 1].kind == "mark")
        if alone or sheet.has(at - 1, *_LED) or sheet.has(j, "se", "par", "ka", "mein", "via"):
            item = Item("source", sheet.said(at, j), at, j)
            filling.used["source"] = item
            return {"source": item.value}
    return {}


def read_owner(filling: Filling) -> dict[str, Any]:
    if "mine" in filling.group.shows:
        return {"owner": "me"}
    item = filling.who.get("contact")
    if item:
        filling.used["owner"] = item
    return {"owner": item.value if item else None}
