"""Files made to do harm, and files that are merely torn; each in the child that reads it."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from exchange.asked import Asked
from exchange.bounded import read_bytes, read_file
from exchange.refusing import CHAT, Limits, Refused
from tests.exchange.files import workbook

ROW = ["Ali Khan", "0300 1234567"]
HEAD = [["Name", "Phone"], ROW]
EMPTY = "".join(f'<row r="{number}"/>' for number in range(3, 1_000_003))
CORNER = '<row r="1048576"><c r="ALK1048576" t="str"><v>x</v></c></row>'


def told(data: bytes, limits: Limits = CHAT) -> list[dict[str, object]]:
    asked = Asked("PK", limits=limits)
    return [each for each in read_bytes(data, "sent", asked) if "type" in each]


def reason(data: bytes, limits: Limits = CHAT) -> str:
    with pytest.raises(Refused) as refused:
        told(data, limits)
    return refused.value.reason


def test_a_zip_bomb_is_known_before_it_grows() -> None:
    assert reason(workbook(HEAD, " " * 150_000_000)) == "squeezed_too_much"
    assert reason(workbook(HEAD, " " * 50_000_000)) == "squeezed_too_much"


def test_a_zip_that_lies_about_its_size() -> None:
    data = bytearray(workbook(HEAD, " " * 50_000_000))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 5000)
    assert reason(bytes(data)) == "broken"


def test_a_million_empty_rows_are_none() -> None:
    (found,) = told(workbook(HEAD, EMPTY))
    assert found["phones"] == ["+923001234567"]


def test_a_cell_in_the_far_corner_takes_no_memory_of_ours() -> None:
    assert reason(workbook(HEAD, CORNER)) == "too_much_memory"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"), (b" \n\n", "empty"), (b"%PDF-1.7", "unknown_format"),
        (b"PK\x03\x04 torn", "broken"), (b"\x89PNG\r\n", "broken"),
        (b"Name,Phone\n" + b"a" * 2_000_000, "line_too_long"),
        (b"Name,Phone\n" + b"," * 5_000, "too_many_columns"),
        (b"BEGIN:VCARD\n" * 1000, "nobody"),
    ],
)  # fmt: skip
def test_what_is_not_read(data: bytes, why: str) -> None:
    assert reason(data) == why


@pytest.mark.parametrize(
    "piece", [b"\n", b"\r", b"a\n", b",\n", b'""\n', b" " * 70 + b"\n", b"{}\n"]
)
@pytest.mark.parametrize("head", [b"Name,Phone\nAli,0300 1234567\n", b"BEGIN:VCARD\nFN:Ali\n"])
def test_millions_of_lines_with_nothing_in_them(head: bytes, piece: bytes) -> None:
    size = 20_000_000
    data = head + piece * (size // len(piece))
    assert reason(data, Limits(size=size * 2, rows=50_000_000)) == "hollow"


def test_cards_that_are_only_begun() -> None:
    assert reason(b"BEGIN:VCARD\n" * 20_000) == "hollow"


def test_more_lines_than_so_many_records_have() -> None:
    few = Limits(size=10_000_000, rows=100)
    note = b"line of a note\n" * 1_000
    head, tail = b'Name,Note\nAli,"', b'"\n'
    assert len(told(head + note + tail, few)) == 1
    assert reason(head + note * 3 + tail, few) == "too_many_rows"


def test_how_much_is_read() -> None:
    few = Limits(size=1_000, rows=3)
    assert len(told(b"Name,Phone\n" + b"Ali,0300\n" * 3, few)) == 3
    assert reason(b"Name,Phone\n" + b"Ali,0300\n" * 4, few) == "too_many_rows"
    assert reason(b"x" * 1_001, few) == "too_big"


def test_a_file_that_takes_too_long_is_ended() -> None:
    quick = Limits(size=100_000_000, rows=10_000_000, seconds=1)
    assert reason(b"Name,Phone\n" + b"Ali Khan,0300 1234567\n" * 2_000_000, quick) == "too_slow"


def test_zeros_and_two_character_sets_in_one_file() -> None:
    torn = b"Name,City\nAli\0 Khan,Lah\0ore\n\0\0,\n"
    mixed = "Zoë,Köln\n".encode() + "José,Málaga\n".encode("cp1252")
    found = told(torn + mixed)
    assert [(each["name"], each["city"]) for each in found] == [
        ("Ali Khan", "Lahore"), ("Zoë", "Köln"), ("José", "Málaga"),
    ]  # fmt: skip


def test_each_line_of_a_file_glued_of_three_sets_is_read_in_its_own() -> None:
    lines = ("Zoë,Köln\n".encode(), "José,Málaga\n".encode("cp1252"))
    urdu = ("عائشہ,لاہور\n".encode(), "محمد علي,کراچي\n".encode("cp1256"))
    found = told(b"Name,City\n" + b"".join((*lines, *urdu)))
    assert [(each["name"], each["city"]) for each in found] == [
        ("Zoë", "Köln"), ("José", "Málaga"), ("عائشہ", "لاہور"), ("محمد علي", "کراچي"),
    ]  # fmt: skip


def test_half_a_letter_a_zero_or_a_type_that_is_a_list_keeps_no_other_line_from_being_read() -> (
    None
):
    lines = (
        rb'{"type": "contact", "name": "Ali \ud83d Khan"}',
        b'{"type": ["contact"], "name": "Sara"}',
        b'{"type": {}, "name": "Sara"}',
        b'{"type": "contact", "name": "Bilal"}',
    )
    assert [each["name"] for each in told(b"\n".join(lines))] == ["Ali ? Khan", "Bilal"]
    zeros = rb'{"type": "stage", "name": "Vi\u0000sit \\u0000", "\u0000more": ["\u0000"]}'
    (stage,) = told(zeros)
    assert (stage["name"], stage["more"]) == ("Visit \\u0000", [""])
    card = b"BEGIN:VCARD\nFN;CHARSET=unicode_escape:Ali \\ud83d\nEND:VCARD\n"
    assert [each["name"] for each in told(card * 2)] == ["Ali ?"] * 2
    odd = b"BEGIN:VCARD\nFN:Ali\nNOTE;CHARSET=\0x:hello\nEND:VCARD\n"
    assert [each["note"] for each in told(odd)] == ["hello"]


def test_a_link_that_looks_like_an_odd_host_is_read() -> None:
    asked = Asked("PK", "qr")
    (found,) = read_bytes(b"mailto://[ali@nishat.example?to=sara%40x.example", "sent", asked)
    assert found["emails"] == ["ali@nishat.example", "sara@x.example"]


def test_formulas_and_marks_of_direction_are_text() -> None:
    data = "Name,Phone\n\"=cmd|' /C calc'!A0\",\u202e0300 1234567\u202c\n\u202eevil\u202c,\n"
    first, second = told(data.encode())
    assert (first["name"], first["phones"]) == ("=cmd|' /C calc'!A0", ["+923001234567"])
    assert second["name"] == "evil"


def test_the_child_sees_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is parsed may take the child over; there must be nothing in it."""
    seen: list[dict[str, str]] = []
    import subprocess

    real = subprocess.Popen

    def watched(*args: object, **more: object) -> subprocess.Popen[bytes]:
        seen.append(dict(more["env"]))  # type: ignore[call-overload]
        return real(*args, **more)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setenv("RABTA_TELEGRAM_TOKEN", "123:secret")
    monkeypatch.setattr(subprocess, "Popen", watched)
    file = tmp_path / "list.csv"
    file.write_text("Name,Phone\nAli,0300 1234567\n")
    assert len(list(read_file(file, Asked("PK")))) == 2
    assert not any("secret" in value for value in seen[0].values())
