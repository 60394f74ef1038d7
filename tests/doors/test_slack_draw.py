"""Replies as Slack gets them: within its limits, and nobody's words ever become markup."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack_draw import PAGES, Page, draw
from bot.slack_form import dialog
from bot.slack_parts import _runs
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
from tests.servers.slack import text as wording
from tests.servers.slack.rules import MOST_TEXT_IN_UPDATE, checked_blocks, checked_view

CALL = Call("x")


def shown(page: Page) -> str:
    """What a person reads; fails where Slack would refuse."""
    return wording.blocks_shown(checked_blocks(list(page.blocks)) or [], {})


def drawn(*parts: Part, **more: Any) -> list[str]:
    return [shown(page) for page in draw(Reply(parts, **more)).pages]


def test_a_card() -> None:
    card: list[Part] = [
        Title("Deal won"),
        Line("Bilal Traders & Sons pay Rs 4.8 lakh."),
        Fields((("Company", "Bilal <Traders>"), ("Stage:", "won"))),
        Line("2 of 5 today", quiet=True),
    ]
    buttons = (Button("Undo", CALL, token="u"), Button("Edit", CALL, opens_form=True, token="e"))
    assert drawn(*card, buttons=buttons)[0].splitlines() == [
        "Deal won",
        "Bilal Traders & Sons pay Rs 4.8 lakh.",
        "Company: Bilal <Traders>",
        "Stage: won",
        "2 of 5 today",
        "[Undo] [Edit]",
    ]
    page = draw(Reply(tuple(card), buttons)).pages[0]
    assert "Bilal &lt;Traders&gt;" in page.text
    undo, edit = page.blocks[-1]["elements"]
    assert (undo["action_id"], undo["value"]) == ("tap-0", "u")
    assert edit["action_id"].startswith("form-")


def test_lists_and_tables() -> None:
    table = Table(("Stage", "Deals"), (("New", "3"), ("Won", "12")), numeric=(1,))
    items = Items(("call Sara", "visit Bilal"), numbered=True)
    assert drawn(items, Items(("one",)), table) == [
        "1. call Sara\n2. visit Bilal\n• one\nStage  Deals\nNew        3\nWon       12"
    ]


def test_a_table_that_does_not_fit_is_a_list() -> None:
    wide = Table(("Company", "Note"), (("Nishat", "x" * 80),))
    urdu = Table(("کمپنی", "سودے"), (("نشاط", "3"),))
    assert drawn(wide) == [f"• Nishat · Note: {'x' * 80}"]
    assert "سودے" in drawn(urdu)[0]


def test_a_form_is_drawn_where_no_dialog_opens() -> None:
    fields = (
        FormField("a", "Amount", "5 lakh"),
        FormField("s", "Stage", "won", choices=(("won", "Won!"),)),
        FormField("t", "Title"),
    )
    form = Form("Edit", "Save", "Cancel", fields, CALL, (Button("Amount", CALL, token="t"),))
    assert drawn(form) == ["Edit\nAmount: 5 lakh\nStage: Won!\nTitle: —\n[Amount]"]


def test_right_to_left_lines_say_so() -> None:
    page = drawn(Title("سودا"), Line("Nishat سے ملے\nدوسری"), Fields((("نام", "Sara"),)), rtl=True)
    lines = page[0].splitlines()
    assert all(line.startswith("\u200f") for line in lines)
    assert lines[-1] == "\u200fنام: \u2068Sara\u2069"


def test_buttons_alone_and_many() -> None:
    many = tuple(Button(f"B{n}", CALL, token=str(n)) for n in range(30))
    page = draw(Reply((), many)).pages[0]
    assert shown(page).splitlines()[0] == "⋯"
    assert [len(block["elements"]) for block in page.blocks[1:]] == [5] * 5


def test_files_go_along() -> None:
    reply = Reply((Line("Here"), File("a.csv", "text/csv", "YQ==")))
    assert [file.name for file in draw(reply).files] == ["a.csv"]
    assert draw(Reply((File("a.csv", "text/csv", "YQ=="),))).pages == ()


def test_long_replies_are_split_and_then_cut() -> None:
    line = "word " * 100
    pages = drawn(*[Line(line)] * 30)
    assert len(pages) == 2
    assert sum(page.count("word") for page in pages) == 3000
    cut = drawn(Line("x" * 100_000), Items(("y" * 5000,) * 50))
    assert len(cut) == PAGES
    assert cut[-1].endswith("…")


def test_numbers_go_on_where_a_list_is_broken() -> None:
    pages = drawn(Items(tuple(f"item {n} " + "x" * 500 for n in range(1, 13)), numbered=True))
    assert "12. item 12" in "\n".join(pages)


LOUD = "<!channel> <@U1> <http://evil.pk|bank.pk> @here http://x.pk *b* &lt;!here&gt; :tada:"


def every_part(said: str) -> tuple[Part, ...]:
    return (
        Title(said),
        Line(said),
        Line(said, quiet=True),
        Fields(((said, said),)),
        Items((said, said)),
        Table((said, "n"), ((said, "1"),)),
        Form(said, said, said, (FormField("f", said, said),), CALL, (Button(said, CALL),)),
    )


def assert_harmless(reply: Reply) -> list[Page]:
    pages = list(draw(reply).pages)
    for page in pages:
        assert len(page.text) <= MOST_TEXT_IN_UPDATE
        blocks = checked_blocks(list(page.blocks)) or []
        parts = [wording.Part(page.text, mrkdwn=True, auto_linked=False), *wording.parts(blocks)]
        assert wording.pings(parts) == []
        assert wording.links(parts) == []
    return pages


def test_row_42_nothing_that_is_said_pings_or_links() -> None:
    pages = assert_harmless(Reply(every_part(LOUD), (Button(LOUD, CALL),)))
    assert shown(pages[0]).count("<!channel> <@U1> <http://evil.pk|bank.pk> @here") >= 9


said = st.text(st.characters(codec="utf-8"), max_size=60) | st.just(LOUD) | st.just("x" * 3500)


@given(said, st.booleans())
def test_any_words_fit(words: str, rtl: bool) -> None:
    assert_harmless(Reply(every_part(words), (Button(words, CALL),), rtl=rtl))


@given(said, said)
def test_any_words_fit_a_dialog(words: str, value: str) -> None:
    choices = (("a", words), ("b", "B"))
    fields = (FormField("f", words, value), FormField("c", words, "a", choices, optional=False))
    view = dialog(Form(words, words, words, fields, CALL), "note")
    assert checked_view(view, "modal")["private_metadata"] == "note"


def test_a_dialog_says_which_values_are_there() -> None:
    stages = (("new", "New"), ("won", "Won"))
    fields = (
        FormField("deal:7:amount", "Amount", "5 lakh"),
        FormField("deal:7:stage", "Stage", "won", stages, optional=False),
        FormField("note", "Note", "a\nb", long=True),
    )
    view = checked_view(dialog(Form("Edit deal", "Save", "Cancel", fields, CALL), "n"), "modal")
    amount, stage, note = (block["element"] for block in view["blocks"])
    assert amount["initial_value"] == "5 lakh"
    assert stage["initial_option"]["value"] == "won"
    assert note["multiline"]
    assert [block["optional"] for block in view["blocks"]] == [True, False, True]


@pytest.mark.parametrize("label", ["", "   ", "x" * 200, "a\nb"])
def test_labels_of_any_kind_make_a_button(label: str) -> None:
    assert_harmless(Reply((), (Button(label, CALL),)))


def test_a_line_that_begins_with_an_urdu_name_runs_as_its_reader_reads() -> None:
    name = "\u2068حلال ڈیری\u2069"
    (page,) = draw(Reply((Line(f"{name}: late by 9 days"), Line(name)))).pages
    first, then = page.blocks[0]["elements"]
    assert first["elements"][0]["text"] == f"\u200e{name}: late by 9 days"
    assert then["elements"][0]["text"] == name


def test_a_long_text_is_broken_in_its_second_half() -> None:
    """A line that ends early is no place to break: what follows would fill no page."""
    text = "a" * 40 + "\n" + "b" * 30 + " " + "c" * 60
    assert [*_runs(text, 100)] == ["a" * 40 + "\n" + "b" * 30, "c" * 60]
