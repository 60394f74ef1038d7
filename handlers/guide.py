"""Help by example, the first hello, and what is answered when nothing was understood."""

from __future__ import annotations

from typing import Any

from handlers.amend import amended
from handlers.book import Chapter
from handlers.described import at_the_place_said, described
from handlers.looking import not_understood
from handlers.questions import tapped
from handlers.reply import Button, Call, Items, Line, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.unclear import question
from handlers.who import Who, choices_of, nobody, spoken_of
from language.folding import fold
from language.pronouns import says_they
from language.values import read_email, read_phone
from language.voice import TONGUES
from storage import called as names
from storage import queries
from storage.models import Company, Contact

chapter = Chapter(__name__)

BARE = 3
"""Up to so many words may be a name and nothing else; then no part of it is enough."""

SALAM = ("salam", "salaam", "aoa", "alaikum", "alikum", "سلام")
"""A greeting that holds one of these is answered in kind."""

ANSWERED = (
    ("thanks_words", "you_are_welcome"),
    ("bye_words", "bye"),
)
"""Courtesies with an answer of one line."""

SHORTEST = 10
"""Digits of what is surely a phone number."""

TOPICS = ("people", "happened", "deals", "todo", "leads", "service", "campaigns", "numbers", "mine")


@chapter.command("help")
def help_(turn: Turn, topic: str | None = None) -> Reply:
    """What Rabta can do, by example, in the member's language."""
    if topic in TOPICS:
        examples = tuple(turn.say(f"help_{topic}_examples").split("\n"))
        others = tuple(_topic(turn, other) for other in TOPICS if other != topic)
        return Reply((Title(turn.say(f"help_{topic}")), Items(examples)), others)
    lines = tuple(
        f"{turn.say(f'help_{each}')}: {turn.say(f'help_{each}_examples').splitlines()[0]}"
        for each in TOPICS
    )
    parts = (Title(turn.say("help_title")), Items(lines), Line(turn.say("help_end"), quiet=True))
    return Reply(parts, tuple(_topic(turn, each) for each in TOPICS))


def _topic(turn: Turn, topic: str) -> Button:
    return turn.button(f"help_{topic}", "help", topic=topic)


@chapter.command("hello")
def hello(turn: Turn, short: bool | None = None) -> Reply:
    """The first hello teaches by doing; after a first deed it is one line."""
    if short:
        return Reply((Line(turn.say("hello_short", name=turn.member.name), quiet=True),))
    buttons = [turn.button("what_can_you_do", "help")]
    buttons += [
        turn.button(f"tongue_{tongue}", "settings.set", name="language", value=tongue)
        for tongue in TONGUES
        if tongue != turn.member.tongue
    ]
    parts = (
        Title(turn.say("hello", name=turn.member.name)),
        Line(turn.say("hello_try")),
        Line(turn.say("hello_example")),
    )
    return Reply(parts, tuple(buttons))


@chapter.command("none")
def nothing(turn: Turn, likely: list[Any] | None = None) -> Reply:
    """Nothing to do was found in it: offer the likeliest, briefly."""
    better = amended(turn)
    if better:
        turn.note(actions=[{"intent": better.intent, "slots": _worded(better)}])
        return turn.run(turn, [better])
    if turn.overheard:
        return Reply(silent=True)
    courtesy = _courtesy(turn) or _reached(turn)
    if courtesy:
        return courtesy
    if shown := described(turn):
        return turn.run(turn, [shown])
    if likely:
        not_understood(turn)
        return turn.run(turn, [question(turn, [Call(*each) for each in likely], guessed=True)])
    who = _spoken_of(turn) or _pointed_at(turn)
    if who is None:
        _refuse_name(turn)
        not_understood(turn)
        return Reply((Line(turn.say("not_understood")),), (turn.button("help_button", "help"),))
    ids: dict[str, Any] = {name: number for name, number in who.ids.items() if number is not None}
    note = {**ids, "kind": "note", "text": turn.said[:1000]}
    return Reply(
        (Line(turn.say("meant_whom", name=who.name)),),
        (
            Button(turn.say("keep_as_note_button"), Call("activity.log", note)),
            turn.button("show_button", "contact.show", **ids),
        ),
    )


def _worded(call: Call) -> dict[str, Any]:
    """What was said of it, without the numbers of records."""
    return {name: value for name, value in call.slots.items() if name not in {"deal", "task"}}


def _courtesy(turn: Turn) -> Reply | None:
    """A greeting is returned with the day's likeliest buttons; thanks are taken."""
    key = fold(turn.said).strip(" .,!?")
    words = turn.voice.words
    for kind, back in ANSWERED:
        if _begins(key, words[kind]["all"]) and len(key.split()) <= BARE:
            return Reply((Line(turn.say(back, name=turn.member.name)),))
    if key and all(word in words["nod_words"]["all"] for word in key.split()):
        return Reply((Line(turn.say("all_right")),))
    if not _begins(key, words["greeting_words"]["all"]):
        return None
    buttons = (
        turn.button("agenda_button", "task.list", period="today"),
        turn.button("pipeline_button", "stats.show", metric="pipeline"),
        turn.button("help_button", "help"),
    )
    back = "salam_again" if any(word in key for word in SALAM) else "hello_again"
    return Reply((Line(turn.say(back, name=turn.member.name)),), buttons)


def _begins(key: str, phrases: list[str]) -> bool:
    return any(key == each or key.startswith(f"{each} ") for each in map(fold, phrases))


def _reached(turn: Turn) -> Reply | None:
    """A number or address of somebody known shows them; one by itself is asked about."""
    said = turn.said.strip()
    email, phone = read_email(said), read_phone(said, turn.workspace.region)
    value = email or phone
    if value is None:
        return None
    for kind, slot in ((Contact, "contact"), (Company, "company")):
        rows = queries.reached_at(turn.session, kind, turn.workspace.id, value)
        if rows:
            return turn.run(turn, [Call("contact.show", {slot: rows[0].id})])
    alone = len(said.split()) == 1 if email else _is_a_number(said)
    if not alone:
        return None
    return turn.run(turn, [Call("contact.add", {"email" if email else "phone": value})])


def _is_a_number(said: str) -> bool:
    digits = sum(char.isdecimal() for char in said)
    return digits >= SHORTEST and not any(char.isalpha() for char in said)


def _spoken_of(turn: Turn) -> Who | None:
    """A customer whose name stands in the message."""
    words = [word for word in fold(turn.said).split() if len(word) > 2][:24]
    few = len(words) <= BARE
    for size in (len(words),) if few else (3, 2, 1):
        for start in range(len(words) - size + 1):
            key = " ".join(words[start : start + size]).strip(".,!?:;")
            people = names.wholly(turn.session, Contact, turn.workspace.id, key)
            if len(people) == 1 and _is_name(people[0].name_key, key):
                return Who(people[0])
            companies = names.wholly(turn.session, Company, turn.workspace.id, key)
            if len(companies) == 1 and _is_name(companies[0].name_key, key):
                return Who(company=companies[0])
    return None


def _pointed_at(turn: Turn) -> Who | None:
    """The customer spoken of before, where the message says something of "them"."""
    return spoken_of(turn, turn.in_focus) if says_they(turn.said) else None


def _refuse_name(turn: Turn) -> None:
    """A name that nobody has: those of nearly the same, there or elsewhere, or to add it. Raises
    Sorry."""
    name = turn.said.strip(" ?!.,،؟۔")
    if not name or len(name.split()) > BARE:
        return
    show = Call("contact.show", {"contact": name})
    apology = nobody(turn, show)
    if not apology.buttons and (near := at_the_place_said(turn, name, slips=True)):
        choices = choices_of([Who(each) for each in near[:BARE]])
        buttons = (Button(choice.label, show.with_slots(**choice.slots)) for choice in choices)
        apology = Sorry("nobody_near", tuple(buttons), name=name)
    if apology.buttons:
        raise apology


def _is_name(name: str, key: str) -> bool:
    return name == key or key in name.split()


@chapter.command("unknown_slash")
def unknown_slash(turn: Turn, slash: str) -> Reply:
    """A slash command that nobody wrote."""
    raise Sorry("no_such_command", (turn.button("help_button", "help"),), name=f"/{slash[:40]}")


@chapter.command("dropped")
def dropped(turn: Turn) -> Reply:
    """A question was waved away."""
    return Reply((Line(turn.say("dropped")),))


@chapter.command("answer")
def answer(turn: Turn, asked: str, pick: int) -> Reply:
    """A tap on one of a question's choices: what waited for it goes on."""
    calls = tapped(turn, asked, pick)
    if calls is None:
        raise Sorry("question_gone")
    return turn.run(turn, calls)
