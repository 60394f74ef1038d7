"""Questions about what was done with customers, and about what is likely to be won."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from language.figures.answers import answer_wanted
from language.figures.figure import Figure, Span
from language.figures.groups import ORDER, groups_by, place_of, top_of
from language.figures.question import Question
from language.figures.when import in_time

_KIND = "kind:"
_DAYS = {"unit:day": 1, "unit:week": 7, "unit:month": 30}


def of_activity(question: Question) -> Figure | None:
    """Calls, meetings, visits, messages, notes; None where none are asked about."""
    if not question.has("activity"):
        return None
    cues = question.cues
    only, but = question.named()
    said = {s.removeprefix(_KIND) for p in cues.phrases for s in p.senses if s.startswith(_KIND)}
    figure = Figure(
        of="activity",
        only=only,
        but=but,
        kinds=tuple(sorted(said)),
        by=groups_by(question),
        least=question.has("least", "smallest"),
        place=place_of(cues),
        top=top_of(question),
    )
    if figure.by is None and question.has(*ORDER):
        figure = replace(figure, by="owner")
    return answer_wanted(question, in_time(question, figure, question.stretches))


def of_silence(question: Question) -> Figure | None:
    """ "Customers without contact for 60 days"."""
    cues = question.cues
    if not question.has("contacted") or not question.has("never", "none", "except"):
        return None
    for phrase in cues.of(*_DAYS):
        number = cues.number(phrase.i - 1)
        unit = next(s for s in phrase.senses if s in _DAYS)
        if number:
            today, days = question.today, number * _DAYS[unit]
            span = Span(today - timedelta(days=days), today)
            return Figure(of="activity", wanted="silent", by="company", span=span)
    return None


def of_future(question: Question) -> Figure | None:
    """ "Forecast for December"; of this month where no time is said."""
    if not question.has("forecast"):
        return None
    only, but = question.named()
    first = question.today.replace(day=1)
    month = Span(first, first + relativedelta(months=1, days=-1))
    span = question.stretches[0].span if question.stretches else month
    return Figure(measure="amount", which="open", wanted="forecast", only=only, but=but, span=span)
