"""The words files as they stand on disk, read once. A file more is found by itself."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache(maxsize=1)
def words_files() -> dict[str, dict[str, Any]]:
    """Every file of `language/words` by its name without ".toml": the languages, then by name."""
    folder = resources.files("language") / "words"
    files = sorted(folder.iterdir(), key=lambda file: (file.name != "tongues.toml", file.name))
    return {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
        for file in files
        if file.name.endswith(".toml")
    }


def under(heading: str) -> dict[str, Any]:
    """What all files say under one heading; a later file adds to an earlier one."""
    found: dict[str, Any] = {}
    for table in words_files().values():
        found.update(table.get(heading, {}))
    return found


def listed(phrases: str) -> list[str]:
    """Phrases written with commas or on lines of their own."""
    return [said for phrase in phrases.replace("\n", ",").split(",") if (said := phrase.strip())]
