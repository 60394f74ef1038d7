"""What the help says can be said works when it is typed, one line after the other."""

from __future__ import annotations

import pytest

from handlers.guide import TOPICS
from tests.conversation import Conversation, labels, words

SPEAK = {"en": "speak english", "ur": "اردو میں بات کرو", "roman": "speak roman urdu"}
NEWER = ("leads", "service", "campaigns")


def lines_of(chat: Conversation, topic: str, tongue: str) -> list[str]:
    said = str(chat.book.words[f"help_{topic}_examples"][tongue])
    return said.replace("{{", "{").replace("}}", "}").splitlines()


@pytest.mark.parametrize("tongue", SPEAK)
def test_every_line_does_what_it_shows(chat: Conversation, tongue: str) -> None:
    chat.says(SPEAK[tongue])
    said = chat.book.words
    lines = {
        topic: lines_of(chat, topic, tongue) for topic in ("people", "happened", "deals", *NEWER)
    }
    lost = {said[key][tongue][:25] for key in ("not_understood", "meant_whom", "unsure")
            if key in said}  # fmt: skip
    for some in lines.values():
        for line in some:
            told = words(chat.says(line))
            assert told, line
            assert not any(begin in told for begin in lost), (line, told)


@pytest.mark.parametrize("tongue", SPEAK)
def test_the_help_names_every_subject(chat: Conversation, tongue: str) -> None:
    chat.says(SPEAK[tongue])
    told = chat.runs("help")
    titles = [str(chat.book.words[f"help_{topic}"][tongue]) for topic in TOPICS]
    assert labels(told) == titles
    for topic in NEWER:
        shown = words(chat.taps(str(chat.book.words[f"help_{topic}"][tongue])))
        assert lines_of(chat, topic, tongue)[0] in shown.replace("\u2068", "").replace("\u2069", "")
        chat.runs("help")
