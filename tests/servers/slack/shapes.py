"""Block Kit's rules as tables: objects, elements, blocks and views, with Slack's limits."""

from __future__ import annotations

from typing import Any

from tests.servers.slack.checks import (
    Problems,
    Shape,
    anything,
    boolean,
    items,
    number,
    one_of,
    string,
    text,
    typed,
    unique,
)

BOTH = ("plain_text", "mrkdwn")
MOST_TEXT_IN_BLOCKS = 13_200  # found by others, undocumented: above it, msg_blocks_too_long
DATE, CLOCK = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d"

CONFIRM = Shape(
    {"title": text(100), "text": text(300, *BOTH), "confirm": text(30), "deny": text(30)},
    {"style": one_of("primary", "danger")},
)
PLAIN_OPTION = Shape(
    {"text": text(75), "value": string(150)}, {"description": text(75), "url": string(3000)}
)
RICH_OPTION = Shape(
    {"text": text(75, *BOTH), "value": string(150)}, {"description": text(75, *BOTH)}
)
GROUP = Shape({"label": text(75), "options": items(PLAIN_OPTION.check, 1, 100)})

_ID = {"action_id": string(255)}
_FOCUS = {"focus_on_load": boolean}
_HINTED = {"placeholder": text(150)}
_PICK = _ID | _FOCUS | _HINTED | {"confirm": CONFIRM.check}
_WRITE = _ID | _FOCUS | _HINTED | {"dispatch_action_config": anything}


def _options_once(element: Any, place: str, problems: Problems) -> None:
    if ("options" in element) == ("option_groups" in element):
        problems.add(place, "exactly one of options and option_groups is needed")
    groups = element.get("option_groups") or [element]
    options = [option for group in groups for option in group.get("options") or []]
    unique("value")(options, f"{place}/options", problems)
    chosen = element.get("initial_options") or [element.get("initial_option")]
    if any(one and one not in options for one in chosen):
        problems.add(f"{place}/initial_option", "does not match any of the provided options")


def _length_order(element: Any, place: str, problems: Problems) -> None:
    if element.get("min_length", 0) > element.get("max_length", 3000):
        problems.add(f"{place}/min_length", "must not be more than max_length")


_OPTIONS = {"options": items(PLAIN_OPTION.check, 1, 100)}
_GROUPS = {"option_groups": items(GROUP.check, 1, 100)}
_ONE = {"initial_option": PLAIN_OPTION.check}
_MANY = {"initial_options": items(PLAIN_OPTION.check, 1, 100), "max_selected_items": number(1, 100)}
_TEN = items(RICH_OPTION.check, 1, 10)
_BOX = {"initial_options": items(RICH_OPTION.check, 1, 10)}

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        {"text": text(75)},
        _ID
        | {"url": string(3000), "value": string(2000), "style": one_of("primary", "danger")}
        | {"confirm": CONFIRM.check, "accessibility_label": string(75)},
    ),
    "static_select": Shape({}, _PICK | _OPTIONS | _GROUPS | _ONE, _options_once),
    "multi_static_select": Shape({}, _PICK | _OPTIONS | _GROUPS | _MANY, _options_once),
    "external_select": Shape({}, _PICK | _ONE | {"min_query_length": number(0, 150)}),
    "users_select": Shape({}, _PICK | {"initial_user": string(30)}),
    "multi_users_select": Shape({}, _PICK | {"initial_users": anything} | _MANY),
    "conversations_select": Shape({}, _PICK | {"initial_conversation": string(30)}),
    "channels_select": Shape({}, _PICK | {"initial_channel": string(30)}),
    "overflow": Shape(
        {"options": items(PLAIN_OPTION.check, 1, 5)}, _ID | {"confirm": CONFIRM.check}
    ),
    "checkboxes": Shape({"options": _TEN}, _ID | _FOCUS | _BOX | {"confirm": CONFIRM.check}),
    "radio_buttons": Shape(
        {"options": _TEN},
        _ID | _FOCUS | {"initial_option": RICH_OPTION.check, "confirm": CONFIRM.check},
    ),
    "datepicker": Shape({}, _PICK | {"initial_date": string(10, pattern=DATE)}),
    "timepicker": Shape(
        {}, _PICK | {"initial_time": string(5, pattern=CLOCK), "timezone": string(64)}
    ),
    "datetimepicker": Shape({}, _PICK | {"initial_date_time": number(10**9, 10**10 - 1)}),
    "plain_text_input": Shape(
        {},
        _WRITE
        | {"initial_value": string(3000, low=0), "multiline": boolean}
        | {"min_length": number(0, 3000), "max_length": number(1, 3000)},
        _length_order,
    ),
    "number_input": Shape(
        {"is_decimal_allowed": boolean},
        _WRITE | {"initial_value": string(100), "min_value": string(100), "max_value": string(100)},
    ),
    "email_text_input": Shape({}, _WRITE | {"initial_value": string(3000, low=0)}),
    "url_text_input": Shape({}, _WRITE | {"initial_value": string(3000, low=0)}),
    "file_input": Shape({}, _ID | {"filetypes": anything, "max_files": number(1, 10)}),
    "image": Shape({"alt_text": string(2000)}, {"image_url": string(3000), "slack_file": anything}),
}
_WRITTEN = ("plain_text_input", "number_input", "email_text_input", "url_text_input", "file_input")
_MULTI = ("multi_static_select", "multi_users_select")
_PRESSED = ("button", "overflow")
IN_ACTIONS = [name for name in ELEMENTS if name not in (*_WRITTEN, *_MULTI, "image")]
IN_SECTION = [name for name in ELEMENTS if name not in (*_WRITTEN, "datetimepicker")]
IN_INPUT = [name for name in ELEMENTS if name not in (*_PRESSED, "image")]


def _says_something(block: Any, place: str, problems: Problems) -> None:
    if not block.get("text") and not block.get("fields"):
        problems.add(place, "either text or fields is needed")


def _actions_once(block: Any, place: str, problems: Problems) -> None:
    elements = block.get("elements")
    if isinstance(elements, list):
        unique("action_id")(elements, f"{place}/elements", problems)


_STYLE = Shape({}, dict.fromkeys(("bold", "italic", "strike", "code"), boolean))
_STYLED = {"style": _STYLE.check}
RICH_LEAVES: dict[str, Shape] = {
    "text": Shape({"text": string(3000)}, _STYLED),
    "link": Shape({"url": string(3000)}, _STYLED | {"text": string(3000), "unsafe": boolean}),
    "user": Shape({"user_id": string(30)}, _STYLED),
    "channel": Shape({"channel_id": string(30)}, _STYLED),
    "usergroup": Shape({"usergroup_id": string(30)}, _STYLED),
    "broadcast": Shape({"range": one_of("here", "channel", "everyone")}, _STYLED),
    "emoji": Shape({"name": string(100)}, _STYLED | {"unicode": string(100)}),
}
_SECTION = Shape({"elements": items(typed(RICH_LEAVES), 1, 1000)})
_BOXED = {"border": number(0, 1)}
RICH: dict[str, Shape] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": Shape(_SECTION.must, _BOXED),
    "rich_text_preformatted": Shape(
        {"elements": items(typed(RICH_LEAVES, ("text", "link")), 1, 1000)}, _BOXED
    ),
    "rich_text_list": Shape(
        {"style": one_of("bullet", "ordered")}
        | {"elements": items(typed({"rich_text_section": _SECTION}), 1, 1000)},
        _BOXED | {"indent": number(0, 8), "offset": number(0, 10_000)},
    ),
}
_BLOCK = {"block_id": string(255)}
_CONTEXT = {"image": ELEMENTS["image"]}
_CONTEXT |= {kind: Shape({"text": string(2000)}, {"emoji": boolean}) for kind in ("plain_text",)}
_CONTEXT |= {"mrkdwn": Shape({"text": string(2000)}, {"verbatim": boolean})}

BLOCKS: dict[str, Shape] = {
    "section": Shape(
        {},
        _BLOCK
        | {"text": text(3000, *BOTH), "fields": items(text(2000, *BOTH), 1, 10)}
        | {"accessory": typed(ELEMENTS, IN_SECTION), "expand": boolean},
        _says_something,
    ),
    "header": Shape({"text": text(150)}, _BLOCK | {"level": number(1, 4)}),
    "divider": Shape({}, _BLOCK),
    "context": Shape({"elements": items(typed(_CONTEXT), 1, 10)}, _BLOCK),
    "actions": Shape(
        {"elements": items(typed(ELEMENTS, IN_ACTIONS), 1, 25)}, _BLOCK, _actions_once
    ),
    "image": Shape(
        {"alt_text": string(2000)},
        _BLOCK | {"image_url": string(3000), "slack_file": anything, "title": text(2000)},
    ),
    "input": Shape(
        {"label": text(2000), "element": typed(ELEMENTS, IN_INPUT)},
        _BLOCK | {"hint": text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": Shape({"elements": items(typed(RICH), 1, 1000)}, _BLOCK),
    "markdown": Shape({"text": string(12_000)}, _BLOCK),
    "table": Shape(
        {"rows": items(items(anything, 1, 20), 1, 100)}, _BLOCK | {"column_settings": anything}
    ),
}
NOT_IN_VIEWS = ("markdown", "table")
NOT_IN_MESSAGES: tuple[str, ...] = ()


def _modal_whole(view: Any, place: str, problems: Problems) -> None:
    blocks = view.get("blocks")
    has_input = isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )
    if has_input and not view.get("submit"):
        problems.add(f"{place}/submit", "a `submit` is required when there is an input block")


_IN_VIEW = [name for name in BLOCKS if name not in NOT_IN_VIEWS]
_VIEW = {"private_metadata": string(3000, low=0), "callback_id": string(255)}
_VIEW |= {"external_id": string(255)}
VIEWS: dict[str, Shape] = {
    "modal": Shape(
        {"title": text(24), "blocks": items(typed(BLOCKS, _IN_VIEW), 1, 100)},
        _VIEW
        | {"submit": text(24), "close": text(24), "clear_on_close": boolean}
        | {"notify_on_close": boolean, "submit_disabled": boolean},
        _modal_whole,
    ),
    "home": Shape({"blocks": items(typed(BLOCKS, _IN_VIEW), 1, 100)}, _VIEW),
}
