"""Questions about numbers: what is to be counted, of which deals, when, by what, against what."""

from language.figures.figure import Figure, Span
from language.figures.reading import read_figure, senses_of, speaks_of_ended, speaks_of_sales

__all__ = ["Figure", "Span", "read_figure", "senses_of", "speaks_of_ended", "speaks_of_sales"]
