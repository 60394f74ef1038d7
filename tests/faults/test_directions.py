"""Row 46: no letter that anybody types turns what stands round it, on any platform."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import slack_draw, slack_form, telegram_draw, terminal_draw
from bot.bidi import apart, safe, tidy
from handlers.reply import Button, Call, Fields, File, Form, FormField, Items, Line, Reply, Title
from language.voice import is_rtl
from tests.conversation import Conversation, words
from tests.test_day import kept

LED = re.compile("(?<![^• ])\u200e")
"""Our mark where a left-to-right reader's line begins, that an Urdu name would turn otherwise."""
OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u061c\u200e"
ODD = {
    "urdu": "علی (Acme) رضا",
    "latin": "Sara (Beta) Malik",
    "override": "Evil\u202e\u2067 لاکھ Khan",
    "mark": "\u061cZed\u200f Man",
    "open": "Omar \u2066\u202d Far",
    "closing": "Hina\u2069\u2069 Jan",
    "line": "Dua\u2028\u2067Noor",
}
OURS = ("Acme", "Beta", "Sara", "Evil", "Zed", "Omar", "Hina", "Dua", "more", "Mills", "NTN")


def texts(blocks: Any) -> Iterator[str]:
    """All that Slack shows of blocks or a view."""
    if isinstance(blocks, dict):
        for name, value in blocks.items():
            if isinstance(value, str) and name in {"text", "initial_value"}:
                yield value
            elif not isinstance(value, str):
                yield from texts(value)
    elif isinstance(blocks, list | tuple):
        for block in blocks:
            yield from texts(block)


def drawn(reply: Reply) -> Iterator[str]:
    """Every line that any platform shows of a reply."""
    shown: list[str] = [terminal_draw.plain(reply)]
    telegram = telegram_draw.draw(reply)
    shown += [page.text for page in telegram.pages]
    if telegram.keyboard:
        shown += [each["text"] for row in telegram.keyboard["inline_keyboard"] for each in row]
    for page in slack_draw.draw(reply).pages:
        shown += [page.text, *texts(page.blocks)]
    for part in reply.parts:
        if isinstance(part, Form):
            shown += texts(slack_form.dialog(part, "note"))
    for text in shown:
        yield from text.split("\n")


def outside(line: str) -> str:
    """What stands in no isolate. Fails where one is not closed, or none was open."""
    depth, bare = 0, ""
    for char in line:
        depth += (char in "\u2066\u2067\u2068") - (char == "\u2069")
        assert depth >= 0, ascii(line)
        bare += char if depth == 0 else ""
    assert depth == 0, ascii(line)
    return bare


@pytest.mark.parametrize("name", ODD.values(), ids=ODD)
@pytest.mark.parametrize("tongue", ["en", "ur", "roman"])
def test_row_46_whatever_is_typed_stands_apart_in_every_answer(
    chat: Conversation, tongue: str, name: str
) -> None:
    chat.runs("settings.set", name="language", value=tongue)
    chat.runs("field.add", name=f"NTN {name}"[:30], subject="contact")
    chat.runs("contact.add", contact=name, company=f"{name} Mills", title=name, city=name)
    chat.runs("activity.log", contact=name, kind="note", text=f"said {name}\nand (more) {name}")
    chat.runs("deal.add", contact=name, title=name, amount=500000)
    chat.taps({"en": "Edit", "ur": "تبدیل", "roman": "Tabdeel"}[tongue])
    chat.says(f"remind me in 2 hours to call {name}")
    chat.runs("contact.show", contact=name)
    for command in ("pipeline", "tasks", "today", "help", "undo", "stages", "team", "fields", name):
        chat.commands(f"/{command}")
    chat.says(f"find {name}")
    chat.says(f"[{name}]")
    chat.clock.skip(timedelta(days=2))
    chat.rings()
    lines = [line for heard in chat.heard for line in drawn(heard.reply)]
    assert any(re.search("|".join(OURS), line) for line in lines), "it did come up"
    for line in lines:
        bare = outside(line)
        assert not set(OVERRIDES) & set(LED.sub("", line)), ascii(line)
        assert "\u2028" not in line
        if tongue == "ur" and line[:1] == "\u200f":
            assert not re.search("|".join(OURS), bare), ascii(line)
        elif tongue != "ur" and re.search("[A-Za-z]", line):
            assert not is_rtl(bare), ascii(line)


SIGNS = "\\u2066\\u2067\\u2068\\u2069\\u202e\\u202d\\u200f\\u200c\\n\\u2028\\r"


@given(st.text(alphabet=f"ab عل1({SIGNS}", max_size=40))
def test_row_46_signs_are_balanced_on_each_line_and_nothing_else_is_lost(text: str) -> None:
    made = safe(text)
    for line in made.split("\n"):
        outside(line)
    letters = re.compile("[ab عل1(\u200c]+")
    assert "".join(letters.findall(made)) == "".join(letters.findall(text))
    assert safe(made) == made


def test_row_46_an_isolate_goes_on_over_the_lines_of_what_it_holds() -> None:
    assert safe("a \u2068x\ny\u2069 b") == "a \u2068x\u2069\n\u2068y\u2069 b"
    assert safe("\u200f\u2067x\n\u200fy\u2069") == "\u200f\u2067x\u2069\n\u200f\u2067y\u2069"
    assert apart("علی\nرضا", rtl=False) == "\u2068علی رضا\u2069"


def test_row_46_nothing_that_is_drawn_is_forgotten() -> None:
    evil = "a\u202eb"
    form = Form(evil, evil, evil, (FormField("x", evil, evil, ((evil, evil),)),), Call("none"))
    parts = (Title(evil), Line(evil), Fields(((evil, evil),)), Items((evil,)), form)
    reply = tidy(Reply((*parts, File(evil, "text/csv", "")), (Button(evil, Call("none")),)))
    # What comes back with an answer, and is not shown, is as it was.
    assert repr(reply).replace(repr((evil, "ab")), "").count("\\u202e") == 0


@pytest.mark.parametrize(
    ("written", "sought"),
    [("نشاط ملز", "نشاط\u200c ملز"), ("کریم یوسف", "كريم يوسف"), ("قاضی", "\u202eقاضي"),
     ("مہر علی", "مهر على")],
)  # fmt: skip
def test_row_46_the_same_name_from_another_keyboard_is_found(
    chat: Conversation, written: str, sought: str
) -> None:
    chat.runs("contact.add", contact=written)
    assert written in words(chat.says(f"find {sought}"))


def test_row_46_the_non_joiner_of_urdu_is_kept_as_it_was_typed(chat: Conversation) -> None:
    chat.runs("contact.add", contact="آپ\u200cکا نام")
    assert [row["name"] for row in kept(chat, "contact")] == ["آپ\u200cکا نام"]
    assert "آپ\u200cکا" in words(chat.runs("contact.show", contact="آپ\u200cکا نام"))
