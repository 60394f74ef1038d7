"""The whole desk as a machine: SQLite, PostgreSQL and plain dictionaries driven together.

``make desk STEPS=100000`` makes a long run of it, each with other turns and another end.
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.buttons import BUTTONS_LIVE
from bot.incoming import Incoming, Place, Sender
from bot.reception import House
from handlers.reply import Reply
from scheduler.letters import Ambiguous, Refused, Sent, Wait
from storage.clock import SetClock
from tests.conversation import button, labels, user_id, words
from tests.faults.desk_model import Done, Team
from tests.faults.desk_world import World
from tests.rows import rows

STEPS = int(os.environ.get("RABTA_TEST_STEPS", "0"))
LONG = 50
"""Steps of one example in a long run."""

PROFILE = settings(
    max_examples=max(1, STEPS // LONG) if STEPS else 4,
    stateful_step_count=LONG if STEPS else 20,
    derandomize=not STEPS,
    phases=(Phase.generate, Phase.shrink) if STEPS else (Phase.generate,),
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)

PEOPLE = {"Ayesha": "T1", "Bilal": "T1", "Zoya": "T2", "Imran": "T2"}
PLACES = ("", "sales")
FIRMS = ("Lupelun", "Hesezun", "Ketafer", "Wimusot")
STAGES = ("qualified", "proposal", "negotiation")
BEGIN = datetime(2026, 11, 23, 5, tzinfo=UTC)
OWNERS = frozenset({("slack", "T1", user_id("Ayesha")), ("slack", "T2", user_id("Zoya"))})

people = st.sampled_from(sorted(PEOPLE))
places = st.sampled_from(PLACES)
firms = st.sampled_from(FIRMS)
deaths = st.sampled_from(("", "", "", "", "once kept", "at commit"))
troubles = st.lists(
    st.sampled_from(
        (Sent("m"), Wait(2.0, "slowly"), Ambiguous("cut"), Refused("no"), "killed before",
         "killed after")
    ),
    min_size=1, max_size=3,
)  # fmt: skip


class Desk(RuleBasedStateMachine):
    """Two teams with a channel of the same key. Whatever is done is done to both databases and to
    the model, and after every step all three must be of one mind."""

    template: ClassVar[Path]
    folder: ClassVar[Path]
    postgresql: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        file = self.folder / "machine.db"
        for each in self.folder.glob("machine.db*"):
            each.unlink()
        shutil.copy(self.template, file)
        rows(self.postgresql).empty()
        self.clock = SetClock(BEGIN)
        house = House(owners=OWNERS)
        self.worlds = [
            World(url, self.clock, house) for url in (f"sqlite:///{file}", self.postgresql)
        ]
        self.teams = {"T1": Team(), "T2": Team()}
        self.count = 0
        self.events: list[Incoming] = []
        self.answers: list[tuple[str, str, Done, list[Reply]]] = []  # who, where, of what, as shown
        self.tapped: set[int] = set()
        self.may_be_refused = False
        for name in PEOPLE:  # the first hello has its own tests
            self._says(name, "", "pipeline")

    def teardown(self) -> None:
        """In the end nothing waits: a letter has arrived, or stands there as one that may not."""
        for _ in range(4):
            self.clock.skip(timedelta(minutes=6))
            for world in self.worlds:
                world.platform.next.clear()
                world.sends()
        try:
            for world in self.worlds:
                for letter in world.letters():
                    copies = world.platform.arrived[letter.id]
                    if letter.state == "sent":
                        assert copies == 1 or (copies == 2 and letter.marked), letter.reply
                    elif letter.state == "unknown":
                        assert copies <= 2
                    else:
                        assert letter.state == "refused", letter.state
                        assert letter.problem == "done meanwhile" or self.may_be_refused
        finally:
            for world in self.worlds:
                world.ends()

    # --- what people do ---------------------------------------------------------------------------

    @rule(who=people, place=places, firm=firms, dies=deaths)
    def deal(self, who: str, place: str, firm: str, dies: str) -> None:
        team = self._team(who)
        if team.open_deal(firm) is None:
            lakhs = self._number()
            text = f"deal for {firm} Textiles: 20 looms, {lakhs} lakh"
            self._acts(who, place, text, team.deal(who, firm, lakhs), dies)

    @rule(who=people, place=places, firm=firms, stage=st.sampled_from(STAGES), dies=deaths)
    def move(self, who: str, place: str, firm: str, stage: str, dies: str) -> None:
        done = self._team(who).move(who, firm, stage)
        self._acts(who, place, f"move {firm} Textiles to {stage}", done, dies)

    @rule(who=people, place=places, firm=firms, dies=deaths)
    def win(self, who: str, place: str, firm: str, dies: str) -> None:
        self._acts(
            who, place, f"win the {firm} Textiles deal", self._team(who).win(who, firm), dies
        )

    @rule(who=people, place=places, firm=firms, dies=deaths)
    def note(self, who: str, place: str, firm: str, dies: str) -> None:
        mark = f"q{self._number()}z"
        done = self._team(who).note(who, firm, mark)
        self._acts(who, place, f"note for {firm} Textiles: wants sample {mark}", done, dies)

    @rule(who=people, firm=firms, minutes=st.integers(1, 90), dies=deaths)
    def task(self, who: str, firm: str, minutes: int, dies: str) -> None:
        mark = f"r{self._number()}z"
        due = self.clock.now() + timedelta(minutes=minutes)
        done = self._team(who).task(who, firm, mark, due)
        text = f"remind me in {minutes} minutes to call {firm} Textiles about {mark}"
        self._acts(who, "", text, done, dies)

    @rule(who=people, place=places, dies=deaths)
    def undo(self, who: str, place: str, dies: str) -> None:
        team = self._team(who)
        is_undone = team.undo(team.last_of(who))
        assert self._says(who, place, "undo", dies).startswith("Undone") == is_undone

    @precondition(lambda self: self.answers)
    @rule(data=st.data(), by=people, dies=deaths)
    def tap(self, data: st.DataObject, by: str, dies: str) -> None:
        """Undo below an answer, perhaps by somebody else, perhaps once more."""
        number = data.draw(st.integers(0, len(self.answers) - 1))
        who, place, done, shown = self.answers[number]
        if PEOPLE[by] != PEOPLE[who] or (not place and by != who):
            by = who  # the others do not see it
        is_undone = by == who and number not in self.tapped and self._team(who).undo(done)
        if by == who:
            self.tapped.add(number)
        tokens = [button(reply, "Undo").token for reply in shown]
        said = self._does(by, place, dies, taps=tokens)
        assert said.startswith("Undone") == is_undone, said

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """The platform delivers an event once more: nothing comes of it, and nobody hears of it."""
        again = data.draw(st.sampled_from(self.events[-40:]))
        for world in self.worlds:
            assert world.receives(again) == []

    # --- what happens to them ---------------------------------------------------------------------

    @rule()
    def restart(self) -> None:
        for world in self.worlds:
            world.restarts()

    @rule(minutes=st.sampled_from((1, 10, 60, 60 * 5, 60 * 24)))
    def later(self, minutes: int) -> None:
        self.clock.skip(timedelta(minutes=minutes))
        for world in self.worlds:
            world.rings()

    @precondition(lambda self: self.answers)
    @rule()
    def much_later(self) -> None:
        """Until the buttons are too old: then a tap does nothing, whoever taps."""
        self.clock.skip(BUTTONS_LIVE + timedelta(hours=1))
        who, place, _, shown = self.answers[-1]
        tokens = [button(reply, "Undo").token for reply in shown]
        assert not self._does(who, place, "", taps=tokens).startswith("Undone")
        self.answers.clear()
        self.tapped.clear()

    @rule(outcomes=troubles)
    def trouble(self, outcomes: list[Any]) -> None:
        """What becomes of the next letters."""
        self.may_be_refused |= any(isinstance(each, Refused) for each in outcomes)
        for world in self.worlds:
            world.platform.next = [*outcomes]

    # --- how it must be ---------------------------------------------------------------------------

    @invariant()
    def all_are_of_one_mind(self) -> None:
        on_sqlite, on_postgresql = (world.records() for world in self.worlds)
        assert on_sqlite == on_postgresql
        for name, team in self.teams.items():
            there = [each for each in on_sqlite if each["workspace"] == f"slack:{name}"]
            assert _as_rows(there) == team.rows

    @invariant()
    def each_reminder_is_raised_once(self) -> None:
        for world in self.worlds:
            raised = [row.topic for row in world.letters() if row.kind == "nudge" and row.topic]
            assert len(raised) == len(set(raised))

    # --- how it is done ---------------------------------------------------------------------------

    def _team(self, who: str) -> Team:
        return self.teams[PEOPLE[who]]

    def _number(self) -> int:
        self.count += 1
        return self.count

    def _acts(self, who: str, place: str, text: str, done: Done | None, dies: str) -> None:
        """Say what must be done, or, where that is None, be refused."""
        self._says(who, place, text, dies)
        has_undo = ["Undo" in labels(reply) for reply in self.shown]
        if done is None:
            assert not any(has_undo)
        elif all(has_undo) and done.before != done.after:
            self.answers.append((who, place, done, self.shown))

    def _says(self, who: str, place: str, text: str, dies: str = "") -> str:
        return self._does(who, place, dies, text=text)

    def _does(
        self, who: str, place: str, dies: str, *, text: str = "", taps: list[str] | None = None
    ) -> str:
        """One event in both; both must give one answer, the same. A tap's token differs."""
        number, team = self._number(), PEOPLE[who]
        sender = Sender("slack", team, user_id(who), who)
        where = Place("slack", team, place or f"D{sender.id}", private=not place, name=place)
        said, self.shown = [], []
        for world, tap in zip(self.worlds, taps or ["", ""], strict=True):
            event = Incoming(
                f"{team}:e{number}", sender, where, self.clock.now(), text=text, tap=tap,
                message=f"e{number}",
            )  # fmt: skip
            answers = world.receives(event, dies=dies)
            assert len(answers) == 1, f"{who}: {text or 'a tap'} has {len(answers)} answers"
            said.append(words(answers[0]))
            self.shown.append(answers[0])
        if not taps:
            self.events.append(event)
        assert said[0] == said[1]
        return said[0]


def _as_rows(records: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """An export as the model writes it."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for each in records:
        firm = str(each.get("company") or each.get("name")).removesuffix(" Textiles")
        mark = str(each.get("text")).rpartition(" ")[2]
        match each["type"]:
            case "company":
                rows["company", firm] = {}
            case "deal":
                amount = int(Decimal(each["amount"]))
                rows["deal", str(amount // 100_000)] = {
                    "firm": firm, "amount": amount, "stage": each["stage"],
                    "status": each["status"],
                }  # fmt: skip
            case "activity":
                rows["note", mark] = {"firm": firm}
            case "task":
                due = datetime.fromisoformat(each["due"])
                rows["task", mark] = {"firm": firm, "due": due, "status": each["status"]}
    assert len(rows) == len(records), "something is there twice"
    return rows


def test_both_databases_and_the_model_are_of_one_mind(
    sqlite_template: Path, postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "template", sqlite_template, raising=False)
    monkeypatch.setattr(Desk, "folder", tmp_path, raising=False)
    monkeypatch.setattr(Desk, "postgresql", postgresql_url, raising=False)
    run_state_machine_as_test(Desk, settings=PROFILE)
