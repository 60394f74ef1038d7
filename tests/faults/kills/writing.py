"""People who write at random: deals, moves, wins, notes, reminders, and taps on Undo."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.faults.kills.history import Said
from tests.faults.kills.sides import Side

STAGES = ("qualified", "proposal", "negotiation")


@dataclass
class Firm:
    """A deal as its people think that it stands: ``last`` is what was said of it last."""

    name: str
    chat: str
    last: Said
    stage: int = 0
    over: bool = False
    is_bare: bool = True  # nothing was said of it but the deal itself


@dataclass
class Writing:
    """Says one thing after the other through a side, and keeps what it said.

    Where the platform keeps no order (Slack), nobody goes on about a firm before it was taken
    what was said of it last.
    """

    side: Side
    dice: random.Random
    in_order: bool
    said: list[Said] = field(default_factory=list)
    firms: list[Firm] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)

    def goes_on(self) -> None:
        """One thing more."""
        spoken_of = [firm for firm in self.firms[-30:] if self._may_go_on(firm)]
        firm = self.dice.choice(spoken_of) if spoken_of else None
        roll = self.dice.random()
        if firm is None or roll < 0.4:
            self._deal()
        elif roll < 0.55:
            self._move(firm)
        elif roll < 0.65:
            firm.over = self._says("win", firm, f"win the {firm.name} Textiles deal")
        elif roll < 0.78:
            mark = f"q{len(self.said)}z"
            self._says("note", firm, f"note for {firm.name} Textiles: wants sample {mark}", mark)
        elif roll < 0.92:
            mark, seconds = f"r{len(self.said)}z", self.dice.randint(1, 4)
            what = f"call {firm.name} Textiles about {mark}"
            self._says("remind", firm, f"remind me in {seconds} seconds to {what}", mark)
        else:
            self._undo(firm)

    def _may_go_on(self, firm: Firm) -> bool:
        return not firm.over and (self.in_order or bool(firm.last.taken))

    def _deal(self) -> None:
        name, chat = self._new_name(), self.dice.choice(self.side.chats)
        quantity, lakhs = self.dice.randint(2, 90), self.dice.randint(1, 90)
        text = f"deal for {name} Textiles: {quantity} looms, {lakhs} lakh"
        said = Said(len(self.said), "deal", chat, name, text)
        self._put(said)
        self.firms.append(Firm(name, chat, said))

    def _move(self, firm: Firm) -> None:
        if firm.stage < len(STAGES):
            stage = STAGES[firm.stage]
            firm.stage += 1
            self._says("move", firm, f"move {firm.name} Textiles to {stage}", stage)

    def _says(self, kind: str, firm: Firm, text: str, mark: str = "") -> bool:
        said = Said(len(self.said), kind, firm.chat, firm.name, text, mark)
        firm.last, firm.is_bare = said, False
        self._put(said)
        return True

    def _put(self, said: Said) -> None:
        self.side.says(said)
        self.said.append(said)

    def _undo(self, firm: Firm) -> None:
        """A tap, or two of a hasty thumb, on the answer to a deal of which nothing more was said;
        in private, for there it is the writer's own for sure."""
        if not firm.is_bare or firm.chat == self.side.chats[-1]:
            return
        for kind in ("undo", "again")[: self.dice.randint(1, 2)]:
            said = Said(len(self.said), kind, firm.chat, firm.name, "")
            if not self.side.taps(said, "Undo"):
                return
            self.said.append(said)
            firm.over = True

    def _new_name(self) -> str:
        """A firm of no other's name, nor one that might be taken for another's."""
        pick = self.dice.choice
        while True:
            name = "".join(
                (pick("BDFGHJKLMNPRSTVWYZ"), pick("aeiou"), pick("bdfgklmnprstvz"), pick("aeiou"),
                 pick("bdfgklmnprstvz"), pick("aeiou"), pick("klmnrst"))
            )  # fmt: skip
            bones = "".join(letter for letter in name.lower() if letter not in "aeiou")
            if bones not in self._names:
                self._names.add(bones)
                return name
