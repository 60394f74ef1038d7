"""What is said of people in whole messages: who came from where, who makes what, whose tag goes."""

from __future__ import annotations

import re

from handlers import labels
from handlers.book import Chapter
from handlers.contacts import put
from handlers.likely import is_known
from handlers.reply import Call, Fields, Items, Line, Reply, Title
from handlers.search import search
from handlers.segment_reading import read
from handlers.tagging import untag
from handlers.turn import Sorry, Turn
from handlers.who import Who
from language.about_people import read_about_people
from language.action import Action
from language.folding import fold
from language.labels import usual_label
from language.own_names import named
from language.segments.items import marked
from language.segments.wishes import came_when
from language.sheet import lay_out
from language.tokens import tokenise
from rules.segments import And, Node, Test, printed, tests_of
from storage.models import Company
from storage.segment_names import SegmentNames

chapter = Chapter(__name__)

SHOWN = 10
"""Names in one answer."""


# --- whether a message is about that ------------------------------------------------------------


def about_people_wished(turn: Turn, text: str) -> Call | None:
    """Such a wish, where whom and what it names is known here; None for any other message."""
    second = None
    for action in read_about_people(lay_out(text)):
        found = _READ.get(action.intent, _plain)(turn, action, text)
        if found and (found.intent != "contact.untag" or _tag_there(turn, found.slots.get("tag"))):
            return found
        second = second or found
    return second


def _plain(turn: Turn, action: Action, text: str) -> Call | None:
    del turn, text
    return Call(action.intent, action.slots)


def _from(turn: Turn, action: Action, text: str) -> Call | None:
    """Who came from a source that is known here; of one that everybody has and nobody here came
    from, that is told."""
    said = str(action.slots["source"])
    sources = _there(turn, said)
    if not sources and usual_label("source", said) == "referral":
        return None  # by whom they were referred is kept by itself
    if not sources and _called(turn, said):
        return Call("segment.find", {"text": f"contacts from {said}"})
    if not sources:
        return None
    node: Node = Test("source", "=", tuple(sources))
    if when := action.slots.get("when"):
        then = read(turn, came_when(str(when)))
        if not then.whole or then.node is None:
            return None
        node = And((node, then.node))
    return Call("segment.find", {"text": printed(node), **_count(text)})


def _count(text: str) -> dict[str, bool]:
    senses = (some for _, _, some in marked(tokenise(text)))
    return {"count": True} if any("count" in some for some in senses) else {}


def _came(turn: Turn, action: Action, text: str) -> Call | None:
    """Where somebody we know came from; of a town or a room nothing is kept."""
    said = str(action.slots["source"])
    plainly = not _PLAINLY.isdisjoint(token.key for token in tokenise(text))
    known = _called(turn, said)
    if not (known or _spelt_out(text)):
        return None
    if not plainly and usual_label("source", said) in _OF_CALLS:
        return None
    slots = {**action.slots, "source": known[0] if known else said}
    if _is_there(turn, action):
        return Call("contact.came", slots)
    name = lay_out(str(action.slots.get("contact") or ""))  # somebody new, by a name of a person
    is_new = known and name.tokens and name.has(0, "given")
    return Call("contact.add", slots) if is_new else None


_OF_CALLS = frozenset({"cold_call", "walk_in", "old_customer"})
"""What a customer also comes from without having been found there: "Bilal dukan se aaya"."""

_SPELT_OUT = frozenset({"source", "zariya", "zarya", "ذریعہ", "سورس"})
_PLAINLY = _SPELT_OUT | {"through", "via", "by", "zariye", "zarye", "ذریعے", "lead", "لیڈ"}


def _spelt_out(text: str) -> bool:
    return not _SPELT_OUT.isdisjoint(token.key for token in tokenise(text))


def _there(turn: Turn, said: str) -> list[str]:
    """The source as it is written with contacts here, in whichever language."""
    usual, label = usual_label("source", said), labels.find(turn, "source", said)
    return [
        each
        for each in SegmentNames(turn.session, turn.workspace.id).sources()
        if fold(each) == fold(said)
        or (usual and usual_label("source", each) == usual)
        or (label and labels.find(turn, "source", each) is label)
    ]


def _called(turn: Turn, said: str) -> list[str]:
    """The same; as it was said where it is a source and nobody here came from it yet."""
    is_one = usual_label("source", said) or labels.find(turn, "source", said)
    return _there(turn, said) or ([said] if is_one else [])


def _is_there(turn: Turn, action: Action) -> bool:
    """Whether it is said of somebody we know, or of whom was spoken."""
    if action.slots.get("of_them"):
        return bool(turn.has_focus)
    return is_known(turn, str(action.slots["contact"]))


def _of_sequences(turn: Turn, action: Action, text: str) -> Call | None:
    del text
    return Call(action.intent, action.slots) if _is_there(turn, action) else None


def _untag(turn: Turn, action: Action, text: str) -> Call | None:
    """Where no tag is spoken of, one that is there."""
    plainly = not _TAGS.isdisjoint(token.key for token in tokenise(text))
    if not plainly and not _tag_there(turn, action.slots.get("tag")):
        return None
    return _of_sequences(turn, action, text)


def _tag_there(turn: Turn, said: object) -> bool:
    """Whether it is a tag here; all of them are meant where none is said."""
    tags = SegmentNames(turn.session, turn.workspace.id).tags()
    return not said or named(str(said), {each: each for each in tags}) is not None


_TAGS = frozenset({"tag", "tags", "label", "untag", "un-tag", "teg", "ٹیگ", "لیبل", "ٹیگز"})


def _make(turn: Turn, action: Action, text: str) -> Call:
    """By tags, trades and own fields where these tell it: what somebody buys says nothing of it."""
    del text
    what = str(action.slots["what"])
    for form in _MADE:
        found = read(turn, form.format(what))
        if found.whole and found.node is not None and _tells_what_they_are(found.node):
            return Call("segment.find", {"text": printed(found.node)})
    return Call(action.intent, {"what": what})


_MADE = ("{} contacts", "{} walay log", "{} والے لوگ")


def _tells_what_they_are(node: Node) -> bool:
    fields = {each.field for each in tests_of(node)}
    return bool(fields) and fields <= {"tag", "industry", "field"}


_READ = {
    "people.from": _from, "contact.came": _came, "people.make": _make,
    "sequence.of": _of_sequences, "sequence.hold": _of_sequences,
    "sequence.go_on": _of_sequences, "contact.untag": _untag,
}  # fmt: skip


# --- what is done -------------------------------------------------------------------------------


@chapter.command("contact.came")
def came(turn: Turn, who: Who, source: str) -> Reply:
    """Where a customer came from is kept with them."""
    turn.focus(**who.ids)
    changed = put(turn, who, {"source": source})
    if not changed:
        raise Sorry("nothing_new", (turn.button("show_button", "contact.show", **who.slots),),
                    name=who.name)  # fmt: skip
    title = Title(turn.say("contact_updated", name=who.name))
    return Reply((title, Fields(tuple(changed))), (turn.undo(), turn.edit()))


@chapter.command("contact.untag")
def untag_(turn: Turn, who: Who, tag: str | None = None) -> Reply:
    """Tags less, of a person or of all people of a company; none said: all of theirs."""
    turn.focus(**who.ids)
    said = [each for each in _AND.split(tag or "") if each]
    gone, people = untag(turn, who, said)
    if not gone:
        show = turn.button("show_button", "contact.show", **who.slots)
        key = "no_such_tag_on" if tag else "no_tag_on"
        raise Sorry(key, (show,), name=who.name, tag=tag or "")
    told = turn.voice.show(gone)
    told = told if who.contact else turn.voice.beside(told, *people)
    fields = Fields(((turn.say("field_tags_gone"), told),))
    return Reply((Title(turn.say("contact_updated", name=who.name)), fields), (turn.undo(),))


_AND = re.compile(r"\s*[,،]\s*|\s+(?:and|aur|اور)\s+", re.IGNORECASE)


@chapter.command("people.make")
def make(turn: Turn, what: str) -> Reply:
    """Who makes something, where no tag and no field tells it: those whose names say so, and what
    Rabta can look for."""
    how = Line(turn.say("made_how", what=what), quiet=True)
    named = search(turn, None, None, [], None, what)[:SHOWN]
    if not named:
        raise Sorry("made_unknown", what=what)
    lines = (each.name if isinstance(each, Company) else each.full_name for each in named)
    items = Items(tuple(turn.voice.told(line) for line in lines))
    return Reply((Title(turn.say("made_by_names", what=what)), items, how))
