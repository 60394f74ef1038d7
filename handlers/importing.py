"""A file that is sent: what is in it, what it would change, and then all of it at a tap."""

from __future__ import annotations

import base64
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import PurePath
from typing import Any

from exchange.asked import Asked
from exchange.columns import is_named
from exchange.spool import in_order
from exchange.writing.csv_text import csv_of
from exchange.writing.left_out import tables_of
from handlers.book import Chapter
from handlers.given import of_a_file
from handlers.intake import Intake, Refused, Report
from handlers.intake.sums import money
from handlers.own_fields import label_of
from handlers.reply import Call, File, Items, Line, Part, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.upload import Upload, read_upload, unpacked
from storage.heads import keep_heads, known_heads
from storage.models import WaitingFile
from storage.writing import savepoint

chapter = Chapter(__name__)

SHOWN = 3
"""Records of a file that are shown before it is taken in."""

NAMED = 12
"""Fields of its own that are named."""

SLOTS = {
    "phone": "field_phone", "email": "field_email", "name": "field_name", "city": "field_city",
    "company": "field_company", "title": "field_title", "website": "field_website",
    "street": "field_address", "birthday": "field_birthday", "note": "field_note",
    "": "slot_own", "nothing": "slot_nothing",
}  # fmt: skip
"""What a column may be taken for, and the words for it."""

ALWAYS = ("note", "", "nothing")
"""What is offered beside what it looks like."""

MOST_FILES = 5
"""Files with what was left out, of several sheets or kinds."""

TRIED = 2000
"""Records of which is told beforehand how many are new: they are taken in and back out."""

A_SECOND = 2000
"""Records that are taken in within a second, or rather more. All of them are one transaction, and
on SQLite nothing else is written meanwhile, no news of it either: so it is told beforehand how
long it takes, and the same message then tells what came of it."""

KINDS = (
    "contact", "company", "deal", "order", "contract", "activity", "task", "product", "member",
    "rate", "goal", "week", "score_rule", "lead_rule", "ticket", "rating", "referral",
    "segment", "template", "campaign", "message",
)  # fmt: skip


@chapter.command("import.file")
def look(turn: Turn, upload: Any) -> Reply:
    """What is in a file, to be taken in or not."""
    if refused := upload.refused or ("" if upload.records else "nobody"):
        raise _refused(turn, upload, refused)
    waiting = WaitingFile(
        workspace_id=turn.workspace.id,
        member_id=turn.member.id,
        name=upload.name[:200],
        records=upload.packed() if not upload.doubts else b"",
        count=len(upload.records),
        created_at=turn.now,
        data=zlib.compress(upload.data) if upload.doubts else None,
        doubts=[dict(each) for each in upload.doubts] or None,
    )
    turn.session.add(waiting)
    turn.session.flush()
    if upload.doubts:
        return _asked(turn, waiting)
    return _preview(turn, waiting, upload)


def _preview(turn: Turn, waiting: WaitingFile, upload: Upload) -> Reply:
    parts: list[Part] = [Title(turn.say("file_holds", name=waiting.name, what=_what(turn, upload)))]
    if len(upload.records) <= TRIED:
        parts += _outcome(turn, _tried(turn, upload.records))
    else:
        seconds = max(1, round(len(upload.records) / A_SECOND))
        parts.append(Line(turn.say("file_takes", n=seconds), quiet=True))
    parts.append(Items(tuple(islice(_lines(turn, upload.records), SHOWN))))
    if names := _own_names(turn, upload.records):
        parts.append(Line(turn.say("fields_come", names=turn.voice.listed(names)), quiet=True))
    if upload.bad:
        parts.append(Line(turn.say("lines_unread", n=upload.bad), quiet=True))
    go = turn.button("import_button", "import.take", "primary", file=waiting.id)
    return Reply(tuple(parts), (go, turn.button("import_not", "import.drop", file=waiting.id)))


def _refused(turn: Turn, upload: Upload, why: str) -> Sorry:
    """Why it is not read, and what to do instead."""
    if not upload.is_photo:
        return Sorry("file_refused", why=turn.say(f"refused_{why}"), name=upload.name)
    return Sorry(f"photo_{why}" if f"photo_{why}" in turn.voice.words else "photo_failed")


@chapter.command("import.column")
def column(turn: Turn, file: int, head: int, slot: str) -> Reply:
    """What a column of a file that waits means; then the next, or what the file holds."""
    waiting = waiting_file(turn, file)
    doubts = waiting.doubts or []
    if waiting.data is None or not 0 <= head < len(doubts):
        raise Sorry("file_gone")
    header = str(doubts[head]["header"])
    waiting.chosen = {**(waiting.chosen or {}), header: slot}
    if is_named(header):
        keep_heads(turn.session, turn.workspace.id, {header: slot})
    if len(waiting.chosen) < len(doubts):
        return replace(_asked(turn, waiting), replaces=True)
    known = known_heads(turn.session, turn.workspace.id)
    asked = Asked(turn.workspace.region, chosen={**known, **waiting.chosen})
    upload = read_upload(waiting.name, zlib.decompress(waiting.data), asked)
    if refused := upload.refused or ("" if upload.records else "nobody"):
        raise _refused(turn, upload, refused)
    waiting.records, waiting.count, waiting.data = upload.packed(), len(upload.records), None
    turn.session.flush()
    return replace(_preview(turn, waiting, upload), replaces=True)


def _asked(turn: Turn, waiting: WaitingFile) -> Reply:
    """What is the next column of which nobody has said it yet?"""
    doubts, chosen = waiting.doubts or [], waiting.chosen or {}
    at = next(at for at, each in enumerate(doubts) if each["header"] not in chosen)
    likely = str(doubts[at]["likely"])
    slots = dict.fromkeys([*([likely] if likely in SLOTS else []), *ALWAYS])
    parts: list[Part] = [
        Title(turn.say("column_what", name=doubts[at]["header"], file=waiting.name)),
        Items(tuple(str(each) for each in doubts[at]["examples"])),
    ]
    if len(doubts) > 1:
        parts.append(Line(turn.say("column_of", n=at + 1, all=len(doubts)), quiet=True))
    buttons = (
        turn.button(
            SLOTS[slot], "import.column", "primary" if slot == likely else "plain",
            file=waiting.id, head=at, slot=slot,
        )
        for slot in slots
    )  # fmt: skip
    return Reply(tuple(parts), tuple(buttons))


@chapter.command("import.take")
def take(turn: Turn, file: int) -> Reply:
    """Take in all of a file that waits."""
    waiting = waiting_file(turn, file)
    intake = _intake(turn)
    report = intake.take_in(in_order(unpacked(waiting.records)))
    waiting.taken_by, waiting.records = turn.id, b""
    turn.forget()
    turn.note(file=waiting.name)
    changed = report.of("new") + report.of("updated")
    title = Title(turn.say("file_taken" if changed else "file_was_here", name=waiting.name))
    parts: list[Part] = [title, *_outcome(turn, report), *_told(turn, report)]
    parts += [Line(line, quiet=True) for line in of_a_file(turn, intake.sorter)]
    if report.refused:
        parts += [Line(turn.say("left_out_again"), quiet=True)]
        parts += _refused_files(turn, report.refused)
    return Reply(tuple(parts), (turn.undo(),) if changed else ())


@chapter.command("import.drop")
def drop(turn: Turn, file: int) -> Reply:
    """Let a file go."""
    waiting = waiting_file(turn, file)
    waiting.taken_by, waiting.records = turn.id, b""
    return Reply((Line(turn.say("file_let_go", name=waiting.name)),), replaces=True)


def waiting_file(turn: Turn, number: int, gone: str = "file_gone") -> WaitingFile:
    """The member's own file. Sorry where it is taken in already, or was let go."""
    row = turn.session.get(WaitingFile, (turn.workspace.id, number), with_for_update=True)
    if row is None or row.member_id != turn.member.id or row.taken_by is not None:
        raise Sorry(gone)
    return row


def _intake(turn: Turn) -> Intake:
    return Intake(turn.session, turn.workspace, turn.member, turn.id, turn.now)


def _tried(turn: Turn, records: Sequence[Mapping[str, Any]]) -> Report:
    """What would come of it; nothing of it stays."""
    trial = savepoint(turn.session)
    try:
        return _intake(turn).take_in(in_order(records))
    finally:
        trial.rollback()
        turn.session.info.pop("noted", None)
        turn.session.expire_all()


# --- told -----------------------------------------------------------------------------------------


def _what(turn: Turn, upload: Upload) -> str:
    """``120 contacts and 3 companies``."""
    counts = Counter(str(record.get("type")) for record in upload.records)
    told = [turn.say(f"n_{kind}", n=counts.pop(kind)) for kind in KINDS if counts.get(kind)]
    rest = sum(counts.values())
    return turn.voice.listed([*told, *([turn.say("n_record", n=rest)] if rest else [])])


def _outcome(turn: Turn, report: Report) -> list[Part]:
    """How many are new, filled in, here already, refused; nothing for none."""
    told = [
        turn.say(f"import_{how}", n=number)
        for how in ("new", "updated", "merged", "same", "refused")
        if (number := report.of(how))
    ]
    return [Line(turn.voice.beside(*told))] if told else []


def _told(turn: Turn, report: Report) -> Iterable[Line]:
    """What is worth knowing beside the figures."""
    if report.unknown_owners:
        names = turn.voice.listed(report.unknown_owners[:5])
        yield Line(turn.say("owners_by_name", names=names), quiet=True)
    if report.stages_made:
        names = turn.voice.listed(report.stages_made[:5])
        yield Line(turn.say("stages_came", names=names), quiet=True)
    if report.left_out:
        names = turn.voice.listed([name for name, _ in report.left_out.most_common(5)])
        yield Line(turn.say("fields_left_out", names=names), quiet=True)
    whys = Counter(each.why for each in report.refused)
    for why, number in whys.most_common():
        yield Line(f"{turn.say(f'unfit_{why}')}: {turn.voice.show(number)}", quiet=True)


def _lines(turn: Turn, records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Records in short, as one would say them; without those that say nothing."""
    kinds = ("city", "stage", "text", "rate", "base", "day")
    for record in records:
        about = (record.get(key) for key in ("name", "title", "contact", "company"))
        first = ((record.get(key) or ())[:1] for key in ("phones", "emails"))
        more = (_sum(turn, record), *(record.get(key) for key in kinds))
        if said := [
            str(each)[:80] for each in (*about, *chain.from_iterable(first), *more) if each
        ]:
            yield turn.voice.beside(*said)


def _sum(turn: Turn, record: Mapping[str, Any]) -> str | None:
    """An amount as one says it; as it stands in the file where it is none."""
    if record.get("type") == "rate":
        return record.get("currency")
    said = record.get("amount")
    try:
        found = money(said, record.get("currency"), turn.currency)
    except ValueError:
        return str(said)
    return turn.voice.money(found) if found else None


def _own_names(turn: Turn, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Fields of no other place, which are kept by their names."""
    names = dict.fromkeys(name for record in records for name in record.get("fields") or ())
    return [label_of(turn, name) for name in islice(names, NAMED)]


def _refused_files(turn: Turn, refused: Sequence[Refused]) -> Iterable[File]:
    """The refused records in the shape in which they came, with the reason: to mend and send
    again."""
    reasoned = ((turn.say(f"unfit_{each.why}"), each.record) for each in refused)
    for name, table in tables_of(reasoned, turn.say("left_out_because"))[:MOST_FILES]:
        data = base64.b64encode(b"".join(csv_of(table))).decode()
        stem = PurePath(name).stem or turn.say("refused_file")
        yield File(f"{stem}-{turn.say('refused_file')}.csv", "text/csv", data)


def call_of(upload: Upload) -> Call:
    """What a file that arrives asks for."""
    if upload.person:
        return Call("capture.look", {"record": upload.person, "codes": upload.holds})
    if upload.holds and not upload.records:
        return Call("capture.holds", {"codes": upload.holds})
    return Call("import.file", {"upload": upload})
