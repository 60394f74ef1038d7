"""Whether a message may describe contacts: a look that costs little, as most do not."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise

from language.action import Action
from language.assigning import read_assigning
from language.phrasebook import Mark
from language.segments.grouping import grouped_in
from language.segments.items import marked, may_concern
from language.segments.reading import Read, read_description
from language.segments.wishes import is_listed, is_saved, made_in, read_wish
from language.segments.wording import sayings
from language.sheet import lay_out
from language.tokens import Token, tokenise
from rules.segments import Node, Not, Or, Test, tests_of

LONGEST = 90

_NOUNS = frozenset({"customers", "contacts", "prospects", "leads"})
_DID = frozenset({
    "bought", "orders", "spent", "last_order", "first_order", "silent", "active", "activity",
    "last_activity", "deals", "deal_value", "at_risk", "lapsed", "loyal", "chance", "value",
    "score", "phone", "email", "birthday", "added", "did:call", "did:meeting", "did:visit",
    "did:email", "did:message", "kind:source", "kind:industry", "kind:owner", "tickets",
    "next_step",
    "kind:journey", "open", "won", "lost", "agreed", "refused", "spoken",
})  # fmt: skip
_COUNTED_BY_THEMSELVES = frozenset({"customers", "prospects"})
"""How many customers there are is also asked of deals and stages: a figure of theirs."""
_BOUNDS = frozenset({"over_it", "under_it", "at_least", "at_most", "between"})
_DENIES = frozenset({"not", "without", "lacking", "except"})
_LEADS = frozenset({"glue", "lately", "ago", "edge", "unit:d", "unit:w", "unit:mo", "unit:y"})
"""What may stand before "who": a time."""
_BEGINS = frozenset({*_NOUNS, "show", "count", "mine"})


def may_describe(text: str, *, clearly: bool = False) -> bool:
    """``clearly``: it begins as a description does, and says "who" or two things of them: where a
    word of it is not understood, that is told."""
    tokens = tokenise(text)
    if not 1 < len(tokens) <= LONGEST or not (may_concern(tokens) or _is_led_by_whom(tokens)):
        return False
    marks = marked(tokens)
    senses = _all_senses(marks)
    if not clearly and _asks_how_many(senses):
        return True
    asked = _asks_whom(marks, senses)
    if not (clearly or asked) and _asks_whom(marks, senses | {"show"}):
        return True  # it is such a clause and nothing else
    if not asked and (
        senses.isdisjoint(_NOUNS)
        or (senses.isdisjoint(_DID) and senses.isdisjoint(_DENIES | {"or"}))
    ):
        return False
    if not clearly:
        return "who" in senses or len(senses & _DID) > 1 or not senses.isdisjoint(_DENIES | _DID)
    if asked:
        return True
    first = next((some for _, _, some in marks if "glue" not in some), frozenset())
    who_first = tokens[0].key in _whoms("who") and "show" in senses and "count" not in senses
    begins = not first.isdisjoint(_BEGINS) or any(each.startswith("kind:") for each in first)
    begun = next((i for i, _, some in marks if "who" in some and i > 0), 0)
    early = any(not some.isdisjoint(_NOUNS) and i <= 5 for i, _, some in marks)
    return (
        (begins or who_first)
        and early
        and (bool(begun) or who_first)
        and not senses.isdisjoint(_DID)
    )


_AHEAD = 6
"""Tokens of a time that may stand before "who"."""


@cache
def _whoms(sense: str) -> frozenset[str]:
    """The words by which "whoever" begins, where a language has one for it that asks nothing."""
    said = sayings()[sense]
    phrases = [tokenise(each) for tongue in ("roman", "ur") for each in said[tongue].split(",")]
    return frozenset(phrase[0].key for phrase in phrases)


def _is_led_by_whom(tokens: tuple[Token, ...]) -> bool:
    """Whether "whoever" stands at the beginning: a look that costs little."""
    return any(token.key in _whoms("whoever") for token in tokens[:_AHEAD])


def _all_senses(marks: tuple[Mark, ...]) -> set[str]:
    senses = {sense for _, _, some in marks for sense in some}
    if "kind:language" in senses and any(each.startswith("spoken:") for each in senses):
        senses.add("spoken")
    return senses


def _asks_how_many(senses: set[str]) -> bool:
    nouns = senses & _NOUNS
    return bool(nouns) and "count" in senses and nouns.isdisjoint(_COUNTED_BY_THEMSELVES)


def _asks_whom(marks: tuple[Mark, ...], senses: set[str]) -> bool:
    """Whether it is asked for those who did something, without a word for them: "jin ka pehla order
    pichle mahine aaya, dikhao"; a question ("which deals ...") begins otherwise."""
    if senses.isdisjoint(("show", "count")):
        return False
    led = next((some for _, _, some in marks if some.isdisjoint(_LEADS)), frozenset[str]())
    kinds = any(each.startswith("kind:") for each in senses)
    return "whoever" in led and (kinds or not senses.isdisjoint(_DID | _DENIES | _BOUNDS))


def asks_whom(text: str) -> bool:
    marks = marked(tokenise(text))
    return _asks_whom(marks, _all_senses(marks))


def tells_whom_alone(text: str) -> bool:
    """Whether it is nothing but a clause of whoever did something, or did not: "jinhon ne 3 mahine
    se kuch nahi liya". It asks for them where it is understood as a whole."""
    tokens = tokenise(text)
    keys = [token.key for token in tokens]
    if not _THEM.isdisjoint(keys) or not _THEM.isdisjoint(pairwise(keys)):
        return False  # "jinhon ne order diya un ko call karo" asks for more
    marks = marked(tokens)
    senses = _all_senses(marks)
    return senses.isdisjoint(("show", "count")) and _asks_whom(marks, senses | {"show"})


_THEM = frozenset({
    "unko", "unhein", "unhen", "inko", "usko", "usay", "use", "unse", "انہیں", "انھیں", "اسے",
    ("un", "ko"), ("us", "ko"), ("in", "ko"), ("un", "se"), ("un", "ka"), ("un", "ki"),
    ("ان", "کو"), ("اس", "کو"), ("ان", "سے"), ("ان", "کی"), ("ان", "کا"),
})  # fmt: skip


def tells_of_whom(text: str) -> bool:
    """Whether a text behind the word "segment" describes somebody: by what they did, or by "who"
    and what they are."""
    tokens = tokenise(text)
    if not 1 < len(tokens) <= LONGEST:
        return False
    marks = marked(tokens)
    senses = _all_senses(marks)
    begun = next((some for i, _, some in marks if i == 0), frozenset[str]())
    named = not senses.isdisjoint(_NOUNS) and begun != {"glue"}  # "segment mein kitne log hain"
    return "who" in senses or named or len(senses & (_DID | _DENIES)) > 1


def _asks_twice(text: str) -> bool:
    """Whether something else is asked for as well: "find ... and show ..."."""
    marks = marked(tokenise(text))
    after = {i: senses for i, _, senses in marks}
    return any(
        "and" in senses and not after.get(j, frozenset()).isdisjoint(("show", "count"))
        for _, j, senses in marks
    )


_SHORT = 6
"""Tokens of a group that is only named: "lahore ke textile walay gahak"."""

_MOST_UNKNOWN = 2
"""Words that are not understood in one that is only named: of more, it may be anything."""


def names_a_group(text: str, found: Read) -> bool:
    """Whether a message that was taken for nothing else asks for a group of contacts: who they are
    or how many, or it is nothing but its name, with the word for them at its end or beginning."""
    tokens = [token for token in tokenise(text) if token.kind != "mark"]
    if not 1 < len(tokens) <= LONGEST:
        return False
    if not found.nouns:
        asks = found.count or found.shows or asks_who(text)
        return found.whole and asks and not _fields(found.node).isdisjoint(_OF_WHO)
    if found.count or found.shows:
        return True
    marks = marked(tuple(tokens))
    nouns = [(i, j) for i, j, senses in marks if not senses.isdisjoint(_NOUNS)]
    first = next((i for i, _, senses in marks if senses != {"glue"}), 0)
    unknown = [word for said in found.unknown for word in said.split()]
    if first == nouns[0][0] and any("who" in senses for _, _, senses in marks):
        return len(unknown) <= 2 * _MOST_UNKNOWN
    after = {token.text for token in tokens[nouns[-1][1] :]}
    edge = nouns[0][0] == 0 or after.isdisjoint(unknown)
    return edge and len(tokens) <= _SHORT and len(unknown) <= _MOST_UNKNOWN


_OF_WHO = frozenset({"source", "orders", "last_order", "first_order"})
_WHO = (("who",), ("kis", "ne"), ("kin", "logon", "ne"), ("کس", "نے"), ("کن", "لوگوں", "نے"))
_WHO_ALL = frozenset({("kis", "kis"), ("kin", "kin"), ("کس", "کس"), ("کن", "کن")})


def asks_who(text: str) -> bool:
    """Whether it is asked who did something: "who ...", "kis ne ...", "... kis kis ne ..."."""
    keys = tuple(token.key for token in tokenise(text))
    if len(keys) > LONGEST:
        return False
    begins = any(keys[: len(each)] == each for each in _WHO)
    return begins or not _WHO_ALL.isdisjoint(pairwise(keys))


_FROM = frozenset({"from", "through", "via"})
_SE = frozenset({"se", "say", "سے"})


def asks_who_came(text: str) -> bool:
    """Whether it is asked for people by where they came from: "expo se kitne log aaye"."""
    keys = [token.key for token in tokenise(text)]
    if len(keys) > LONGEST or (_FROM.isdisjoint(keys) and _SE.isdisjoint(keys)):
        return False
    senses = _all_senses(marked(tokenise(text)))
    asks = not senses.isdisjoint(("count", "show")) or asks_who(text)
    return asks and senses.isdisjoint(_DID - {"kind:source"})


_INTO = frozenset({"in", "of", "from"})


def is_named_so(text: str, word: str) -> bool:
    """Whether a word may be the name of a group, as it stands: "textile customers", "customers in
    textile", "textile walay gahak", and not "kitne gahak khush hain"."""
    tokens = [token for token in tokenise(text) if token.kind != "mark"]
    at = next((i for i, token in enumerate(tokens) if token.text == word), None)
    if at is None:
        return False
    if at and tokens[at - 1].key in _INTO:
        return True
    after = next((senses for i, _, senses in marked(tuple(tokens)) if i == at + 1), frozenset())
    is_noun = not after.isdisjoint(_NOUNS)
    return is_noun or ("glue" in after and at + 2 < len(tokens))


def is_searched(node: Node) -> bool:
    """Whether a plain search of contacts tells it as well."""
    return _fields(node) <= {*_SIMPLE, "customer"}


def _fields(node: Node | None) -> set[str]:
    return {each.field for each in tests_of(node)} if node is not None else set()


def of_segments(text: str) -> bool:
    """Whether segments are spoken of, or what was just shown is called, kept or watched."""
    tokens = tokenise(text)
    if len(tokens) > LONGEST or not may_concern(tokens):
        return False
    return any(not senses.isdisjoint(("segment", "saved")) for _, _, senses in marked(tokens))


_SIMPLE = ("city", "tag", "company", "title", "owner")
"""What a plain search tells as well."""

_ALONE = ("at_risk", "lapsed", "customer", "deals", "birthday", "value", "chance")
"""What has an answer of its own where nothing else is asked."""


def describes(text: str, found: Read) -> bool:
    """Whether a message that was read so asks for contacts by their description: also where some of
    it was not understood, if it begins as such a message does."""
    if found.node is not None and not found.nouns and found.whole and tells_whom_alone(text):
        return True
    asked = not found.nouns and asks_whom(text)
    if found.node is None or not (found.nouns or asked):
        return False
    if asked:
        return found.whole or bool(found.heads)
    if not found.whole:
        lacks_alone = not found.unknown and len(set(found.heads)) < 2
        return may_describe(text, clearly=True) and not lacks_alone
    if _asks_twice(text):
        return False
    return _is_more_than_a_search(found.node, counted=found.count)


def makes(text: str, said: str, found: Read) -> bool:
    """Whether a message that names something describes contacts: it speaks of a segment, or what
    it names is such a description."""
    if is_of_a_segment(text):
        return True
    if is_listed(text) and found.heads and found.whole:
        return True
    if is_saved(text) and found.nouns and found.heads and found.whole:
        return True  # "save customers in Karachi as Khi": no plain search has a name
    return (
        bool(found.nouns and found.heads)
        and may_describe(said)
        and (found.whole or may_describe(said, clearly=True))
    )


def is_of_a_segment(text: str) -> bool:
    """Whether the word itself is said."""
    return any("segment" in senses for _, _, senses in marked(tokenise(text)))


def splits(found: Read) -> bool:
    """Whether what was said beside that by which they are counted describes people, as a whole."""
    return bool(found.nouns) and not found.unknown and not found.missing


def _is_more_than_a_search(node: Node, *, counted: bool) -> bool:
    """Whether it says more than a search by name and place, or a question of its own, does."""
    tests = [each for each in tests_of(node) if each != Test("customer", "is")]
    if not tests:
        return False
    if len(tests) == 1 and (tests[0].field in _ALONE) and not _is_denied(node):
        return False
    if counted and {each.field for each in tests} <= {"deals", "added", "country"}:
        return False
    simple = set(_SIMPLE) - ({"owner"} if counted else set())
    plain = all(
        each.field in simple and isinstance(each.value, tuple) and len(each.value) == 1
        for each in tests
    )
    return not plain or _is_denied(node)


def _is_denied(node: Node) -> bool:
    match node:
        case Test():
            return False
        case Not() | Or():
            return True
        case _:
            return any(_is_denied(each) for each in node.nodes)


def segment_in(text: str, today: date) -> Action | None:
    """What a message asks of segments by its words alone, where nothing is known by name."""
    if of_segments(text) and (made := made_in(text)):
        name, said = made
        if makes(text, said, read_description(said, today, {})):
            return Action("segment.save", {"name": name, "text": said})
    if wish := read_wish(text, {}, spoken=False):
        return wish
    grouped = grouped_in(text)
    if grouped and any(splits(read_description(rest, today, {})) for rest in grouped.rests):
        found = Action("segment.split", {"by": grouped.by})
    elif may_describe(text) and describes(text, read_description(text, today, {})):
        found = Action("segment.find", {"text": text})
    else:
        return None
    return None if read_assigning(lay_out(text)) else found
