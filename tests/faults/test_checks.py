"""The judge of the kill rounds lets a right history pass, and tells what is wrong with others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.kills.checks import problems
from tests.faults.kills.history import History, Kept, Said, Shown


def history() -> History:
    """Ayesha has a deal and moves it, takes another back, and is reminded; on Telegram."""
    told = History("telegram-polling", "sqlite", "by hand", in_order=True)
    told.said = [
        Said(0, "deal", "7", "Nishat", "deal for Nishat Textiles", offered=1, taken=2),
        Said(1, "move", "7", "Nishat", "move Nishat Textiles to proposal", "proposal", 3, 4),
        Said(2, "deal", "7", "Orient", "deal for Orient Textiles", offered=5, taken=6),
        Said(3, "undo", "7", "Orient", "", offered=7, taken=8),
        Said(4, "remind", "7", "Nishat", "remind me to call about r4z", "r4z", 9, 10),
        Said(5, "note", "7", "Nishat", "note for Nishat Textiles: q5z", "q5z", 11, 12),
    ]
    told.turns = [said.text for said in told.said]
    told.records = [
        {"type": "deal", "id": 1, "company": "Nishat Textiles", "status": "open",
         "stage": "proposal"},
        {"type": "task", "id": 2, "text": "call about r4z"},
        {"type": "activity", "id": 3, "text": "q5z"},
    ]  # fmt: skip
    for number, said in enumerate(told.said):
        told.letters.append(letter(f"m{number}", said.text, f"answer {number}"))
        told.shown.append(Shown("7", f"m{number}", f"answer {number}"))
    told.letters.append(letter("m9", "", 'reminder: "call about r4z"', "nudge"))
    told.shown.append(Shown("7", "m9", "reminder"))
    return told


def letter(sent_as: str, said: str, words: str, kind: str = "reply") -> Kept:
    return Kept(f"id-{sent_as}", kind, "7", "sent", 1, False, sent_as, said, words)


def test_a_right_history_passes() -> None:
    assert problems(history()) == []


def test_it_is_the_same_after_being_written_and_read(tmp_path: Path) -> None:
    history().write(tmp_path / "it.json")
    assert History.read(tmp_path / "it.json") == history()
    assert json.loads((tmp_path / "it.json").read_text())["door"] == "telegram-polling"


def _lost(told: History) -> None:
    del told.records[0]


def _doubled(told: History) -> None:
    told.records.append({**told.records[2], "id": 9})


def _invented(told: History) -> None:
    told.records.append({**told.records[0], "id": 9, "company": "Nobody Textiles"})


def _still_there(told: History) -> None:
    told.records.append({**told.records[0], "id": 9, "company": "Orient Textiles"})


def _not_moved(told: History) -> None:
    told.records[0]["stage"] = "lead"


def _won_by_nobody(told: History) -> None:
    told.records[0]["status"] = "won"


def _out_of_order(told: History) -> None:
    told.records[2]["id"] = 0


def _unanswered(told: History) -> None:
    del told.letters[0]


def _answered_twice(told: History) -> None:
    told.letters.append(told.letters[0])


def _acted_on_twice(told: History) -> None:
    told.turns.append(told.turns[1])


def _tap_unanswered(told: History) -> None:
    del told.letters[3]


def _not_reminded(told: History) -> None:
    del told.letters[-1]


def _reminded_twice(told: History) -> None:
    told.letters.append(letter("m9", "", 'again: "call about r4z"', "nudge"))


def _never_shown(told: History) -> None:
    del told.shown[0]


def _still_waiting(told: History) -> None:
    told.letters[0].state = "waiting"


def _refused(told: History) -> None:
    told.letters[0].state = "refused"


def _shown_three_times(told: History) -> None:
    told.letters[0].marked = True
    told.shown += [Shown("7", f"n{n}", "answer 0") for n in range(2)]


def _shown_twice_unmarked(told: History) -> None:
    told.shown.append(Shown("7", "n1", "answer 0"))


def _shown_without_a_letter(told: History) -> None:
    told.shown.append(Shown("7", "n1", "where does this come from"))


def _ended(told: History) -> None:
    told.wrong.append("it ended by itself")


@pytest.mark.parametrize(
    ("breaks", "tells"),
    [
        (_lost, "one_effect"), (_doubled, "one_effect"), (_invented, "one_effect"),
        (_still_there, "taken_back_once"), (_not_moved, "deals_as_said"),
        (_won_by_nobody, "deals_as_said"), (_out_of_order, "in_order"),
        (_unanswered, "answered_once"), (_answered_twice, "answered_once"),
        (_acted_on_twice, "answered_once"), (_tap_unanswered, "answered_once"),
        (_not_reminded, "reminded_once"), (_reminded_twice, "reminded_once"),
        (_never_shown, "no_letter_lost"), (_still_waiting, "no_letter_lost"),
        (_refused, "no_letter_lost"), (_shown_three_times, "at_most_twice"),
        (_shown_twice_unmarked, "at_most_twice"), (_shown_without_a_letter, "at_most_twice"),
        (_ended, "wrong"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(breaks: Callable[[History], None], tells: str) -> None:
    told = history()
    breaks(told)
    assert any(each.startswith(f"{tells}:") for each in problems(told)), problems(told)


def test_what_was_never_taken_may_have_no_effect_but_not_two() -> None:
    told = history()
    told.said[0].taken = told.said[1].taken = 0.0
    del told.records[0]
    told.turns = told.turns[2:]
    del told.letters[:2], told.shown[:2]
    assert problems(told) == []
    told.records += [{**told.records[1], "id": 8}]
    assert problems(told)


@pytest.mark.parametrize("greets", ["Good morning, Ali: Thursday", "صبح بخیر علی۔ جمعرات"])
def test_an_agenda_that_names_a_task_is_no_second_reminder_of_it(greets: str) -> None:
    told = history()
    told.letters.append(letter("m10", "", f'{greets} "call about r4z"', "nudge"))
    told.shown.append(Shown("7", "m10", "agenda"))
    assert problems(told) == []


def test_slack_keeps_no_order_but_between_what_was_taken_and_what_came_later() -> None:
    told = history()
    told.in_order = False
    told.said[5].offered = 9.5  # offered while the reminder was not yet taken
    told.records[2]["id"] = 1
    assert problems(told) == []
    told.said[5].offered = 11
    assert problems(told)


def test_a_marked_letter_may_be_there_twice_and_an_unknown_one_not_at_all() -> None:
    told = history()
    told.letters[0].marked = True
    told.shown.append(Shown("7", "n1", "answer 0"))
    assert problems(told) == []
    told.letters[1].state, told.letters[1].sent_as, told.letters[1].marked = "unknown", "", True
    told.shown = [shown for shown in told.shown if shown.id != "m1"]
    assert problems(told) == []


def test_a_letter_to_a_person_is_known_by_its_number_in_the_chat_where_they_read_it() -> None:
    told = history()
    told.letters[-1].chat = "U7"
    told.shown[-1].letter = told.letters[-1].id
    assert problems(told) == []
    told.shown.append(Shown("7", "m11", "reminder", told.letters[-1].id))
    assert problems(told) == ["at_most_twice: 2 times in 7, unmarked or without a letter: 'id-m9'"]
    told.letters[-1].marked = True
    assert problems(told) == []
