"""Questions about the records themselves: how many employees a company has, what products cost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from language.figures.figure import Figure, Of, Wanted
from language.figures.groups import ORDER, place_of, top_of
from language.figures.phrases import words_for
from language.figures.traits import DEAL_KINDS, OF_DEALS, PRICE, Traits
from language.figures.when import rivals_of

if TYPE_CHECKING:
    from language.figures.cues import Facet
    from language.figures.question import Question
    from rules.counting import Over

_HIGH = ("most", "biggest", "latest", "youngest", "costly")
_LOW = ("least", "smallest", "earliest", "oldest", "cheap", "nth:1")
_ASKS = {"which", "who", "what", "by", "each"}
_WITH = {"with", "having", "that", "which", "whose"}
_OWN = {"company": "company", "product": "product"}


def of_records(question: Question, traits: Traits) -> Figure | None:
    """The figure of records that a question asks for; None where it asks for deals."""
    only, but = question.named()
    of = _subject(question, traits, {*only, *but})
    if of is None:
        return None
    has, lacks = question.filled()
    figure = Figure(
        of=of,
        measure="trait" if traits.asked else "count",
        trait=traits.asked.kind if traits.asked else None,
        only=only,
        but=but,
        traits=traits.bounds,
        has=has,
        lacks=lacks,
        least=question.has(*_LOW) and not question.has("youngest"),
        place=place_of(question.cues),
        top=top_of(question),
    )
    return _compared(question, figure) or _answered(question, figure)


def _subject(question: Question, traits: Traits, kinds: set[str]) -> Of | None:
    """Whether companies or products are asked about; None where deals are."""
    cues = question.cues
    asked = {*traits.bounds, *([traits.asked.kind] if traits.asked else [])}
    has, lacks = question.filled()
    if cues.has(*OF_DEALS) or traits.stretches or kinds & DEAL_KINDS:
        return None
    if PRICE in asked:
        return None if kinds - {"category"} or cues.has("us") else "product"
    goods = {facet.kind for facet in cues.facets} == {"product", "category"}
    if goods and not kinds and cues.has("how_many", *ORDER):
        return "product"
    if kinds & {"product", "category"} or "company" in lacks or cues.has("us", "me"):
        return None
    labels = {kind for kind in (*kinds, *(f.kind for f in cues.facets)) if _is_label(kind)}
    firms = any(facet.kind == "company" for facet in cues.facets)
    counted = (firms or question.children) and labels and cues.has("how_many", "share", *ORDER)
    if traits.asked:
        return "company"
    if cues.has("money", "how_much"):
        return None
    named = kinds == {"company"} and (cues.has("where") or bool(labels))
    return "company" if asked or has or lacks or counted or named else None


def _is_label(kind: str) -> bool:
    """Whether companies are told apart by it."""
    return kind in {"city", "source"} or ":" in kind


def _compared(question: Question, figure: Figure) -> Figure | None:
    """Two records beside each other, or some as a share of all."""
    if rivals := rivals_of(question, figure):
        kind, *names = rivals
        if question.has("than_it"):
            names.reverse()
        only = {each: many for each, many in figure.only.items() if each != kind}
        chooses = question.has("or", "who", "which") and not question.has("difference")
        wanted: Wanted = "name" if chooses else "difference"
        return replace(figure, rivals=(kind, tuple(names)), only=only, by=kind, wanted=wanted)
    if question.has("share") and (figure.only or figure.traits or figure.has or figure.lacks):
        kinds = [] if figure.traits else list(figure.only)
        return replace(figure, wanted="share", of_whole=kinds[-1] if kinds else None)
    return None


def _answered(question: Question, figure: Figure) -> Figure:
    own = _OWN[figure.of]
    if question.has("where") and "company" in figure.only:
        return replace(figure, by=_location(question), wanted="name")
    if "company" in figure.only and figure.measure == "count" and not question.has("how_many"):
        about = next((f.kind for f in question.cues.facets if _is_label(f.kind)), None)
        if about:
            return replace(figure, by=about, has=(), wanted="name")
    label = next((f for f in question.cues.facets if _tells_apart(question, f, own)), None)
    chooses = question.has("which", "who", "what", *_HIGH, *_LOW)
    if label:
        counted = "how_many" in question.cues.before(label.i, 1)
        wanted: Wanted = "things" if counted else "name" if chooses else "table"
        wanted = "table" if figure.top > 1 else wanted
        over: Over = "mean" if question.has("average") else "sum"
        return replace(figure, by=label.kind, wanted=wanted, over=over)
    ordered = question.has(*_HIGH, *_LOW)
    if question.children and ordered and figure.measure == "count" and "company" not in figure.only:
        child = next(f.kind for f in question.cues.facets if f.i in question.children)
        return replace(figure, by=child, has=(), wanted="name")
    if figure.measure == "count":
        counts = question.has("how_many")
        return replace(figure, by=own, wanted="things" if counts else "list")
    year = any(facet.kind == "year" for facet in question.cues.facets)
    if _asks_for_one(question, own) and not year:
        listed: Wanted = "name" if figure.top == 1 else "table"
        return replace(figure, by=own, wanted=listed if ordered else "list")
    return replace(figure, over=_over(question))


def _location(question: Question) -> str:
    """Where a company is: a field of the team's own for that, else its city."""
    kinds = (kind for kind, name in question.own.items() if "location" in words_for(name))
    return next(kinds, "city")


def _tells_apart(question: Question, facet: Facet, own: str) -> bool:
    """ "Which sector", "by country", "the most common sector"; not "accounts in that sector"."""
    if facet.kind == own or not (_is_label(facet.kind) or facet.kind == "category"):
        return False
    if facet.i in question.children and not question.has(*ORDER):
        return False
    cues = question.cues
    near, close = cues.before(facet.i, 3) & _ASKS, cues.before(facet.i, 1) & {"how_many", *ORDER}
    return bool(near or close) or "by" in cues.after(facet.j, 1)


def _asks_for_one(question: Question, own: str) -> bool:
    """ "Which account", "the largest company by staff"; not "employees of our accounts"."""
    cues = question.cues
    if cues.has("average", "median") or _asks_how_many(question):
        return False
    if cues.has("who"):
        return True
    ways = {"which", "what", "by", "list", "rank", *_HIGH, *_LOW}
    keys = [*(token.key for token in cues.sheet.tokens), ""]
    return any(
        cues.before(facet.i, 2) & ways or keys[facet.j] in _WITH
        for facet in cues.facets if facet.kind == own
    )  # fmt: skip


def _asks_how_many(question: Question) -> bool:
    """ "How many employees does our largest account have": the number, not the name."""
    ends = {phrase.j for phrase in question.cues.of("how_many")}
    return any(trait.i in ends for trait in question.traits)


def _over(question: Question) -> Over:
    for sense, over in (("average", "mean"), ("median", "median")):
        if question.has(sense):
            return "mean" if over == "mean" else "median"
    if question.has(*_LOW):
        return "min"
    return "max" if question.has(*_HIGH) else "sum"
