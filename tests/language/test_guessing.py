"""Guesses: learned the same way each time, a help where no rule fits, dumb in strange tongues."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from language import choosing, groups
from language.guessing import NONE, weights
from language.reader import read
from tests.language.test_reader import BLIND, NOW, fault, labelled

HERE = Path(__file__).parent
IDLE = labelled("idle.jsonl")
SAID = [row for tongue in ("en", "roman", "ur") for row in labelled(f"said_{tongue}.jsonl")]
MOST_BYTES = 2_000_000


def intents(row: dict[str, Any]) -> list[str]:
    return [action.intent for action in read(row["text"], datetime.fromisoformat(row["now"]))]


def right(rows: list[dict[str, Any]]) -> int:
    """How many messages are read with the right intents."""
    return sum(intents(row) == [action["intent"] for action in row["actions"]] for row in rows)


def test_the_same_messages_teach_the_same_bytes(tmp_path: Path) -> None:
    lines = [line for file in ("sentences", "idle") for line in _lines(file)][::8]
    (tmp_path / "some.jsonl").write_text("\n".join(lines), "utf-8")
    kept = []
    for seed in ("1", "2"):
        subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "language.learning", tmp_path / seed, tmp_path / "some.jsonl"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
        kept.append((tmp_path / seed).read_bytes())
    assert kept[0] == kept[1]
    assert kept[0].count(b"\n") > 100


def _lines(name: str) -> list[str]:
    return (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()


def test_guesses_help_with_what_was_written_by_others(monkeypatch: pytest.MonkeyPatch) -> None:
    with_guesses = sum(not fault(row) for row in BLIND)
    monkeypatch.setattr(choosing, "guess", lambda *_said, **_named: None)
    without = sum(not fault(row) for row in BLIND)
    assert with_guesses >= without


def test_guesses_alone_read_most_messages_that_they_were_not_taught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (choosing, groups):
        monkeypatch.setattr(module, "intent_of", lambda _clause: None)
    assert right(BLIND) / len(BLIND) >= 0.75
    monkeypatch.setattr(choosing, "guess", lambda *_said, **_named: None)
    assert right(BLIND) / len(BLIND) < 0.25


def test_what_asks_for_nothing_is_left_alone() -> None:
    acted = [row["text"] for row in IDLE if intents(row) != [NONE]]
    assert len(acted) / len(IDLE) <= 0.03, "\n".join(acted)


def test_messages_that_taught_are_read() -> None:
    assert right(SAID) / len(SAID) >= 0.95


def test_a_guess_is_told_as_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "intent_of", lambda _clause: None)
    (action,) = read("call Bilal Traders tomorrow 4pm", NOW)
    assert action.intent == "task.add"
    assert "guess" in action.doubts


def test_languages_that_nothing_was_learned_of_are_left_to_the_rules() -> None:
    assert not any(weights().speaks(tongue) for tongue in ("pa", "ar", "xx"))
    assert all(weights().speaks(tongue) for tongue in ("en", "ur", "roman", None))


def test_the_weights_are_small() -> None:
    assert (HERE.parent.parent / "language" / "weights.txt").stat().st_size < MOST_BYTES
