"""Replies as JSON and back, for the outbox and for buttons. The parts name their own kind."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from handlers import reply as parts
from handlers.reply import Button, Call, Form, FormField, Reply

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        parts.Title, parts.Line, parts.Fields, parts.Items, parts.Table, parts.Point,
        parts.Chart, parts.File, Form, FormField, Button, Call, Reply,
    )
}  # fmt: skip


def pack(value: Any) -> Any:
    """A reply, or anything in it, as plain JSON."""
    if type(value).__name__ in _KINDS and type(value) is _KINDS[type(value).__name__]:
        content = {field.name: pack(getattr(value, field.name)) for field in fields(value)}
        return {"is": type(value).__name__, **content}
    if isinstance(value, tuple | list):
        return [pack(item) for item in value]
    if isinstance(value, dict):
        return {key: pack(item) for key, item in value.items()}
    return value


def is_worded(packed: dict[str, Any]) -> bool:
    """Whether it is a reply, and not yet to become one."""
    return "is" in packed


def unpack(value: Any) -> Any:
    """What ``pack`` made, as it was; lists come back as tuples where a reply holds them."""
    if isinstance(value, dict) and value.get("is") in _KINDS:
        kind = _KINDS[value["is"]]
        content = {key: unpack(item) for key, item in value.items() if key != "is"}
        return kind(**content)
    if isinstance(value, dict):
        return {key: _kept(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(unpack(item) for item in value)
    return value


def _kept(value: Any) -> Any:
    return [_kept(item) for item in value] if isinstance(value, list) else unpack(value)
