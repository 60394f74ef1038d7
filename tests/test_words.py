"""Every word for users exists in all three languages, and every example does what it says."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Mapping
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import handlers
from handlers.book import Command
from handlers.library import the_book
from language.about_people import read_about_people
from language.action import Action
from language.advertising import read_advertising
from language.agreed import read_agreed
from language.asking_whether import read_whether
from language.assigning import read_assigning
from language.birthdays import read_birthdays
from language.broadcasting import read_broadcasting
from language.campaigning import read_campaigning
from language.deal_over import read_deal_over
from language.details import read_details
from language.figures import read_figure
from language.giving import read_giving
from language.happening import read_happened
from language.improving import read_improving
from language.journeying import read_journeying
from language.loyalty import read_loyalty
from language.noting import read_noting
from language.ordering import read_ordering
from language.orders_over import read_orders_asked, read_orders_over, read_standing
from language.overview import read_overview, read_to_see
from language.paying import read_paying
from language.reader import read
from language.removing import read_removing, read_reopening
from language.renewing import read_renewing
from language.scoring import read_scoring
from language.segments.asking import segment_in
from language.segments.wishes import read_wish
from language.sequencing import read_sequencing
from language.sheet import lay_out
from language.tasks_over import read_fallen, read_tasks_over
from language.teaming import read_teaming
from language.ticketing import read_ticketing
from language.voice import TONGUES
from language.wordfiles import words_files

BOOK = the_book()
HOME = Path(handlers.__file__).parent
LISTS = {
    "never_mind_words",
    "greeting_words",
    "thanks_words",
    "bye_words",
    "nod_words",
    "remind_words",
    "job_words",
    "amend_words",
    "today_words",
    "small_words",
    "count_words",
    "why_words",
    "private_phrases",
    "customer_stop_words",
    "shared_phrases",
    "merge_yes_words",
    "learn_on_words",
    "learn_off_words",
    "learn_forget_words",
    "done_before",
    "done_after",
    "seek_words",
    "beside_words",
    "edge_words",
    "then_place_words",
    "then_who_words",
}
NOW = datetime(2026, 11, 25, 13, tzinfo=ZoneInfo("Asia/Karachi"))


def _sentences(entry: Mapping[str, Any], tongue: str) -> list[str]:
    sentence = entry[tongue]
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


@pytest.mark.parametrize("key", sorted(BOOK.words.keys() - LISTS))
def test_a_reply_is_said_in_all_languages_with_the_same_values(key: str) -> None:
    entry = BOOK.words[key]
    assert set(entry) == set(TONGUES)
    wanted = {
        tongue: {
            name
            for text in _sentences(entry, tongue)
            for _, name, _, _ in string.Formatter().parse(text)
            if name
        }
        for tongue in TONGUES
    }
    assert wanted["ur"] - {"n"} == wanted["en"] - {"n"} == wanted["roman"] - {"n"}
    assert all(text.strip() for tongue in TONGUES for text in _sentences(entry, tongue))


def test_urdu_is_in_urdu_letters_and_roman_urdu_in_latin() -> None:
    for key, entry in BOOK.words.items():
        if key in LISTS or key.startswith("tongue_") or key == "numbered_button":
            continue
        urdu, roman = " ".join(_sentences(entry, "ur")), " ".join(_sentences(entry, "roman"))
        bare = re.sub(r"\{\w+\}", "", urdu)
        assert not re.search(
            "[A-Za-z]{4,}", bare.replace("bilal.example", "").replace("ayesha", "")
        ), (key, urdu)
        assert not re.search("[يكه\u0649]", urdu), f"{key}: an Arabic letter in Urdu"
        assert not re.search("[\u0600-\u06ff]", roman), key


def _said_keys() -> set[str]:
    """Keys that the code says in so many words."""
    keys: set[str] = set()
    for path in HOME.parent.glob("*/*.py"):
        if path.parent.name not in {"handlers", "bot", "scheduler"}:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            said = name in {"say", "button", "Sorry", "Ask", "Guest", "Wrong"}
            if said and isinstance(first, ast.Constant) and isinstance(first.value, str):
                keys.add(first.value)
    return {key for key in keys if re.fullmatch("[a-z_0-9]+", key)}


def test_no_word_is_missing() -> None:
    assert _said_keys() - BOOK.words.keys() == set()


def test_no_word_is_left_over() -> None:
    text = "".join(
        path.read_text("utf-8")
        for room in ("handlers", "bot", "scheduler")
        for path in (HOME.parent / room).glob("*.py")
    )
    patterns = [
        re.escape(found).replace(r"\{\}", ".+")
        for found in {
            re.sub(r"\{[^}]*\}", "{}", raw) for raw in re.findall(r'f"([a-z_]*\{[^"]+)"', text)
        }
    ]
    patterns.append("every_.+")
    unsaid = [
        key
        for key in BOOK.words
        if f'"{key}"' not in text and not any(re.fullmatch(p, key) for p in patterns)
    ]
    assert unsaid == []


@pytest.mark.parametrize("command", BOOK.menu, ids=lambda command: command.slash)
def test_a_command_in_the_menu_says_what_it_is_for(command: Command) -> None:
    assert set(command.help) == set(TONGUES)
    assert all(3 <= len(text) <= 80 for text in command.help.values())
    assert re.fullmatch("[a-z]{2,16}", command.slash)


EXAMPLES = [
    (command.intent, tongue, text)
    for command in BOOK.by_intent.values()
    for tongue, texts in command.examples.items()
    for text in texts
]


@pytest.mark.parametrize(("intent", "tongue", "text"), EXAMPLES)
def test_an_example_is_read_as_what_it_stands_under(intent: str, tongue: str, text: str) -> None:
    assert tongue in TONGUES
    assert [action.intent for action in meant(text)] == [intent]


def meant(text: str) -> list[Action]:
    """As a message is read in chat: segments, and what the team agrees on, before all else."""
    if wish := read_wish(text, {"1": "Sleeping Lahore"}, spoken=False):  # which is kept
        return [wish]
    sheet, today = lay_out(text), NOW.date()
    early = (
        look(sheet, today) for look in (read_whether, read_happened, read_paying, read_overview)
    )
    if asked := next(
        chain(
            *early,
            read_birthdays(sheet, NOW),
            read_noting(sheet),
            read_reopening(sheet),
            read_orders_over(sheet),
            read_standing(sheet),
            read_orders_asked(sheet, NOW.date()),
            read_tasks_over(sheet),
            read_fallen(sheet),
            read_deal_over(sheet),
            (each for each in read_details(sheet) if each.intent == "contact.clear"),
            (each.action for each in read_teaming(sheet)),
            filter(None, [read_to_see(sheet, NOW)]),
        ),
        None,
    ):
        return [asked]
    of_people = next(read_about_people(sheet), None)
    to_all = read_broadcasting(sheet)  # where no text of that name is kept
    if wish := read_improving(text) or to_all or read_campaigning(text) or of_people:
        return [wish]
    if wish := read_sequencing(text):
        return [wish]
    if advertised := read_advertising(sheet):
        return [advertised]
    if wish := read_journeying(text, today):
        return [wish]
    if segment := segment_in(text, today):
        return [segment]
    told = read_agreed(sheet, today, "PKR") or read_renewing(sheet, today)
    told = told or read_loyalty(sheet) or read_ordering(sheet, today)
    told = told or read_scoring(sheet) or read_assigning(sheet) or read_ticketing(sheet, today)
    told = told or read(text, NOW)
    given = (each for each, _ in read_giving(sheet))
    of_known = chain(read_removing(sheet), given, read_details(sheet))
    if told[0].intent in {"none", "contact.update"} and (known := next(of_known, None)):
        return [known]  # whoever is known
    return told


def test_every_line_of_the_help_does_something() -> None:
    for key, entry in BOOK.words.items():
        if key.startswith("help_") and key.endswith("_examples"):
            for tongue in TONGUES:
                for line in entry[tongue].splitlines():
                    intents = {action.intent for action in meant(line)}
                    assert intents, line
                    if not read_figure(line, NOW.date(), {}):
                        assert intents <= BOOK.by_intent.keys() - {"none"}, (line, intents)


def test_no_two_files_call_different_phrases_alike() -> None:
    macros = [name for file in words_files().values() for name in file.get("macros", {})]
    assert sorted(macros) == sorted(set(macros))
