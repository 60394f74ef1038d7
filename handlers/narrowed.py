"""A list of deals narrowed by what a message names: a customer, a city, a product, a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.figure_words import named
from handlers.figures import figure_in, meant
from storage.facets import Facets

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from handlers.turn import Turn


def narrowed_by(turn: Turn, text: str) -> tuple[list[str], list[ColumnElement[bool]]]:
    """The names in it, as they are shown, and what a deal must be like."""
    read = figure_in(turn, text)
    if read is None:
        return [], []
    figure, facets = meant(turn, read), Facets(turn.session, turn.workspace.id)
    names = [named(turn, kind, value) for kind, many in figure.only.items() for value in many]
    fitting = [facets.fits(kind, many) for kind, many in figure.only.items()]
    return names, [*fitting, *(~facets.fits(kind, many) for kind, many in figure.but.items())]
