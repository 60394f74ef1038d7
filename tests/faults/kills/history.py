"""What happened in a round, as plain data: what was said, shown, written and exported."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Said:
    """Something that somebody did, and when the platform first offered it to Rabta and heard that
    it was taken (0: never). ``firm`` and ``mark`` occur nowhere else; ``after``: said only once
    that one was taken."""

    number: int
    kind: str  # deal, move, win, note, remind, undo, again
    chat: str
    firm: str
    text: str
    mark: str = ""
    offered: float = 0.0
    taken: float = 0.0
    after: int = -1


@dataclass(slots=True)
class Shown:
    """A message of Rabta's as it stands in a chat. ``letter`` where the platform carries it."""

    chat: str
    id: str
    text: str
    letter: str = ""


@dataclass(slots=True)
class Kept:
    """A letter in the outbox. ``said`` is what it answers, where somebody typed that."""

    id: str
    kind: str
    chat: str
    state: str
    attempts: int
    marked: bool
    sent_as: str
    said: str
    words: str
    problem: str = ""


@dataclass(slots=True)
class History:
    """A round. ``in_order``: the platform hands out each chat's messages in order, always."""

    door: str
    database: str
    seed: str
    in_order: bool
    kills: list[str] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    letters: list[Kept] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # found while it ran
    errors: list[str] = field(default_factory=list)  # what Rabta logged as errors
    seconds: float = 0.0

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1))

    @classmethod
    def read(cls, path: Path) -> History:
        kept = json.loads(path.read_text())
        for name, kind in (("said", Said), ("shown", Shown), ("letters", Kept)):
            kept[name] = [kind(**each) for each in kept[name]]
        return cls(**kept)
