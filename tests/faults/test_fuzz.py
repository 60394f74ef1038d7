"""Each fuzz target in the suite, fed by Hypothesis: ``make fuzz`` goes on where this ends."""

from __future__ import annotations

import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults.fuzz.examples import deliveries, updates
from tests.faults.fuzz.grain import Grain, as_body
from tests.faults.fuzz.targets import TARGETS, Watched

watched = cache(Watched)


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes_are_read_or_refused(name: str) -> None:
    target = watched(TARGETS[name])

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(st.binary(max_size=300))
    def try_it(data: bytes) -> None:
        target(data)

    try_it()
    dice = random.Random(name)
    for _ in range(60):
        target(dice.randbytes(dice.randrange(600)))


def test_examples_are_of_every_kind() -> None:
    kinds = {kind for update in updates() for kind in update if kind != "update_id"}
    assert kinds == {"message", "edited_message", "callback_query", "my_chat_member"}
    assert len(updates()) == 13
    told = {str(each.get("type", "command")) for each in deliveries()}
    spoken = {"event_callback", "command"}
    assert told == spoken | {"block_actions", "view_submission", "url_verification"}


def test_the_same_bytes_bend_an_example_the_same_way_and_others_another() -> None:
    example = updates()[0]

    def bent(number: int) -> bytes:
        return as_body(Grain(bytes([number, 7, number, 3, number] * 9)).bent(example))

    once, again = [[bent(number) for number in range(30)] for _ in range(2)]
    assert once == again
    assert sum(each != as_body(example) for each in once) > 20
    assert example == updates()[0]
