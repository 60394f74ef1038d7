"""What kind of answer is wanted: a figure, a name, a table, a difference, a share, a day, ..."""

from __future__ import annotations

from dataclasses import replace

from language.figures.figure import Figure, Wanted, Which
from language.figures.groups import ORDER, averages_groups, counts_things
from language.figures.question import Question
from language.figures.when import rivals_of

_ONE_FIGURE = (
    "how_many", "how_much", "money", "average", "median", "size", "win_rate", "loss_rate", "cycle",
    "velocity", "age", "deals", "won", "lost", "closed", "open", "created", "difference", "growth",
)  # fmt: skip


def answer_wanted(question: Question, figure: Figure) -> Figure:
    """The figure with the kind of its answer."""
    for kind in (_compared, _share, _fact):
        found = kind(question, figure)
        if found:
            return found
    return replace(figure, wanted=_of_groups(question, figure) if figure.by else "figure")


def _compared(question: Question, figure: Figure) -> Figure | None:
    """One thing held against another: people, products, times, outcomes."""
    has = question.has
    chooses = has("or", "who", "which") and not has("difference")
    if rivals := rivals_of(question, figure):
        kind, *names = rivals
        if has("than_it"):
            names.reverse()
        if has("price") and not has("money"):
            return replace(figure, rivals=(kind, tuple(names)), wanted="fact", fact="price")
        only = {each: many for each, many in figure.only.items() if each != kind}
        wanted: Wanted = "name" if chooses else "difference"
        return replace(
            figure, rivals=(kind, tuple(names)), only=only, by=kind, wanted=wanted, having=None
        )
    if figure.against is not None:
        if _of_all(question, figure) and figure.over == "sum":
            return replace(figure, wanted="review", by=None)
        if has("growth") and not has("difference"):
            return replace(figure, wanted="growth", by=None)
        return replace(figure, wanted="span" if chooses else "difference", by=None)
    outcomes = has("won") and has("lost") and figure.by is None
    if outcomes and has("difference", "ratio") and figure.measure in {"count", "amount"}:
        cues = question.cues
        first: Which = "won" if cues.first("won") < cues.first("lost") else "lost"
        return replace(figure, which=first, wanted="ratio" if has("ratio") else "outcomes")
    return None


def _of_all(question: Question, figure: Figure) -> bool:
    """Whether two times are held against each other in all that matters, and in no one figure."""
    if question.has("how_we_do"):
        return figure.measure == "amount"
    return question.has("compare") and not question.has(*_ONE_FIGURE) and not figure.by


def _share(question: Question, figure: Figure) -> Figure | None:
    """A share of the whole."""
    has, cues = question.has, question.cues
    if not has("share") or figure.measure not in {"count", "amount"} or figure.having:
        return None
    if figure.by and not figure.only and not has("won", "lost"):
        return None
    kinds = [value.kind for value in cues.values]
    if figure.listed or figure.lacks or figure.worth or figure.days or figure.traits:
        return replace(figure, wanted="share", by=None)
    told = has("won", "lost") and cues.first("won", "lost") > cues.first("deals")
    # "What share of the deals did we win", not "what share of the won deals".
    if figure.measure == "count" and (not kinds or told):
        return replace(figure, wanted="share", by=None)
    return replace(figure, wanted="share", by=None, of_whole=kinds[-1] if kinds else None)


def _fact(question: Question, figure: Figure) -> Figure | None:
    """A day, or what a record says."""
    has, cues = question.has, question.cues
    if has("age") and has("when"):
        return replace(figure, wanted="day", by=None, least=True)
    if has("when", "latest", "earliest") and (not figure.by or has("when")):
        figure = replace(figure, by=None)
        if cues.of_a_deal("biggest", "smallest"):
            return replace(figure, wanted="day_of")
        first = has("earliest", "first") and not has("final", "latest")
        return replace(figure, wanted="day", least=first)
    if has("price") and not has("average"):
        products = figure.only.get("product", ())
        if products and not figure.by:
            return replace(figure, wanted="fact", fact="price")
    return None


def _of_groups(question: Question, figure: Figure) -> Wanted:
    has, cues = question.has, question.cues
    if cues.leads("most", "how_many", within=0) and not has("which", "who"):
        return "best"
    if averages_groups(cues):
        return "mean_of_groups"
    if counts_things(cues, figure.by or "", bounded=figure.having is not None):
        return "things"
    if has("rank") or (figure.top == 1 and has("which", "who", "what", *ORDER)):
        return "name"
    return "table"
