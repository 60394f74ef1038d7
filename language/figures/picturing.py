"""That a figure is wished for as a picture, and what such a picture shows where less is said."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date
from functools import lru_cache
from importlib import resources

from dateutil.relativedelta import relativedelta

from language.figures.figure import Figure, Span
from language.folding import fold
from language.lexicon import Table
from language.tokens import Token, tokenise
from language.wordfiles import listed

PICTURE, PIPELINE, SHOW, MAKE = "picture", "pipeline", "show", "make"

SIZES = ((45, "day"), (120, "week"), (1500, "month"), (3000, "quarter"))
"""Up to so many days a course is told by day, by week, ... ; longer ones by year."""


@lru_cache(maxsize=1)
def _words() -> tuple[Table, re.Pattern[str]]:
    """All phrases, and the words of which one is in every wish."""
    file = resources.files("language.figures") / "pictures.toml"
    table, telling = Table(), set[str]()
    for sense, said in tomllib.loads(file.read_text("utf-8")).items():
        for phrase in (each for phrases in said.values() for each in listed(phrases)):
            form = tuple(token.key for token in tokenise(phrase))
            table.add(form, sense)
            if sense not in {SHOW, MAKE} and len(form) == 1:
                telling.add(form[0])
    return table, re.compile("|".join(map(re.escape, sorted(telling))))


def without_picture(text: str) -> str | None:
    """What a picture is wished of: the text without the words that wish for one, empty where it
    says no more. None for a text that wishes for none."""
    table, telling = _words()
    if not telling.search(fold(text)):
        return None
    tokens = tokenise(text)
    keys = [token.key for token in tokens]
    left: list[str] = []
    wished, asks_more, at = False, False, 0
    while at < len(tokens):
        size, senses = table.match(keys, at)
        if PICTURE in senses:
            wished = True
        elif PIPELINE in senses:
            wished = asks_more = True
            left.append(" pipeline")
        elif MAKE not in senses:
            asks_more = asks_more or not (SHOW in senses or tokens[at].kind == "mark")
            left += [_with_gap(text, tokens, each) for each in range(at, at + (size or 1))]
        at += size or 1
    if not wished:
        return None
    return "".join(left).strip() if asks_more else ""


def _with_gap(text: str, tokens: tuple[Token, ...], at: int) -> str:
    """A token with what stands before it."""
    before = tokens[at - 1].end if at else 0
    return text[before : tokens[at].end]


def charted(figure: Figure, today: date) -> Figure:
    """The figure of each group, of each stretch of time where no groups are asked for; of the last
    twelve months where no time is."""
    if figure.by or figure.rivals or figure.against or figure.wanted in {"outcomes", "fact"}:
        grouped = figure.by and figure.wanted in {"figure", "best", "mean_of_groups"}
        figure = replace(figure, wanted="table") if grouped else figure
        return (
            replace(figure, span=_stretch(figure.span, today)) if figure.by == "month" else figure
        )
    span = _stretch(figure.span, today)
    days = ((span.last or today) - (span.first or today)).days
    by = next((kind for most, kind in SIZES if days <= most), "year")
    return replace(figure, by=by, wanted="table", span=span, top=1, place=1)


def _stretch(span: Span | None, today: date) -> Span:
    """From when to when: twelve months where no beginning is said."""
    if span and span.first:
        return span
    last = span.last if span and span.last else today
    return Span(last.replace(day=1) - relativedelta(months=11), last)
