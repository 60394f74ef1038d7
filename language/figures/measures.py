"""What a question counts, and of which deals."""

from __future__ import annotations

from language.figures.cues import Cues
from language.figures.figure import Listed, Which
from rules.counting import Measure, Over

_SELLERS = {"owner", "manager", "office"}
_ENDS = ("won", "lost", "closed", "open", "created")


def measure_of(cues: Cues, by: str | None) -> tuple[Measure, Over]:
    """What is counted, and how many values become one."""
    for rate in ("win_rate", "loss_rate", "velocity"):
        if cues.has(rate):
            return rate, "sum"
    if to_list := _to_list(cues):
        return to_list
    time = _of_time(cues, by)
    if time:
        return time
    if by == "reason" and not cues.has("money", "how_much"):
        return "count", "sum"
    return _of_worth(cues, by)


def _to_list(cues: Cues) -> tuple[Measure, Over] | None:
    """How far from the price list: "average discount", "how much more than list did we get"."""
    if cues.has("discount"):
        return "discount", "max" if cues.of_a_deal("biggest") else "mean"
    if cues.has("above_list", "below_list", "than_list") and cues.has("how_much", "difference"):
        return "over_list", "mean" if cues.has("average") else "sum"
    return None


def listed_in(cues: Cues) -> Listed | None:
    """How the deals that count stand to the price list."""
    if cues.has("discount") or cues.has("how_much", "difference"):
        return None
    ways: tuple[Listed, ...] = ("below", "above", "at")
    return next((way for way in ways if cues.has(f"{way}_list")), None)


def _of_time(cues: Cues, by: str | None) -> tuple[Measure, Over] | None:
    if cues.has("age"):
        return ("age", "mean") if cues.has("average") else ("age", "max")
    if not cues.has("cycle", "fast", "slow"):
        return None
    if cues.has("median"):
        return "cycle", "median"
    one = by is None and cues.has("fast", "slow") and not cues.has("average")
    if cues.of_a_deal("fast", "slow") and not cues.has("average", "size") and not cues.has("cycle"):
        one = True
    return ("cycle", "min" if cues.has("fast") else "max") if one else ("cycle", "mean")


def _of_worth(cues: Cues, by: str | None) -> tuple[Measure, Over]:
    if cues.has("median"):
        return "amount", "median"
    alone = cues.of_a_deal("biggest", "smallest") and not cues.has("average")
    if cues.has("size") and not alone:
        return "amount", "mean"
    if _counts(cues):
        return "count", "sum"
    if cues.has("average") and not _spreads(cues):
        return "amount", "mean"
    if cues.of_a_deal("biggest"):
        return "amount", "max"
    if cues.of_a_deal("smallest"):
        return "amount", "min"
    if cues.has("money", "how_much", "how_we_do"):
        return "amount", "sum"
    ordered = cues.has("most", "least", "biggest", "smallest", "rank", "versus")
    bought = by in {"company", "contact"} and cues.has("buys")
    if ordered and ((by in _SELLERS and cues.has("sells")) or bought) and _of_anything(cues):
        return "amount", "sum"
    if cues.has("popular"):
        return "count", "sum"
    if ordered and not cues.has("deals", "how_many", *_ENDS):
        return "amount", "sum"
    return "count", "sum"


def _of_anything(cues: Cues) -> bool:
    """ "Who sold the most", where nothing is named of which pieces could be counted."""
    goods = {value.kind for value in cues.values} & {"product", "category"}
    pieces = cues.has("deals", "how_many", "popular", "below_list", "above_list", "at_list")
    return not goods and not pieces


def _counts(cues: Cues) -> bool:
    """ "How many deals", "the most wins": money that is spoken of only bounds them."""
    by_number = cues.leads("how_many", "deals", *_ENDS, within=4)
    ordered = [p for p in cues.of("most", "least") if not p.senses & {"biggest", "smallest"}]
    by_order = any(cues.after(p.j, 1) & {"deals", "won", "lost"} for p in ordered)
    return by_number or (by_order and not cues.has("money", "how_much"))


def _spreads(cues: Cues) -> bool:
    """Whether the average is one of groups: "per agent", "monthly"."""
    if not cues.facets:
        return False
    near = any(
        "average" in cues.before(facet.i, 1) | cues.after(facet.j, 0) for facet in cues.facets
    )
    return near or (cues.has("by") and cues.has("how_many", "money"))


def which_of(cues: Cues, measure: Measure, in_stage: bool) -> Which:
    """Of which deals; of won ones where money or days are asked for and nothing else is said."""
    if measure in {"win_rate", "loss_rate"}:
        return "closed"
    if measure == "age":
        return "open"
    won, lost = cues.has("won"), cues.has("lost", "why")
    if won and lost:
        return "closed"
    if lost:
        return "lost"
    if cues.has("open") or in_stage:
        return "open"
    sold = measure != "count" or cues.has("popular", "below_list", "above_list", "at_list")
    if won or sold:
        return "won"
    if cues.has("closed"):
        return "closed"
    return "created" if cues.has("created") else "all"
