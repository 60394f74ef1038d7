"""A message cut into clauses, and what each clause shows of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from language.cutting import stretches
from language.dates import When
from language.sheet import Sheet
from language.spotting import Item, Scene

_IGNORED = (
    "given", "org_", "common", "city", "title_", "rank", "glued", "shy", "number", "times", "one",
)  # fmt: skip
# A word for "did" means it only at the end of what is told ("call ki").
_DOINGS = {"call", "meeting", "talk", "email_word", "message", "order", "went"}
_LITTLE = ("ko", "ne", "se", "ka", "mein", "par", "tak", "saath", "paas", "liye")
_NO_ERRAND = ("wala", "liye")  # "karne wala kaam", "poochne ke liye": which and why, not what to do
_BRIEF = 4  # words
_WHOLE = {"person", "org", "when", "amount", "phone", "title", "city", "stage", "own_value"}
_ASKING = {"question", "when_q", "who_q", "how_many", "what_else", "what_is", "agenda_q"}
_FILLER = {"please", "and", "then", "but", "date_glue", "we", "me", "mine", "common"}


@dataclass(slots=True)
class Clause:
    """Tokens `i` up to `j`. `hard` where a sentence or line begins with it; `shows` are the
    senses and kinds of value in it; `opens` the senses of its first telling word."""

    i: int
    j: int
    hard: bool
    asked: bool = False
    words: int = 0  # tokens, but for the small words of a language that puts them everywhere
    shows: set[str] = field(default_factory=set)
    opens: set[str] = field(default_factory=set)


def split(scene: Scene) -> list[Clause]:
    """The clauses of a scene, in order."""
    tokens = scene.sheet.tokens
    clauses = []
    for i, j, hard in stretches(scene):
        clauses.append(Clause(i, j, hard, asked=j < len(tokens) and tokens[j].key == "?"))
        _look(scene, clauses[-1])
    return clauses


def joined(clauses: Sequence[Clause]) -> Clause:
    """Clauses that follow one another as one."""
    return Clause(
        clauses[0].i,
        max(clause.j for clause in clauses),
        hard=True,
        asked=any(clause.asked for clause in clauses),
        words=sum(clause.words for clause in clauses),
        shows=set().union(*(clause.shows for clause in clauses)),
        opens=clauses[0].opens,
    )


def _look(scene: Scene, clause: Clause) -> None:
    """Note what a clause shows."""
    sheet, shows = scene.sheet, clause.shows
    at, told = clause.i, False
    while at < clause.j:
        item = scene.inside(at)
        if item is not None:
            shows |= _kinds(item)
            if item.kind == "amount" and sheet.has(item.i - 1, "to"):
                shows.add("to_sum")
            if item.kind in _WHOLE:
                _open(clause, {item.kind})
                at = item.j
                continue
        senses = {s for s in sheet.senses(at) if not s.startswith(_IGNORED)} | _general(sheet, at)
        if "can" in senses and not clause.opens:
            senses.add("question")
        if told and at + sheet.size(at) < clause.j and not senses.isdisjoint(_ASKING):
            break
        told = told or _tells(sheet, at, shows)
        if "todo" in senses and sheet.has(at + sheet.size(at), *_NO_ERRAND):
            senses -= {"todo"}
        shows |= senses
        if senses - _FILLER or (sheet.tokens[at].kind == "word" and not senses):
            _open(clause, senses)
        at += sheet.size(at) if item is None else 1
    _conclude(scene, clause)


def _tells(sheet: Sheet, at: int, shows: set[str]) -> bool:
    """Whether what follows is what was or will be asked, and no question: "اسلم نے پوچھا ہے
    ڈلیوری کب ہو گی", "اس سے پوچھنا ہے کیا بنا"."""
    if sheet.verb_first or "question" in shows:
        return False
    if sheet.has(at, "says"):
        return "ne" in shows
    return sheet.has(at, "todo") and sheet.has(at + sheet.size(at), "is")


def _open(clause: Clause, senses: set[str]) -> None:
    if not clause.opens:
        clause.opens = senses or {"word"}


def _general(sheet: Sheet, at: int) -> set[str]:
    """The head of senses such as `stage:lead`, so that rules can say `stage`."""
    return {s.split(":")[0] for s in sheet.senses(at) if ":" in s and not s.startswith(_IGNORED)}


def _kinds(item: Item) -> set[str]:
    if item.kind in {"person", "org"}:
        return {item.kind, "who"}
    if item.kind != "when":
        return {item.kind, "sum"} if item.kind == "amount" and item.weight > 5 else {item.kind}
    return _when_kinds(item.value)


def _when_kinds(when: When) -> set[str]:
    kinds = {"when"}
    moment = when.moment
    if when.every:
        kinds.add("recurs")
    if moment is None:
        return kinds
    if moment.period:
        kinds.add("period")
    if moment.clock:
        kinds.add("clock")
    if moment.weekday or moment.day or moment.month:
        kinds.add("dated")
    if moment.look == "back" or (moment.days or 0) < 0:
        kinds.add("before")
    elif (
        moment.look == "ahead"
        or (moment.days or 0) > 0
        or moment.ends
        or (moment.starts and moment.starts[0] > 0)
    ):
        kinds.add("ahead")
    return kinds


def _asked(scene: Scene, clause: Clause) -> set[str]:
    if clause.asked and "polite_ask" not in clause.opens:
        return {"question", "asked"}
    kya = scene.sheet.key(clause.i) in _KYA or scene.sheet.key(clause.j - 1) == "kya"
    mean = scene.sheet.key(clause.i) in _MEAN
    return {"asked"} if kya or mean or _is_turned_round(scene, clause.i) else set()


def _is_turned_round(scene: Scene, at: int) -> bool:
    """Whether it begins as questions do, with or without their mark: "is there", "has Bilal",
    "did we", "how often"; but not "did Bilal's demo", "was at the office"."""
    at += scene.sheet.key(at) in _LEADS
    key, after = scene.sheet.key(at), scene.sheet.key(at + 1)
    if key == "how":
        return after in _HOW
    if key not in _TURNED:
        return False
    item = scene.inside(at + 1)
    named = item is not None and item.i == at + 1 and item.kind in {"person", "org"}
    if named and key not in {"have", "had", "do"} and item is not None:
        return key != "did" or scene.sheet.key(item.j) not in {"'s", "s"}
    return after in _SUBJECTS or (key in _OF_THINGS and after in _THINGS)


_KYA = frozenset({"kya", "کیا"})
_MEAN = frozenset({"average", "avg", "ausat", "اوسط"})
_LEADS = frozenset({"and", "so", "hey", "ok", "but", "hi"})
_HOW = frozenset({"often", "long", "come", "soon"})
_TURNED = frozenset({"is", "are", "was", "were", "has", "have", "had", "did", "does", "do"})
_OF_THINGS = frozenset({"is", "are", "was", "were", "has"})
_THINGS = frozenset({"the", "our", "my", "his", "her", "their"})
_SUBJECTS = frozenset({
    "i", "we", "you", "he", "she", "they", "it", "anyone", "anybody", "someone", "somebody",
    "there", "any",
})  # fmt: skip


def _conclude(scene: Scene, clause: Clause) -> None:
    """What follows from the pieces: a question, a thing to do, a thing done."""
    sheet, shows = scene.sheet, clause.shows
    shows |= _asked(scene, clause)
    if _infinitive(scene, clause):
        shows.add("todo")
    if sheet.has(clause.j - 1, "did") and not clause.asked and shows & _DOINGS:
        shows.add("past")
    if "not" in shows:
        shows.discard("finish")
    if not clause.asked and _did(scene, clause):
        shows.add("past")
        shows -= {"question", "what_else"}
    if "todo" in shows and shows.isdisjoint({"past", "says", "remind"}) and _theirs(scene, clause):
        shows.add("wants")
    if "got" in shows and shows.isdisjoint({"se", "saath"}) and not _met(shows):
        shows.discard("meeting_past")  # "bank loan nahi mila": got, not met
    if any(sense.endswith("_past") for sense in shows):
        shows.add("past")
    words = [at for at in range(clause.i, clause.j) if sheet.tokens[at].kind in {"word", "number"}]
    clause.words = sum(not sheet.has(at, *_LITTLE) for at in range(clause.i, clause.j))
    if {item.kind if (item := scene.inside(at)) else "" for at in words} == {"when"}:
        shows.add("only_when")
    if len(words) == 1:
        shows.add("alone")
    if len(words) <= _BRIEF:
        shows.add("brief")


def _theirs(scene: Scene, clause: Clause) -> bool:
    """Whether it is a customer who is to do it: "Aqeel bhai ne 3 generator lene hain"."""
    sheet = scene.sheet
    for item in scene.items:
        if item.kind in {"person", "org"} and clause.i <= item.i < clause.j:
            at = item.j + sheet.has(item.j, "honorific")
            if sheet.has(at, "ne") or (sheet.has(at, "people_of") and "ne" in clause.shows):
                return True
    return False


def _did(scene: Scene, clause: Clause) -> bool:
    """Whether what was done stands before whom: "SMS کیا سحر کو" (no "what", but "did")."""
    sheet = scene.sheet
    for at in range(clause.i + 1, clause.j):
        if not (sheet.has(at, "did") and sheet.has(at - 1, *_DOINGS)):
            continue
        whom = scene.inside(at + 1)
        if whom and whom.kind in {"person", "org"} and sheet.has(whom.j, "ko"):
            return True
    return False


def _met(shows: set[str]) -> bool:
    return shows.isdisjoint({"not", "goods", "ticket"}) and not shows.isdisjoint({"who", "them"})


def _infinitive(scene: Scene, clause: Clause) -> bool:
    """A verb that names what is to be done, before "is" or at the end of the clause."""
    sheet = scene.sheet
    for at in range(clause.i, clause.j):
        key = sheet.key(at)
        if sheet.tokens[at].kind != "word" or scene.inside(at) or len(key) < 4:
            continue
        if not key.endswith(sheet.written_in(at).infinitive):
            continue
        follows = at + 1 < clause.j and sheet.has(at + 1, "is")
        if follows and not sheet.has(
            at, "question", "they", "we", "mine", "fresh", "please", "no_verb"
        ):
            return True
        if at + 1 == clause.j and not sheet.senses(at):
            return True
    return False
