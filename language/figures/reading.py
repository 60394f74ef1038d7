"""From the words of a question to the figure that it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise

from language.figures.answers import answer_wanted
from language.figures.bounds import bound_of
from language.figures.doings import of_activity, of_future, of_silence
from language.figures.figure import Figure
from language.figures.groups import ORDER, groups_by, is_least, place_of, top_of
from language.figures.measures import listed_in, measure_of, which_of
from language.figures.naming import PIPELINE, Values
from language.figures.phrases import phrases, word_list
from language.figures.points import GLUE
from language.figures.question import Question
from language.figures.records import of_records
from language.figures.spans import days_at
from language.figures.standing import standing
from language.figures.strangers import strangers
from language.figures.traits import Traits
from language.figures.when import in_time
from language.sheet import lay_out

_COUNTS = (
    "how_many", "how_much", "money", "size", "average", "median", "win_rate", "loss_rate", "cycle",
    "velocity", "share", "won", "lost", "closed", "open", "created", "deals", "biggest",
    "smallest", "difference", "growth", "forecast", "price", "managed", "age", "rank", "how_we_do",
    "discount", "below_list", "above_list", "at_list", "position", "streak", "than_average",
    "cumulative", "how_big", "contacted",
)  # fmt: skip
_ASKED = (
    "which", "who", "what", "where", "when", "versus", "list", "child", "oldest", "youngest",
    "costly", "cheap", "discount", "below_list", "above_list", "at_list", "position", "streak",
    "than_average", "cumulative", "popular", "never", "how_big",
)  # fmt: skip

_ENDS = ("won", "lost", "closed", "created", "why", "sold")


def read_figure(
    text: str,
    today: date,
    values: Values,
    own: Mapping[str, str] | None = None,
    quantities: Mapping[str, str] | None = None,
) -> Figure | None:
    """What a question asks for; None where it asks for no number.

    ``own`` and ``quantities`` as for ``Question``.
    """
    question = Question(text, today, values, own or {}, quantities or {})
    if not _asks(question):
        return None
    if question.impossible:
        return Figure(impossible=question.impossible[0])
    figure = _read(question)
    return replace(figure, unknown=strangers(question)) if figure else None


def _read(question: Question) -> Figure | None:
    if found := of_silence(question) or of_future(question) or of_activity(question):
        return found
    traits = Traits(question)
    found = of_records(question, traits)
    return found or (_of_deals(question, traits) if _counts(question) else None)


def senses_of(text: str) -> frozenset[str]:
    """What the words of a text mean to such questions, whatever they name."""
    return frozenset(sense for phrase in phrases(lay_out(text)) for sense in phrase.senses)


def speaks_of_ended(text: str) -> bool:
    """Whether a text is about all deals that were won, or lost ("won deals of Sana", "haari hui
    deals dikhao"), and no report of one."""
    sheet = lay_out(text)
    said = phrases(sheet)
    for phrase, after in pairwise(said):
        before = {sense for p in said if p.j <= phrase.i for sense in p.senses}
        plural = sheet.key(after.i) in word_list("deals")
        between = {sheet.key(at) for at in range(phrase.j, after.i)}
        if not (plural and phrase.senses & {"won", "lost"} and between <= word_list("been")):
            continue
        first = phrase.i == 0 or before <= {"list"} or bool(between)
        return first and sheet.key(after.j) not in word_list("reports")
    return False


def speaks_of_sales(text: str, today: date) -> bool:
    """Whether a text names sales and a time, and nothing besides: "sales in November"."""
    sheet = lay_out(text)
    sold = [phrase for phrase in phrases(sheet) if "sold" in phrase.senses]
    days = list(days_at(sheet, today))
    if len(sold) != 1 or len(days) != 1 or len(sheet.tokens) > _FEW:
        return False
    told = {at for i, j in (days[0], (sold[0].i, sold[0].j)) for at in range(i, j)}
    rest = [each for at, each in enumerate(sheet.tokens) if at not in told and each.kind != "mark"]
    return all(each.key in GLUE | _AT for each in rest)


_FEW = 12
"""Tokens of such a text."""
_AT = frozenset({
    "for", "on", "during", "from", "over", "our", "my", "total", "show", "hui", "thi", "kul",
    "hamari", "kaisi", "rahi", "dikhao", "ہوئی", "کل", "ہماری", "دکھاؤ",
})  # fmt: skip


def _is_over(question: Question) -> bool:
    """Whether the time that is said runs until now, or is a day that went by: "meetings since
    Monday", "calls last Friday"."""
    last = [each.span.last for each in question.stretches if each.weekly]
    return question.has("since") or any(day and day < question.today for day in last)


def _asks(question: Question) -> bool:
    cues = question.cues
    about_one = "company" in question.kinds and any(":" in facet.kind for facet in cues.facets)
    if question.has(*_COUNTS, *_ASKED, *ORDER) or PIPELINE in question.kinds:
        return True
    if question.has("activity") and _is_over(question):
        return True
    return bool(question.traits) or about_one


def _counts(question: Question) -> bool:
    """Whether anything is asked that deals tell."""
    has = question.has
    if has(*_COUNTS) or (has("versus") and bool(question.stretches)) or PIPELINE in question.kinds:
        return True
    if has("who") and has(*ORDER, "discount", "below_list", "above_list"):
        return True
    return bool(question.cues.facets) and has(*_ASKED, *ORDER)


def _of_deals(question: Question, traits: Traits) -> Figure:
    cues = question.cues
    by = groups_by(question)
    if question.has("how_big") and question.kinds & {"manager", "office"}:
        return Figure(wanted="things", by="owner", only=question.named()[0])
    measure, over = measure_of(cues, by)
    only, but = question.named()
    stands = PIPELINE in only and measure in {"count", "amount"} and over == "sum"
    stands = stands and not question.has(*_ENDS)
    has, lacks = question.filled()
    figure = Figure(
        measure=measure,
        over=over,
        which="open" if stands else which_of(cues, measure, "stage" in only),
        only=only,
        but=but,
        traits=traits.bounds,
        has=has,
        lacks=lacks,
        by=by,
        least=is_least(question, measure),
        place=place_of(cues),
        top=top_of(question),
        listed=listed_in(cues),
    )
    figure = in_time(question, bound_of(cues, figure, traits.limits), traits.stretches)
    return standing(question, figure) or answer_wanted(question, figure)
