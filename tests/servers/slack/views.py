"""views.*: modals, opened by a trigger that lives three seconds, and the Home tab."""

from __future__ import annotations

from tests.servers.slack.api import Ask, method
from tests.servers.slack.rules import checked_view
from tests.servers.slack.state import Json, User, View
from tests.servers.slack.wire import view_json
from tests.servers.slack.world import Refused, World

LIFE_OF_TRIGGER = 3.0
DEEPEST = 3  # views on top of each other


def spend_trigger(ask: Ask) -> User:
    """Whose trigger it was; it serves once and not for long."""
    ticket = ask.world.triggers.get(ask.word("trigger_id"))
    if not ticket or ticket.user.team is not ask.team:
        msg = "invalid_trigger_id"
        raise Refused(msg)
    if ticket.used:
        msg = "exchanged_trigger_id"
        raise Refused(msg)
    if ask.world.clock() - ticket.at > LIFE_OF_TRIGGER:
        msg = "expired_trigger_id"
        raise Refused(msg)
    ticket.used = 1
    return ticket.user


def show(world: World, user: User, view: Json, below: View | None = None) -> View:
    taken = [v for v in world.views.values() if v.open and v.view.get("external_id")]
    if any(v.view["external_id"] == view.get("external_id") for v in taken):
        msg = "duplicate_external_id"
        raise Refused(msg)
    view_id = world.new_id("V")
    root, previous = (below.root_id, below.id) if below else (view_id, "")
    shown = View(view_id, user, view, world.new_ts(), root, previous)
    world.views[shown.id] = shown
    return shown


def replace(shown: View, view: Json) -> None:
    shown.view, shown.hash = view, shown.user.world.new_ts()
    shown.errors, shown.trouble = {}, ""


@method("views.open")
def views_open(ask: Ask) -> Json:
    view = checked_view(ask.args.get("view"), "modal")
    return {"view": view_json(show(ask.world, spend_trigger(ask), view))}


@method("views.push")
def views_push(ask: Ask) -> Json:
    view = checked_view(ask.args.get("view"), "modal")
    user = spend_trigger(ask)
    opened = [v for v in ask.world.views.values() if v.user is user and v.open and is_modal(v)]
    if not opened:
        msg = "not_found"
        raise Refused(msg)
    if len(opened) >= DEEPEST:
        msg = "push_limit_reached"
        raise Refused(msg)
    return {"view": view_json(show(ask.world, user, view, opened[-1]))}


def is_modal(shown: View) -> bool:
    return bool(shown.view["type"] == "modal")


@method("views.update")
def views_update(ask: Ask) -> Json:
    view = checked_view(ask.args.get("view"), "modal", "home")
    named = ask.word("external_id", "")
    known = {v.view.get("external_id") or v.id: v for v in ask.world.views.values() if v.open}
    shown = known.get(named) if named else ask.world.views.get(ask.word("view_id"))
    if not shown or not shown.open or shown.user.team is not ask.team:
        msg = "not_found"
        raise Refused(msg)
    if ask.word("hash", shown.hash) != shown.hash:
        msg = "hash_conflict"
        raise Refused(msg)
    replace(shown, view)
    return {"view": view_json(shown)}


@method("views.publish")
def views_publish(ask: Ask) -> Json:
    view = checked_view(ask.args.get("view"), "home")
    user = ask.user("user_id")
    homes = [v for v in ask.world.views.values() if v.user is user and not is_modal(v)]
    if homes and ask.word("hash", homes[0].hash) != homes[0].hash:
        msg = "hash_conflict"
        raise Refused(msg)
    if homes:
        replace(homes[0], view)
    return {"view": view_json(homes[0] if homes else show(ask.world, user, view))}


def take_answer(shown: View, answer: Json) -> None:
    """What the app's answer to a submission does to the modal."""
    world = shown.user.world
    match answer.get("response_action"):
        case None:
            shown.open, shown.errors = False, {}
        case "clear":
            for other in world.views.values():
                other.open = other.open and other.root_id != shown.root_id
        case "errors":
            shown.errors = dict(answer.get("errors") or {})
            inputs = {b["block_id"] for b in shown.view["blocks"] if b["type"] == "input"}
            if not shown.errors or not set(shown.errors) <= inputs:
                shown.trouble = f"errors for what is no input: {shown.errors}"
        case "update" | "push" as action:
            try:
                view = checked_view(answer.get("view"), "modal")
            except Refused as refused:
                shown.trouble = f"{refused.error}: {refused.messages}"
                return
            replace(shown, view) if action == "update" else show(world, shown.user, view, shown)
        case unknown:
            shown.trouble = f"unknown response_action {unknown}"
