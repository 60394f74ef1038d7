"""Questions about stages: who stood where, how long deals stay, how many go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.book import Chapter
from handlers.figures import meant
from handlers.named import known_in
from handlers.pipeline import pipelines, stage_names
from handlers.reply import Call, Reply
from handlers.staged.answer import Answer, Told
from handlers.staged.passed import Passing
from handlers.staged.stayed import Stays, Velocity
from handlers.staged.stood import Standing
from handlers.strangers import nothing_called, text_with_whole_name
from handlers.turn import Sorry, Turn
from language.figures import senses_of
from language.figures.staged import Asks, Staged, read_staged
from storage.facets import Facets

chapter = Chapter(__name__)

ANSWERS: dict[Asks, type[Answer]] = {
    "standing": Standing, "stay": Stays, "conversion": Passing, "velocity": Velocity,
}  # fmt: skip


@chapter.command("stats.stages")
def stages(turn: Turn, text: str) -> Reply:
    """Whatever follows from the moves of deals, asked in words."""
    told = tell(turn, text)
    if told is None:
        raise Sorry("not_counted_yet")
    return told.reply


_ASKED = ("stage", "pipeline")  # of where deals stand now; where they stood, their moves tell


def asked(turn: Turn, text: str) -> Staged | None:
    """What a text asks of stages; None where it asks for nothing of the kind."""
    known, facets = known_in(turn, text), Facets(turn.session, turn.workspace.id)
    values = facets.values(known.companies, known.people)
    names = {each.key: each.name or each.key for each in pipelines(turn)}
    found = read_staged(text, turn.today, values, facets.own(), stage_names(turn), names)
    if found and (whole := text_with_whole_name(found.figure.unknown, values)):
        found = read_staged(whole, turn.today, values, facets.own(), stage_names(turn), names)
    if found is None:
        return None
    if found.pipeline is None and "pipeline" in found.figure.only:
        return None
    only = {kind: some for kind, some in found.figure.only.items() if kind not in _ASKED}
    return replace(found, figure=meant(turn, replace(found.figure, only=only)))


_LOOKS = frozenset({
    "none", "stats.show", "stage.list", "deal.list", "contact.find", "contact.show", "task.list",
})  # fmt: skip
_MAY_BE = frozenset({"win_rate", "cycle", "stay", "slow", "fast", "velocity", "how_many",
                     "how_much", "most", "least", "open", "by_what:stage"})  # fmt: skip


def asks_of_stages(turn: Turn, calls: Sequence[Call], text: str) -> bool:
    """Whether a message is such a question; none that was read as something to be done is."""
    if len(calls) != 1 or calls[0].intent not in _LOOKS:
        return False
    return not _MAY_BE.isdisjoint(senses_of(text)) and asked(turn, text) is not None


def tell(turn: Turn, text: str) -> Told | None:
    """The answer to a question about stages. Sorry where it names what nothing here is called."""
    question = asked(turn, text)
    if question and question.figure.unknown:
        raise nothing_called(turn, question.figure.unknown[0], "stats.stages")
    return ANSWERS[question.asks](turn, question).give() if question else None
