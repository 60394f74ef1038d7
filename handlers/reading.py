"""From a text or a slash command to calls that the Book can carry out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from handlers.about_people import about_people_wished
from handlers.advertising_words import advertising_wished
from handlers.asking import asks_more, lists_too_much, may_ask
from handlers.birthdays import birthday_said
from handlers.broadcasting import broadcast_wished
from handlers.campaign_words import campaign_wished
from handlers.deal_over import deal_changed
from handlers.described import whose_is
from handlers.details import detail_said
from handlers.figures import figure_in
from handlers.finding import ticked_off
from handlers.giving import giving_wished
from handlers.happened import happened_asked
from handlers.howto import how_to
from handlers.journey import journey_wished
from handlers.likely import is_known
from handlers.loyalty import own_tiers
from handlers.membership import team_changed
from handlers.named import known_in
from handlers.noting import noting_said
from handlers.orders_over import order_called_off
from handlers.overview import overview_asked
from handlers.own_fields import field_names
from handlers.payments import payment_said
from handlers.pictured import picture_wished
from handlers.pipeline import pipeline_names, stage_names
from handlers.privacy_words import privacy_wished
from handlers.referral_words import referral_told
from handlers.removing import removing_asked
from handlers.reply import Call
from handlers.segment_asked import group_asked, is_who_asked
from handlers.segment_wished import segment_wished
from handlers.sequence_words import sequence_wished
from handlers.standing import asks_of_stages
from handlers.tasks_over import task_called_off
from handlers.ticket_talk import is_said_of_it, ticket_of_reply, ticket_told
from handlers.whether import whether_asked
from language.action import Action
from language.agreed import Aim, read_agreed, read_aim
from language.assigning import read_assigning
from language.dealing import shows_deal, step_said
from language.doubt import unsure
from language.figures.ways import where_named
from language.folding import fold
from language.improving import read_improving
from language.loyalty import read_loyalty
from language.ordered import order_slots
from language.ordering import read_ordering
from language.paid_beside import read_paid_beside
from language.reader import read as read_words
from language.renewing import read_renewing
from language.scoring import read_scoring
from language.setting import Setting
from language.sheet import Sheet, lay_out
from language.ticketing import read_ticketing
from language.together import read_together
from language.voice import plain

if TYPE_CHECKING:
    from handlers.book import Book
    from handlers.turn import Turn


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message asks for: calls that the Book knows, each with the action it comes from.

    ``text`` is what was read: what was said, led by the words that a slash command stands for.
    """

    calls: list[Call]
    actions: list[Action]
    text: str = ""
    intents: frozenset[str] = frozenset()

    def rivals(self, action: Action) -> list[Call]:
        """What else it may mean, of what the Book can do."""
        return [_call(rival) for rival in action.rivals if rival.intent in self.intents]


def read(book: Book, turn: Turn, text: str, slash: str = "") -> Reading:
    """What the words ask for, in order. A slash command says the first intent itself."""
    text = plain(text).strip()
    setting = Setting(
        region=turn.workspace.region,
        currency=turn.currency,
        stages=stage_names(turn),
        pipelines=pipeline_names(turn),
        fields=field_names(turn),
        known=known_in(turn, text),
        spoken=turn.has_focus,
    )
    if not (slash or turn.overheard) and text.casefold().strip(" ?!.") in book.by_slash:
        slash, text = text.casefold().strip(" ?!."), ""
    if of_reply := ticket_of_reply(turn, text, slash):
        return _plainly(of_reply)
    if not slash and (told := ticket_told(turn, text)):
        return _plainly(told)
    if not (slash or turn.overheard) and (aim := read_aim(lay_out(text), turn.today)):
        return _aimed(book, turn, aim)
    if not slash and (wish := _wished(book, turn, text)):
        return wish
    if slash:
        return _read_slash(book, turn, slash, text, setting)
    return _freely(book, turn, text, setting)


def _freely(book: Book, turn: Turn, text: str, setting: Setting) -> Reading:
    """What is said as anybody says it, by the ordinary reading."""
    if beside := _beside(book, turn, text, setting):
        return beside
    actions = read_together(text, turn.local, setting) or read_words(text, turn.local, setting)
    if "pipeline" in actions[0].slots:  # it is named, and nothing else is said
        return Reading([_call(actions[0])], actions, text, frozenset(book.by_intent))
    if not actions[0].intent.startswith(("stage.", "pipeline.")):
        actions = _in_a_pipeline(text, setting, turn.local) or actions
    actions = _with_goods(actions, text)
    calls = [_call(action) for action in actions]
    who = is_who_asked(actions, text)
    told = group_asked(turn, actions, text) if who else None
    told = told or _better_told(turn, calls, text)
    if told := told or (None if who else group_asked(turn, actions, text)):
        return _plainly(told)
    if of_ticket := is_said_of_it(turn, actions, text):
        return _plainly(of_ticket)
    if last := _at_last(book, turn, text, calls):
        return _plainly(last)
    return Reading(calls, actions, text, frozenset(book.by_intent))


def _at_last(book: Book, turn: Turn, text: str, calls: list[Call]) -> Call | None:
    """Where nothing was found in it: a task that is done, or how something is done here."""
    if not _says_no_more(calls):
        return None
    ticked = ticked_off(turn, text)
    if ticked or turn.overheard or calls[0].intent != "none":
        return ticked
    return how_to(book, turn, text, surely=False)


def _beside(book: Book, turn: Turn, text: str, setting: Setting) -> Reading | None:
    """What is said beside something else: that it be drawn, or what was paid for it."""
    if not turn.overheard and (
        pictured := picture_wished(turn, text, lambda bare: read(book, turn, bare).calls)
    ):
        return _plainly(pictured)
    if paid := read_paid_beside(text, turn.local, setting):
        return Reading([_call(action) for action in paid], paid, text, frozenset(book.by_intent))
    return None


def _aimed(book: Book, turn: Turn, aim: Aim) -> Reading:
    """A goal that is not called one is set where it must be so, else offered beside the figure."""
    if aim.sure:
        return Reading([_call(aim.goal)], [aim.goal])
    asked = read(book, turn, aim.question)
    if aim.asks:
        return asked
    others = tuple(Action(call.intent, call.slots) for call in asked.calls[:1])
    told = Action("none", rivals=(aim.goal, *others))
    return Reading([Call("none")], [told], intents=frozenset(book.by_intent))


def _wished(book: Book, turn: Turn, text: str) -> Reading | None:
    """What is said in words that mean nothing else, before the ordinary reading."""
    if fold(text) in map(fold, turn.voice.words["undo_button"].values()):
        return _plainly(Call("undo"))
    if not turn.overheard and (of_rabta := read_improving(text)):
        return _plainly(_call(of_rabta))
    if not turn.overheard and (early := _early(book, turn, text)):
        return _plainly(early)
    if not turn.overheard and (told := _of_customers(turn, text)):
        return told
    if wish := privacy_wished(turn, text):
        return _plainly(wish)
    if not turn.overheard and (asked := whose_is(turn, text)):
        return _plainly(asked)
    if _asks_why(turn, text):
        return Reading([Call("why")], [Action("why")])
    if turn.overheard:
        return None
    sheet = lay_out(text)
    agreed = (
        _of_the_team(turn, read_agreed(sheet, turn.today, turn.currency))
        or read_renewing(sheet, turn.today)
        or read_loyalty(sheet, own_tiers(turn))
        or read_ordering(sheet, turn.today)
        or read_scoring(sheet)
        or read_assigning(sheet)
        or _of_tickets(turn, sheet)
    )
    if not turn.has_focus:  # our shop, as nobody else's was spoken of
        agreed = [replace(each, doubts=()) for each in agreed]
    return Reading([_call(action) for action in agreed], agreed, text) if agreed else None


def _early(book: Book, turn: Turn, text: str) -> Call | None:
    """What is told by the whole message; at last, how something is done here."""
    found = next((call for look in _EARLY if (call := look(turn, text))), None)
    return found or how_to(book, turn, text, surely=True)


_EARLY: tuple[Callable[[Turn, str], Call | None], ...] = (
    whether_asked, happened_asked, payment_said, birthday_said, overview_asked, removing_asked,
    noting_said, broadcast_wished, order_called_off, task_called_off,
    giving_wished, team_changed, deal_changed, detail_said,
)  # fmt: skip
"""What has words of something that would be written down, and is read before that."""


def _of_the_team(turn: Turn, agreed: list[Action]) -> list[Action]:
    """Without days off that a customer has: "bilal traders kal band hain"."""
    return [
        each for each in agreed
        if each.intent != "workdays.holiday"
        or not (name := each.slots.get("name"))
        or not is_known(turn, str(name))
    ]  # fmt: skip


def _of_customers(turn: Turn, text: str) -> Reading | None:
    """What is said of many customers: in ads, campaigns, sequences, on their journey, in segments.
    Of these only the last may be described freely: "at most 3 messages a week per customer" would
    describe some, too."""
    for wished in _WISHES:
        wish = wished(turn, text)
        if wish:
            return _plainly(*([wish] if isinstance(wish, Call) else wish))
    return None


def _advertised(turn: Turn, text: str) -> Call | None:
    return advertising_wished(turn, lay_out(text))


_WISHES: tuple[Callable[[Turn, str], Call | list[Call] | None], ...] = (
    _advertised, campaign_wished, about_people_wished, sequence_wished, journey_wished,
    segment_wished,
)  # fmt: skip


def _of_tickets(turn: Turn, sheet: Sheet) -> list[Action]:
    """What is said of a ticket, and what else is to be done: "#12 resolved, call Bilal at 5"."""
    found = read_ticketing(sheet, turn.today)
    if found and found[0].intent.startswith("referral."):
        return [referral_told(turn, found[0])]
    rest = str(found[0].slots.get("text") or "") if found else ""
    if not rest or found[0].intent == "ticket.comment":
        return found
    more = read_words(rest, turn.local, Setting(known=known_in(turn, rest)))
    if any(each.intent in _KEPT_WITH_IT or unsure(each.confidence) for each in more):
        return found
    slots = {name: value for name, value in found[0].slots.items() if name != "text"}
    return [replace(found[0], slots=slots), *more]


_KEPT_WITH_IT = ("none", "activity.log", "ticket.open", "ticket.close", "task.done", "order.add")


def _better_told(turn: Turn, calls: Sequence[Call], text: str) -> Call | None:
    """What another reading makes of the same words: the card of a deal, the next step of the one
    in focus, or a question about stages or figures; None where the first reading stands."""
    if calls[0].intent == "contact.show" and (whose := shows_deal(text)):
        return Call("deal.show", {"contact": whose})
    alone = calls[0].intent != "deal.next_step" and turn.in_focus("deal")
    if alone and (step := step_said(text)):
        return Call("deal.next_step", {"text": step})
    if turn.overheard:
        return None
    if asks_of_stages(turn, calls, text):
        return Call("stats.stages", {"text": text})
    listed = calls[0].intent == "deal.list" and len(calls) == 1
    of_nobody = _of_nobody(turn, calls[0])
    asks = may_ask(turn, calls, text) or of_nobody
    figure = figure_in(turn, text) if asks or listed else None
    if figure is None or (of_nobody and not (figure.only or figure.unknown)):
        return None
    if (listed and figure.unknown) or (asks and asks_more(turn, calls[0], figure, text)):
        return Call("stats.ask", {"text": text})
    if not (listed and lists_too_much(figure)):
        return None
    team = {} if {"owner"} & {*figure.only, *figure.but} else {"owner": None}
    return calls[0].with_slots(text=text, **team)


def _of_nobody(turn: Turn, call: Call) -> bool:
    """Whether it is asked what somebody bought who is no customer: a colleague, a city."""
    name = call.slots.get("contact") if call.intent == "order.total" else None
    return bool(name) and not call.slots.get("of_them") and not is_known(turn, str(name))


_OF_A_PIPELINE = ("deal.add", "deal.list", "deal.move", "stats.show")


def _in_a_pipeline(text: str, setting: Setting, now: datetime) -> list[Action] | None:
    """Read without the name of a pipeline, which may be any word ("how many deals did we win in the
    Export pipeline"), and with that pipeline; None where none is named."""
    named = where_named(text, setting.pipelines) if len(setting.pipelines) > 1 else None
    if named is None:
        return None
    actions = read_words(named.blanked(text), now, setting)
    if actions[0].intent == "deal.add":  # nor is it any of what is sold
        actions = read_words(named.blanked(text, wholly=True), now, setting)
    return [
        replace(action, slots={**action.slots, "pipeline": named.key})
        if action.intent in _OF_A_PIPELINE
        else action
        for action in actions
    ]


def _call(action: Action) -> Call:
    """What an action asks for; where "her" or "usko" stands for the name, the finders know it."""
    slots = {**action.slots, **({"of_them": True} if action.of_them else {})}
    if action.intent in _KEEPS_ITS_CURRENCY and "currency" in action.assumed:
        del slots["currency"]  # a deal in dollars that was won for 11,000 was not won for rupees
    return Call(action.intent, slots)


_KEEPS_ITS_CURRENCY = frozenset({"deal.win", "deal.update"})


def _with_goods(actions: Sequence[Action], text: str) -> list[Action]:
    """The same, each order with its goods, told apart in its own part of the text. Where these
    explain what made the reading doubtful (two sums, two counts), it is doubtful no more."""
    begun = [_begin(action) for action in actions if action.intent == "order.add"]
    ends = [*begun[1:], len(text)]
    parts = [text] if len(begun) == 1 else [text[i:j] for i, j in zip(begun, ends, strict=False)]
    return [
        _order(action, parts.pop(0)) if action.intent == "order.add" else action
        for action in actions
    ]


def _order(action: Action, text: str) -> Action:
    slots = order_slots(text, action.slots)
    items = slots.get("items", ())
    explained = len(items) > 1 or any(good.get("price") for good in items)
    if explained and ("contact" in slots or "company" in slots):
        return replace(action, slots=slots, confidence=1.0, doubts=(), rivals=())
    return replace(action, slots=slots)


def _begin(action: Action) -> int:
    return min((i for places in action.spans.values() for i, _ in places), default=0)


def _asks_why(turn: Turn, text: str) -> bool:
    """Whether it is asked how the last message was read; colleagues ask each other, too."""
    return not turn.overheard and fold(text).strip(" ?!.") in turn.voice.words["why_words"]["all"]


def _plainly(*calls: Call) -> Reading:
    """Calls that no reading of words lies behind."""
    return Reading(list(calls), [Action(call.intent) for call in calls])


def _read_slash(book: Book, turn: Turn, slash: str, text: str, setting: Setting) -> Reading:
    command = book.by_slash.get(slash)
    if command is None:
        return _plainly(Call("unknown_slash", {"slash": slash}))
    if not text:
        return _plainly(Call(command.intent, dict(command.preset)))
    if command.intent == "segment.find":  # its text may be a query, which no reader of words knows
        return _plainly(segment_wished(turn, text) or Call(command.intent, {"text": text}))
    led = f"{command.lead} {text}"
    actions = read_words(led, turn.local, setting)
    if actions[0].intent == command.intent:
        actions[0] = replace(actions[0], confidence=1.0, doubts=(), rivals=())
        calls = [_call(action) for action in actions]
        return Reading(calls, actions, led, frozenset(book.by_intent))
    meant = next((each for each in actions if each.intent == command.intent), actions[0])
    call = Call(command.intent, {**command.preset, "text": text, **meant.slots})
    said = replace(meant, intent=command.intent, confidence=1.0, doubts=(), rivals=())
    return Reading([call], [said], led)


def _says_no_more(calls: list[Call]) -> bool:
    """Nothing was found in it, or a task without a time: an open task may have been meant."""
    return len(calls) == 1 and (
        calls[0].intent == "none"
        or (calls[0].intent == "task.add" and set(calls[0].slots) == {"text"})
    )
