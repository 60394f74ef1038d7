"""Words such as her, it, usko, اس کو: they stand for whoever or whatever was spoken of before."""

from __future__ import annotations

from collections.abc import Iterable

from language.clauses import Clause
from language.sheet import lay_out
from language.spotting import Scene

STANDS_IN = "pronoun"

# "It" is the deal or task spoken of only behind such a word; elsewhere it may be the weather.
_DONE_TO_IT = (
    "win", "lose", "gone", "move", "put", "change", "raise", "snooze", "finish", "close", "closed",
)  # fmt: skip


def stand_in(scene: Scene, clauses: Iterable[Clause], spoken: bool | None) -> None:
    """Let such words count as a name, up to where somebody is named in the message itself.

    `spoken` says whether something was spoken of lately in this chat. If not, only words that
    ask for a name count ("call her"): "he" and "it" may mean anything. None: there is no chat.
    """
    if spoken is None:
        return
    for clause in clauses:
        if "who" in clause.shows:
            return
        if "them" in clause.shows or (spoken and _means_them(scene, clause)):
            clause.shows |= {"who", STANDS_IN}
            clause.shows -= {"they"} if spoken else set()


def _means_them(scene: Scene, clause: Clause) -> bool:
    """Whether he, she, they, or an "it" that something is done to, stands in a clause."""
    sheet = scene.sheet
    return any(
        not sheet.has(at, "it") or sheet.has(at - 1, *_DONE_TO_IT)
        for at in range(clause.i, clause.j)
        if sheet.has(at, "they") and scene.inside(at) is None
    )


def says_they(text: str) -> bool:
    """Whether he, she, they or usne stands in a text; not "it", which may be the weather."""
    sheet = lay_out(text)
    return any(
        sheet.has(at, "them", "they") and not sheet.has(at, "it", "customer")
        for at in range(len(sheet.tokens))
    )
