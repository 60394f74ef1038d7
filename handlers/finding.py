"""From what was said to what was meant: one finder for each type a command can ask for.

A finder gives the record, or asks with buttons when several fit, or is sorry and offers the
nearest when none does. Nobody is ever guessed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rapidfuzz import fuzz

from handlers import before, meanwhile
from handlers.colleagues import is_called
from handlers.pipeline import stage_name
from handlers.reply import Button, Call
from handlers.turn import Ask, Choice, Sorry, Turn
from handlers.who import (
    MANY,
    by_a_slip,
    companies_meant,
    contacts_meant,
    nobody,
    said_names,
    spoken_of,
)
from language.folding import fold
from language.voice import RLM
from rules.calendar import Due
from rules.money import Money
from storage import queries
from storage.models import Company, Deal, Member, Task

ALIKE = 60
"""From this likeness on (0 to 100) a task's text is what was spoken of."""

SURELY = 95
"""From here on it is, even where nothing but "done" says that a task was meant."""

LARGEST = 10**13
"""More of any currency than a column of minor units holds safely."""


def find_deal(turn: Turn, call: Call, *, optional: bool = False) -> Deal | None:
    """The open deal with whoever was named; of several, the one that is chosen."""
    number = call.slots.get("deal")
    if isinstance(number, int):
        return turn.record(Deal, number)
    if not said_names(call):
        deals = before.deals(turn)
        if len(deals) == 1 or optional:
            return deals[0] if len(deals) == 1 else None
        who = spoken_of(turn, turn.in_focus) if call.slots.get("of_them") else None
        if who and not deals:
            named = call.with_slots(**{name: number for name, number in who.ids.items() if number})
            raise Sorry("no_open_deal", _start_deal(turn, named), name=who.name)
        raise _which_deal(turn, deals or before.last_deals(turn, MANY))
    contacts, companies = contacts_meant(turn, call), _companies_of_deal(turn, call)
    theirs = [c.id for c in contacts], [c.id for c in companies]
    deals = queries.deals_of(turn.session, turn.workspace.id, *theirs)
    if not deals:  # one that a colleague closed just now was open when this was written
        everything = queries.deals_of(turn.session, turn.workspace.id, *theirs, status=None)
        deals = meanwhile.closed_of(turn, everything)
    if len(deals) == 1:
        return deals[0]
    if deals:
        raise _which_deal(turn, deals)
    if not contacts and not companies:
        if who := by_a_slip(turn, call):
            return find_deal(turn, call.with_slots(**who.ids), optional=optional)
        apology = nobody(turn, call)
        ways = (*apology.buttons, *_start_deal(turn, call))
        raise Sorry(apology.key, ways, **apology.values)
    name = contacts[0].name if contacts else companies[0].name
    raise Sorry("no_open_deal", _start_deal(turn, call), name=name)


def _companies_of_deal(turn: Turn, call: Call) -> list[Company]:
    """Companies named beside whoever was; a person who was chosen leaves no doubt."""
    chosen = isinstance(call.slots.get("contact"), int)
    return [] if chosen else companies_meant(turn, call)


def _start_deal(turn: Turn, call: Call) -> tuple[Button, ...]:
    """Nothing open there: offer to open it, or to keep it as won straight away."""
    if call.intent not in {"deal.win", "deal.move", "deal.update", "deal.add_items"}:
        return ()
    carried = {"contact", "company", "amount", "currency", "items"}
    kept = {k: v for k, v in call.slots.items() if k in carried}
    if call.intent == "deal.win":
        return (Button(turn.say("won_new_button"), Call("deal.add", {**kept, "won": True})),)
    stage = {"stage": call.slots["stage"]} if call.slots.get("stage") not in (None, "next") else {}
    return (Button(turn.say("start_deal_button"), Call("deal.add", {**kept, **stage})),)


def _which_deal(turn: Turn, deals: list[Deal]) -> Exception:
    if not deals:
        return Sorry("no_deals_yet")
    choices = tuple(
        Choice(
            deal_line(turn, deal),
            {"deal": deal.id},
            also=deal.contact.name if deal.contact else "",
        )
        for deal in deals[:MANY]
    )
    return Ask("ask_which_deal", "deal", choices=choices)


def deal_line(turn: Turn, deal: Deal) -> str:
    """A deal in a breath: ``Nishat Mills, 40 looms, Rs 5 lakh``."""
    turn.shows(deal, "contact_id", "company_id", "title", "quantity", "amount_minor", "stage")
    amount = turn.voice.money(deal.amount) if deal.amount else None
    stage = stage_name(turn, deal.stage).lstrip(RLM)
    goods = " ".join(part for part in (deal.quantity, deal.title) if part)
    return turn.voice.beside(deal.buyer, goods, amount, stage)


def find_task(turn: Turn, call: Call, *, optional: bool = False) -> Task | None:
    """The open task about whoever was named, or whose text was spoken of."""
    number = call.slots.get("task")
    if isinstance(number, int):
        return turn.record(Task, number)
    said, about = call.slots.get("text"), said_names(call)
    if said and fold(str(said)).strip(" .!") in turn.voice.words["job_words"]["all"]:
        said = None
    if not about and (listed := _listed(turn, str(said or ""))):
        return listed
    if not said and not about:
        task = before.task(turn)
        if task or optional:
            return task
        theirs = before.tasks_with_them(turn, call)
        if theirs:
            return _one_task(turn, *theirs)
        return _one_task(turn, queries.tasks_of_member(turn.session, turn.member), "")
    tasks = []
    if about:
        contacts, companies = contacts_meant(turn, call), _companies_of_deal(turn, call)
        tasks = queries.open_tasks_of(
            turn.session, turn.workspace.id, [c.id for c in contacts], [c.id for c in companies]
        )
    if not tasks:  # "done stock check": a task's own words
        words = fold(" ".join([*about, str(said or "")]))
        mine = queries.tasks_of_member(turn.session, turn.member)
        tasks = [task for task in mine if fuzz.token_set_ratio(words, fold(task.text)) >= ALIKE]
        tasks = _most_alike(tasks, words)
    elif said:
        tasks = _most_alike(tasks, fold(str(said)))
    return _one_task(turn, tasks, (about or [str(said)])[0])


def _listed(turn: Turn, said: str) -> Task | None:
    """The task of that number in the list shown last; only the member's own."""
    number = int(said) if said.isdecimal() and len(said) < 3 else 0
    ids = turn.listed[number - 1 : number] if number else []
    task = queries.get(turn.session, Task, turn.workspace.id, ids[0]) if ids else None
    return task if task and task.owner_id == turn.member.id else None


def ticked_off(turn: Turn, text: str) -> Call | None:
    """``check stock done``: words of done around an own open task's own words."""
    words, key = turn.voice.words, fold(text).strip(" .,!?:")
    before = (fold(word) for word in words["done_before"]["all"])
    after = (fold(word) for word in words["done_after"]["all"])
    rests = [key.removeprefix(f"{word} ") for word in before if key.startswith(f"{word} ")]
    rests += [key.removesuffix(f" {word}") for word in after if key.endswith(f" {word}")]
    rest = min(rests, key=len, default="").strip(" :-,")
    if not rest:
        return None
    if _listed(turn, rest):
        return Call("task.done", {"text": rest})
    mine = queries.tasks_of_member(turn.session, turn.member)
    same = [task for task in mine if fold(task.text) == rest]
    if not same and " " in rest:
        same = [t for t in mine if fuzz.token_set_ratio(rest, fold(t.text)) >= SURELY]
    if len(same) == 1:
        return Call("task.done", {"task": same[0].id})
    return Call("task.done", {"text": rest}) if same else None


def _most_alike(tasks: list[Task], words: str) -> list[Task]:
    if not tasks:
        return tasks
    scores = [fuzz.token_set_ratio(words, fold(task.text)) for task in tasks]
    best = max(scores)
    if best < ALIKE:
        return tasks
    return [task for task, score in zip(tasks, scores, strict=True) if score >= best - 1]


def _one_task(turn: Turn, tasks: list[Task], name: str) -> Task:
    if len(tasks) == 1:
        return tasks[0]
    if not tasks:
        key = "no_task_about" if name else "no_tasks"
        raise Sorry(key, (turn.button("tasks_button", "task.list", period="all"),), name=name)
    choices = tuple(
        Choice(
            turn.voice.beside(
                task.text,
                task.about if task.about not in task.text else "",
                turn.voice.due(task.due) if task.due else "",
            ),
            {"task": task.id},
        )
        for task in tasks[:MANY]
    )
    raise Ask("ask_which_task", "task", choices=choices)


def find_member(turn: Turn, call: Call, *, optional: bool = False) -> Member | None:
    """``me``, or the member whose name was said."""
    said = call.slots.get("owner")
    if said is None:
        return None if optional else turn.member
    if said == "me":
        return turn.member
    everyone = queries.members(turn.session, turn.workspace.id)
    key = fold(str(said))
    found = [member for member in everyone if member.id == said or key in fold(member.name).split()]
    found = [member for member in everyone if fold(member.name) == key] or found
    found = found or [member for member in everyone if is_called(member, str(said))]
    if not found:
        raise Sorry("no_member", name=str(said), names=[member.name for member in everyone[:8]])
    return found[0]


def is_of_the_team(turn: Turn, name: str) -> bool:
    """Whether a member is called so."""
    try:
        return find_member(turn, Call("", {"owner": name})) is not None
    except Sorry:
        return False


def find_money(turn: Turn, call: Call, *, optional: bool = False) -> Money | None:
    """The amount, in the currency said or else the workspace's."""
    amount = call.slots.get("amount")
    if amount is None:
        if optional:
            return None
        raise Ask("ask_amount", "amount", kind="amount")
    return sum_said(amount, str(call.slots.get("currency") or turn.currency))


def sum_said(amount: Decimal | float | str, currency: str) -> Money:
    """A sum that can be paid. Raises Sorry for what is none, and for one too large to be right."""
    try:
        exact = Decimal(amount if isinstance(amount, int) else str(amount))
        money = Money.of(exact, currency) if exact < LARGEST else None
    except (ArithmeticError, ValueError):
        raise Sorry("bad_amount", value=str(amount)[:40]) from None
    if money is None:
        raise Sorry("too_much")
    if money.minor < 0:
        raise Sorry("bad_amount", value=str(amount)[:40])
    return money


def due_said(value: Any) -> Due:
    """A day or time. Raises Sorry for one that no calendar has."""
    try:
        return Due.parse(str(value))
    except ValueError:
        raise Sorry("bad_due", value=str(value)[:40]) from None
