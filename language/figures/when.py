"""For when a figure is asked: the time it counts for, another one beside it, the beginnings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from language.figures.figure import Figure, Span
from language.figures.points import Stretch
from language.figures.question import Question


def in_time(question: Question, figure: Figure, stretches: list[Stretch]) -> Figure:
    """The figure for the stretches of time that are said and speak of nothing else."""
    began = _beginning(question, figure, stretches)
    spans = [each.span for each in stretches if began is None or each.span != began]
    figure = replace(figure, began=began)
    if not spans:
        return figure
    if len(spans) > 1 and question.apart and not began:
        if question.has("growth"):
            spans = sorted(spans[:2], key=lambda span: span.first or date.min, reverse=True)
        if question.has("than_it"):
            spans = spans[1::-1]
        return replace(figure, span=spans[0], against=spans[1])
    behind = question.cues.first("versus") < stretches[0].i
    behind = behind or (question.has("than_it") and question.has("how_we_do"))
    outcomes = question.has("won") and question.has("lost")
    alone = behind and not outcomes and not figure.by and len(rivals_of(question, figure)) < 2
    if alone and question.has("versus"):
        return replace(figure, span=_like(spans[0], question.today), against=spans[0])
    return replace(figure, span=spans[0])


def _beginning(question: Question, figure: Figure, stretches: list[Stretch]) -> Span | None:
    """When the deals began, where that is said beside when they ended, or are open."""
    if figure.which in {"created", "all"} or not question.has("created"):
        return None
    at = question.cues.first("created")
    return next((each.span for each in stretches if each.i >= at), None)


def rivals_of(question: Question, figure: Figure) -> tuple[str, ...]:
    """Two values of one kind that are held against each other, led by that kind."""
    if not question.has("or", "versus", "difference", "among", "than_it"):
        return ()
    found = ((kind, *many) for kind, many in figure.only.items() if len(many) == 2)
    return next(found, ())


def _like(span: Span, today: date) -> Span:
    """The stretch of the same length that today is in: "against last month" is this one's."""
    if span.first is None or span.last is None:
        return Span(None, today)
    days = (span.last - span.first).days + 1
    if days == 1:
        return Span(today, today)
    if days <= 7:
        return Span(date.fromordinal(today.toordinal() - today.weekday()), today)
    size = 1 if days <= 31 else 3 if days <= 92 else 12
    return Span(today.replace(month=(today.month - 1) // size * size + 1, day=1), today)
