"""Audiences for advertisers, as their upload files, and where the next rupee brings most."""

from __future__ import annotations

import csv
import io
import logging
from base64 import b64encode
from collections.abc import Iterator

from sqlalchemy import Select

from handlers.advertising_words import query_said
from handlers.book import Chapter
from handlers.reply import Button, Call, File, Line, Part, Reply, Title
from handlers.segment_words import described
from handlers.turn import Ask, Choice, Sorry, Turn
from rules.audiences import FEWEST, PLATFORMS, Upload, slug, upload
from rules.segments import Misread, Node, Test, both, parse, printed
from storage import advertising
from storage.advertising import Reached
from storage.segments import Unknown, members

chapter = Chapter(__name__)

log = logging.getLogger("rabta.export")

_CUSTOMERS = Test("customer", "is")
REASONS = ("no_consent", "opted_out", "no_such_address")
MOST_SOURCES = 12
LARGEST = 2**53


# --- files ----------------------------------------------------------------------------------------


@chapter.command("audience.make", role="manager")
def make(
    turn: Turn,
    platform: str | None = None,
    query: str | None = None,
    told: str | None = None,
    best: bool | None = None,
) -> Reply:
    """A segment as a platform's upload file: those of it who agreed."""
    return _made(turn, "make", platform, query, told, best=bool(best))


@chapter.command("audience.exclude", role="manager")
def exclude(
    turn: Turn,
    platform: str | None = None,
    query: str | None = None,
    told: str | None = None,
    best: bool | None = None,
) -> Reply:
    """The same, of people whom the ads are to leave out."""
    return _made(turn, "exclude", platform, query, told, best=bool(best))


@chapter.command("audience.seed", role="manager")
def seed(
    turn: Turn,
    platform: str | None = None,
    query: str | None = None,
    told: str | None = None,
    best: bool | None = None,
) -> Reply:
    """Customers by what they have brought: people like these are looked for."""
    return _made(turn, "seed", platform or "facebook", query, told, best=bool(best))


def _made(
    turn: Turn, kind: str, platform: str | None, query: str | None, told: str | None, *, best: bool
) -> Reply:
    turn.discreet = True
    node = _whom(turn, query, told, customers=best or kind == "seed" or not told)
    if kind == "exclude" and not (query or told or best):
        raise Sorry("audience_whom")
    if platform not in PLATFORMS:
        choices = tuple(Choice(turn.say(f"platform_{each}"), {"platform": each})
                        for each in PLATFORMS)  # fmt: skip
        raise Ask("ask_platform", "platform", choices=choices)
    there = advertising.reached(turn.session, turn.workspace.id, chosen(turn, node), platform)
    if kind == "seed" or best:
        worth = advertising.brought(
            turn.session, turn.workspace.id, turn.now, turn.workspace.timezone
        )
        there = advertising.valued(there, worth)
        with_value = kind == "seed" and platform == "facebook"
        if best or not with_value:
            there = advertising.best(there, valued=with_value)
    name = turn.voice.told(told or described(turn, node))
    if not there.people:
        raise Sorry("audience_nobody", why=_why(turn, there) or turn.say("out_nobody"), whom=name)
    table = upload(platform, there.persons)
    file = _file(turn, kind, platform, slug(told or ""), table)
    _taken(turn, platform, len(there.people))
    lines = _lines(turn, kind, platform, there, best=best)
    title = turn.say(f"audience_{kind}", platform=turn.say(f"platform_{platform}"), whom=name,
                     n=len(there.people))  # fmt: skip
    again = {"query": printed(node), "told": told, "best": best or None}
    slots = {key: value for key, value in again.items() if value}
    buttons = tuple(
        Button(turn.say(f"platform_{each}"), Call(f"audience.{kind}", {**slots, "platform": each}))
        for each in PLATFORMS
        if each != platform
    )
    return Reply((Title(title), *lines, file), buttons)


def _whom(turn: Turn, query: str | None, told: str | None, *, customers: bool) -> Node:
    """Whom the file is of; where nobody is named, all customers."""
    if query is None and told:
        query = query_said(turn, told)
        if query is None:
            raise Sorry("audience_not_understood", said=told)
    try:
        node: Node = parse(query) if query else _CUSTOMERS
    except Misread:
        raise Sorry("audience_not_understood", said=query or "") from None
    return both((node, _CUSTOMERS)) if customers and node != _CUSTOMERS else node


def chosen(turn: Turn, node: Node) -> Select[int]:
    """The contacts; nobody's private ones, not even one's own, are ever in an audience."""
    try:
        return members(turn.session, turn.workspace.id, node, turn.now, turn.member.zone)
    except Unknown as problem:
        raise Sorry("audience_not_understood", said=problem.said) from None


def _lines(turn: Turn, kind: str, platform: str, there: Reached, *, best: bool) -> Iterator[Part]:
    """Who is left out and why, what the agreement must cover, and how the file is used."""
    if why := _why(turn, there):
        yield Line(turn.say("campaign_left_out", what=why))
    if there.more:
        yield Line(turn.say("audience_more", n=advertising.MOST))
    if best or (kind == "seed" and platform != "facebook"):
        yield Line(turn.say("audience_best"), quiet=True)
    if kind == "seed" and platform == "facebook" and not best:
        yield Line(turn.say("audience_valued", currency=turn.currency), quiet=True)
    if len(there.people) < FEWEST.get(platform, 0):
        yield Line(turn.say("audience_few", n=FEWEST[platform],
                            platform=turn.say(f"platform_{platform}")), quiet=True)  # fmt: skip
    yield Line(turn.say(f"audience_how_{platform}"), quiet=True)
    yield Line(turn.say("audience_purpose", platform=turn.say(f"platform_{platform}")))


def _why(turn: Turn, there: Reached) -> str:
    told = [turn.piece(f"out_{reason}", n=there.left_out[reason])
            for reason in REASONS if there.left_out[reason]]  # fmt: skip
    return turn.voice.beside(*told) if told else ""


def _file(turn: Turn, kind: str, platform: str, name: str, table: Upload) -> File:
    """UTF-8 without a mark before it, which would be taken for a letter of the first column."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.heads)
    writer.writerows(table.rows)
    called = "-".join(filter(None, (platform, "" if kind == "make" else kind, name)))
    data = b64encode(text.getvalue().encode("utf-8")).decode("ascii")
    return File(f"{called}-{turn.today}.csv", "text/csv", data)


def _taken(turn: Turn, platform: str, taken: int) -> None:
    """Who took what is kept with the turn, and stands in the log."""
    turn.note(export={"format": platform, "contact": taken})
    log.info("member %d of workspace %d took %d records", turn.member.id, turn.workspace.id, taken)
