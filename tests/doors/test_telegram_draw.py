"""What a reply looks like on Telegram; drawn texts are put before the strict loopback's checks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram_draw import Drawn, draw
from bot.telegram_pages import LONGEST, PAGES, Page, utf16
from handlers.reply import (
    Button,
    Call,
    Fields,
    File,
    Form,
    FormField,
    Items,
    Line,
    Part,
    Reply,
    Table,
    Title,
)
from tests.servers.telegram.checks import formatted
from tests.servers.telegram.keyboards import read_markup

RLM, LRM, FSI, PDI = "\u200f", "\u200e", "\u2068", "\u2069"


def button(label: str, style: Any = "plain") -> Button:
    return Button(label, Call("undo"), style=style, token=f"t-{label}"[:40])


def shown(page: Page) -> dict[str, Any]:
    """The page as Telegram would store it. Raises what Telegram would refuse."""
    stored = formatted(page.text, list(page.entities), LONGEST)
    assert page.keyboard is None or read_markup(json.dumps(page.keyboard))
    return stored


def styled(page: Page) -> list[tuple[str, str]]:
    """Each style with the text it covers, cut as Telegram cuts: in UTF-16."""
    units = page.text.encode("utf-16-le")
    return [
        (e["type"], units[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le"))
        for e in page.entities
    ]


def only(drawn: Drawn) -> Page:
    (page,) = drawn.pages
    shown(page)
    return page


def test_a_card_reads_from_title_to_buttons() -> None:
    card = Reply(
        (
            Title("🙂 Bilal Ahmed"),
            Line("Met at the expo."),
            Fields((("Company", "Bilal Traders"), ("Phone:", "0300 1234567"))),
            Line("Added by Ayesha", quiet=True),
        ),
        (button("Undo", "danger"), button("Edit", "primary"), button("A much longer label here")),
    )
    page = only(draw(card))
    assert page.text == (
        "🙂 Bilal Ahmed\nMet at the expo.\nCompany: Bilal Traders\nPhone: 0300 1234567\n"
        "Added by Ayesha"
    )
    assert styled(page) == [
        ("bold", "🙂 Bilal Ahmed"),
        ("bold", "Company:"),
        ("bold", "Phone:"),
        ("italic", "Added by Ayesha"),
    ]
    assert page.keyboard is not None
    rows = [[each["text"] for each in row] for row in page.keyboard["inline_keyboard"]]
    assert rows == [["Undo", "Edit"], ["A much longer label here"]]
    undo = page.keyboard["inline_keyboard"][0][0]
    assert (undo["callback_data"], undo["style"]) == ("t-Undo", "danger")


def test_buttons_of_one_line_stand_in_one_row() -> None:
    pairs = tuple(button(f"{n}: {what}") for n in (1, 2, 3) for what in ("Same", "Different"))
    page = only(draw(Reply((Line("Perhaps in twice"),), pairs)))
    assert page.keyboard is not None
    rows = [[each["text"] for each in row] for row in page.keyboard["inline_keyboard"]]
    assert rows == [[f"{n}: Same", f"{n}: Different"] for n in (1, 2, 3)]
    four = tuple(button(each) for each in ("Undo", "Edit", "Same", "Different"))
    page = only(draw(Reply((Line("Same as Sara?"),), four)))
    assert page.keyboard is not None
    rows = [[each["text"] for each in row] for row in page.keyboard["inline_keyboard"]]
    assert rows == [["Undo", "Edit"], ["Same", "Different"]]


def test_a_line_that_begins_with_an_urdu_name_runs_as_its_reader_reads() -> None:
    name = f"{FSI}حلال ڈیری{PDI}"
    page = only(draw(Reply((Items((f"{name}: late by 9 days", "Bilal: late"), numbered=True),))))
    assert page.text == f"{LRM}1. {name}: late by 9 days\n2. Bilal: late"
    assert (
        only(draw(Reply((Line(name), Line("حلال ڈیری سے بات"))))).text
        == f"{name}\nحلال ڈیری سے بات"
    )


def rows_of(*labels: str) -> list[list[str]]:
    """The rows in which buttons of these labels stand."""
    page = only(draw(Reply((Line("Bilal Traders"),), tuple(map(button, labels)))))
    assert page.keyboard is not None
    return [[each["text"] for each in row] for row in page.keyboard["inline_keyboard"]]


def test_a_scale_is_one_row_and_what_every_nudge_has_stands_together() -> None:
    always = ["Useful", "Not now", "Stop these"]
    assert rows_of(*"12345", *always) == [[*"12345"], always]
    assert rows_of("Log call", "New task", *always) == [["Log call", "New task"], always]
    urdu = ["کام آئی", "ابھی نہیں", "ایسے نہ بھیجیں"]
    assert rows_of("اگلا قدم لکھیں", "کال ہو گئی", *urdu)[1] == urdu


def test_a_long_label_has_the_room_it_needs_for_a_row_is_shared_evenly() -> None:
    first = ["Who uses it", "Not understood"]
    rest = ["Nudges worth it", "Useful", "Not now", "Stop these"]
    assert rows_of(*first, *rest) == [first, rest[:2], rest[2:]]
    assert rows_of("Undo", "What to offer Nishat Mills") == [
        ["Undo"],
        ["What to offer Nishat Mills"],
    ]


def test_lists_stand_apart() -> None:
    page = only(draw(Reply((Title("Today"), Items(("Call Bilal", "Call Sara")), Line("Two.")))))
    assert page.text == "Today\n\n• Call Bilal\n• Call Sara\n\nTwo."
    page = only(draw(Reply((Items(("Bilal", "Sara\nAcme"), numbered=True),))))
    assert page.text == "1. Bilal\n2. Sara\nAcme"


def test_a_small_table_stands_in_columns() -> None:
    table = Table(("Stage", "Deals", "Worth"), (("Lead", "12", "5"), ("Won", "3", "40")), (1, 2))
    page = only(draw(Reply((Line("Pipeline"), table, Line("Good.")))))
    rows = "Stage  Deals  Worth\nLead      12      5\nWon        3     40"
    assert page.text == f"Pipeline\n\n{rows}\n\nGood."
    assert styled(page) == [("pre", rows)]  # one block, so that one tap copies it


def test_a_wide_table_becomes_a_few_lines_a_row() -> None:
    table = Table(
        ("Customer", "Worth", "Next"),
        (("Bilal Traders, Karachi", "Rs 5 lakh", "Tuesday"), ("Acme", "", "Friday")),
    )
    page = only(draw(Reply((table,))))
    assert page.text == (
        "Bilal Traders, Karachi\n  Worth: Rs 5 lakh · Next: Tuesday\nAcme\n  Next: Friday"
    )
    assert styled(page) == [("bold", "Bilal Traders, Karachi"), ("bold", "Acme")]


def test_urdu_begins_each_line_from_the_right_and_isolates_values() -> None:
    reply = Reply(
        (
            Title(f"{RLM}ڈیل جیتی"),
            Fields(((f"{RLM}کمپنی", "Acme (Pvt) Ltd."), (f"{RLM}نام", f"{FSI}Bilal{PDI}"))),
            Items((f"{RLM}پہلا", "Second")),
            Line(f"{RLM}شکریہ\nAyesha", quiet=True),
            Table((f"{RLM}مرحلہ", f"{RLM}ڈیل"), (("Lead", "12"),)),
        ),
        rtl=True,
    )
    page = only(draw(reply))
    lines = [line for line in page.text.split("\n") if line]
    assert all(line.startswith(RLM) and line.count(RLM) == 1 for line in lines)
    assert f"{RLM}کمپنی: {FSI}Acme (Pvt) Ltd.{PDI}" in lines
    assert f"{RLM}نام: {FSI}Bilal{PDI}" in lines  # the Voice had isolated it: not twice
    assert f"{RLM}• Second" in lines
    assert f"{RLM}{FSI}Lead{PDI}" in lines
    assert not any(kind in ("italic", "pre") for kind, _ in styled(page))


def test_urdu_in_an_english_table_gives_up_the_columns() -> None:
    page = only(draw(Reply((Table(("Name", "Deals"), (("بلال", "2"),)),))))
    assert page.text == "\u2068بلال\u2069\n  Deals: 2"


def test_a_form_shows_its_values_and_a_button_for_each() -> None:
    form = Form(
        "Edit Bilal",
        "Save",
        "Cancel",
        (FormField("stage", "Stage", "won", (("won", "Won"),)), FormField("phone", "Phone")),
        Call("edit"),
        (button("Stage"), button("Phone")),
    )
    page = only(draw(Reply((form,), (button("Undo"),))))
    assert page.text == "Edit Bilal\nStage: Won\nPhone: —"
    assert page.keyboard is not None
    texts = [each["text"] for row in page.keyboard["inline_keyboard"] for each in row]
    assert texts == ["Stage", "Phone", "Undo"]


def test_buttons_never_stand_alone_and_need_a_token() -> None:
    assert only(draw(Reply(buttons=(button("Undo"),)))).text == "⋯"
    assert draw(Reply(buttons=(Button("Undo", Call("undo")),))).pages == ()


def test_long_text_is_split_on_whole_lines_and_the_last_page_has_the_buttons() -> None:
    lines = tuple(f"{n} {'x' * 90}" for n in range(100))
    pages = draw(Reply((Title("All"), Items(lines)), (button("Undo"),))).pages
    assert len(pages) == 3
    assert [page.keyboard is not None for page in pages] == [False, False, True]
    assert all(line.startswith("•") for page in pages[1:] for line in page.text.split("\n"))
    together = "\n".join(page.text for page in pages)
    assert together == "All\n\n" + "\n".join(f"• {line}" for line in lines)


def test_what_is_far_too_long_is_cut_and_says_so() -> None:
    pages = draw(Reply((Line("word " * 10_000),))).pages
    assert len(pages) == PAGES
    assert pages[-1].text == "…" or pages[-1].text.endswith("\n…")


def test_a_line_longer_than_a_message_breaks_at_a_space() -> None:
    first, second = draw(Reply((Line("Bilal " * 1000),))).pages
    assert first.text.endswith("Bilal")
    assert (first.text + second.text).count("Bilal") == 1000
    emoji = draw(Reply((Title("🙂" * 3000),))).pages
    assert [utf16(page.text) for page in emoji] == [4094, 1906]
    assert all(styled(page)[0][1] == page.text for page in emoji)


words = st.text(max_size=60) | st.sampled_from(
    ["بلال ٹریڈرز", "🙂👩‍👩‍👧", "<b>&", "a_b*c", " \n\t", ""]
)
cells = st.lists(words, min_size=2, max_size=2).map(tuple)
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Title, words),
    st.builds(Line, words, st.booleans()),
    st.builds(Fields, st.lists(cells, max_size=4).map(tuple)),
    st.builds(Items, st.lists(words, max_size=40).map(tuple), st.booleans()),
    st.builds(Table, cells, st.lists(cells, max_size=8).map(tuple)),
    st.builds(Line, st.text(min_size=3000, max_size=9000)),
    st.builds(File, st.just("a.csv"), st.just("text/csv"), st.just("")),
)


@given(st.builds(Reply, st.lists(parts, max_size=8).map(tuple), rtl=st.booleans()))
def test_row_21_whatever_is_said_telegram_takes_it(reply: Reply) -> None:
    for page in draw(reply).pages:
        try:
            shown(page)
        except Exception as problem:  # invisible signs alone are no text for Telegram either
            assert "non-empty" in str(problem)  # noqa: PT017


def test_nothing_to_say_is_no_message() -> None:
    assert draw(Reply()).pages == ()
    assert draw(Reply((Line(""), Line(" \n ")))).pages == ()


@pytest.mark.parametrize("count", [1, 5, 13])
def test_rows_of_buttons_are_never_empty_or_crowded(count: int) -> None:
    page = only(draw(Reply((Line("x"),), tuple(button(f"No. {n}") for n in range(count)))))
    assert page.keyboard is not None
    assert all(1 <= len(row) <= 3 for row in page.keyboard["inline_keyboard"])
