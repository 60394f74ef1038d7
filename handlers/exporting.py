"""What is kept as a file: all of a kind, or what fits a description, as far as one may see it."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, or_

from exchange.writing.tables import Reader, Record, Shape
from handlers.book import Chapter
from handlers.exported import MEDIA, ON_CARDS, bytes_of, label_in, say_in
from handlers.own_fields import fields
from handlers.pipeline import all_stages, stage_name
from handlers.reply import Button, Call, File, Line, Part, Reply, Title
from handlers.stats import days_of
from handlers.turn import Sorry, Turn
from handlers.who import EVERY, called, find_who, nearly_called
from rules.calendar import day_bounds
from rules.reach_keys import city_key
from storage import export
from storage.about import COMPANY, CONTACT, tagged, with_these
from storage.models import Activity, Company, Contact, Deal, Goal, Member, Segment, Task

chapter = Chapter(__name__)

MOST = 5_000
"""Records in a file of the chat: while one is written, on SQLite nobody else is served."""

ALL = "all"
"""What is said for everything at once."""

FILES = {
    "contact": "contacts", "company": "companies", "deal": "deals", "activity": "activities",
    "task": "tasks", "ticket": "tickets", ALL: "rabta",
}  # fmt: skip
KINDS = tuple(FILES)[:-1]
BIG = (*KINDS, "product", "order", "contract", "message")
"""Kinds of which there may be very many; of the others all are told."""

NARROWING = ("contact", "company", "city", "title", "tags", "stage", "status", "period")
"""What is said where not all is meant."""

log = logging.getLogger("rabta.export")


@chapter.command("export.send")
def send(turn: Turn, call: Call, owner: Member | None = None) -> Reply:
    """A file for the member alone, wherever it was asked for."""
    turn.discreet = True
    call = _with_them(turn, call)
    what = str(call.slots.get("what") or _implied(call))
    form = str(call.slots.get("format") or "xlsx")
    apology = form == "vcard" and what not in ON_CARDS
    form = "xlsx" if apology or (what == ALL and form != "jsonl") else form
    kinds = _kinds(call, what, form, owner)
    found: dict[str, list[Record]] = {}
    lines: list[Line] = []
    for kind in kinds:
        conditions = _conditions(turn, kind, call, owner)
        most = MOST // len([each for each in kinds if each in BIG])
        some = export.of_kind(turn.session, turn.workspace.id, kind, conditions, limit=most)
        found[kind] = list(some)
        lines += _left_out(turn, kind, conditions, len(found[kind]), most)
    found = {kind: some for kind, some in found.items() if some}
    if not found:
        raise Sorry("nothing_to_export")
    file = _file(turn, what, form, found)
    _told(turn, form, found)
    said = turn.voice.beside(*_said(turn, call, owner))
    counts = [
        turn.say("exported", what=turn.say(f"table_{kind}"), n=len(some))
        for kind, some in found.items()
        if kind in BIG or len(found) == 1
    ]
    if beside := [kind for kind in found if kind not in BIG and len(found) > 1]:
        names = turn.voice.listed([turn.say(f"table_{kind}") for kind in beside])
        lines.insert(0, Line(turn.say("exported_beside", names=names), quiet=True))
    parts: list[Part] = [
        Title(turn.voice.beside(*counts) if len(counts) > 1 else counts[0]),
        *([Line(said)] if said else []),
        *([Line(turn.say("only_people_vcard"))] if apology else []),
        *lines,
        file,
    ]
    return Reply(tuple(parts), _buttons(turn, call, what, form, found, owner))


def of_segment(turn: Turn, chosen: Select[int], query: str, form: str) -> Reply:
    """The contacts of a segment, for the member alone."""
    turn.discreet = True
    conditions = [Contact.id.in_(chosen)]
    space = turn.workspace.id
    some = export.of_kind(turn.session, space, "contact", conditions, limit=MOST)
    found: dict[str, list[Record]] = {"contact": list(some)}
    if not found["contact"]:
        raise Sorry("nothing_to_export")
    lines = _left_out(turn, "contact", conditions, len(found["contact"]), MOST)
    told = turn.say("exported", what=turn.say("table_contact"), n=len(found["contact"]))
    file = _file(turn, "contact", form, found)
    _told(turn, form, found)
    buttons = tuple(
        turn.button(f"format_{each}_button", "segment.export", query=query, format=each)
        for each in ("xlsx", "csv", "vcard")
        if each != form
    )
    return Reply((Title(told), *lines, file), buttons)


def _kinds(call: Call, what: str, form: str, owner: Member | None) -> tuple[str, ...]:
    """What goes into the file: JSON Lines of everything hold what another Rabta needs to be the
    same, stages and rates and goals, too."""
    if what != ALL:
        return (what,)
    narrowed = owner is not None or any(call.slots.get(name) for name in NARROWING)
    return KINDS if narrowed or form != "jsonl" else tuple(export.KINDS)


def _told(turn: Turn, form: str, found: Mapping[str, Sequence[Record]]) -> None:
    """Who took what is kept with the turn, and stands in the log."""
    counts = {kind: len(some) for kind, some in found.items()}
    turn.note(export={"format": form, **counts})
    taken = sum(counts.values())
    log.info("member %d of workspace %d took %d records", turn.member.id, turn.workspace.id, taken)


def _with_them(turn: Turn, call: Call) -> Call:
    """Whom "his" or "unka" means."""
    if not call.slots.get("of_them"):
        return call
    who = find_who(turn, call)
    return call.with_slots(
        **({name: each for name, each in who.ids.items() if each} if who else {})
    )


def _implied(call: Call) -> str:
    return "deal" if call.slots.get("status") or call.slots.get("stage") else "contact"


def _said(turn: Turn, call: Call, owner: Member | None) -> Iterator[str]:
    """What was asked for, as it was understood."""
    slots = call.slots
    for name in ("contact", "company", "title", "city"):
        if isinstance(slots.get(name), str):
            yield slots[name]
    yield from (f"#{tag}" for tag in slots.get("tags") or ())
    if slots.get("stage"):
        yield stage_name(turn, slots["stage"])
    if slots.get("status"):
        yield turn.say(f"status_{slots['status']}")
    if slots.get("period"):
        yield turn.say(f"period_{slots['period']}")
    if owner:
        yield turn.say("exported_mine") if owner is turn.member else owner.name


def _left_out(
    turn: Turn, what: str, conditions: Sequence[Any], n: int, most: int
) -> Iterator[Line]:
    if n < most:
        return
    total = export.count(turn.session, turn.workspace.id, what, conditions)
    if total > n:
        kind = turn.say(f"table_{what}")
        yield Line(turn.say("exported_too_many", what=kind, most=n, total=total))


def _buttons(
    turn: Turn,
    call: Call,
    what: str,
    form: str,
    found: Mapping[str, Sequence[Record]],
    owner: Member | None,
) -> tuple[Button, ...]:
    """The same in other formats; and where others have some of it, only one's own."""
    if what == ALL:
        return ()
    others = [each for each in ("xlsx", "csv", "vcard") if each != form]
    buttons = [
        Button(turn.say(f"format_{each}_button"), call.with_slots(what=what, format=each))
        for each in others
        if each != "vcard" or what in ON_CARDS
    ]
    owners = {record.get("owner") for record in found[what]} - {None}
    if owner is None and len(owners) > 1 and turn.member.name in owners:
        mine = call.with_slots(what=what, format=form, owner="me")
        buttons.append(Button(turn.say("only_mine_button"), mine))
    return tuple(buttons)


def _file(turn: Turn, what: str, form: str, found: Mapping[str, Sequence[Record]]) -> File:
    voice, space = turn.voice, turn.workspace.id
    keys = [stage.key for stage in all_stages(turn)]
    names = {key: stage_name(turn, key) for key in (*keys, "won", "lost")}
    reader = Reader(
        label_in(voice.words, voice.tongue), voice.zone, say_in(voice.words, voice.tongue, names)
    )
    contacts = found.get("contact", ())
    shape = Shape(
        widest={
            name: max((len(record[name]) for record in contacts), default=0)
            for name in ("phones", "emails")
        },
        fields={
            kind: [field.name for field in fields(turn) if field.subject in (None, kind)]
            for kind in ON_CARDS
        },
        private=any(record["private"] for record in contacts),
    )
    some = {kind: iter(records) for kind, records in found.items()}
    if form == "vcard" and contacts:
        some["contact"] = export.with_notes(turn.session, space, some["contact"])
    data = bytes_of(form, some, shape, reader, rtl=voice.rtl, made_at=turn.local)
    ending, media = MEDIA[form]
    return File(f"{FILES[what]}-{turn.today}.{ending}", media, b64encode(data).decode("ascii"))


# --- which of them ----------------------------------------------------------------------------


def _conditions(turn: Turn, what: str, call: Call, owner: Member | None) -> list[Any]:
    slots = call.slots
    people, companies = _people(turn, slots), _companies(turn, slots)
    conditions: list[Any] = []
    if what == "contact":
        conditions += [] if people is None else [people]
    elif what == "company":
        conditions += [] if companies is None else [companies]
    elif not (people is None and companies is None):
        of_whom = with_these(
            turn.workspace.id,
            CONTACT.id.is_(None) if people is None else people,
            COMPANY.id.is_(None) if companies is None else companies,
        )
        conditions += of_whom[what]
    conditions += _of_its_own(turn, what, slots)
    if what == "goal":
        conditions += _goals(turn)
    if what == "segment":
        conditions.append(or_(Segment.shared, Segment.owner_id == turn.member.id))
    if owner:
        model = export.KINDS[what][0]
        mine = model.by_id if what == "activity" else model.owner_id
        conditions.append(mine == owner.id)
    return conditions


def _goals(turn: Turn) -> Iterator[Any]:
    """Those that the member may see: the team's and their own; a manager all."""
    if not turn.member.may("manager"):
        yield or_(Goal.member_id.is_(None), Goal.member_id == turn.member.id)


def _of_its_own(turn: Turn, what: str, slots: dict[str, Any]) -> Iterator[Any]:
    """How it stands, and when it was."""
    status = slots.get("status")
    if what == "deal" and status:
        yield Deal.status == status
    if what == "deal" and slots.get("stage"):
        yield and_(Deal.stage == slots["stage"], Deal.status == "open")
    if not slots.get("period"):
        return
    first, last = days_of(turn, str(slots["period"]))
    begin, end = day_bounds(first, last, turn.member.zone)
    if what == "activity":
        yield and_(Activity.on_day >= first, Activity.on_day <= last)
    elif what == "task":
        yield and_(Task.due_day >= first, Task.due_day <= last)
    else:
        model = export.KINDS[what][0]
        moment = Deal.closed_at if status in {"won", "lost"} else model.created_at
        yield and_(moment >= begin, moment < end)


def _people(turn: Turn, slots: dict[str, Any]) -> Any:
    """People of this description; None where nothing of it was said."""
    conditions: list[Any] = []
    if slots.get("contact"):
        conditions.append(CONTACT.id.in_(_named(turn, Contact, slots["contact"])))
    if slots.get("company"):
        conditions.append(CONTACT.company_id.in_(_named(turn, Company, slots["company"])))
    if slots.get("city"):
        conditions.append(CONTACT.city_key == city_key(str(slots["city"])))
    if slots.get("title"):
        title = func.lower(CONTACT.title)
        conditions.append(title.contains(str(slots["title"]).lower()[:200], autoescape=True))
    space = turn.workspace.id
    conditions += [CONTACT.id.in_(tagged(space, str(tag))) for tag in slots.get("tags") or ()]
    return and_(*conditions) if conditions else None


def _companies(turn: Turn, slots: dict[str, Any]) -> Any:
    """Companies of this description; None where nothing of it was said, or only people have it."""
    if any(slots.get(name) for name in ("title", "tags")):
        return None
    conditions: list[Any] = []
    if slots.get("company"):
        conditions.append(COMPANY.id.in_(_named(turn, Company, slots["company"])))
    if slots.get("city"):
        conditions.append(COMPANY.city_key == city_key(str(slots["city"])))
    return and_(*conditions) if conditions else None


def _named(turn: Turn, kind: type[Any], said: Any) -> list[int]:
    """Those of that name, or nearly that. Sorry where there is none."""
    if isinstance(said, int):
        return [said]
    rows = called(turn, kind, str(said), most=EVERY) or [
        row for _, row in nearly_called(turn, kind, str(said))
    ]
    if not rows:
        raise Sorry("nobody", name=str(said))
    return [row.id for row in rows]
