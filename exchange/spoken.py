"""The lines in which the process that reads a stranger's file tells of it: a record or answer each,
in JSON of what any database takes as text."""

from __future__ import annotations

import json
from typing import Any

import orjson

Told = dict[str, Any]
"""A record (it has a ``type``); ``{"plan": ...}`` before those of a table; ``{"bad": ...}`` for a
line that is none; ``{"holds": ...}`` for a code in a photo that tells of nobody."""

_ODD = b" "
"""Begins a line that the quick reading would not have as it was told."""

_ZERO = b"\\u0000"


def line(told: Told) -> bytes:
    """Half a pair of surrogates, which a file may name though no text has it, becomes a "?", and
    zeros go."""
    try:
        said = orjson.dumps(told)
    except TypeError:  # such a half, or a number longer than a machine's
        return _ODD + json.dumps(_whole(told), ensure_ascii=False).encode() + b"\n"
    return (orjson.dumps(_whole(told)) if _ZERO in said else said) + b"\n"


def told_by(line: bytes) -> Told:
    """What a line tells."""
    told: Told = json.loads(line) if line.startswith(_ODD) else orjson.loads(line)
    return told


def _whole(told: Any) -> Any:
    match told:
        case str():
            return told.replace("\0", "").encode("utf-8", "replace").decode()
        case dict():
            return {_whole(key): _whole(value) for key, value in told.items()}
        case list() | tuple():
            return [_whole(each) for each in told]
    return told
