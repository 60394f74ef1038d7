"""Photos of codes, as they are taken in a shop; and pictures that are none of ours to unpack."""

from __future__ import annotations

import io
import resource
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageFilter

from exchange.asked import Asked
from exchange.bounded import read_bytes
from exchange.photo.codes import codes
from exchange.photo.picture import picture
from exchange.photo.signs import is_picture
from exchange.reading import format_of
from exchange.refusing import PHOTO, Refused
from tests.exchange.pictures import CARD, MECARD, TABLE, code, promised, saved, table

NEAR = table(code(CARD))
BICUBIC = Image.Resampling.BICUBIC


def told(data: bytes) -> list[dict[str, Any]]:
    return list(read_bytes(data, "photo", Asked("PK", limits=PHOTO)))


def reason(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        told(data)
    return refused.value.reason


def test_a_vcard_in_a_code_is_a_person_with_all_that_it_says() -> None:
    (sara,) = told(saved(NEAR, "JPEG"))
    assert (sara["type"], sara["name"], sara["company"]) == (
        "contact",
        "Sara Malik",
        "Nishat Mills",
    )
    assert (sara["phones"], sara["emails"]) == (["+923005550101"], ["sara@nishat.example"])
    assert (sara["title"], sara["city"]) == ("Head of Procurement", "Lahore")


def test_urdu_in_a_code_stays_urdu() -> None:
    (omar,) = told(saved(table(code(CARD.replace("Sara Malik", "عمر فاروق")))))
    assert omar["name"] == "عمر فاروق"


def test_everybody_in_one_picture_from_the_top_down() -> None:
    photo = table(code(CARD, 4), code(MECARD, 4), code("https://nishat.example", 4))
    sara, omar, link = told(saved(photo))
    assert [sara["name"], omar["name"]] == ["Sara Malik", "Omar Farooq"]
    assert link["holds"] == {"what": "link", "text": "https://nishat.example"}


@pytest.mark.parametrize(
    ("text", "what", "shown"),
    [
        ("https://nishat.example/?a=1", "link", "https://nishat.example/?a=1"),
        (r"WIFI:T:WPA;S:Dhaba\;1;P:secret;;", "wifi", "Dhaba;1"),
        ("BEGIN:VEVENT\nSUMMARY:Expo\nEND:VEVENT", "event", "Expo"),
        ("geo:24.86,67.0", "place", "24.86,67.0"),
        ("hello ji \u202e", "text", "hello ji"),
    ],
)
def test_what_is_no_person_is_told_as_what_it_is(text: str, what: str, shown: str) -> None:
    assert told(saved(code(text))) == [{"holds": {"what": what, "text": shown}}]


def dark(photo: Image.Image) -> Image.Image:
    grain = Image.effect_noise(photo.size, 12)
    return ImageChops.add(photo.point(lambda shade: shade * 0.12 + 5), grain, offset=-128)


def skewed(photo: Image.Image) -> Image.Image:
    lines = (1.1, 0.25, -50, 0.05, 1.2, -40, 0.0002, 0.0003)
    return photo.transform(photo.size, Image.Transform.PERSPECTIVE, lines, BICUBIC, fillcolor=TABLE)


def shaded(photo: Image.Image) -> Image.Image:
    shadow = Image.linear_gradient("L").resize(photo.size).point(lambda shade: 40 + shade * 0.8)
    return ImageChops.multiply(photo, shadow)


HARD: dict[str, Callable[[], Image.Image]] = {
    "turned": lambda: NEAR.rotate(33, BICUBIC, expand=True, fillcolor=TABLE),
    "upside down": lambda: NEAR.rotate(180),
    "mirrored": lambda: NEAR.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "skewed": lambda: skewed(NEAR),
    "dark": lambda: dark(NEAR),
    "faint": lambda: NEAR.point(lambda shade: shade * 0.1 + 200),
    "half in the shade": lambda: shaded(NEAR),
    "out of focus": lambda: NEAR.filter(ImageFilter.GaussianBlur(2)),
    "white on black": lambda: ImageChops.invert(NEAR),
    "far away": lambda: table(code(CARD).resize((230, 230), BICUBIC), size=(5000, 5000)),
    "tiny": lambda: code(CARD).resize((120, 120), BICUBIC),
}


@pytest.mark.parametrize("how", HARD)
def test_a_photo_need_not_be_a_good_one(how: str) -> None:
    assert codes(HARD[how]()) == [CARD]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_every_usual_kind_of_picture(kind: str) -> None:
    data = saved(code(MECARD).convert("P" if kind == "GIF" else "RGB"), kind)
    assert is_picture(data)
    assert [each["name"] for each in told(data)] == ["Omar Farooq"]


def test_what_is_drawn_on_nothing_is_drawn_on_white() -> None:
    ink = Image.new("RGBA", code(MECARD).size, (0, 0, 0, 255))
    ink.putalpha(ImageChops.invert(code(MECARD)))
    assert [each["name"] for each in told(saved(ink))] == ["Omar Farooq"]


def moving(kind: str) -> bytes:
    more = [ImageChops.invert(code(MECARD))]
    return saved(code(MECARD), kind, save_all=True, append_images=more)


TORN = saved(NEAR.rotate(20), "JPEG")
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "200 megapixels, PNG": (lambda: promised(20_000, 10_000), "too_many_pixels"),
    "26 megapixels": (lambda: promised(5_200, 5_000), "too_many_pixels"),
    "promises that are not kept": (lambda: promised(4_000, 4_000), "broken"),
    "torn JPEG": (lambda: TORN[: len(TORN) // 2], "broken"),
    "torn PNG": (lambda: saved(NEAR)[:3000], "broken"),
    "no JPEG at all": (lambda: b"\xff\xd8\xff" + bytes(range(256)) * 9, "broken"),
    "no WebP at all": (lambda: b"RIFF\0\0\0\0WEBPVP8 ", "broken"),
    "a moving GIF": (lambda: moving("GIF"), "moving_picture"),
    "a moving PNG": (lambda: moving("PNG"), "moving_picture"),
    "a moving WebP": (lambda: moving("WEBP"), "moving_picture"),
    "SVG": (lambda: SVG, "picture_kind"),
    "HEIC": (lambda: b"\0\0\0\x18ftypheic" + bytes(500), "picture_kind"),
    "TIFF": (lambda: saved(NEAR, "TIFF"), "picture_kind"),
    "nothing on it": (lambda: saved(Image.new("L", (800, 600), TABLE)), "no_code"),
    "over 10 MB": (lambda: b"\xff\xd8\xff" + bytes(10_000_001), "too_big"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_pictures_that_are_not_read_are_refused_soon(what: str) -> None:
    make, why = REFUSED[what]
    data = make()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert reason(data) == why
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent < 2, f"{spent} s of the processor's"


@pytest.mark.parametrize("size", [(20_000, 10_000), (16_000, 12_500)])
@pytest.mark.parametrize("kind", ["JPEG", "GIF", "WEBP"])
def test_a_huge_picture_is_known_by_its_header(kind: str, size: tuple[int, int]) -> None:
    head = bytearray(saved(Image.new("L", (64, 64)), kind))
    wide, high = size
    if kind == "JPEG":
        at = head.index(b"\xff\xc0") + 5
        head[at : at + 4] = high.to_bytes(2, "big") + wide.to_bytes(2, "big")
    elif kind == "GIF":
        head[6:10] = wide.to_bytes(2, "little") + high.to_bytes(2, "little")
    else:
        wide = min(wide, 16_383)
        head[26:30] = wide.to_bytes(2, "little") + high.to_bytes(2, "little")
    assert reason(bytes(head)) == "too_many_pixels"


def test_a_text_that_begins_like_a_picture_is_a_text() -> None:
    assert not is_picture(b"BMW dealers,Phone\nAli Khan,0300 1234567\n")
    assert not is_picture(b'<?xml version="1.0"?><rows/>')
    assert format_of_bytes(b"BMW,Phone\nAli,0300 1234567\n") == "csv"


def format_of_bytes(data: bytes) -> str:
    return format_of(io.BytesIO(data))


def test_a_picture_stands_upright_however_the_phone_was_held() -> None:
    sideways = Image.new("L", (40, 20), 255)
    orientation = Image.Exif()
    orientation[0x0112] = 6
    file = io.BytesIO(saved(sideways, "JPEG", exif=orientation))
    assert picture(file, PHOTO).size == (20, 40)
