"""Texts for customers, made and changed in chat: with personal blanks, in several languages."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from handlers.book import Chapter
from handlers.own_fields import fields
from handlers.reply import Button, Call, Items, Line, Part, Reply, Title
from handlers.turn import Ask, Sorry, Turn
from language.folding import fold
from language.tongue import tongue_of
from language.tongues import answered_in
from language.voice import one_line, plain
from language.wordfiles import listed
from rules.blanks import (
    LONGEST,
    LONGEST_SUBJECT,
    Blank,
    Malformed,
    Piece,
    blank_key,
    blanks_in,
    parse,
    unknown,
    unparse,
)
from rules.likeness import names_alike
from storage.filled import BLANKS, language_of, written
from storage.models import Contact, MessageTemplate
from storage.templates import INSTEAD, templates_of

chapter = Chapter(__name__)

SHOWN = 20
"""Templates in one answer."""

NEAR = 0.75
"""From this likeness on, a template is what was meant by a name with a slip in it."""

LONGEST_NAME = 100


@chapter.command("template.set")
def set_(
    turn: Turn,
    name: str,
    lang: str | None = None,
    text: str | None = None,
    subject: str | None = None,
) -> Reply:
    """A text for customers, or its version in one more language; one that is there is changed."""
    name = one_line(name, LONGEST_NAME)
    row = named(turn, name)
    if text and row is not None and len(fold(name).split()) != len(row.name_key.split()):
        row = (
            None  # "Offer" is another text than "Eid offer": nothing is written over by half a name
        )
    if not text and not subject:
        now = row.versions.get(lang or turn.voice.tongue, {}).get("text") if row else None
        raise Ask("ask_template_text", "text", kind="words", name=name, now=now or "—")
    text = checked(turn, text, name, "text", LONGEST) if text else None
    if subject and ("\n" in subject.strip() or "\r" in subject.strip()):
        raise Sorry("subject_one_line")
    subject = checked(turn, subject, name, "subject", LONGEST_SUBJECT) if subject else None
    language = _language(turn, row, lang, text)
    if row is None:
        if text is None:
            raise Sorry("no_such_template", near(turn, name), name=name)
        row = MessageTemplate(
            workspace_id=turn.workspace.id, name=name, name_key=fold(name), versions={},
            by_id=turn.member.id, created_at=turn.now,
        )  # fmt: skip
        turn.session.add(row)
    if text is None and language not in row.versions:
        raise Sorry("no_such_version", name=row.name, language=tongue(turn, language))
    told = {"text": text, "subject": subject}
    row.put(language, **{key: value for key, value in told.items() if value})
    turn.session.flush()
    title = Title(turn.say("template_kept", name=row.name, language=tongue(turn, language)))
    return Reply((title, *_shown(turn, row, language)), (turn.undo(), *_ways(turn, row, language)))


def _language(turn: Turn, row: MessageTemplate | None, lang: str | None, text: str | None) -> str:
    """In which language a text is: as was said, else as it reads."""
    if lang in INSTEAD:
        return str(lang)
    if text is None and row is not None and row.versions:
        return next(iter(row.versions)) if len(row.versions) == 1 else turn.voice.tongue
    words = " ".join(each for each in parse(text or "") if isinstance(each, str))
    heard = answered_in(tongue_of(words))
    return heard if heard in INSTEAD else turn.voice.tongue


def checked(turn: Turn, text: str, name: str, what: str, longest: int) -> str:
    """A text whose blanks are all known, by the names they are kept under. Sorry for any other."""
    text = plain(text).strip()
    if len(text) > longest:
        raise Sorry("template_too_long", n=longest)
    try:
        pieces = parse(text)
    except Malformed as wrong:
        raise Sorry(f"template_braces_{wrong.why}", near=wrong.near) from None
    pieces = tuple(_known_name(turn, piece) for piece in pieces)
    known = [*BLANKS, *(blank_key(field.name) for field in fields(turn))]
    strange = unknown(pieces, known)
    if not strange:
        return unparse(pieces)
    said, meant = strange[0]
    buttons: tuple[Button, ...] = ()
    if meant:
        better = tuple(
            Blank(meant, each.fallback) if isinstance(each, Blank) and each.name == said else each
            for each in pieces
        )
        slots = {"name": name, what: unparse(better)}
        label = turn.say("blank_instead_button", name=f"{{{meant}}}")
        buttons = (Button(label, Call("template.set", slots)),)
    key = "unknown_blank" if meant else "unknown_blank_at_all"
    shown = [f"{{{each}}}" for each in known]
    raise Sorry(key, buttons, name=f"{{{said}}}", meant=f"{{{meant}}}", known=shown)


def _known_name(turn: Turn, piece: Piece) -> Piece:
    """A blank by the name that it is kept under, in whatever language it was written."""
    if not isinstance(piece, Blank) or piece.name in BLANKS:
        return piece
    for blank in BLANKS:
        for names in turn.voice.words[f"blank_{blank}"].values():
            if piece.name in map(blank_key, listed(names)):
                return Blank(blank, piece.fallback)
    return piece


def _shown(turn: Turn, row: MessageTemplate, language: str) -> list[Part]:
    """The text, and how a real customer would get it."""
    version = row.versions[language]
    parts: list[Part] = []
    if version.get("subject"):
        parts.append(Line(turn.say("template_subject", subject=version["subject"])))
    parts.append(Line(turn.voice.apart(version["text"])))
    needed = [blank.name for blank in blanks_in(parse(version["text"])) if blank.fallback is None]
    if needed:
        shown = [f"{{{each}}}" for each in dict.fromkeys(needed)]
        parts.append(Line(turn.say("blank_without", names=shown), quiet=True))
    contact = _somebody(turn, language)
    told = written(turn.session, row, contact, turn.member, language) if contact else None
    if contact and told and not told.gaps and blanks_in(parse(version["text"])):
        parts.append(Line(turn.say("template_as_gets", name=contact.name), quiet=True))
        parts.append(Line(turn.voice.apart(told.text)))
    return parts


def _somebody(turn: Turn, language: str) -> Contact | None:
    """Somebody real who would get it in that language, the newest of a few."""
    query = select(Contact).where(Contact.workspace_id == turn.workspace.id)
    people = turn.session.scalars(query.order_by(Contact.id.desc()).limit(SHOWN)).all()
    reads = [row for row in people if language_of(row, turn.workspace.language) == language]
    return reads[0] if reads else None


def _ways(turn: Turn, row: MessageTemplate, language: str) -> tuple[Button, ...]:
    others = [each for each in INSTEAD if each not in row.versions]
    edit = turn.button("edit_text_button", "template.set", name=row.name, lang=language)
    more = (
        turn.button(
            "one_more_language_button", "template.set",
            label_values={"language": tongue(turn, each)}, name=row.name, lang=each,
        )
        for each in others[:1]
    )  # fmt: skip
    return (edit, *more)


def tongue(turn: Turn, language: str) -> str:
    return turn.piece(f"tongue_{language}")


@chapter.command("template.list")
def list_(turn: Turn) -> Reply:
    """The texts that there are."""
    rows = templates_of(turn.session, turn.workspace.id)
    if not rows:
        raise Sorry("no_templates_yet")
    lines = tuple(_line(turn, row) for row in rows[:SHOWN])
    parts: list[Part] = [Title(turn.say("templates_title")), Items(lines)]
    if rows[SHOWN:]:
        parts.append(Line(turn.say("and_more", n=len(rows) - SHOWN), quiet=True))
    buttons = tuple(Button(row.name, Call("template.show", {"name": row.name})) for row in rows[:3])
    return Reply(tuple(parts), buttons)


def _line(turn: Turn, row: MessageTemplate) -> str:
    languages = [tongue(turn, each) for each in INSTEAD if each in row.versions]
    return turn.voice.told(f"{turn.voice.apart(row.name)}: {turn.voice.beside(*languages)}")


@chapter.command("template.show")
def show(turn: Turn, name: str) -> Reply:
    """A text in all its languages."""
    row = needed(turn, name)
    parts: list[Part] = [Title(turn.voice.apart(row.name))]
    for language in (each for each in INSTEAD if each in row.versions):
        version = row.versions[language]
        parts.append(Line(tongue(turn, language), quiet=True))
        if version.get("subject"):
            parts.append(Line(turn.say("template_subject", subject=version["subject"])))
        parts.append(Line(turn.voice.apart(version["text"])))
    first = next(each for each in INSTEAD if each in row.versions)
    if len(row.versions) == 1:
        ways = _ways(turn, row, first)
    else:
        ways = tuple(
            turn.button(
                "edit_version_button", "template.set",
                label_values={"language": tongue(turn, each)}, name=row.name, lang=each,
            )
            for each in INSTEAD if each in row.versions
        ) + _ways(turn, row, first)[1:]  # fmt: skip
    rename = turn.button("template_rename_button", "template.rename", name=row.name)
    remove = turn.button("template_remove_button", "template.remove", name=row.name)
    return Reply(tuple(parts), (*ways, rename, remove))


@chapter.command("template.rename")
def rename(turn: Turn, name: str, called: str | None = None) -> Reply:
    """A text is called otherwise; what was planned or sent with it stays its own."""
    row = needed(turn, name)
    if not called:
        raise Ask("ask_template_name", "called", kind="text", name=row.name)
    called, before = one_line(called, LONGEST_NAME).strip("\"'“” "), row.name
    if not any(map(str.isalpha, called)):
        raise Sorry("template_bad_name", name=called or "…")
    rows = templates_of(turn.session, turn.workspace.id)
    if any(each.name_key == fold(called) for each in rows if each is not row):
        raise Sorry("template_name_taken", name=called)
    row.name, row.name_key = called, fold(called)
    turn.session.flush()
    title = Title(turn.say("template_renamed", before=before, name=called))
    show = turn.button("template_show_button", "template.show", name=called)
    return Reply((title,), (turn.undo(), show))


@chapter.command("template.remove")
def remove(turn: Turn, name: str, lang: str | None = None) -> Reply:
    """A text less, or its version in one language. What is planned with it and did not go yet
    does not go."""
    row = needed(turn, name)
    if lang is not None and lang not in row.versions:
        raise Sorry("no_such_version", name=row.name, language=tongue(turn, lang))
    if lang is not None and len(row.versions) > 1:
        row.put(lang, text=None)
        turn.session.flush()
        said = turn.say("template_version_removed", name=row.name, language=tongue(turn, lang))
        show = turn.button("template_show_button", "template.show", name=row.name)
        return Reply((Title(said),), (turn.undo(), show))
    row.active = False
    turn.session.flush()
    return Reply((Title(turn.say("template_removed", name=row.name)),), (turn.undo(),))


def needed(turn: Turn, name: str) -> MessageTemplate:
    """The template of that name. Sorry where there is none, with the nearest."""
    row = named(turn, name)
    if row is None:
        rows = templates_of(turn.session, turn.workspace.id)
        key = "no_such_template" if rows else "no_templates_yet"
        raise Sorry(key, near(turn, name), name=name)
    return row


def named(turn: Turn, name: str) -> MessageTemplate | None:
    """The template of that name, or of nearly that name if only one is."""
    rows = templates_of(turn.session, turn.workspace.id)
    key = fold(one_line(name, LONGEST_NAME))
    exact = [row for row in rows if row.name_key == key]
    if exact or not key:
        return exact[0] if exact else None
    likely = [row for row in rows if names_alike(key.split(), row.name_key.split()) >= NEAR]
    return likely[0] if len(likely) == 1 else None


def near(turn: Turn, name: str) -> tuple[Button, ...]:
    rows: Sequence[MessageTemplate] = templates_of(turn.session, turn.workspace.id)
    key = fold(name).split()
    ranked = sorted(rows, key=lambda row: -names_alike(key, row.name_key.split()))
    return tuple(Button(row.name, Call("template.show", {"name": row.name})) for row in ranked[:3])
