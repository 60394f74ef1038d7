"""From the words of a question to the figure that it asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from language.figures.bounds import bound_of
from language.figures.cues import APART, Cues, Facet, Value
from language.figures.figure import Figure, Span, Wanted, Which
from language.figures.measures import measure_of, which_of
from language.figures.phrases import Phrase, is_everyday, phrases, synonyms
from language.figures.spans import Spans, Stretch
from language.figures.ways import with_its_word
from language.own_names import Span as Place
from language.own_names import find_names
from language.sheet import Sheet, lay_out
from rules.counting import TIMES

Values = Mapping[str, Mapping[str, Sequence[str]]]
"""What a question may name: by what it is a value of (owner, product, ...), each value with all
that it is called."""

_COUNTS = (
    "how_many", "how_much", "money", "size", "average", "median", "win_rate", "loss_rate", "cycle",
    "velocity", "share", "won", "lost", "closed", "open", "created", "deals", "biggest",
    "smallest", "difference", "growth", "forecast", "price", "managed", "age", "rank", "how_we_do",
)  # fmt: skip
PIPELINE = "pipeline"
"""The kind of value that is only meant beside that word: Retail is a sector, too."""

_ENDS = ("won", "lost", "closed", "created", "why", "sold")
_ORDER = ("most", "least", "biggest", "smallest", "fast", "slow", "rank")


def read_figure(
    text: str, today: date, values: Values, own: Mapping[str, str] | None = None
) -> Figure | None:
    """What a question asks for; None where it asks for no number.

    ``own``: by what deals are told apart here beyond the usual, names by kind.
    """
    return _Question(text, today, values, own or {}).figure()


def senses_of(text: str) -> frozenset[str]:
    """What the words of a text mean to such questions, whatever they name."""
    return frozenset(sense for phrase in phrases(lay_out(text)) for sense in phrase.senses)


class _Question:
    """A question taken apart."""

    def __init__(self, text: str, today: date, values: Values, own: Mapping[str, str]) -> None:
        self.today = today
        sheet = lay_out(text)
        said = phrases(sheet)
        named = _named(values, said, sheet)
        fields = [
            Facet(place.i, place.j, place.key.partition(APART)[0])
            for place in find_names(sheet, _called(own))
            if not (_overlaps(place, said) or _overlaps(place, named))
        ]
        found: list[Value | Facet] = [*named, *fields]
        taken = {at for each in found for at in range(each.i, each.j)}
        said = phrases(sheet, frozenset(taken))
        senses = {sense for phrase in said for sense in phrase.senses}
        self.apart = not senses.isdisjoint(
            {"growth", "difference", "versus", "or", "than_it", "among"}
        )
        spans = Spans(sheet, said, today, ahead="forecast" in senses)
        self.stretches: list[Stretch] = spans.read(apart=self.apart)
        timed = {at for each in self.stretches for at in range(each.i, each.j)}
        self.cues = Cues(sheet, (p for p in said if p.i not in timed), named, fields)
        self.timed = frozenset(timed)
        self.has = self.cues.has

    def figure(self) -> Figure | None:
        cues = self.cues
        counted = self.has(*_COUNTS) or PIPELINE in self._kinds
        counted = counted or (self.has("versus") and bool(self.stretches))
        if not counted and not (cues.facets and self.has("which", "who", *_ORDER)):
            return None
        if self.has("activity"):
            return None  # calls and meetings are no deals
        if self.has("price") and self.has("over", "under"):
            return None  # above or below the list price: that is not counted
        by = self._by()
        measure, over = measure_of(cues, by)
        only, but = self._values()
        stands = PIPELINE in only and measure in {"count", "amount"} and over == "sum"
        figure = Figure(
            measure=measure,
            over=over,
            which="open"
            if stands and not self.has(*_ENDS)
            else which_of(cues, measure, "stage" in only),
            only=only,
            but=but,
            by=by,
            least=self._least(measure),
            place=self._place(),
            top=self._top(),
        )
        return self._wanted(self._in_time(bound_of(cues, figure, self.timed)))

    # --- of which values ------------------------------------------------------------------------

    def _values(self) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
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

    # --- by what --------------------------------------------------------------------------------

    def _by(self) -> str | None:
        """What groups are told apart by: what is asked for, or what a table is to be of."""
        facets = self.cues.facets
        if self.has("rank"):  # "the team's leaderboard" is one of its members
            facets = [f for f in facets if f.kind != "manager" or self._is_plural(f)]
        asked = next((facet.kind for facet in facets if self._is_asked(facet)), None)
        if asked:
            return asked
        if self.has("why") and self.has("lost", "won"):
            return "reason"
        if self.has("who"):
            told = next((f.kind for f in facets if f.kind in {"manager", "office"}), None)
            if told and "owner" in self._kinds:
                return told
            return "manager" if self.has("managed") and "manager" not in self._kinds else "owner"
        bounded = self.has("how_many") and self.has("over", "at_least", "under", "at_most")
        if (
            facets
            and bounded
            and facets[0].kind not in TIMES
            and not self.cues.leads("how_many", "deals")
        ):
            return facets[0].kind
        ordered = self.has(*_ORDER) and not self.cues.of_a_deal(
            "biggest", "smallest", "fast", "slow"
        )
        if ordered and facets:
            return facets[0].kind
        return "owner" if self.has("rank") else None

    def _is_plural(self, facet: Facet) -> bool:
        return self.cues.sheet.key(facet.i) in {"teams", "managers", "ٹیمیں", "ٹیموں"}

    @property
    def _kinds(self) -> set[str]:
        return {value.kind for value in self.cues.values}

    def _is_asked(self, facet: Facet) -> bool:
        before = self.cues.before(facet.i, 3)
        if "which" in self.cues.between(facet.i, facet.j):
            return True
        if before & {"which", "by", "rank"} or "by" in self.cues.after(facet.j, 1):
            return True
        close = self.cues.before(facet.i, 1)
        if facet.kind in TIMES and "average" in self.cues.after(facet.j, 0):
            return True
        if close & {"what", "average", *_ORDER} or "how_many" in before - self._deals_since(facet):
            return True
        return facet.kind in TIMES and bool(close & {"each"})

    def _deals_since(self, facet: Facet) -> frozenset[str]:
        """Nothing, or that "how many" speaks of the deals between it and the facet."""
        start = max((p.j for p in self.cues.of("how_many") if p.j <= facet.i), default=facet.i)
        between = self.cues.between(start, facet.i)
        return (
            frozenset({"how_many"}) if between & {"deals", "won", "lost", "open"} else frozenset()
        )

    # --- in which order -------------------------------------------------------------------------

    def _least(self, measure: str) -> bool:
        if measure == "cycle":
            return self.has("fast", "least", "smallest") and not self.has("slow")
        return self.has("least", "smallest")

    def _place(self) -> int:
        """ "The second best"."""
        for phrase in self.cues.phrases:
            nth = next((s for s in phrase.senses if s.startswith("nth:")), None)
            if nth and nth != "nth:1":
                return int(nth.removeprefix("nth:"))
        return 1

    def _top(self) -> int:
        """ "Top 3", "the 5 best"."""
        for phrase in self.cues.of("most", "least", "biggest", "smallest"):
            for at in (phrase.j, phrase.i - 1):
                number = self.cues.number(at) if at not in self.timed else None
                if number is not None and 1 < number <= 100:
                    return number
        return 1

    # --- when -----------------------------------------------------------------------------------

    def _in_time(self, figure: Figure) -> Figure:
        stretches = self._without_beginning(figure)
        figure = replace(figure, began=self._beginning(figure))
        spans = [each.span for each in stretches]
        if not spans:
            return figure
        if len(spans) > 1 and self.apart and not figure.began:
            if self.has("growth"):
                spans = sorted(spans[:2], key=lambda span: span.first or date.min, reverse=True)
            if self.has("than_it"):
                spans = spans[1::-1]
            return replace(figure, span=spans[0], against=spans[1])
        behind = self.cues.first("versus") < stretches[0].i
        outcomes = self.has("won") and self.has("lost")
        if (
            self.has("versus")
            and behind
            and not outcomes
            and len(self._rivals(figure.only)) < 2
            and not figure.by
        ):
            return replace(figure, span=_like(spans[0], self.today), against=spans[0])
        return replace(figure, span=spans[0])

    def _beginning(self, figure: Figure) -> Span | None:
        """When the deals began, where that is said beside when they ended, or are open."""
        if figure.which in {"created", "all"} or not self.has("created"):
            return None
        at = self.cues.first("created")
        return next((each.span for each in self.stretches if each.i >= at), None)

    def _without_beginning(self, figure: Figure) -> list[Stretch]:
        began = self._beginning(figure)
        return [each for each in self.stretches if began is None or each.span != began]

    # --- what is wanted -------------------------------------------------------------------------

    def _wanted(self, figure: Figure) -> Figure:
        special = self._compared(figure) or self._parts(figure) or self._facts(figure)
        if special:
            return special
        wanted: Wanted = "figure"
        if figure.by:
            wanted = self._of_groups(figure)
        return replace(figure, wanted=wanted)

    def _rivals(self, only: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        """Two values of one kind that are held against each other, led by that kind."""
        if not self.has("or", "versus", "difference", "among", "than_it"):
            return ()
        found = ((kind, *many) for kind, many in only.items() if len(many) == 2)
        return next(found, ())

    def _compared(self, figure: Figure) -> Figure | None:
        """One thing held against another: people, products, times, outcomes."""
        chooses = self.has("or", "who", "which") and not self.has("difference")
        if rivals := self._rivals(figure.only):
            kind, *names = rivals
            if self.has("than_it"):
                names.reverse()
            if self.has("price") and not self.has("money"):
                return replace(figure, rivals=(kind, tuple(names)), wanted="fact", fact="price")
            only = {each: many for each, many in figure.only.items() if each != kind}
            wanted: Wanted = "name" if chooses else "difference"
            return replace(
                figure, rivals=(kind, tuple(names)), only=only, by=kind, wanted=wanted, having=None
            )
        if figure.against is not None:
            if self.has("growth") and not self.has("difference"):
                return replace(figure, wanted="growth", by=None)
            return replace(figure, wanted="span" if chooses else "difference", by=None)
        outcomes = self.has("won") and self.has("lost") and figure.by is None
        if outcomes and self.has("difference", "ratio") and figure.measure in {"count", "amount"}:
            first: Which = "won" if self.cues.first("won") < self.cues.first("lost") else "lost"
            return replace(figure, which=first, wanted="ratio" if self.has("ratio") else "outcomes")
        return None

    def _parts(self, figure: Figure) -> Figure | None:
        """A share of the whole."""
        if not self.has("share") or figure.measure not in {"count", "amount"} or figure.having:
            return None
        if figure.by and not figure.only and not self.has("won", "lost"):
            return None
        kinds = [value.kind for value in self.cues.values]
        if figure.measure == "count" and (not kinds or self._outcome_is_told):
            return replace(figure, wanted="share", by=None)
        return replace(figure, wanted="share", by=None, of_whole=kinds[-1] if kinds else None)

    @property
    def _outcome_is_told(self) -> bool:
        """ "What share of the deals did we win", not "what share of the won deals"."""
        return self.cues.first("won", "lost") > self.cues.first("deals")

    def _facts(self, figure: Figure) -> Figure | None:
        """A day, or what a record says."""
        if self.has("age") and self.has("when"):
            return replace(figure, wanted="day", by=None, least=True)
        if self.has("when", "latest", "earliest") and not figure.by:
            extreme = self.cues.of_a_deal("biggest", "smallest")
            return replace(
                figure,
                wanted="day_of" if extreme else "day",
                least=self.has("earliest") if not extreme else figure.least,
            )
        if self.has("price") and not self.has("average"):
            products = figure.only.get("product", ())
            if products and not figure.by:
                return replace(figure, wanted="fact", fact="price")
        return None

    def _of_groups(self, figure: Figure) -> Wanted:
        if self.cues.leads("most", "how_many", within=0) and not self.has("which", "who"):
            return "best"
        if averages_groups(self.cues):
            return "mean_of_groups"
        if self._counts_things(figure.by or "", figure_having=figure.having is not None):
            return "things"
        if self.has("rank") or (figure.top == 1 and self.has("which", "who", "what", *_ORDER)):
            return "name"
        return "table"

    def _counts_things(self, by: str, *, figure_having: bool) -> bool:
        """ "How many agents ...": the groups themselves are counted."""
        facet = next((each for each in self.cues.facets if each.kind == by), None)
        if facet is None or not self.has("how_many"):
            return False
        if figure_having and not self.has("which", "who"):
            return True
        before = [p for p in self.cues.of("how_many") if 0 <= facet.i - p.j <= 2]
        return bool(before) and "deals" not in self.cues.between(before[-1].j, facet.i)


def averages_groups(cues: Cues) -> bool:
    """ "Average number of deals per agent", "average monthly revenue"."""
    if not cues.has("average") or not cues.facets or cues.has("size", "cycle", "win_rate"):
        return False
    monthly = any(
        facet.kind in TIMES and "average" in cues.before(facet.i, 1) | cues.after(facet.j, 0)
        for facet in cues.facets
    )
    return monthly or (cues.has("by") and (cues.has("how_many") or cues.has("money")))


def _called(own: Mapping[str, str]) -> dict[str, str]:
    """Own facets by their names, and by other words that mean the same (industry, sector)."""
    found = {}
    for kind, name in own.items():
        for number, called in enumerate(dict.fromkeys((name, *synonyms(name)))):
            found[APART.join((kind, name, str(number)))] = called
    return found


def _named(values: Values, said: Sequence[Phrase], sheet: Sheet) -> list[Value]:
    """The values that a question names. Where its own words stand, only what is written as it is
    counts as a name, and nothing that is a part of a longer phrase."""
    names = {
        APART.join((kind, value, str(number))): said
        for kind, known in values.items()
        for value, called in known.items()
        for number, said in enumerate(dict.fromkeys([*called, *synonyms(value)]))
    }
    covering = {at: phrase for phrase in said for at in range(phrase.i, phrase.j)}
    senses = {sense for phrase in said for sense in phrase.senses}
    found = []
    for place in find_names(sheet, names):
        value = Value.at(place)
        size = place.j - place.i
        if value.kind == PIPELINE:
            beside = with_its_word(sheet, place.i, place.j)
            if beside:
                found.append(Value(*beside, value.kind, value.name))
            continue
        over = [covering[at] for at in range(place.i, place.j) if at in covering]
        if any(phrase.j - phrase.i > size for phrase in over):
            continue
        if place.slips and len(over) == size:
            continue
        if place.slips and size == 1 and is_everyday(sheet, place.i):
            continue
        if value.kind == "reason" and not senses & {"lost", "because"}:
            continue
        if len(over) == size and value.kind != "reason" and _may_be_plain(value.kind):
            continue
        found.append(_of_customers(value, values) if "by_what:company" in senses else value)
    return found


def _of_customers(value: Value, values: Values) -> Value:
    """Lahore may be an office and where customers are: beside these it is the latter."""
    both = value.kind == "office" and value.name in values.get("city", {})
    return replace(value, kind="city") if both else value


def _overlaps(place: Place, others: Sequence[Phrase] | Sequence[Value]) -> bool:
    return any(other.i < place.j and place.i < other.j for other in others)


def _may_be_plain(kind: str) -> bool:
    """Whether plain words are values of it, too."""
    return kind in {"stage", "source"} or ":" in kind


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
