"""Custom fields, made in the chat: add, rename, remove, list."""

from __future__ import annotations

import re

from handlers.book import Chapter
from handlers.keys import free_key
from handlers.own_fields import all_fields, field_meant, field_names, fields
from handlers.reply import Items, Line, Reply, Title
from handlers.turn import Sorry, Turn
from language.folding import fold
from language.voice import one_line
from storage.fields import values_in
from storage.models import CustomField

chapter = Chapter(__name__)

LONGEST = 60
"""Characters of a field's name."""

LONGEST_KEY = 50
"""Characters of a key that is made from a name; a number may follow."""

MOST = 30
"""Fields of a workspace at most; more would be a form that nobody fills in."""

USUAL = (
    "name", "contact", "company", "people", "title", "phone", "email", "city", "source", "tags",
    "note",
)  # fmt: skip
"""What every customer has already."""

KINDS = ("text", "number", "date", "choice")

SUBJECTS = ("contact", "company")


@chapter.command("field.add", role="owner")
def add(
    turn: Turn,
    name: str,
    subject: str | None = None,
    kind: str | None = None,
    choices: str | None = None,
) -> Reply:
    """A field more, for contacts, for companies, or for both."""
    name = _new_name(turn, name)
    options = _choices(choices)
    kind = "choice" if options else (kind if kind in KINDS[:-1] else "text")
    field = _removed(turn, name, kind)
    if field is None:
        if len(fields(turn)) >= MOST:
            raise Sorry("fields_full", n=MOST)
        field = CustomField(workspace_id=turn.workspace.id, key=_key(turn, name), kind=kind)
    field.name, field.active = name, True
    field.subject = subject if subject in SUBJECTS else None
    field.choices = options or None
    turn.session.add(field)
    turn.anew()
    title = Title(turn.say("field_added", name=name))
    key = "field_use_person" if field.subject == "contact" else "field_use"
    use = Line(turn.say(key, name=name), quiet=True)
    return Reply((title, Line(_about(turn, field)), use), (turn.undo(),))


def _new_name(turn: Turn, name: str) -> str:
    """The name, fit to be one. Sorry for one that is taken."""
    name = one_line(name, LONGEST)
    if not name:
        raise Sorry("needs_a_value")
    words = turn.voice.words
    usual = {fold(said) for each in USUAL for said in words[f"field_{each}"].values()}
    if fold(name) in usual:
        raise Sorry("field_is_usual", name=name)
    if fold(name) in map(fold, field_names(turn).values()):
        raise Sorry("field_is_there", name=name)
    return name


def _choices(said: str | None) -> list[str]:
    """``small, medium, large`` as a list; one alone is no choice."""
    parts = [one_line(part, LONGEST) for part in re.split("[,،/\n]", said or "")]
    found = list(dict.fromkeys(filter(None, parts)))
    return found if len(found) > 1 else []


def _removed(turn: Turn, name: str, kind: str) -> CustomField | None:
    """A field of that name and kind that was there before: it comes back, with its values."""
    return next(
        (
            field
            for field in all_fields(turn)
            if not field.active and field.kind == kind and fold(field.name) == fold(name)
        ),
        None,
    )


def _key(turn: Turn, name: str) -> str:
    taken = {field.key for field in all_fields(turn)}
    return free_key(name, taken, usual="field", longest=LONGEST_KEY)


def _about(turn: Turn, field: CustomField) -> str:
    """``text, for companies``; of a choice, what can be chosen."""
    if field.kind == "choice":
        kind = turn.voice.listed(field.choices or [])
    else:
        kind = turn.piece(f"field_kind_{field.kind}")
    whose = turn.piece(f"for_{field.subject or 'customer'}")
    return turn.voice.beside(kind, whose)


@chapter.command("field.rename", role="owner")
def rename(turn: Turn, field: str, name: str) -> Reply:
    """Another name for a field; its values stay."""
    row = field_meant(turn, field)
    before = row.name
    same = fold(name) == fold(before)
    row.name = one_line(name, LONGEST) if same else _new_name(turn, name)
    turn.anew()
    return Reply((Title(turn.say("field_renamed", before=before, name=row.name)),), (turn.undo(),))


@chapter.command("field.remove", role="owner")
def remove(turn: Turn, field: str) -> Reply:
    """A field less; its values come back with it."""
    row = field_meant(turn, field)
    filled = values_in(turn.session, row)
    row.active = False
    turn.anew()
    kept = [Line(turn.say("field_values_kept", n=filled), quiet=True)] if filled else []
    return Reply((Title(turn.say("field_removed", name=row.name)), *kept), (turn.undo(),))


@chapter.command("field.list")
def show(turn: Turn) -> Reply:
    """The fields, what they hold, for whom, and how many have something in them."""
    hint = [Line(turn.say("fields_hint"), quiet=True)] if turn.member.may("owner") else []
    lines = tuple(_line(turn, field) for field in fields(turn))
    if not lines:
        return Reply((Line(turn.say("no_fields_yet")), *hint))
    return Reply((Title(turn.say("fields_title")), Items(lines), *hint))


def _line(turn: Turn, field: CustomField) -> str:
    about, n = _about(turn, field), values_in(turn.session, field)
    return turn.say("field_line" if n else "empty_field_line", name=field.name, about=about, n=n)
