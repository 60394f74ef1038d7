"""Segments in chat: described, counted, listed, saved by name, watched, shared, exported."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select

from handlers import exporting
from handlers.book import Chapter
from handlers.reply import Button, Call, Items, Line, Part, Reply, Title
from handlers.segment_finding import all_names, find_segment, lately
from handlers.segment_kept import visible
from handlers.segment_understood import understood, who_fits
from handlers.segment_words import described
from handlers.turn import Ask, Sorry, Turn
from language.folding import fold
from rules.segments import Node, printed
from storage import segment_watch
from storage.models import Contact, Segment
from storage.segments import size

chapter = Chapter(__name__)

SHOWN = 10
"""Names in one answer."""

LISTED = 20
"""Segments in one answer."""

LONGEST_NAME = 60

# --- described in words ---------------------------------------------------------------------------


@chapter.command("segment.find")
def find(turn: Turn, text: str | None = None, count: bool | None = None) -> Reply:
    """Who fits a description, in words or in the query language."""
    if not text:
        return list_all(turn)
    named = next((row for row in visible(turn) if row.name_key == fold(text)), None)
    if named is not None:
        return show(turn, named)
    node = understood(turn, text)
    return _shown(turn, node, name=None, count=bool(count))


def _shown(turn: Turn, node: Node, name: Segment | None, *, count: bool) -> Reply:
    chosen = who_fits(turn, node)
    total = size(turn.session, chosen)
    turn.note(segment=printed(node), **({"segment_id": name.id} if name else {}))
    words = turn.voice.told(described(turn, node))
    parts: list[Part] = []
    if name is not None:
        parts.append(Title(turn.say("segment_called", name=name.name, n=total)))
        parts.append(Line(words, quiet=True))
    else:
        parts.append(Title(turn.say("segment_counted", what=words, n=total)))
    if not count:
        parts += _names(turn, chosen, total)
    return Reply(tuple(parts), _buttons(turn, node, name, total, count=count))


def _names(turn: Turn, chosen: Select[int], total: int) -> list[Part]:
    """The newest of them, each in a line."""
    rows = _rows(turn, chosen)
    if not rows:
        return []
    lines = tuple(
        turn.voice.beside(row.full_name, row.city or (row.company.city if row.company else None))
        for row in rows
    )
    more = [Line(turn.say("and_more", n=total - len(rows)), quiet=True)]
    return [Items(lines), *(more if total > len(rows) else [])]


def _rows(turn: Turn, chosen: Select[int]) -> Sequence[Contact]:
    ids = turn.session.scalars(chosen.order_by(Contact.id.desc()).limit(SHOWN)).all()
    rows = turn.session.scalars(
        select(Contact).where(Contact.workspace_id == turn.workspace.id, Contact.id.in_(ids))
    )
    return sorted(rows, key=lambda row: -row.id)


def _buttons(
    turn: Turn, node: Node, name: Segment | None, total: int, *, count: bool
) -> tuple[Button, ...]:
    query = printed(node)
    export = turn.button("segment_excel_button", "segment.export", query=query)
    if name is None:
        save = turn.button("segment_save_button", "segment.save", query=query)
        show = turn.button("segment_show_button", "segment.find", text=query)
        return (save, *((show,) if count and total else ()), *((export,) if total else ()))
    watched = segment_watch.watches(turn.session, name, turn.member.id)
    watch = turn.button(
        "segment_unwatch_button" if watched else "segment_watch_button",
        "segment.unwatch" if watched else "segment.watch",
        segment=name.id,
    )
    return (*((export,) if total else ()), watch)


# --- saved by name --------------------------------------------------------------------------------


@chapter.command("segment.save")
def save(
    turn: Turn, name: str | None = None, text: str | None = None, query: str | None = None
) -> Reply:
    """Keep a description under a name; one that is there is described anew."""
    said = query or text or lately(turn).get("segment")
    if not said:
        raise Sorry("segment_nothing")
    node = understood(turn, str(said))
    if not name:
        raise Ask("ask_segment_name", "name", kind="text")
    row = _keep(turn, _name(name), node)
    shown = _shown(turn, node, row, count=True)
    title = Title(turn.say("segment_saved", name=row.name))
    return Reply((title, *shown.parts[1:], _counted(turn, node)), (turn.undo(), *shown.buttons))


def _counted(turn: Turn, node: Node) -> Line:
    return Line(turn.say("segment_size", n=size(turn.session, who_fits(turn, node))))


def _name(said: str) -> str:
    name = " ".join(said.split()).strip("\"'“”‘’.۔ ")
    if not name or len(name) > LONGEST_NAME or not any(map(str.isalpha, name)):
        raise Sorry("segment_bad_name", name=name[:LONGEST_NAME] or "…")
    return name


def _keep(turn: Turn, name: str, node: Node) -> Segment:
    key = fold(name)[:80]
    mine = [row for row in visible(turn) if row.owner_id == turn.member.id]
    row = next((each for each in mine if each.name_key == key), None)
    if row is None:
        row = Segment(
            workspace_id=turn.workspace.id, name=name, name_key=key, owner_id=turn.member.id,
            created_at=turn.now, shared=False, query="",
        )  # fmt: skip
        turn.session.add(row)
    row.query = printed(node)
    turn.anew()
    _seen(turn, row)
    return row


def _seen(turn: Turn, row: Segment) -> None:
    """Who is in a watched segment because it was described anew has not entered it."""
    if row.check_at is not None:
        segment_watch.remember(turn.session, row, who_fits(turn, row.node))


@chapter.command("segment.list")
def list_all(turn: Turn) -> Reply:
    """The segments that the member sees."""
    rows = visible(turn)
    if not rows:
        raise Sorry("segment_none_yet")
    lines = tuple(
        turn.voice.told(f"{row.name}: {described(turn, row.node)}") for row in rows[:LISTED]
    )
    parts: list[Part] = [Title(turn.say("segments_title")), Items(lines)]
    if len(rows) > LISTED:
        parts.append(Line(turn.say("and_more", n=len(rows) - LISTED), quiet=True))
    buttons = tuple(Button(row.name, Call("segment.show", {"segment": row.id})) for row in rows[:3])
    return Reply(tuple(parts), buttons)


@chapter.command("segment.show")
def show(turn: Turn, segment: Segment) -> Reply:
    """Who is in a segment now."""
    return _shown(turn, segment.node, segment, count=False)


@chapter.command("segment.count")
def how_many(turn: Turn, segment: Segment) -> Reply:
    """How many are in a segment now."""
    return _shown(turn, segment.node, segment, count=True)


@chapter.command("segment.edit")
def edit(turn: Turn, segment: Segment, text: str) -> Reply:
    """A segment is described anew."""
    _is_theirs(turn, segment)
    segment.query = printed(understood(turn, text))
    turn.session.flush()
    _seen(turn, segment)
    shown = _shown(turn, segment.node, segment, count=True)
    title = Title(turn.say("segment_changed", name=segment.name))
    return Reply((title, *shown.parts[1:], _counted(turn, segment.node)), (turn.undo(),))


@chapter.command("segment.rename")
def rename(turn: Turn, segment: Segment, name: str) -> Reply:
    """A segment is called otherwise."""
    _is_theirs(turn, segment)
    before, called = segment.name, _name(name)
    if any(row.name_key == fold(called) and row is not segment for row in visible(turn)):
        raise Sorry("segment_name_taken", name=called)
    segment.name, segment.name_key = called, fold(called)[:80]
    turn.anew()
    title = Title(turn.say("segment_renamed", before=before, name=called))
    return Reply((title,), (turn.undo(),))


@chapter.command("segment.remove")
def remove(turn: Turn, segment: Segment) -> Reply:
    """A segment less; undo brings it back."""
    _is_theirs(turn, segment)
    name = segment.name
    segment_watch.forget(turn.session, segment)
    turn.session.delete(segment)
    turn.anew()
    return Reply((Title(turn.say("segment_removed", name=name)),), (turn.undo(),))


@chapter.command("segment.share")
def share(turn: Turn, segment: Segment) -> Reply:
    """Everybody in the workspace sees it, each with the contacts that they may see."""
    _is_theirs(turn, segment)
    segment.shared = True
    turn.session.flush()
    return Reply((Title(turn.say("segment_shared", name=segment.name)),), (turn.undo(),))


@chapter.command("segment.unshare")
def unshare(turn: Turn, segment: Segment) -> Reply:
    """It is its owner's alone again."""
    _is_theirs(turn, segment)
    segment.shared = False
    turn.session.flush()
    return Reply((Title(turn.say("segment_unshared", name=segment.name)),), (turn.undo(),))


def _is_theirs(turn: Turn, segment: Segment) -> None:
    """Others' shared segments are changed by managers alone."""
    if not turn.disposes_of(segment.owner_id):
        raise Sorry("segment_not_yours", name=segment.name)


# --- watched, exported ----------------------------------------------------------------------------


@chapter.command("segment.watch")
def watch(turn: Turn, call: Call, name: str | None = None) -> Reply:
    """Tell the member when somebody enters."""
    row = find_segment(turn, call, optional=True)
    if row is None:
        query = call.slots.get("query") or lately(turn).get("segment")
        if not query:
            raise Sorry("segment_which", names=all_names(turn, visible(turn)))
        if not name:
            raise Ask("ask_segment_name", "name", kind="text")
        row = _keep(turn, _name(name), understood(turn, str(query)))
    segment_watch.watch(turn.session, row, turn.member.id, turn.now)
    segment_watch.remember(turn.session, row, _everybody(turn, row))
    turn.note(segment=row.query, segment_id=row.id)
    stop = turn.button("segment_unwatch_button", "segment.unwatch", segment=row.id)
    return Reply((Title(turn.say("segment_watched", name=row.name)),), (turn.undo(), stop))


def _everybody(turn: Turn, row: Segment) -> Select[int]:
    return who_fits(turn, row.node)


@chapter.command("segment.unwatch")
def unwatch(turn: Turn, segment: Segment) -> Reply:
    """The member is not told any more."""
    if not segment_watch.unwatch(turn.session, segment, turn.member.id):
        raise Sorry("segment_not_watched", name=segment.name)
    return Reply((Title(turn.say("segment_unwatched", name=segment.name)),), (turn.undo(),))


@chapter.command("segment.export")
def export(turn: Turn, call: Call) -> Reply:
    """Who is in it as a file, for the member alone."""
    query = call.slots.get("query")
    row = None if query else find_segment(turn, call)
    node = understood(turn, str(query)) if query else (row.node if row else None)
    if node is None:
        raise Sorry("segment_nothing")
    form = str(call.slots.get("format") or "xlsx")
    return exporting.of_segment(turn, who_fits(turn, node), printed(node), form)


def entered_news(turn: Turn, segment: Segment, rows: Sequence[Contact], total: int) -> Reply:
    """Who entered a segment that the member watches."""
    parts: list[Part] = [
        Title(turn.say("segment_entered", name=segment.name, n=total)),
        Items(tuple(turn.voice.beside(row.full_name, row.city) for row in rows)),
    ]
    if total > len(rows):
        parts.append(Line(turn.say("and_more", n=total - len(rows)), quiet=True))
    parts.append(Line(described(turn, segment.node), quiet=True))
    show = turn.button("segment_show_button", "segment.show", segment=segment.id)
    stop = turn.button("segment_unwatch_button", "segment.unwatch", segment=segment.id)
    return Reply(tuple(parts), (show, stop))
