"""Clauses put together again: each group is one action, in the order said."""

from __future__ import annotations

from dataclasses import dataclass, field

from language.choosing import GUESSED, choose, choose_whole, settle
from language.clauses import Clause, joined
from language.hearsay import IDLE, hearsay, polite, reminds_only
from language.intents import intent_of
from language.pronouns import STANDS_IN
from language.spotting import Item, Scene

# A clause of the second kind only adds to an action of the first, unless it says "deal" or names.
_ABSORBS = {
    "contact.add": {"contact.update", "contact.find", "contact.add"},
    "deal.add": {"deal.move", "deal.update", "deal.list", "deal.add", "task.add"},
    "ticket.open": {"ticket.open", "ticket.close", "task.add", "activity.log"},
    "order.add": {"deal.add", "order.add"},
    "deal.win": {"deal.add"},
    "deal.lose": {"deal.win"},
    "deal.move": {"activity.log"},
    "undo": {"task.done"},
}
# What such a clause may say by itself, so that it starts an action of its own all the same.
_OWN = {"person", "org", "deal", "customer", "remind", "todo", "do", "them"}
# What makes a thing to do the rep's own, not a description of what is sold.
_ERRAND = {"when", "call", "meeting", "follow_up", "quote", "remind", "who", "them", "do", "sent"}
_DONE = {"who", "wala", "job", "task_word", "tasks", "reminder"}  # what is ticked off
_CRY = 4  # tokens of an outcry that belongs to what follows ("WON!! Ali 5 lakh")
_CRIES = {"win", "lose", "ticket", "order"}  # cues that are cried out before or after a name
_SURE = 9
_KINDS = ("call", "meeting", "email", "message", "visit")


@dataclass(slots=True)
class Group:
    """One action's clauses. `main` are those that show its intent; `weight` the heaviest rule."""

    intent: str
    weight: int
    main: list[Clause] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    shows: set[str] = field(default_factory=set)
    all_shows: set[str] = field(default_factory=set)
    names: dict[str, set[str]] = field(default_factory=lambda: {"person": set(), "org": set()})

    def add(self, scene: Scene, clause: Clause, main: bool = False) -> None:
        """Take in a clause; `main` where it shows the intent itself."""
        self.clauses.append(clause)
        self.all_shows |= clause.shows
        for kind, known in self.names.items():
            known.update(_named(scene, clause, kind))
        if main:
            self.main.append(clause)
            self.shows |= clause.shows


def _started(
    scene: Scene, intent: str, weight: int, main: list[Clause], rest: list[Clause]
) -> Group:
    found = Group(intent, weight)
    own = {clause.i for clause in main}
    for clause in sorted((*rest, *main), key=lambda one: one.i):
        found.add(scene, clause, main=clause.i in own)
    return found


def group(scene: Scene, clauses: list[Clause]) -> list[Group]:
    """The actions of a message as groups of clauses; empty where nothing is asked for."""
    groups: list[Group] = []
    waiting: list[Clause] = []
    for clause in clauses:
        if groups and "who" in groups[-1].all_shows:
            clause.shows.add("context")
        if clause.hard and waiting and not groups:
            groups, waiting = (card, []) if (card := _card(scene, waiting)) else (groups, waiting)
        got = choose(scene, clause, groups[-1].intent if groups else "")
        if got is None and groups and _one_more(scene, groups[-1], clause):
            got = groups[-1].intent, groups[-1].weight
        if got is None and polite(scene, clause):
            continue
        if got is None or (groups and hearsay(clause, got[0])):
            if groups:
                groups[-1].add(scene, clause)
            elif got is None and (cried := _cried_out(waiting, clause)):
                groups.append(_started(scene, *cried, [*waiting, clause], []))
                waiting = []
            else:
                waiting.append(clause)
        elif groups and _adds_to(scene, groups[-1], clause, got[0]):
            same = got[0] == groups[-1].intent and got[0] != "activity.log"
            groups[-1].add(scene, clause, main=same)
        elif groups and _asks_for(groups[-1], clause, got[0]):
            wish = groups.pop()
            groups.append(_started(scene, *got, [*wish.clauses, clause], []))
        else:
            lead = [one for one in waiting if "who" in one.shows or not one.shows & IDLE]
            what = waiting[-1:] if reminds_only(clause) else []
            groups.append(_started(scene, *got, [*what, clause], lead))
            waiting = []
    if len(groups) == 1 and _faint(groups[0]):
        return _card(scene, clauses) or groups
    groups = groups or _card(scene, clauses) or _together(scene, clauses)
    return _settled(scene, clauses, groups[0]) if len(groups) == 1 else groups


def _settled(scene: Scene, clauses: list[Clause], found: Group) -> list[Group]:
    """What seems to be one action, after a look at the message as a whole."""
    got = settle(scene, clauses, (found.intent, found.weight))
    if got is None:
        return []
    found.intent, found.weight = got
    return [found]


def _faint(found: Group) -> bool:
    """Whether what was found may as well be a card: somebody to show, or a guess at one."""
    if found.intent == "contact.show":
        return found.weight < _SURE
    return (found.intent, found.weight) == ("contact.add", GUESSED)


def everything(scene: Scene, clauses: list[Clause]) -> Group | None:
    """All clauses as one group that asks for nothing yet."""
    return _started(scene, "none", 0, clauses, []) if clauses else None


def _cried_out(waiting: list[Clause], clause: Clause) -> tuple[str, int] | None:
    """What fragments say only together: "Won it! Zephyr Aviation at 58 lakh"."""
    shows = set().union(clause.shows, *(each.shows for each in waiting))
    if not waiting or shows.isdisjoint(_CRIES) or "who" not in shows:
        return None
    return intent_of(joined([*waiting, clause]))


def _together(scene: Scene, clauses: list[Clause]) -> list[Group]:
    """What no clause says by itself a whole sentence may: "Ali wants 10 fans, 45k"."""
    sentence: list[Clause] = []
    for clause in clauses:
        if clause.hard and sentence and clause.i > _CRY:
            break
        sentence.append(clause)
    if not sentence:
        return []
    got = choose_whole(scene, sentence)
    rest = clauses[len(sentence) :]
    return [_started(scene, *got, sentence, rest)] if got else []


def _card(scene: Scene, clauses: list[Clause]) -> list[Group]:
    """A name with a number or address and nothing asked: somebody to be kept."""
    shows: set[str] = set().union(*(clause.shows for clause in clauses)) if clauses else set()
    if shows.isdisjoint({"phone", "email"}) or shows.isdisjoint({"person", "org", STANDS_IN}):
        return []
    told = any(sense.endswith("_past") for sense in shows)
    if told or shows & {"question", "todo", "chat", "changed"}:
        return []
    return [_started(scene, "contact.add", 8, list(clauses), [])]


def _adds_to(scene: Scene, before: Group, clause: Clause, intent: str) -> bool:
    shows = clause.shows
    if before.intent == "activity.log" and "note" in before.shows and not clause.hard:
        return not {"todo", "when"} <= shows
    if before.intent == intent == "activity.log" and not clause.hard and _bare(shows):
        return True
    if before.intent == "activity.log" and intent == "task.done" and "past" in shows:
        return not clause.hard and shows.isdisjoint(_DONE)  # "meeting thi, ho gayi"
    if intent == before.intent:
        return not _conflict(scene, before, clause, intent)
    if before.intent == "deal.add" and intent == "task.add":
        if shows.isdisjoint({"who", "them"}) and shows & {"field:close", "will_close"}:
            return True  # "ought to close by the end of the month"
        return not clause.hard and shows.isdisjoint(_ERRAND)
    if before.intent == "ticket.open" and intent == "task.add":
        dated = "when" in shows and "recurs" not in shows
        return not (clause.hard or dated) and shows.isdisjoint({"remind", "todo", "them"})
    if before.intent == "contact.add" and _how_they_came(scene, clause):
        return True
    if before.intent == "deal.lose" and intent == "ticket.open" and not clause.hard:
        return True  # "lost Ali because LC issue": why, not a complaint
    own = _OWN - {"customer"} if "stage:lead" in shows else _OWN  # "put it in leads"
    if intent in _ABSORBS.get(before.intent, ()) and own.isdisjoint(shows):
        return not clause.hard or intent.startswith("contact") or "stage" in clause.shows
    return False


def _asks_for(before: Group, clause: Clause, intent: str) -> bool:
    """Whether what somebody wants becomes a deal: "Ali ne 3 pump lene hain, deal likho"."""
    guessed = before.weight == GUESSED and "wants" in before.all_shows
    return guessed and intent == "deal.add" and not clause.hard and "who" not in clause.shows


def _how_they_came(scene: Scene, clause: Clause) -> bool:
    """Whether a clause only names the channel: "new lead Sadia, met on Facebook"."""
    shows = clause.shows
    if clause.hard or not shows & {"meeting_past", "se"} or shows & {"person", "when", "todo"}:
        return False
    return any(scene.sheet.has(at, "source_word") for at in range(clause.i, clause.j))


def _one_more(scene: Scene, before: Group, clause: Clause) -> bool:
    """Whether somebody else orders too: "2 orders: Sohail 10 chargers, Danish 25 covers"."""
    if before.intent != "order.add" or not {"who", "quantity"} <= clause.shows:
        return False
    return "who" in before.all_shows and _conflict(scene, before, clause, before.intent)


def _bare(shows: set[str]) -> bool:
    """Whether a clause only tells more of what was done."""
    return "not" in shows or shows.isdisjoint({"who", "them", "when"})


def _named(scene: Scene, clause: Clause, kind: str) -> set[str]:
    return {item.value for item in scene.of(kind, clause.i, clause.j)}


def _conflict(scene: Scene, before: Group, clause: Clause, intent: str) -> bool:
    """Whether two clauses of one intent are two actions: other people, days, sums, kinds."""
    for kind in ("person", "org"):
        here, there = _named(scene, clause, kind), before.names[kind]
        if here and there and not here <= there and intent != "contact.add":
            return True
    shows = before.all_shows
    if intent == "task.list":
        return True
    if intent == "stats.show":
        metrics = {s for s in clause.shows if s.startswith("metric:")}
        return bool(metrics) and not metrics <= shows
    if intent == "activity.log":
        if clause.hard and "note" in clause.opens:
            return True
        said = {kind for kind in _KINDS if f"{kind}_past" in clause.shows}
        known = {kind for kind in _KINDS if f"{kind}_past" in shows}
        return bool(said and known and not said & known)
    if intent == "task.add":
        return "when" in shows and "when" in clause.shows
    return False


def items_of(scene: Scene, found: Group, kind: str) -> list[Item]:
    """The items of a kind in a group, left to right."""
    return [item for c in found.clauses for item in scene.of(kind, c.i, c.j)]
