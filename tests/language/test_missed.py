"""A call that nobody took: the words that say so are kept, they are the news."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from language.reader import read

NOW = datetime(2026, 11, 25, 13, tzinfo=ZoneInfo("Asia/Karachi"))
SAID = {
    "Bilal didn't pick up": "didn't pick up",
    "no answer from Sara": "no answer",
    "left a voicemail for Will Turner": "left a voicemail",
    "Bilal's phone was off": "phone was off",
    "Bilal ne phone nahi uthaya": "phone nahi uthaya",
    "Bilal ka phone band tha": "phone band tha",
    "بلال نے فون نہیں اٹھایا": "فون نہیں اٹھایا",
}


@pytest.mark.parametrize("said", SAID)
def test_that_nobody_answered_is_kept(said: str) -> None:
    (action,) = read(said, NOW)
    assert action.intent == "activity.log"
    assert (action.slots["kind"], action.slots["text"]) == ("call", SAID[said])


def test_what_was_spoken_leaves_nothing_but_what_was_said() -> None:
    (action,) = read("called Bilal, wants new rates", NOW)
    assert action.slots["text"] == "wants new rates"
