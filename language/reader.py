"""From a typed message to the actions that it asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from language import doubt
from language.action import Action
from language.ahead import read_ahead
from language.assuming import assumed
from language.bearing import bears
from language.buyers import buyer_first
from language.cards import read_card
from language.clauses import Clause, joined, split
from language.dealing import read_dealing
from language.filling import Filling
from language.freetext import SLOT, free_text
from language.groups import Group, everything, group, items_of
from language.hushing import read_hushing
from language.making import read_making
from language.nudging import read_nudging
from language.places import spans_of
from language.preferences import read_preference
from language.pronouns import stand_in
from language.recognising import KNOWN, recognise
from language.same import read_same
from language.searching import read_search
from language.setting import Setting
from language.sheet import lay_out
from language.slots import SLOTS_OF, fill
from language.spotting import Item, Scene, spot
from language.tagged import tag_last
from language.telling import read_telling
from language.who import who_of

__all__ = ["Action", "Setting", "read"]


_USUAL = Setting()
_DOUBTED = 4  # actions of one message of which is told what else may be meant


def read(text: str, now: datetime, setting: Setting = _USUAL) -> list[Action]:
    """The actions of one message, in the order said; `now` is in the member's zone.

    Pure and total: any text gives a list, in time linear in its length. What is not
    addressed to a CRM at all gives one action `none`.
    """
    card = read_card(text, setting.region)
    if card:
        return [card]
    sheet = lay_out(text)
    dealt = read_dealing(sheet)
    if dealt:
        return [dealt]
    made = read_making(sheet, setting)
    if made:
        return made
    same = read_same(sheet, setting)
    if same:
        return [same]
    wish = (
        read_nudging(sheet, now.date())
        or read_hushing(sheet)
        or read_ahead(sheet, now.date(), setting.spoken)
        or read_telling(sheet, now.date())
        or read_preference(sheet)
    )
    if wish:
        return [wish]
    known = tag_last(buyer_first(recognise(sheet, setting.known)))
    scene = spot(known, setting)
    clauses = split(scene)
    stand_in(scene, clauses, setting.spoken)
    actions: list[Action] = []
    for found in group(scene, clauses):
        if not actions and not bears(scene, found):
            continue
        before = actions[-1] if actions else None
        action = _action(scene, found, now, setting, before)
        if len(actions) < _DOUBTED and doubt.unsure(action.confidence):
            action = replace(action, rivals=_rivals(scene, found, action, now, setting, before))
        actions.append(action)
    if actions:
        actions += _own_values(scene, actions[-1])
    return actions or [read_search(sheet) or _nothing(scene, clauses, now, setting)]


def _own_values(scene: Scene, before: Action) -> list[Action]:
    """What was said beside the rest to stand in custom fields, of whom the rest is about."""
    return [
        _own_value(scene, item, _carried(before))
        for item in scene.items
        if item.kind == "own_value"
    ]


def _own_value(scene: Scene, item: Item, whose: dict[str, Any]) -> Action:
    field, value = item.value
    tokens = scene.sheet.tokens
    said = ((tokens[item.i].start, tokens[item.j - 1].end),)
    return Action(
        "field.set",
        {**whose, "field": field, "value": value},
        spans={"field": said, "value": said},
        assumed=dict.fromkeys(whose, "carried"),
    )


def _action(
    scene: Scene, found: Group, now: datetime, setting: Setting, before: Action | None
) -> Action:
    if found.intent == "task.add" and _over(scene, found, now):
        found = replace(found, intent="activity.log")
    filling = Filling(scene, found, now, setting, who_of(scene, found))
    slots = fill(filling)
    taken = assumed(filling, slots)
    carried = _carried(before) if "contact" in SLOTS_OF.get(found.intent, "") else {}
    if not {"contact", "company"} & set(slots):
        slots.update(carried)
        taken.update(dict.fromkeys(carried, "carried"))
    elif found.intent == "contact.update" and "contact" not in slots and "contact" in carried:
        slots["contact"] = carried["contact"]  # "update his company to Orient Traders"
        taken["contact"] = "carried"
    text = free_text(filling)
    if text:
        slots[SLOT[found.intent]] = text
    doubts = doubt.doubts_of(filling, slots, text)
    of_them = "them" in found.all_shows and not {"contact", "company"} & set(slots)
    confidence, spans = doubt.confidence_of(doubts), spans_of(filling, slots)
    return Action(found.intent, slots, confidence, spans, doubts, taken, of_them=of_them)


_TO_COME = {"do", "todo", "need", "remind", "recurs", "question", "wants"}


def _over(scene: Scene, found: Group, now: datetime) -> bool:
    """Whether a meeting is meant at a time of today that has gone by: "coffee w/ Sara at 9:30"."""
    meets = "meeting" in found.shows and found.shows.isdisjoint(_TO_COME)
    if not meets or "who" not in found.shows:
        return False
    times = [item.value.moment for item in items_of(scene, found, "when")]
    return bool(times) and all(
        moment is not None
        and moment.clock is not None
        and not moment.has_day
        and moment.clock < now.time()
        for moment in times
    )


def _carried(before: Action | None) -> dict[str, Any]:
    """Who an action is about that names nobody: those of the action before it."""
    if before is None:
        return {}
    return {slot: before.slots[slot] for slot in ("contact", "company") if slot in before.slots}


def _rivals(
    scene: Scene,
    found: Group,
    action: Action,
    now: datetime,
    setting: Setting,
    before: Action | None,
) -> tuple[Action, ...]:
    """The same words with a company for a person, and as other intents."""
    others = [
        _action(scene, replace(found, intent=intent), now, setting, before)
        for intent in doubt.others(scene, joined(found.clauses), found.intent)
    ]
    if "name" in action.doubts and "company" not in action.slots:
        slots = {k: v for k, v in action.slots.items() if k != "contact"}
        others.insert(0, replace(action, slots={**slots, "company": action.slots["contact"]}))
    return tuple(others[: doubt.MOST])


def _nothing(scene: Scene, clauses: list[Clause], now: datetime, setting: Setting) -> Action:
    """No action; where something of selling is visible, what might be meant by it."""
    found = everything(scene, clauses)
    if found is None or not doubt.of_selling(scene, joined(found.clauses)):
        return Action("none")
    if _told_by_a_customer(scene, found):
        return _action(scene, replace(found, intent="activity.log"), now, setting, None)
    rivals = [
        _action(scene, replace(found, intent=intent), now, setting, None)
        for intent in doubt.others(scene, joined(found.clauses))
    ]
    return Action("none", rivals=tuple(rivals))


def _told_by_a_customer(scene: Scene, found: Group) -> bool:
    """Whether somebody who is known here says something: it is worth a note."""
    first = found.main[0]
    people = (item for kind in ("person", "org") for item in scene.of(kind, first.i, first.j))
    return (
        {"says", "who"} <= first.shows
        and "question" not in found.all_shows
        and any(scene.sheet.has(item.i, *KNOWN) for item in people)
    )
