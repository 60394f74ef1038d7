"""Files at the terminal: named with :file or dropped on it, taken in, taken back, written again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.talk import dropped, path_meant
from storage.database import Database
from tests.exchange.files import workbook
from tests.exchange.pictures import CARD, code
from tests.test_terminal import Heard, talked

PEOPLE = "Name;Company;Phone;City\nSara Malik;Nishat Mills;0300 5550101;Lahore\n;;;Multan\n"
SIGNS = re.compile("[\u200e\u200f\u2066-\u2069]")


def typed(database: Database, *lines: str) -> list[str]:
    """What is shown to these lines, past the first hello."""
    heard: Heard = talked(database, "hello", *lines)
    return [SIGNS.sub("", each) for each in heard[1:]]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "my people's list.csv"
    path.write_text(PEOPLE, "utf-16")
    return path


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("/srv/a.csv", "/srv/a.csv"),
        ("'/srv/my list.csv'", "/srv/my list.csv"),
        ("/srv/my\\ list.csv ", "/srv/my list.csv"),
        ("/srv/my list.csv", "/srv/my list.csv"),
        ("/srv/Sara's list.csv", "/srv/Sara's list.csv"),
        ("file:///srv/my%20list.csv", "/srv/my list.csv"),
        ("~/a.csv", f"{Path.home()}/a.csv"),
    ],
)
def test_a_path_is_read_as_a_terminal_writes_it(said: str, path: str) -> None:
    assert path_meant(said) == Path(path)


def test_what_is_no_path_of_a_file_is_a_message(people: Path) -> None:
    assert dropped(f"'{people.parent}'") is None  # a folder
    assert dropped("/won nishat 5 lakh") is None
    assert dropped("/" + "x" * 5000) is None
    assert dropped("/srv/\0") is None
    assert dropped(f"see {people}") is None
    assert dropped(f'"{people}"') == people


def test_a_list_is_shown_taken_in_and_taken_back(database: Database, people: Path) -> None:
    sara = "who is sara malik"
    heard = typed(database, f":file {people}", "Take it in", sara, "undo", sara)
    assert "1 new, 1 left out" in heard[0]
    assert "[1 Take it in] [2 No]" in heard[0]
    assert "Nishat Mills" in heard[2]
    assert people.name in heard[3]
    assert "I know nobody called" in heard[4]


def test_rows_that_were_left_out_are_mended_and_dropped_again(
    database: Database, people: Path
) -> None:
    heard = typed(database, str(people), "1")
    found = re.search(r"(/\S*rabta-.*left-out\.csv)", heard[1])
    assert found
    left_out = Path(found[1])
    rows = left_out.read_text("utf-8-sig").splitlines()
    left_out.write_text("\n".join([rows[0], f"Hina Shah{rows[1]}"]), "utf-8-sig")
    heard = typed(database, f'"{left_out}"', "1", "who is hina shah")
    assert "1 new" in heard[1]
    assert "Multan" in heard[2]


def test_a_workbook_and_a_photo_come_alike(database: Database, tmp_path: Path) -> None:
    book, photo = tmp_path / "list.xlsx", tmp_path / "card.png"
    book.write_bytes(workbook([["Naam", "Mobile"], ["Ali Raza", "0300 5550102"]]))
    code(CARD).save(photo)
    heard = typed(database, f":file {book}", "1", f":f {photo}", "Save", "who is ali raza")
    assert "Ali Raza, +923005550102" in heard[0]
    assert "Nothing is kept until you save it." in heard[2]
    assert "New contact" in heard[3]
    assert "+923005550102" in heard[4]


def test_what_cannot_be_handed_over_is_told(database: Database, tmp_path: Path) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(11_000_000)
    heard = typed(database, ":file", f":file {tmp_path}/gone.csv", f":file {tmp_path}", str(huge))
    assert heard[0].startswith("Say which file")
    assert "There is no file" in heard[1]
    assert "There is no file" in heard[2]
    assert "over 10 MB" in heard[3]
