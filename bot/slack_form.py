"""A Form as a Slack dialog: one input for each field, and errors beside the fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.bidi import tidy_form
from bot.slack_acts import FORM
from handlers.reply import Form, FormField

LONGEST_TITLE, LONGEST_LABEL, LONGEST_OPTION = 24, 2000, 75
LONGEST_VALUE, MOST_OPTIONS, MOST_FIELDS = 3000, 100, 100


def dialog(form: Form, note: str) -> dict[str, Any]:
    """The view; ``note`` comes back with the answers. Fields are named by their block."""
    form = tidy_form(form)
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": note,
        "title": _plain(form.title, LONGEST_TITLE),
        "submit": _plain(form.submit, LONGEST_TITLE),
        "close": _plain(form.cancel, LONGEST_TITLE),
        "blocks": [_input(field) for field in form.fields[:MOST_FIELDS]],
    }


def _input(field: FormField) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": field.name,
        "label": _plain(field.label, LONGEST_LABEL),
        "optional": field.optional,
        "element": _choice(field) if field.choices else _words(field),
    }


def _words(field: FormField) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": field.name}
    element |= {"multiline": field.long or "\n" in field.value}
    value = field.value[:LONGEST_VALUE]
    return element | ({"initial_value": value} if value else {})


def _choice(field: FormField) -> dict[str, Any]:
    options = [
        {"text": _plain(label, LONGEST_OPTION), "value": value}
        for value, label in field.choices[:MOST_OPTIONS]
    ]
    element: dict[str, Any] = {"type": "static_select", "action_id": field.name}
    element |= {"options": options}
    chosen = next((option for option in options if option["value"] == field.value), None)
    return element | ({"initial_option": chosen} if chosen else {})


def errors(wrong: Mapping[str, str]) -> dict[str, Any]:
    """The answer that keeps the dialog open and says beside each field what is wrong."""
    return {"response_action": "errors", "errors": dict(wrong)}


def _plain(text: str, longest: int) -> dict[str, Any]:
    text = " ".join(text.split()) or "⋯"
    shown = text if len(text) <= longest else text[: longest - 1] + "…"
    return {"type": "plain_text", "text": shown, "emoji": False}
