"""A chart where no picture is shown: its values in words, each with a bar of letters."""

from __future__ import annotations

import io
import json
import math

import pytest
from rich.console import Console

from bot import slack_draw, telegram_draw
from bot.pictures.words import LONGEST, MOST, bars
from bot.terminal_draw import plain, rich
from handlers.packing import pack, unpack
from handlers.reply import Chart, Point, Reply, Title

PIPELINE = Chart(
    "funnel",
    "Pipeline",
    (
        Point("Lead", 4_800_000, "Rs 48 lakh"),
        Point("Qualified", 2_400_000, "Rs 24 lakh"),
        Point("Proposal", 0, "Rs 0"),
    ),
    "3 deals without an amount",
)
GOALS = Chart("pace", "Goals", (Point("Ayesha", 50, "Rs 5 lakh", mark=100),))


def test_a_chart_comes_out_of_the_outbox_as_it_went_in() -> None:
    """Row 33: what is kept as JSON is what is sent, after a restart too."""
    forecast = Chart("forecast", "Sales", (Point("Dec", 5, "5", low=3, high=8.5, mark=6),), "x")
    reply = Reply((PIPELINE, forecast))
    assert unpack(json.loads(json.dumps(pack(reply)))) == reply


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_no_axis_holds_is_refused_before_it_is_kept(number: float) -> None:
    with pytest.raises(ValueError, match="Ayesha"):
        Point("Ayesha", number, "?")
    with pytest.raises(ValueError, match="Ayesha"):
        Point("Ayesha", 1, "1", high=number)


def test_bars_are_as_long_as_their_values() -> None:
    lead, qualified, proposal = bars(PIPELINE)
    assert len(lead.bar) == LONGEST == 2 * len(qualified.bar)
    assert proposal.bar == ""


def test_what_is_missing_to_a_goal_is_pale() -> None:
    (bar,) = bars(GOALS)
    assert bar.bar == "▇" * 6 + "░" * 6


def test_little_shows_and_a_loss_has_no_bar() -> None:
    points = (Point("a", 1_000_000, "a"), Point("b", 1, "b"), Point("c", -5, "c"))
    assert [len(bar.bar) for bar in bars(Chart("leaders", "", points))] == [LONGEST, 1, 0]
    assert [bar.bar for bar in bars(Chart("leaders", "", (Point("a", 0, "0"),)))] == [""]
    assert bars(Chart("leaders", "", ())) == []


def test_of_a_long_time_the_latest_are_told_and_of_a_long_list_the_first() -> None:
    points = tuple(Point(f"{n}", n, f"{n}") for n in range(40))
    assert [bar.label for bar in bars(Chart("trend", "", points))][-1] == "39"
    assert bars(Chart("leaders", "", points))[0].label == "0"
    assert len(bars(Chart("trend", "", points))) == MOST


def test_a_name_takes_one_line_and_lets_nothing_turn() -> None:
    (bar,) = bars(Chart("leaders", "", (Point("a\nb " + "\u2067x" * 40, 1, "1"),)))
    assert "\n" not in bar.label
    assert len(bar.label) < 80
    assert bar.label.count("\u2067") == bar.label.count("\u2069")
    assert bar.label.endswith("…")


def test_a_pipe_gets_columns() -> None:
    assert plain(Reply((PIPELINE,))).split("\n") == [
        "Pipeline",
        "Lead       ▇▇▇▇▇▇▇▇▇▇▇▇  Rs 48 lakh",
        "Qualified  ▇▇▇▇▇▇        Rs 24 lakh",
        "Proposal                 Rs 0",
        "3 deals without an amount",
    ]


def test_a_terminal_says_the_same_in_colour() -> None:
    console = Console(file=io.StringIO(), width=60, record=True)
    console.print(*rich(Reply((Title("Pipeline"), PIPELINE))), sep="\n")
    shown = console.export_text()
    assert "Qualified ▇▇▇▇▇▇       Rs 24 lakh" in shown
    assert shown.count("Pipeline") == 1, "the title is said once"


@pytest.mark.parametrize("titled", [True, False])
def test_chats_can_be_told_in_words(titled: bool) -> None:
    reply = Reply(((Title("Pipeline"),) if titled else ()) + (PIPELINE,))
    words = telegram_draw.draw(reply).words
    assert words
    assert words.text == (
        "Pipeline\nLead: Rs 48 lakh ▇▇▇▇▇▇▇▇▇▇▇▇\nQualified: Rs 24 lakh ▇▇▇▇▇▇\n"
        "Proposal: Rs 0\n3 deals without an amount"
    )
    drawn = slack_draw.draw(reply)
    assert drawn.pages[0].text == "Pipeline\n3 deals without an amount"
    assert "Qualified: Rs 24 lakh ▇▇▇▇▇▇\n" in drawn.pictures[0].words.text
