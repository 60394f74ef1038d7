"""Questions about numbers in plain words: read, counted, and told with how it was counted."""

from __future__ import annotations

from dataclasses import replace

from handlers.answered import Answered
from handlers.book import Chapter
from handlers.charts import beside_picture
from handlers.counted import Counting
from handlers.labels import with_names
from handlers.named import known_in
from handlers.reply import Line, Reply, Title
from handlers.reviewed import reviewed
from handlers.strangers import nothing_called, text_with_whole_name, values_beside
from handlers.turn import Sorry, Turn
from language.figures import Figure, read_figure
from language.figures.naming import Values
from storage.facets import Facets

chapter = Chapter(__name__)

_MOST_PARTS = 3
"""Names in a question that are said in part, at most."""


@chapter.command("stats.ask")
def ask(turn: Turn, text: str) -> Reply:
    """Whatever can be counted, asked in words."""
    answer = answered(turn, text)
    if answer is None:
        raise Sorry(
            "not_counted_yet", (turn.button("pipeline_button", "stats.show", metric="pipeline"),)
        )
    return beside_picture(turn, answer, text)


@chapter.command("stats.how")
def how(turn: Turn, measure: str) -> Reply:
    """How a figure is counted."""
    key = f"how_{measure}"
    if key not in turn.voice.words:
        raise Sorry("gone")
    return Reply((Title(turn.say(f"label_{measure}")), Line(turn.say(key))))


def figure_in(turn: Turn, text: str) -> Figure | None:
    """What a text asks to be counted; None where it asks for no figure that deals tell. A name that
    is not said whole stands for the only one that has these words."""
    known, facets = known_in(turn, text), Facets(turn.session, turn.workspace.id)
    values: Values = with_names(turn, facets.values(known.companies, known.people))
    own, quantities = facets.own(), facets.quantities
    figure = read_figure(text, turn.today, values, own, quantities)
    if figure and (more := values_beside(turn, figure.unknown, values)) is not values:
        values = more
        figure = read_figure(text, turn.today, values, own, quantities)
    for _ in range(_MOST_PARTS):
        whole = text_with_whole_name(figure.unknown, values) if figure else None
        if whole is None:
            break
        figure = read_figure(whole, turn.today, values, own, quantities)
    return figure


def answered(turn: Turn, text: str) -> Answered | None:
    """The answer to a question."""
    figure = figure_in(turn, text)
    return counted(turn, figure) if figure else None


def counted(turn: Turn, figure: Figure) -> Answered:
    """What a figure comes to. Sorry where it asks of a day that there is not, or of a name that
    nothing here has."""
    if figure.impossible:
        raise Sorry("no_such_day", day=figure.impossible)
    if figure.unknown:
        raise nothing_called(turn, figure.unknown[0])
    if figure.wanted == "review":
        return reviewed(turn, meant(turn, figure))
    return Counting(turn, meant(turn, figure)).give()


def meant(turn: Turn, figure: Figure) -> Figure:
    """With the name of whoever says "my"."""
    only = {
        kind: tuple(
            turn.member.name if kind == "owner" and value == "me" else value for value in many
        )
        for kind, many in figure.only.items()
    }
    return replace(figure, only=only)
