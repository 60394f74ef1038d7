"""Which intent a clause has where the rules and the guess are both heard."""

from __future__ import annotations

from language.clauses import Clause, joined
from language.guessing import SEVERAL, Guess, guess
from language.intents import intent_of
from language.spotting import Scene

GUESSED = 0
"""The weight of a choice that no rule made."""
FITS_NOTHING = 0.7  # how likely a guess must be where no rule fits
BARE_SUM = 0.94  # where a sum is all that speaks of a deal: several things may be meant
OVERRULES = 0.95  # and to stand against a rule
PLAIN = 10  # the weight of rules that no guess says nothing against
SURE = 12  # the weight of rules that no guess stands against
_TOO_LITTLE = "brief"  # a clause of few words is read by rules or asked about
_MOST_CLAUSES = 12  # a longer message is a tale, which is no one action
_OF_NOBODY = {"task.add", "task.list", "deal.list", "stats.show", "risk.list", "contact.find",
              "goal.set", "goal.show", "help", "undo"}  # fmt: skip
_OF_A_DEAL = {
    "deal",
    "deals",
    "win",
    "lose",
    "worth",
    "wants",
    "fresh",
    "stage",
    "quote",
    "closing",
}
Choice = tuple[str, int]
"""An intent and the weight of the rule that gave it."""


def choose(scene: Scene, clause: Clause, before: str = "") -> Choice | None:
    """The intent of a clause; None where it has none of its own. `before` is the intent of the
    action told before it."""
    ruled = intent_of(clause)
    if _TOO_LITTLE in clause.shows or (ruled and ruled[1] >= SURE):
        return ruled
    told = clause.shows | ({"who"} if before else set())
    return _weighed(ruled, guess(scene, clause, before), told)


def choose_whole(scene: Scene, clauses: list[Clause]) -> Choice | None:
    """The intent of clauses of which none has one by itself, taken together."""
    whole = joined(clauses)
    ruled = intent_of(whole) if len(clauses) > 1 else None
    if ruled or _TOO_LITTLE in clauses[0].shows & clauses[-1].shows:
        return ruled
    return _weighed(None, guess(scene, whole, whole=len(clauses) > 1), whole.shows)


def _weighed(ruled: Choice | None, guessed: Guess | None, shows: set[str]) -> Choice | None:
    if guessed is None or guessed.intent == SEVERAL or (ruled and guessed.intent == ruled[0]):
        return ruled
    bare = guessed.intent.startswith("deal.") and shows.isdisjoint(_OF_A_DEAL)
    if guessed.share < (OVERRULES if ruled else BARE_SUM if bare else FITS_NOTHING):
        return ruled
    if not guessed.acts:
        return ruled if ruled and ruled[1] >= PLAIN else None
    if "who" in shows or guessed.intent in _OF_NOBODY:
        return guessed.intent, GUESSED
    return ruled


def settle(scene: Scene, clauses: list[Clause], found: Choice) -> Choice | None:
    """The intent of a message that seems to be one action, after a look at the whole of it."""
    if found[1] >= SURE or not 1 < len(clauses) <= _MOST_CLAUSES:
        return found
    whole = joined(clauses)
    return _weighed(found, guess(scene, whole, whole=True), whole.shows)
