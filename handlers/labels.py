"""Why deals are won and lost and where they come from: lists that learn, and that owners tidy."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.book import Chapter
from handlers.keys import free_key
from handlers.reply import Button, Call, Items, Line, Part, Reply, Title
from handlers.turn import Sorry, Turn
from language.folding import fold
from language.labels import usual_keys, usual_label
from language.own_names import named
from language.voice import one_line
from storage.facets import Values
from storage.labels import KINDS, Kind, Label, labels_of, most_used, now_called

chapter = Chapter(__name__)

LONGEST = 60
"""Characters of a reason's or source's name."""

LONGEST_KEY = 50

WORDS = 6
"""Words at most of what becomes a new reason; more is a story, which is kept as it was said."""

MOST = 200
"""Labels of a kind; what comes after these is kept as it was said."""

OFFERED = 4
"""Reasons offered as buttons when a deal has ended without one."""


# --- what others ask ------------------------------------------------------------------------------


def label_name(turn: Turn, label: Label) -> str:
    """As the team calls it, or in the reader's language."""
    return label.name or usual_name(turn, label.kind, label.key)


def usual_name(turn: Turn, kind: str, key: str) -> str:
    said = f"label_{kind}_{key}"
    return turn.piece(said) if said in turn.voice.words else key.replace("_", " ")


def label_of(turn: Turn, number: int | None) -> Label | None:
    """The label of this number, as what it is now."""
    return now_called(turn.once(labels_of)).get(number) if number else None


def learn(turn: Turn, kind: Kind, said: str) -> Label | None:
    """The label that this means, in whichever language and with whichever slip; a new one where
    nothing here is like it. None where it is a story rather than a reason."""
    known = find(turn, kind, said)
    if known is not None:
        if not known.active:
            known.active = True
            turn.anew()
        return known
    usual = usual_label(kind, said)
    if usual:
        return _add(turn, kind, usual, None)
    name = one_line(said, LONGEST).strip(" .,!؟?،۔")
    many = sum(label.kind == kind for label in turn.once(labels_of)) >= MOST
    if not name or len(name.split()) > WORDS or many:
        return None
    taken = [label.key for label in turn.once(labels_of) if label.kind == kind]
    key = free_key(name, {*taken, *usual_keys(kind)}, usual=kind, longest=LONGEST_KEY)
    return _add(turn, kind, key, name)


def _add(turn: Turn, kind: Kind, key: str, name: str | None) -> Label:
    label = Label(workspace_id=turn.workspace.id, kind=kind, key=key, name=name)
    turn.session.add(label)
    turn.anew()
    return label


def find(turn: Turn, kind: str, said: str) -> Label | None:
    """The label that is here already: by its key, its names, or what it usually means."""
    labels = [label for label in turn.once(labels_of) if label.kind == kind]
    now = now_called(labels)
    folded = fold(said).strip(" .,!؟?،۔")
    by_key = next((each for each in labels if each.key == said), None)
    by_name = next((each for each in labels if folded in _names(turn, each)), None)
    found = by_key or by_name
    if found is None:
        own = {str(each.id): each.name for each in labels if each.name}
        near = named(said, own)
        found = next((each for each in labels if str(each.id) == near), None)
    if found is None and (usual := usual_label(kind, said)):
        found = next((each for each in labels if each.key == usual), None)
    return now[found.id] if found else None


def _names(turn: Turn, label: Label) -> set[str]:
    return {fold(label_name(turn, label)), *(label.also or [])}


def offered(turn: Turn, kind: Kind) -> list[tuple[str, str]]:
    """The likeliest labels as keys with names: the team's most used ones, then the usual ones."""
    labels = turn.once(labels_of)
    gone = {each.key for each in labels if each.kind == kind and (each.into_id or not each.active)}
    found = {
        label.key: label_name(turn, label)
        for label, _ in most_used(turn.session, turn.workspace.id, kind, labels)
    }
    for key in usual_keys(kind):
        if key not in found and key not in gone:
            found[key] = usual_name(turn, kind, key)
    return list(found.items())[:OFFERED]


def with_names(turn: Turn, values: Values) -> Values:
    """The values that a question may name, with all that reasons and sources are called, in any
    language."""
    now = now_called(turn.once(labels_of))
    for label in turn.once(labels_of):
        what = now[label.id]
        facet = values.setdefault("source" if label.kind == "source" else "reason", {})
        names = facet.setdefault(what.name or what.key, [])
        said = turn.voice.words.get(f"label_{label.kind}_{label.key}", {}).values()
        known = (label.key.replace("_", " "), label.name, *(label.also or []), *said)
        names += [name for name in known if name and len(name) > 1 and name not in names]
    return values


def value_name(turn: Turn, facet: str, value: str) -> str:
    """What a facet's value is called by the reader: a usual one has its key for a value."""
    kinds = ("source",) if facet == "source" else ("lost", "won")
    keys = (f"label_{kind}_{value}" for kind in kinds)
    key = next((each for each in keys if each in turn.voice.words), None)
    return turn.piece(key) if key else value


# --- the lists, in the chat -----------------------------------------------------------------------


@chapter.command("label.list")
def show(turn: Turn, kind: str | None = None) -> Reply:
    """The reasons and sources that the team uses, with how many deals have each."""
    parts: list[Part] = []
    for each in KINDS if kind not in KINDS else (kind,):
        lines = tuple(_lines(turn, each))
        if lines:
            parts += [Title(turn.say(f"labels_{each}")), Items(lines)]
    if not parts:
        return Reply((Line(turn.say("no_labels_yet")),))
    hint = (Line(turn.say("labels_hint"), quiet=True),) if turn.member.may("owner") else ()
    return Reply((*parts, *hint))


def _lines(turn: Turn, kind: Kind) -> Iterator[str]:
    for label, deals in most_used(turn.session, turn.workspace.id, kind, turn.once(labels_of)):
        yield turn.say("label_line", name=label_name(turn, label), n=deals)


@chapter.command("label.rename", role="owner")
def rename(turn: Turn, label: str, name: str, kind: str | None = None) -> Reply:
    """Another name for a reason or source; the deals keep it."""
    row = _meant(turn, kind, label)
    wanted = one_line(name, LONGEST)
    if not wanted:
        raise Sorry("needs_a_value")
    other = find(turn, row.kind, wanted)
    if other is not None and other is not row:
        merge = Call("label.merge", {"kind": row.kind, "label": row.key, "other": other.key})
        raise Sorry(
            "label_is_there",
            (Button(turn.say("merge_labels_button"), merge, "primary"),),
            name=label_name(turn, other),
        )
    before = label_name(turn, row)
    row.also = sorted({*(row.also or []), fold(before)})
    row.name = wanted
    turn.anew()
    title = turn.say("label_renamed", before=before, name=wanted)
    return Reply((Title(title),), (turn.undo(),))


@chapter.command("label.merge", role="owner")
def merge(turn: Turn, label: str, other: str, kind: str | None = None) -> Reply:
    """Two that are one: the deals of the first count under the second from now on."""
    row = _meant(turn, kind, label)
    into = _meant(turn, row.kind, other)
    if into is row:
        raise Sorry("labels_are_one", name=label_name(turn, row))
    row.into_id = into.id
    turn.anew()
    title = turn.say("labels_merged", before=label_name(turn, row), name=label_name(turn, into))
    return Reply((Title(title),), (turn.undo(),))


@chapter.command("label.remove", role="owner")
def remove(turn: Turn, label: str, kind: str | None = None) -> Reply:
    """No longer offered; the deals that have it keep it."""
    row = _meant(turn, kind, label)
    row.active = False
    turn.anew()
    return Reply((Title(turn.say("label_removed", name=label_name(turn, row))),), (turn.undo(),))


def _meant(turn: Turn, kind: str | None, said: str) -> Label:
    """The label that was said, of a kind or of any; a usual one that nobody has used yet is made.
    Sorry where there is none, with those that there are."""
    kinds = [kind, *({"lost": ["won"], "won": ["lost"]}.get(kind or "", []))] if kind else KINDS
    for each in kinds:
        found = find(turn, str(each), said)
        if found is not None:
            return found
    worded = [
        label
        for label in now_called(turn.once(labels_of)).values()
        if label.kind in kinds and set(fold(said).split()) <= set(fold(label.name or "").split())
    ]
    if len({label.id for label in worded}) == 1:
        return worded[0]
    for each in KINDS:
        usual = usual_label(each, said) if each in kinds else None
        if usual:
            return _add(turn, each, usual, None)
    names = [
        label_name(turn, label)
        for label in turn.once(labels_of)
        if label.kind in kinds and label.active and not label.into_id
    ]
    raise Sorry("no_such_label" if names else "no_labels_yet", name=said, names=names)
