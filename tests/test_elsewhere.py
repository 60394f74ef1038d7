"""Chats that another process works on: let alone for a moment, looked at again, never forgotten."""

from __future__ import annotations

from random import Random

import pytest

from bot import elsewhere
from bot.elsewhere import Elsewhere, Vain
from storage.inbox import Waiting

AYESHA, HAMZA = "telegram:101", "telegram:102"


class Beat:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Chance(Random):
    """Falls in the middle, and keeps what it was asked."""

    asked: tuple[float, float] = (0.0, 0.0)

    def uniform(self, a: float, b: float) -> float:
        self.asked = (a, b)
        return (a + b) / 2


@pytest.fixture
def beat() -> Beat:
    return Beat()


@pytest.fixture
def others(beat: Beat) -> Elsewhere:
    return Elsewhere(beat, Chance())


def row(number: int, chat: str = AYESHA) -> Waiting:
    return Waiting(number, "telegram", f"e{number}", chat, {})


def looked(others: Elsewhere, *rows: Waiting) -> list[int]:
    """What is free, of rows that were all tried in vain before."""
    assert all(each.chat not in others.chats for each in rows), "a look leaves these out"
    vain: Vain = {each.chat: each.id for each in rows}
    return [each.id for each in others.without(rows, vain)]


def test_what_was_tried_in_vain_and_still_waits_is_let_alone_for_half_a_second(
    others: Elsewhere, beat: Beat
) -> None:
    others.tried_in_vain(AYESHA, 7)
    vain = others.vain()
    assert vain == {AYESHA: 7}
    assert others.vain() == {}, "of each look only what was tried since the one before"
    free = others.without([row(7), row(8, HAMZA)], vain)
    assert [each.id for each in free] == [8]
    assert others.chats == [AYESHA]
    assert others.pause == pytest.approx(0.5)
    beat.now += 0.5
    assert others.chats == []
    assert others.pause == pytest.approx(1.0), "nobody is waited for"


def test_the_next_event_of_a_chat_is_no_longer_the_one_in_other_hands(others: Elsewhere) -> None:
    assert [each.id for each in others.without([row(8)], {AYESHA: 7})] == [8]
    assert others.chats == []


def test_of_several_the_soonest_is_waited_for_and_one_that_is_due_now_at_once(
    others: Elsewhere, beat: Beat
) -> None:
    looked(others, row(1))
    beat.now += 0.2
    looked(others, row(2, HAMZA))
    assert others.pause == pytest.approx(0.3)
    beat.now += 0.4
    assert others.pause == 0.0
    assert others.chats == [HAMZA]


def test_a_chat_in_which_something_came_here_is_looked_at_now(others: Elsewhere) -> None:
    looked(others, row(1), row(2, HAMZA))
    others.came([AYESHA, "telegram:nobody"])
    assert others.chats == [HAMZA]


def test_what_stays_in_other_hands_is_asked_for_less_often_but_at_least_every_two_seconds(
    others: Elsewhere, beat: Beat
) -> None:
    pauses = []
    for _ in range(4):
        looked(others, row(1))
        pauses.append(others.pause)
        beat.now += 10
    assert pauses == pytest.approx([0.5, 1.0, 2.0, 2.0])
    looked(others, row(5))
    assert others.pause == pytest.approx(0.5), "the next event begins anew"


def test_the_moment_is_left_to_chance_so_that_not_all_come_together(beat: Beat) -> None:
    dice = Chance()
    looked(Elsewhere(beat, dice), row(1))
    assert dice.asked == (0.25, 0.75)


def test_of_very_many_chats_what_is_remembered_is_let_go(
    others: Elsewhere, beat: Beat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "REMEMBERED", 2)
    looked(others, row(1), row(2, HAMZA))
    beat.now += 10
    looked(others, row(3, "telegram:103"))
    beat.now += 10
    looked(others, row(1))
    assert others.pause == pytest.approx(0.5), "the oldest begins anew"
    beat.now += 10
    looked(others, row(3, "telegram:103"))
    assert others.pause == pytest.approx(1.0), "the newest is known"
