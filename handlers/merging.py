"""Two that are one: what differs is shown, and chosen from, before they are made so."""

from __future__ import annotations

from typing import Any

from handlers.alike import Row, apart_names, full_name, is_private
from handlers.book import Chapter
from handlers.differences import Conflict, conflicts_of, digest
from handlers.duplicates import listed
from handlers.pair import Pair
from handlers.reply import Button, Call, Fields, Part, Reply, Title
from handlers.turn import Ask, Choice, Sorry, Turn
from storage.merged import keep_apart
from storage.merging import fold_into
from storage.models import Activity, Company, Contact

chapter = Chapter(__name__)

CHOICES = 8
"""Fields that can be turned round before two become one; of more, it is told which value stays."""

SINGLE = ("phone", "email")
"""What a company has one of: the other one is kept as a note."""


# --- in words -------------------------------------------------------------------------------------


@chapter.command("contact.merge")
def merge(turn: Turn, pair: Pair) -> Reply:
    """Two that were named are one."""
    return _merge(turn, pair.one, pair.other, {"asking": True})


@chapter.command("contact.apart")
def apart(turn: Turn, pair: Pair) -> Reply:
    """Two that were named are two."""
    return _differ(turn, pair.one, pair.other)


# --- by a tap -------------------------------------------------------------------------------------


@chapter.command("contact.same")
def same(turn: Turn, call: Call) -> Reply:
    """Two people are one."""
    return _merge(turn, *_both(turn, Contact, call), call.slots)


@chapter.command("company.same")
def same_company(turn: Turn, call: Call) -> Reply:
    """Two companies are one."""
    return _merge(turn, *_both(turn, Company, call), call.slots)


@chapter.command("contact.different")
def different(turn: Turn, call: Call) -> Reply:
    """Two people are two, and it is not asked again."""
    return _differ(turn, *_both(turn, Contact, call), in_list=bool(call.slots.get("listed")))


@chapter.command("company.different")
def different_company(turn: Turn, call: Call) -> Reply:
    """Two companies are two."""
    return _differ(turn, *_both(turn, Company, call), in_list=bool(call.slots.get("listed")))


def _both(turn: Turn, kind: type[Any], call: Call) -> tuple[Row, Row]:
    known, new = (turn.record(kind, int(call.slots.get(slot) or 0)) for slot in ("known", "new"))
    return known, new


def _differ(turn: Turn, one: Row, other: Row, *, in_list: bool = False) -> Reply:
    if one is other:
        raise Sorry("merged_already", name=full_name(one))
    keep_apart(turn.session, one.__tablename__, turn.workspace.id, one.id, other.id)
    names = apart_names(turn, one, other)
    said = Reply((Title(turn.say("kept_apart", one=names[0], other=names[1])),), (turn.undo(),))
    return said.and_then(listed(turn)) if in_list else said


# --- one of two ----------------------------------------------------------------------------------


def _merge(turn: Turn, one: Row, other: Row, slots: dict[str, Any]) -> Reply:
    """Make two into one, once it is clear which values stay. The older record keeps its number."""
    kept, gone = sorted((one, other), key=lambda row: row.id)
    if kept is gone:
        raise Sorry("merged_already", name=full_name(kept))
    if is_private(kept) != is_private(gone):
        private, shared = (kept, gone) if is_private(kept) else (gone, kept)
        share = turn.button("merge_share_button", "contact.share", contact=private.id)
        raise Sorry("merge_private", (share,), name=private.name, other=shared.name)
    if slots.get("sure"):
        conflicts = conflicts_of(turn, kept, gone, slots["stays"])
        if digest(conflicts) == slots["asked"]:
            return _done(turn, kept, gone, conflicts, slots)
    conflicts = conflicts_of(turn, kept, gone, slots.get("picks") or {})
    if conflicts or slots.get("asking"):
        raise _question(turn, kept, gone, conflicts, slots)
    return _done(turn, kept, gone, conflicts, slots)


# --- the question ---------------------------------------------------------------------------------


def _question(
    turn: Turn,
    kept: Row,
    gone: Row,
    conflicts: list[Conflict],
    slots: dict[str, Any],
) -> Ask:
    """What becomes of both, what stays where they differ, and a button for each other value."""
    one, other = apart_names(turn, kept, gone)
    lines = [turn.say("merge_changed")] if slots.get("sure") else []
    lines += [_line(turn, each) for each in conflicts]
    call = Call(
        f"{kept.__tablename__}.same",
        {
            "known": kept.id,
            "new": gone.id,
            "asking": True,
            "listed": slots.get("listed"),
            "picks": {each.name: each.rows[0] for each in conflicts if each.why == "merge_chosen"},
        },
    )
    shown = {each.name: each.rows[0] for each in conflicts}
    sure = {"sure": True, "asked": digest(conflicts), "stays": shown}
    merge_it = turn.agreed("merge_button", call.with_slots(**sure))
    return Ask(
        "merge_ask" if lines else "merge_ask_plain",
        "sure",
        choices=(merge_it, *(_turned_round(turn, call, each) for each in conflicts[:CHOICES])),
        shows=(kept, gone, *_beside(kept), *_beside(gone)),
        one=one,
        other=other,
        **({"what": turn.voice.told("\n".join(lines))} if lines else {}),
    )


def _beside(row: Row) -> list[Any]:
    return [*(row.points if isinstance(row, Contact) else ()), *row.own_values]


def _line(turn: Turn, conflict: Conflict) -> str:
    """``City: Lahore stays (newer), not Karachi``."""
    value, other = conflict.values
    why = turn.voice.told(turn.say(conflict.why))
    return turn.say("merge_stays", field=conflict.label, value=value, why=why, other=other)


def _turned_round(turn: Turn, call: Call, conflict: Conflict) -> Choice:
    picks = {**call.slots["picks"], conflict.name: conflict.rows[1]}
    label = turn.say("merge_pick_button", field=conflict.label, value=conflict.values[1])
    return Choice(label, {}, (call.with_slots(picks=picks),))


def _done(
    turn: Turn, kept: Row, gone: Row, conflicts: list[Conflict], slots: dict[str, Any]
) -> Reply:
    takes = {each.name: each.rows[0] == gone.id for each in conflicts}
    name = gone.name if takes.get("name") else kept.name
    lost = [_note(each) for each in conflicts if each.name in SINGLE]
    fold_into(turn.session, kept, gone, takes)
    if lost:
        turn.session.add(_also(turn, kept, turn.voice.beside(*lost)))
        turn.session.flush()
    turn.focus(**{kept.__tablename__: kept.id})
    rows = tuple((each.label, each.values[0]) for each in conflicts if each.name != "name")
    parts: tuple[Part, ...] = (Title(turn.say("now_one", name=name)),)
    if rows:
        parts = (*parts, Fields(rows))
    show = Button(turn.say("show_button"), Call("contact.show", {kept.__tablename__: kept.id}))
    reply = Reply(parts, (turn.undo(), show))
    return reply.and_then(listed(turn)) if slots.get("listed") else reply


def _note(conflict: Conflict) -> str:
    return f"{conflict.label}: {conflict.values[1]}"


def _also(turn: Turn, kept: Row, what: str) -> Activity:
    """A number that found no place stays as a note."""
    return Activity(
        workspace_id=turn.workspace.id,
        kind="note",
        contact_id=None,
        company_id=kept.id,
        text=turn.piece("merge_also", what=what),
        at=turn.now,
        on_day=turn.today,
        by_id=turn.member.id,
    )
