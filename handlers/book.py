"""The Book: every command once. Its signature is its grammar, its words stand beside it.

A handler is a plain function; what its parameters are annotated with tells the Book what to
look for, whom to ask for and what to offer as buttons:

    @chapter.command("deal.win")
    def win(turn: Turn, deal: Deal, amount: Money | None = None) -> Reply: ...
"""

from __future__ import annotations

import inspect
import tomllib
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any, Union, get_args, get_origin, get_type_hints

from handlers import finding, meanwhile, pair, party, segment_finding, who
from handlers.given import give
from handlers.guided import guided
from handlers.party import introduce
from handlers.questions import ask
from handlers.reply import Button, Call, Reply
from handlers.turn import Ask, Sorry, Turn
from language import doubt
from language.howto import telling
from language.voice import Words
from rules.access import ROLES, Action, Thing, authorize
from rules.calendar import Due
from rules.money import Money
from storage.models import Contact, Deal, Member, Segment, Task
from storage.privacy import thing_of

Handler = Callable[..., Reply]

FINDERS: dict[Any, Callable[..., Any]] = {
    who.Who: who.find_who,
    party.Party: party.find_party,
    pair.Pair: pair.find_pair,
    Deal: finding.find_deal,
    Task: finding.find_task,
    Member: finding.find_member,
    Money: finding.find_money,
    Segment: segment_finding.find_segment,
}
"""How each type is found. What is not here is a plain slot of the parameter's own name."""

_LONGEST = 4000
"""Characters that a free text is kept to; a platform's longest message is 4,096."""


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: Any
    optional: bool


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be said.

    ``slash`` is its short form for thumbs, or empty; ``lead`` are the words it stands for, and
    ``preset`` the slots it means when nothing follows it.
    """

    name: str
    intent: str
    handler: Handler
    parameters: tuple[Parameter, ...]
    role: str
    slash: str
    lead: str
    preset: dict[str, Any]
    help: dict[str, str]
    examples: dict[str, list[str]]

    @property
    def names(self) -> list[str]:
        """How it is called itself: of ``deal.add`` deal and add."""
        return [self.intent.replace(".", " ").replace("_", " "), self.slash, self.lead]

    def run(self, turn: Turn, call: Call) -> Reply:
        """Find what the call names, then act. Raises Ask or Sorry."""
        action = Action(self.intent, self.role)
        if authorize(turn.member.actor, action, None, turn.audience) == "denied":
            raise Sorry("not_allowed", role=turn.say(f"role_{self.role}"))
        values = self._found(turn, call)
        for thing in _things(turn, values.values()):
            if authorize(turn.member.actor, action, thing, turn.audience) == "denied":
                raise Sorry("gone")
        return self.handler(turn, **values)

    def told(self, turn: Turn, call: Call) -> Reply:
        """What is answered to whoever runs the program, who need be no member: whatever they are
        not to see is out of sight already. Raises Ask or Sorry."""
        return self.handler(turn, **self._found(turn, call))

    def _found(self, turn: Turn, call: Call) -> dict[str, Any]:
        return {p.name: _value(turn, call, p) for p in self.parameters}


def _things(turn: Turn, values: Iterable[Any]) -> Iterator[Thing]:
    """The records among what was found, as far as they may be somebody's alone."""
    for row in (row for value in values for row in _rows(value)):
        if isinstance(row, Contact | Deal | Task):
            yield thing_of(row) if turn.workspace.keeps_private else Thing(row.workspace_id)


def _rows(value: Any) -> tuple[Any, ...]:
    if isinstance(value, pair.Pair):
        return value.rows
    return (value.contact,) if isinstance(value, who.Who) else (value,)


def _value(turn: Turn, call: Call, parameter: Parameter) -> Any:
    finder = FINDERS.get(parameter.type)
    if finder:
        return finder(turn, call, optional=parameter.optional)
    if parameter.type is Call:
        return call
    value = call.slots.get(parameter.name)
    if value is None:
        if parameter.optional:
            return None
        raise Ask(f"ask_{parameter.name}", parameter.name, kind=parameter.name)
    if parameter.type is Due:
        return finding.due_said(value)
    return value[:_LONGEST] if isinstance(value, str) else value


class Chapter:
    """The commands of one subject, with the words file of the same name."""

    def __init__(self, module: str) -> None:
        self.name = module.rpartition(".")[2]
        content = tomllib.loads(files("handlers").joinpath(f"{self.name}.toml").read_text("utf-8"))
        self.words: dict[str, Any] = content.get("replies", {})
        self._about: dict[str, Any] = content.get("commands", {})
        self.commands: list[Command] = []

    def command(self, intent: str, role: str = ROLES[0]) -> Callable[[Handler], Handler]:
        """Declare the function below as what ``intent`` does, for ``role`` and above."""

        def declare(handler: Handler) -> Handler:
            about = self._about[handler.__name__]
            self.commands.append(
                Command(
                    name=handler.__name__,
                    intent=intent,
                    handler=handler,
                    parameters=_grammar(handler),
                    role=role,
                    slash=about.get("slash", ""),
                    lead=about.get("lead", about.get("slash", "")),
                    preset=about.get("preset", {}),
                    help=about.get("help", {}),
                    examples=about.get("examples", {}),
                )
            )
            return handler

        return declare


def _grammar(handler: Handler) -> tuple[Parameter, ...]:
    hints = get_type_hints(handler)
    parameters = list(inspect.signature(handler).parameters.values())[1:]
    return tuple(Parameter(p.name, *_plain_type(hints[p.name])) for p in parameters)


def _plain_type(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) in (Union, types.UnionType):
        inner = [each for each in get_args(hint) if each is not type(None)]
        return inner[0], len(inner) < len(get_args(hint))
    return get_origin(hint) or hint, False


@dataclass(frozen=True)
class Book:
    """All chapters, and how a list of calls is carried out."""

    chapters: tuple[Chapter, ...]
    words: Words = field(init=False)
    by_intent: dict[str, Command] = field(init=False)
    by_slash: dict[str, Command] = field(init=False)

    def __post_init__(self) -> None:
        words: dict[str, Any] = {}
        for chapter in self.chapters:
            twice = words.keys() & chapter.words.keys()
            if twice:
                raise ValueError(chapter.name, twice, "is said elsewhere too")
            words |= chapter.words
        commands = [command for chapter in self.chapters for command in chapter.commands]
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "by_intent", {c.intent: c for c in commands})
        object.__setattr__(self, "by_slash", {c.slash: c for c in commands if c.slash})

    @cached_property
    def told(self) -> dict[str, frozenset[str]]:
        """The words of each command that has help and examples, of all languages."""
        return {
            command.intent: frozenset(
                word
                for texts in (command.names, command.help.values(), *command.examples.values())
                for text in texts
                for word in telling(text)
            )
            for command in self.by_intent.values()
            if command.help and command.examples
        }

    @property
    def menu(self) -> list[Command]:
        """What stands in a platform's menu of slash commands, in order."""
        return [command for command in self.by_intent.values() if command.slash]

    def run(self, turn: Turn, calls: Iterable[Call]) -> Reply:
        """Carry out calls in order; a question puts off the rest until it is answered."""
        reply, done = Reply(), list[str]()
        todo = list(calls)
        for index, call in enumerate(todo):
            since = meanwhile.begin(turn)
            try:
                with turn.whole():
                    part = self._carry_out(turn, call)
                    turn.session.flush()
                    part = meanwhile.checked(turn, call, part, since)
                done.append(call.intent)
            except Sorry as sorry:
                if doubt.only_looks(call.intent) and sorry.key != "not_allowed":
                    done.append(call.intent)  # it was asked, and there is nothing of it yet
                meanwhile.drop(turn, since)
                _forget_newcomers(turn)
                part = Reply() if _keeps_still(turn, call, sorry) else turn.sorry(sorry)
            except Ask as question:
                meanwhile.drop(turn, since)
                _forget_newcomers(turn)
                if _keeps_still(turn, call, question):
                    continue
                reply = reply.and_then(ask(turn, question, todo[index:]))
                break
            reply = reply.and_then(part)
        return reply.and_then(give(turn)).and_then(introduce(turn)).and_then(guided(turn, done))

    def _carry_out(self, turn: Turn, call: Call) -> Reply:
        command = self.by_intent.get(call.intent)
        if command is None:
            raise Sorry("not_yet", (keep_as_note(turn, call),))
        return command.run(turn, call)


def _keeps_still(turn: Turn, call: Call, problem: Ask | Sorry) -> bool:
    """Whether colleagues who talk to each other are left alone with this: a look at what is not
    there, or something about nobody."""
    if not turn.overheard:
        return False
    if isinstance(problem, Sorry):
        return doubt.only_looks(call.intent)
    return problem.key == "ask_who" and who.spoken_of(turn, turn.out_of_focus) is None


def _forget_newcomers(turn: Turn) -> None:
    """A call that was not carried out takes back whom it had made; only what stands is news."""
    turn.newcomers[:] = [row for row in turn.newcomers if row in turn.session]


def keep_as_note(turn: Turn, call: Call) -> Button:
    slots = {k: v for k, v in call.slots.items() if k in {"contact", "company"}}
    slots |= {"kind": "note", "text": turn.said}
    return Button(turn.say("keep_as_note_button"), Call("activity.log", slots))
