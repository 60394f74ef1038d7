"""A language is added by a words file alone: two of them, read by an untouched engine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
READ = """
import json, sys
from datetime import datetime
from language.reader import read
from language.tongue import tongue_of
for line in sys.stdin:
    text = json.loads(line)
    found = read(text, datetime(2026, 11, 23, 10))
    print(json.dumps([tongue_of(text), [{"intent": one.intent, **one.slots} for one in found]]))
"""


def _readings(texts: list[str], folder: Path) -> list[tuple[str | None, list[dict[str, Any]]]]:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", READ],
        input="\n".join(json.dumps(text) for text in texts),
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"},
        check=True,
    )
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the reader with two words files more, and no line of code changed."""
    folder = tmp_path_factory.mktemp("grown")
    shutil.copytree(ROOT / "language", folder / "language")
    for file in (HERE / "more").glob("*.toml"):
        shutil.copy(file, folder / "language" / "words")
    return folder


PUNJABI = {
    "بھلکے علی نوں فون کرنا اے": [
        {"intent": "task.add", "contact": "علی", "due": "2026-11-24", "text": "فون کرنا اے"}
    ],
    "علی دا سودا جت گئے": [{"intent": "deal.win", "contact": "علی"}],
    "میں علی نوں ملیا، جمعے نوں فون کرنا اے": [
        {"intent": "activity.log", "kind": "meeting", "contact": "علی"},
        {"intent": "task.add", "due": "2026-11-27", "contact": "علی", "text": "فون کرنا اے"},
    ],
}
ARABIC = {
    "قابلت خالد أمس": [
        {"intent": "activity.log", "kind": "meeting", "contact": "خالد", "on": "2026-11-22"}
    ],
    "كسبنا صفقة أحمد خمسة آلاف ريال": [
        {"intent": "deal.win", "contact": "أحمد", "amount": 5000, "currency": "SAR"}
    ],
    "أضف عميل جديد سارة": [{"intent": "contact.add", "contact": "سارة"}],
    "ذكرني اتصل فاطمة غدا الساعة 4": [
        {"intent": "task.add", "contact": "فاطمة", "due": "2026-11-24T16:00", "text": "اتصل فاطمة"}
    ],
    "اعرض مهامي اليوم": [{"intent": "task.list", "period": "today"}],
    "صباح الخير": [{"intent": "none"}],
}


def test_a_language_that_shares_script_and_words_with_another(grown: Path) -> None:
    assert _readings(list(PUNJABI), grown) == [("pa", actions) for actions in PUNJABI.values()]


def test_a_language_on_its_own_words_alone(grown: Path) -> None:
    assert _readings(list(ARABIC), grown) == [("ar", actions) for actions in ARABIC.values()]


def test_without_its_file_a_language_is_not_read() -> None:
    told = {tongue for tongue, _ in _readings([*PUNJABI, *ARABIC], ROOT)}
    assert not told & {"pa", "ar"}


def test_the_others_are_read_as_before(grown: Path) -> None:
    lines = (HERE / "sentences.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    assert _readings(texts, grown) == _readings(texts, ROOT)
