"""The words file of descriptions, by sense."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def sayings() -> dict[str, Mapping[str, str]]:
    """Each sense (``kind:city`` of ``[kind.city]``) with its words by language."""
    file = resources.files("language.segments") / "words.toml"
    return dict(_entries(tomllib.loads(file.read_text("utf-8"))))


def _entries(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    for key, value in table.items():
        here = f"{path}:{key}" if path else key
        if all(isinstance(each, str) for each in value.values()):
            yield here, value
        else:
            yield from _entries(value, here)
