"""What a client sends for a pressed element and a filled-in form, and what it holds back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.servers.slack.state import Json

# The fields of an answer and of its preset, by type of element.
ANSWERS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
}
PATTERNS = {
    "datepicker": r"\d{4}-\d\d-\d\d",
    "timepicker": r"\d\d:\d\d",
    "email_text_input": r"[^@\s]+@[^@\s]+\.\w+",
    "number_input": r"-?\d+(\.\d+)?",
    "url_text_input": r"https?://\S+",
}


def pressed(elements: Sequence[tuple[Json, Json]], label: str, option: str, ts: str) -> Json:
    """One entry of `actions`."""
    for block, element in elements:
        if label not in (_label(element), element["action_id"]):
            continue
        action: Json = {"type": element["type"], "action_id": element["action_id"]}
        action |= {"block_id": block["block_id"], "action_ts": ts}
        if element["type"] == "button":
            return action | {"text": element["text"]} | _kept(element, "value")
        field, _ = ANSWERS[element["type"]]
        return action | {field: _picked(element, option)} | _kept(element, "placeholder")
    there = [_label(element) for _, element in elements]
    msg = f"nothing to press is called {label!r}; there are {there}"
    raise AssertionError(msg)


def _kept(element: Json, name: str) -> Json:
    return {name: element[name]} if name in element else {}


def _label(element: Json) -> str:
    said = element.get("text") or element.get("placeholder") or {}
    return str(said.get("text", element["action_id"]))


def _picked(element: Json, wanted: object) -> object:
    """The option that shows or has the value, or the value itself where there are no options."""
    groups = element.get("option_groups") or [element]
    options = [option for group in groups for option in group.get("options", [])]
    if not options:
        return wanted
    for option in options:
        if wanted in (option["text"]["text"], option["value"]):
            return option
    msg = f"{wanted!r} is not among {[o['text']['text'] for o in options]}"
    raise AssertionError(msg)


def filled_in(blocks: Sequence[Json], values: Json) -> Json:
    """state.values of a view."""
    left, state = dict(values), {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element, name = block["element"], block["label"]["text"]
        keys = (name, block["block_id"], element["action_id"])
        given = next((key for key in keys if key in left), None)
        field, preset = ANSWERS[element["type"]]
        value = element.get(preset) if given is None else _entered(element, left.pop(given))
        assert value or block.get("optional"), f"{name!r} is required: the client keeps the form"
        answer = {"type": element["type"], field: value or ([] if field[-1] == "s" else None)}
        state[block["block_id"]] = {element["action_id"]: answer}
    assert not left, f"the form has no field for {sorted(left)}"
    return state


def _entered(element: Json, value: object) -> object:
    field, _ = ANSWERS[element["type"]]
    if value in (None, ""):
        return None
    if field == "selected_options":
        assert isinstance(value, list)
        return [_picked(element, one) for one in value]
    if field == "selected_option":
        return _picked(element, value)
    pattern = PATTERNS.get(element["type"])
    assert not pattern or re.fullmatch(pattern, str(value)), f"the client refuses {value!r}"
    if element["type"] == "plain_text_input":
        low, high = element.get("min_length", 0), element.get("max_length", 3000)
        assert low <= len(str(value)) <= high, f"the client wants {low} to {high} characters"
        assert element.get("multiline") or "\n" not in str(value), "one line only"
    return value
