"""Judges a whole message or view: blocks, texts and metadata, as the Web API would."""

from __future__ import annotations

import json
from typing import Any

from tests.servers.slack import shapes
from tests.servers.slack.checks import Problems, items, typed, unique
from tests.servers.slack.state import Json
from tests.servers.slack.text import parts
from tests.servers.slack.world import Refused

MOST_TEXT = 40_000  # what is longer is cut, with a warning
MOST_TEXT_IN_UPDATE = 4_000
MOST_METADATA = 8_192
_MESSAGE_BLOCKS = items(typed(shapes.BLOCKS), 0, 50)
_VIEW = typed(shapes.VIEWS)


def unpacked(value: Any, refusal: str) -> Any:
    """Blocks, views and metadata come as JSON or, in forms, as a string of JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise Refused(refusal) from None


def checked_blocks(value: Any) -> list[Json] | None:
    """The blocks, or None when none were given. Raises invalid_blocks and its like."""
    blocks = unpacked(value, "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        msg = "invalid_blocks_format"
        raise Refused(msg)
    problems = Problems()
    _MESSAGE_BLOCKS(blocks, "/blocks", problems)
    unique("block_id")(blocks, "/blocks", problems)
    if problems.found:
        msg = "invalid_blocks"
        raise Refused(msg, *problems.found)
    if sum(len(part.text) for part in parts(blocks)) > shapes.MOST_TEXT_IN_BLOCKS:
        msg = "msg_blocks_too_long"
        raise Refused(msg)
    return _named(blocks)


def _named(blocks: list[Json]) -> list[Json]:
    """Slack gives names to blocks and elements that have none."""
    for at, block in enumerate(blocks):
        block.setdefault("block_id", f"b{at}")
        inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for place, element in enumerate(inside):
            kind = element.get("type") if isinstance(element, dict) else None
            if kind in shapes.ELEMENTS and kind != "image":
                element.setdefault("action_id", f"a{place}")
    return blocks


def checked_view(value: Any, *kinds: str) -> Json:
    """The view. Raises invalid_arguments with what is wrong in it."""
    view = unpacked(value, "invalid_arguments")
    problems = Problems()
    _VIEW(view, "/view", problems)
    if isinstance(view, dict):
        if view.get("type") not in kinds:
            problems.add("/view/type", f"must be one of {', '.join(kinds)}")
        if isinstance(view.get("blocks"), list):
            unique("block_id")(view["blocks"], "/view/blocks", problems)
    if problems.found:
        msg = "invalid_arguments"
        raise Refused(msg, *problems.found)
    if len(json.dumps(view)) > 250_000:
        msg = "view_too_large"
        raise Refused(msg)
    _named(view["blocks"])
    return dict(view)


def checked_metadata(value: Any) -> Json | None:
    metadata = unpacked(value, "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        msg = "invalid_metadata_schema"
        raise Refused(msg)
    payload = metadata.get("event_payload")
    if not isinstance(payload, dict):
        msg = "invalid_metadata_schema"
        raise Refused(msg)
    if any(isinstance(value, dict) for value in payload.values()):
        msg = "invalid_metadata_schema"
        raise Refused(msg)
    if len(json.dumps(metadata)) > MOST_METADATA:
        msg = "metadata_too_large"
        raise Refused(msg)
    return metadata
