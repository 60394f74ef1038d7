"""Pictures of figures, where they are wished for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from handlers.book import Chapter
from handlers.charts import pictured
from handlers.figures import counted, figure_in
from handlers.pipeline import stage_title
from handlers.reply import Call, Chart, Point, Reply
from handlers.stats import pipeline_title, show_pipeline, shown_pipeline
from handlers.sums import Sums
from handlers.turn import Turn
from language.figures.picturing import charted, without_picture
from storage.models import Member
from storage.turns import last_reading

chapter = Chapter(__name__)

_ASKING = frozenset({
    "stats.show", "stats.ask", "none", "deal.list", "contact.find", "contact.show", "goal.show",
})  # fmt: skip
"""As what a question is read that a picture can answer: nothing that writes."""
PICTURED = "pictured"
"""Under which a turn keeps what it showed, for who wishes to see it once more."""


@chapter.command("stats.picture")
def picture(
    turn: Turn, text: str | None = None, owner: Member | None = None, pipeline: str | None = None
) -> Reply:
    """A figure to be seen, or a pipeline."""
    figure = figure_in(turn, text) if text else None
    if figure is None:
        return funnel(turn, owner, pipeline)
    turn.note(**{PICTURED: text})
    return pictured(turn, counted(turn, charted(figure, turn.today)))


def funnel(turn: Turn, owner: Member | None, said: str | None) -> Reply:
    """What stands in each stage now: by worth, or by number where worths cannot be compared."""
    shown = shown_pipeline(turn, owner, said)
    if shown is None or not shown.count:
        return show_pipeline(turn, owner, said)
    sums = Sums(turn)
    worth = {key: sums.total(shown.worth[key]) for key in shown.stages}
    by_worth = not sums.left_out and any(worth.values())
    points = tuple(
        Point(
            stage_title(turn, key),
            float(money.amount) if by_worth and money else float(shown.counts[key]),
            turn.say("in_stage", amount=sums.said(shown.worth[key]), n=shown.counts[key])
            if shown.counts[key]
            else "—",
        )
        for key, money in worth.items()
    )
    total = turn.say("in_all_stages", amount=sums.said(shown.amounts), n=shown.count)
    title = pipeline_title(turn, owner, shown.way)
    return Reply((Chart("funnel", title, points, total), *sums.notes), sums.buttons)


def picture_wished(turn: Turn, text: str, read: Callable[[str], Sequence[Call]]) -> Call | None:
    """``show me a chart of sales by month`` as a call; None for anything else. ``read``: what
    words ask for by themselves."""
    bare = without_picture(text)
    if bare is None:
        return None
    if not bare:
        return _of_the_last(turn)
    calls = read(bare)
    if len(calls) != 1 or calls[0].intent not in _ASKING:
        return None
    figure = figure_in(turn, bare)
    if _shows_pipeline(calls[0]) and (figure is None or figure.by in {None, "stage"}):
        return Call(
            "stats.picture", {k: v for k, v in calls[0].slots.items() if k in {"owner", "pipeline"}}
        )
    if figure is None or figure.only != (figure_in(turn, text) or figure).only:
        return None  # a customer or a product is called so
    return Call("stats.picture", {"text": bare})


def _of_the_last(turn: Turn) -> Call:
    """A picture of what was asked last, else of the pipeline."""
    last = last_reading(turn.session, turn.member, [turn.chat.id], turn.id)
    read = (last.reading or {}) if last else {}
    asked = any(action.get("intent") == "stats.ask" for action in read.get("actions", ()))
    text = read.get(PICTURED) or (last.said if last and asked else None)
    return Call("stats.picture", {"text": text} if text else {})


def _shows_pipeline(call: Call) -> bool:
    return call.intent == "stats.show" and call.slots.get("metric", "pipeline") == "pipeline"
