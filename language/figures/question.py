"""A question taken apart: its words, whom and what it names, and its stretches of time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from language.figures.cues import Cues, Facet, Value
from language.figures.naming import Values, fields_named, values_named
from language.figures.phrases import phrases, words_for
from language.figures.points import Stretch
from language.figures.spans import Spans
from language.sheet import lay_out

_APART = frozenset({"growth", "difference", "versus", "or", "than_it", "among"})
"""What sets two stretches of time against each other."""

_KEEPS = {"have", "has", "having", "with"}


class Question:
    """``own``: by what deals are told apart here beyond the usual, names by kind;
    ``quantities``: fields of companies that hold numbers, likewise. ``told``: the places of all
    words that say something to it."""

    def __init__(
        self,
        text: str,
        today: date,
        values: Values,
        own: Mapping[str, str],
        quantities: Mapping[str, str],
    ) -> None:
        self.today, self.own, self.quantities = today, own, quantities
        self.sheet = sheet = lay_out(text)
        said = phrases(sheet)
        self.children = frozenset(p.i for p in said if "child" in p.senses)
        named = values_named(values, said, sheet)
        fields = fields_named({**own, **quantities}, said, named, sheet)
        found: list[Value | Facet] = [*named, *fields]
        taken = {at for each in found for at in range(each.i, each.j)}
        said = phrases(sheet, frozenset(taken))
        senses = {sense for phrase in said for sense in phrase.senses}
        self.apart = not senses.isdisjoint(_APART)
        spans = Spans(sheet, said, today, ahead="forecast" in senses)
        self.stretches: list[Stretch] = spans.read(apart=self.apart)
        self.impossible = spans.impossible
        self.timed = frozenset(at for each in self.stretches for at in range(each.i, each.j))
        meant = {at for phrase in said for at in range(phrase.i, phrase.j)}
        self.told = self.timed | taken | meant
        labels = [field for field in fields if field.kind not in quantities]
        self.traits = [field for field in fields if field.kind in quantities]
        timeless = (phrase for phrase in said if phrase.i not in self.timed)
        self.cues = Cues(sheet, timeless, named, labels)
        self.has = self.cues.has

    def named(self) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        """Values that were named, by kind: those that count, and those that do not."""
        only: dict[str, tuple[str, ...]] = {}
        but: dict[str, tuple[str, ...]] = {}
        for value in self.cues.values:
            side = but if self._is_excepted(value) else only
            there = side.get(value.kind, ())
            side[value.kind] = there if value.name in there else (*there, value.name)
        if self.has("me") and "owner" not in only:
            only["owner"] = ("me",)
        return only, but

    def _is_excepted(self, value: Value) -> bool:
        """ "Except Khaddar", "Khaddar ke ilawa": before or behind it, as the language has it."""
        if self.cues.sheet.verb_first:
            return "except" in self.cues.before(value.i, 3)
        return "except" in self.cues.after(value.j, 0)

    def filled(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Facets of which there must be some value ("that are subsidiaries"), and those of which
        there must be none ("deals without an account")."""
        has, lacks = [], []
        keys = [token.key for token in self.cues.sheet.tokens]
        for facet in self.cues.facets:
            before, after = self.cues.before(facet.i, 1), self.cues.after(facet.j, 1)
            child = facet.i in self.children and facet.kind not in self.kinds
            kept = not _KEEPS.isdisjoint(keys[max(0, facet.i - 2) : facet.i])
            if (
                "none" in before
                or ("none" in after and not self.cues.sheet.verb_first)
                or (child and "never" in before)
            ):
                lacks.append(facet.kind)
            elif child or (kept and ":" in facet.kind and facet.kind not in self.kinds):
                has.append(facet.kind)
        if self.has("independent"):
            lacks += [k for k, name in self.own.items() if "subsidiary" in words_for(name)]
        return tuple(has), tuple(lacks)

    @property
    def kinds(self) -> set[str]:
        """What the names that are said are values of."""
        return {value.kind for value in self.cues.values}
