"""Single values as people and programs write them: phones, e-mails, days, sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import phonenumbers

from exchange.dialling import at_home
from exchange.formulas import as_written
from language.folding import ascii_digits
from language.points import clean_email, e164

# Marks of direction, and what cannot be seen or printed; the joiners that Urdu needs stay.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_SPACE = re.compile(r"[^\S\n]+")
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]]{1,64}@[^\s@<>,;:\"'()\[\]/]{1,253}")
_FORMULA_TEXT = re.compile(r'^="([^"]*)"$')
_EXTENSION = re.compile(
    r"\s*(?:;?\s*(?:ext(?:n|ension)?|int|durchwahl|dw|ایکسٹینشن)\b\.?[=:]?|[x#]|[,;]{1,3}|(?<=\d)[pw])"
    r"\s*(\d{1,6})#?\s*$",
    re.IGNORECASE,
)  # after a comma, p or w a phone waits and dials on
_NEXT_LINE = re.compile(r"(?<=\d{4})/\d{1,2}$")  # 35761234/5: the office has the next one, too
_BETWEEN = re.compile(r"\s*(?::::|[;,|\n/&])\s*(?=[+(\d])")
_SPREADSHEET = re.compile(r"\d{7,15}\.0")
_SCIENTIFIC = re.compile(r"\d\.(\d{6,14})[eE]\+?(\d{1,2})")
_URI = re.compile(r"^(?:tel|p|phone|sms|callto|whatsapp):(?://)?", re.IGNORECASE)
_DIGITS = re.compile(r"\d")
_NO_DIGIT = re.compile(r"\D+")
_PLAIN = re.compile(r"\+?[0-9]+(?:[ -][0-9]+)*")  # a number, and nothing to be taken off it
_SHORTEST = 3  # digits of a number that is rung at all
_FEWEST = 7  # digits of a number that is dialled from outside
_INTERNATIONAL = 11  # digits from which on one may be written without its plus


def tidy(text: str) -> str:
    """One line without what cannot be seen; as a spreadsheet writes a text that looks like none."""
    return text if _is_tidy(text) else " ".join(clean(text).split())


def _is_tidy(text: str) -> bool:
    return text.isprintable() and text[:1] not in " ='" and text[-1:] != " " and "  " not in text


def clean(text: str) -> str:
    """The same with its lines kept."""
    if _is_tidy(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        text = _UNSEEN.sub("", text)
    text = _SPACE.sub(" ", text).strip()
    found = _FORMULA_TEXT.match(text) if text[:2] == '="' else None
    return found[1] if found else as_written(text)


def emails_in(said: str) -> list[str]:
    """Every address in a text ("Sara <sara@nishat.pk>; s@x.pk"), lower case, each once."""
    if not said.isascii() or not said.isprintable():
        said = _UNSEEN.sub("", said)
    found = [clean_email(each.strip("'")) for each in _EMAIL.findall(said[:2000])]
    return list(dict.fromkeys(found)) if len(found) > 1 else found


@dataclass
class Phones:
    """Numbers of one person: as written, and as E.164 where they can be dialled; ``extensions`` are
    what is dialled after some of them."""

    region: str
    written: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    extensions: dict[str, str] = field(default_factory=dict)

    @property
    def odd(self) -> list[str]:
        """Those that cannot be dialled from outside and are numbers all the same: 1122."""
        return [said for said in self.unread if len(_DIGITS.findall(said)) >= _SHORTEST]

    def add(self, said: str) -> None:
        """One number, or several in one cell."""
        if _PLAIN.fullmatch(said):
            self._keep(said)
            return
        for one in _numbers(clean(said)):
            self.add_one(one)

    def add_one(self, said: str) -> None:
        said = tidy(said).removeprefix("'")
        said = _URI.sub("", said)
        said = said[:-2] if _SPREADSHEET.fullmatch(said) else said
        said = _calculated(said) if "E+" in said.upper() else said
        self._keep(said)

    def _keep(self, said: str) -> None:
        if not said or said in self.written:
            return
        self.written.append(said)
        number = dialled(said, self.region)
        if number is None:
            self.unread.append(said)
            return
        if number not in self.read:
            self.read.append(number)
        if inside := extension(said):
            self.extensions.setdefault(number, inside)


def _calculated(said: str) -> str:
    """3.217654321E+09 of a spreadsheet that has all digits; one that has lost some stays."""
    found = _SCIENTIFIC.fullmatch(said)
    whole = found is not None and len(found[1]) in (int(found[2]), int(found[2]) - 1)
    return f"{int(float(said))}" if whole else said


def _numbers(said: str) -> Iterator[str]:
    pieces = _BETWEEN.split(said)
    if len(pieces) > 1 and all(len(_DIGITS.findall(piece)) >= _FEWEST for piece in pieces):
        yield from pieces
    elif said:
        yield said


@lru_cache(maxsize=4096)
def dialled(said: str, region: str) -> str | None:
    """A number in E.164: one of the region, or one abroad that came without its plus."""
    if not _PLAIN.fullmatch(said):
        said = _NEXT_LINE.sub("", _EXTENSION.sub("", ascii_digits(said)))
    digits = _NO_DIGIT.sub("", said)
    if not _FEWEST <= len(digits) <= len("00") + 15:
        return None
    if own := at_home(said, region):
        return own
    here = e164(said, region)
    if here and _is_real(here):
        return here
    abroad = e164(f"+{digits}", region) if len(digits) >= _INTERNATIONAL else None
    return abroad if abroad and _is_real(abroad) else here


def extension(said: str) -> str:
    """What is dialled within the house, after the number; empty where nothing is."""
    found = None if _PLAIN.fullmatch(said) else _EXTENSION.search(ascii_digits(said))
    return found[1] if found else ""


def _is_real(number: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(number))
