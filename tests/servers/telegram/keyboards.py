"""What Telegram refuses of keyboards."""

from __future__ import annotations

from typing import Any

from tests.servers.telegram.checks import JSON, LINK, bad, loads

BUTTON_LIMIT, MARKUP_LIMIT = 100, 10_240
BUTTON_ACTIONS = [
    "callback_data", "url", "copy_text", "switch_inline_query",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "web_app",
    "login_url", "callback_game", "pay",
]  # fmt: skip


def read_markup(raw: str, *, inline_only: bool = False) -> JSON | None:
    """A reply_markup; only an inline keyboard stays with its message."""
    markup = loads(raw, "reply keyboard markup")
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if len(raw.encode()) > MARKUP_LIMIT:
        raise bad("reply markup is too long")
    if "inline_keyboard" in markup:
        return _inline_keyboard(markup["inline_keyboard"])
    if inline_only and markup:
        raise bad("inline keyboard expected")
    if "keyboard" in markup:
        _rows(markup["keyboard"], "keyboard")
    elif markup and not any(
        markup.get(kind) is True for kind in ("remove_keyboard", "force_reply")
    ):
        raise bad("can't parse reply keyboard markup: unknown kind")
    return None


def _rows(rows: Any, name: str) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise bad('field "{}" must be of type Array', name)
    if not all(isinstance(row, list) for row in rows):
        raise bad('field "{}" must be an Array of Arrays', name)
    return rows


def _inline_keyboard(rows: Any) -> JSON | None:
    rows = [row for row in _rows(rows, "inline_keyboard") if row]
    buttons = [button for row in rows for button in row]
    for button in buttons:
        if why := _wrong_button(button):
            raise bad(why)
    if len(buttons) > BUTTON_LIMIT:
        raise bad("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _wrong_button(button: Any) -> str | None:
    prefix = "can't parse inline keyboard button"
    if not isinstance(button, dict):
        return f"{prefix}: expected an Object"
    if not isinstance(button.get("text"), str):
        return f'{prefix}: Can\'t find field "text"'
    if not button["text"].strip():
        return f"{prefix}: Inline keyboard button text must be non-empty"
    actions = [action for action in BUTTON_ACTIONS if action in button]
    if not actions:
        return f"{prefix}: Text buttons are unallowed in the inline keyboard"
    if len(actions) > 1:
        return f"{prefix}: only one of the optional fields must be used"
    value = button[actions[0]]
    if actions == ["callback_data"] and not (
        isinstance(value, str) and 1 <= len(value.encode()) <= 64
    ):
        return "BUTTON_DATA_INVALID"
    if actions == ["url"] and not (isinstance(value, str) and LINK.match(value)):
        return f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL"
    if actions == ["copy_text"] and not 1 <= len(str((value or {}).get("text", ""))) <= 256:
        return "BUTTON_COPY_TEXT_INVALID"
    return None
