"""By what the answer is told apart, in which order, and how much of it is wanted."""

from __future__ import annotations

from language.figures.cues import Cues, Facet
from language.figures.question import Question
from rules.counting import TIMES

ORDER = ("most", "least", "biggest", "smallest", "fast", "slow", "rank")
_PLURAL = {"teams", "managers", "ٹیمیں", "ٹیموں"}


def groups_by(question: Question) -> str | None:
    """What groups are told apart by: what is asked for, or what a table is to be of."""
    cues, has = question.cues, question.has
    facets = cues.facets
    if has("rank"):  # "the team's leaderboard" is one of its members
        facets = [f for f in facets if f.kind != "manager" or cues.sheet.key(f.i) in _PLURAL]
    asked = next((facet.kind for facet in facets if _is_asked(cues, facet)), None)
    if asked:
        return asked
    if has("why") and has("lost", "won"):
        return "reason"
    if has("who"):
        told = next((f for f in facets if f.kind in {"manager", "office"}), None)
        whose = told and any(p.j == told.i for p in cues.of("who"))  # "whose team"
        if told and ("owner" in question.kinds or whose):
            return told.kind
        return "manager" if has("managed") and "manager" not in question.kinds else "owner"
    bounded = has("how_many") and has("over", "at_least", "under", "at_most")
    counted = bounded and facets and facets[0].kind not in TIMES
    if counted and not cues.leads("how_many", "deals"):
        return facets[0].kind
    if facets and has(*ORDER) and not cues.of_a_deal("biggest", "smallest", "fast", "slow"):
        return facets[0].kind
    return "owner" if has("rank") else None


def _is_asked(cues: Cues, facet: Facet) -> bool:
    before = cues.before(facet.i, 3)
    if _is_of_each_time(cues, facet):
        return True
    if "which" in cues.between(facet.i, facet.j):
        return True
    if before & {"which", "by", "rank"} or "by" in cues.after(facet.j, 1):
        return True
    close = cues.before(facet.i, 1)
    if facet.kind in TIMES and "average" in cues.after(facet.j, 0):
        return True
    if close & {"what", "average", *ORDER} or "how_many" in before - _deals_since(cues, facet):
        return True
    return facet.kind in TIMES and bool(close & {"each"})


def _is_of_each_time(cues: Cues, facet: Facet) -> bool:
    """ "Monthly sales" is one figure a month; an average of them is one in all."""
    said = any(facet.i <= each.i < facet.j for each in cues.of("times"))
    return said and not cues.has("average", "growth") and cues.has("money", "won", "lost", "deals")


def _deals_since(cues: Cues, facet: Facet) -> frozenset[str]:
    """Nothing, or that "how many" speaks of the deals between it and the facet."""
    start = max((p.j for p in cues.of("how_many") if p.j <= facet.i), default=facet.i)
    between = cues.between(start, facet.i)
    return frozenset({"how_many"}) if between & {"deals", "won", "lost", "open"} else frozenset()


def is_least(question: Question, measure: str) -> bool:
    """Whether the lowest figure comes first."""
    if measure == "cycle":
        return question.has("fast", "least", "smallest") and not question.has("slow")
    return question.has("least", "smallest")


def place_of(cues: Cues) -> int:
    """ "The second best"."""
    for phrase in cues.phrases:
        nth = next((s for s in phrase.senses if s.startswith("nth:")), None)
        if nth and nth != "nth:1":
            return int(nth.removeprefix("nth:"))
    return 1


def top_of(question: Question) -> int:
    """ "Top 3", "the 5 best"."""
    for phrase in question.cues.of("most", "least", "biggest", "smallest"):
        for at in (phrase.j, phrase.i - 1):
            number = question.cues.number(at) if at not in question.timed else None
            if number is not None and 1 < number <= 100:
                return number
    return 1


def averages_groups(cues: Cues) -> bool:
    """ "Average number of deals per agent", "average monthly revenue"."""
    if not cues.has("average") or not cues.facets or cues.has("size", "cycle", "win_rate"):
        return False
    monthly = any(
        facet.kind in TIMES and "average" in cues.before(facet.i, 1) | cues.after(facet.j, 0)
        for facet in cues.facets
    )
    one = any(
        facet.kind in {"owner", "manager", "office", "company", "product"}
        and any(p.j == facet.i for p in cues.of("average"))
        for facet in cues.facets
    )
    of_each = cues.has("by", "each") and cues.has("how_many", "money", "deals", "won", "lost")
    return monthly or one or of_each


def counts_things(cues: Cues, by: str, *, bounded: bool) -> bool:
    """ "How many agents ...": the groups themselves are counted."""
    facet = next((each for each in cues.facets if each.kind == by), None)
    if facet is None or not cues.has("how_many"):
        return False
    if bounded and not cues.has("which", "who"):
        return True
    before = [p for p in cues.of("how_many") if 0 <= facet.i - p.j <= 2]
    return bool(before) and "deals" not in cues.between(before[-1].j, facet.i)
