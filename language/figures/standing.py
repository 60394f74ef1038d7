"""How groups stand beside each other: ranks, above the average, in a row, who has none at all."""

from __future__ import annotations

from dataclasses import replace

from language.figures.cues import Facet
from language.figures.figure import Figure, Wanted
from language.figures.groups import ORDER
from language.figures.question import Question
from rules.counting import TIMES

_RANKED = ("owner", "product", "company", "manager", "category", "office")
_LISTED = {"which", "who", "list", "how_many"}


def standing(question: Question, figure: Figure) -> Figure | None:
    """The figure where one of these is asked; None where not."""
    for way in (_streak, _rise, _running, _none, _position, _to_mean, _distinct, _shares):
        found = way(question, figure)
        if found:
            return found
    return None


def _time_in(question: Question, figure: Figure) -> str:
    times = [facet.kind for facet in question.cues.facets if facet.kind in TIMES]
    return times[0] if times else figure.by if figure.by in TIMES else "month"


def _streak(question: Question, figure: Figure) -> Figure | None:
    """ "How many months in a row did revenue grow"."""
    if not question.has("streak"):
        return None
    by = _time_in(question, figure)
    measured = figure if figure.measure != "cycle" else _worth(question, figure)
    return replace(
        measured, by=by, wanted="streak", worth=None, having=figure.having or figure.worth,
        grows=question.has("growth"),
    )  # fmt: skip


def _rise(question: Question, figure: Figure) -> Figure | None:
    """ "In which month did revenue grow the most"."""
    if not (figure.by in TIMES and question.has("growth") and question.has(*ORDER)):
        return None
    return replace(figure, wanted="rise", least=question.has("least", "smallest", "fell"))


def _running(question: Question, figure: Figure) -> Figure | None:
    """ "Cumulative revenue by month"; without months all until the end of the time is meant."""
    if not question.has("cumulative") or figure.of != "deal":
        return None
    if figure.by in TIMES:
        return replace(figure, wanted="running")
    last = figure.span.last if figure.span else None
    return replace(figure, span=replace(figure.span, first=None) if last and figure.span else None)


def _none(question: Question, figure: Figure) -> Figure | None:
    """ "Agents without a win in March", "products that were never sold to Zoomit"."""
    if not question.has("never") or figure.lacks or figure.measure not in {"count", "amount"}:
        return None
    groups = [facet for facet in question.cues.facets if facet.kind not in TIMES]
    who = question.has("who") and figure.by == "owner"
    if not who and not any(_is_denied(question, facet) for facet in groups):
        return None
    by = figure.by if who else next(f.kind for f in groups if _is_denied(question, f))
    counted = question.has("how_many")
    only = {kind: names for kind, names in figure.only.items() if kind != by}
    return replace(
        figure, by=by, only=only, measure="count", over="sum", none=True,
        wanted="things" if counted else "list", having=None,
    )  # fmt: skip


def _is_denied(question: Question, facet: Facet) -> bool:
    """Whether a word such as "never" speaks of what these groups did."""
    cues = question.cues
    return any(phrase.i >= facet.j for phrase in cues.of("never")) and cues.has(
        "won", "lost", "deals", "created", "open", "closed", "money"
    )


def _position(question: Question, figure: Figure) -> Figure | None:
    """ "What rank is Sara by revenue"."""
    cues = question.cues
    if not question.has("position") or question.has("who", "list"):
        return None
    spoken = [facet.kind for facet in cues.facets if facet.kind in figure.only]
    kinds = [*spoken, *(kind for kind in (*_RANKED, *figure.only) if kind in figure.only)]
    others = {facet.kind for facet in cues.facets} - set(figure.only)
    if not kinds or len(figure.only[kinds[0]]) != 1 or others & {*_RANKED}:
        return None
    told = _worth(question, figure) if figure.measure in {"count", "amount"} else figure
    return _held(told, kinds[0], "position")


def _to_mean(question: Question, figure: Figure) -> Figure | None:
    """ "How much more did Sara sell than the average agent", "agents above the average"."""
    if not question.has("than_average"):
        return None
    under = question.has("under_average")
    kinds = [kind for kind in (*_RANKED, *figure.only) if len(figure.only.get(kind, ())) == 1]
    spoken = {facet.kind for facet in question.cues.facets}
    if kinds and (kinds[0] == "owner" or kinds[0] in spoken or not spoken - set(TIMES)):
        return _held(figure, kinds[0], "to_mean")
    by = figure.by or next(iter(spoken - set(TIMES)), "owner")
    side = replace(figure, by=by, to_mean="below" if under else "above", least=under)
    return replace(side, wanted="things" if question.has("how_many") else "table")


def _held(figure: Figure, kind: str, wanted: Wanted) -> Figure:
    """One value of a kind beside all others of it."""
    only = {each: many for each, many in figure.only.items() if each != kind}
    return replace(
        figure, by=kind, only=only, rivals=(kind, figure.only[kind]), wanted=wanted,
        having=None, worth=None, least=False,
    )  # fmt: skip


def _distinct(question: Question, figure: Figure) -> Figure | None:
    """ "Which agent sold to the most different accounts"."""
    cues = question.cues
    if figure.by is None or not question.has("most", "least"):
        return None
    counted = next(
        (
            facet.kind for facet in cues.facets
            if facet.kind not in {figure.by, *TIMES}
            and cues.before(facet.i, 1) & {"distinct", "most", "least"}
        ),
        None,
    )  # fmt: skip
    if counted is None and figure.by and cues.has("distinct"):
        return _counted_first(question, figure)
    if counted is None:
        return None
    return replace(figure, distinct=counted, measure="count", over="sum", wanted="name")


def _counted_first(question: Question, figure: Figure) -> Figure | None:
    """ "Who won deals with the most different accounts": what is counted stands beside "most"."""
    facets = question.cues.facets
    if not question.has("who") or len(facets) != 1 or facets[0].kind != figure.by:
        return None
    return replace(
        figure, by="owner", distinct=facets[0].kind, measure="count", over="sum", wanted="name"
    )


def _shares(question: Question, figure: Figure) -> Figure | None:
    """ "What percent of deals are in each stage"."""
    if not question.has("share") or figure.by is None or question.has(*_LISTED):
        return None
    if figure.only and not question.has("each", "by"):
        return None
    if figure.measure not in {"count", "amount"}:
        return None
    return replace(figure, wanted="shares")


def _worth(question: Question, figure: Figure) -> Figure:
    """Money, unless deals are spoken of."""
    counts = question.has("deals", "won", "lost", "closed", "open", "created", "how_many")
    if counts and not question.has("money", "how_much"):
        return replace(figure, measure="count", over="sum")
    return replace(figure, measure="amount", over="sum", which="won")
