"""Readers of one value: for answers to a question and for the fields of a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from decimal import Decimal
from itertools import islice

from email_validator import EmailNotValidError, validate_email

from language.amounts import Amount, sums_in
from language.clocks import Clock, read_clock
from language.dates import When, read_moment, read_recurrence
from language.folding import fold
from language.moments import Look
from language.own import own_stages
from language.own_names import find_names, named
from language.points import e164
from language.settling import settle
from language.sheet import Sheet, lay_out


def read_amount(text: str, currency: str) -> tuple[Decimal | float, str] | None:
    """The sum in a text and its currency, `currency` where none is said."""
    sheet = lay_out(text)
    found = _best_sum(sums_in(sheet))
    if found is None or (not found.sure and _says_more(sheet, found)):
        return None
    return found.value, found.currency or currency


def _best_sum(found: Iterator[Amount]) -> Amount | None:
    """The surest sum; of equals the first."""
    best: Amount | None = None
    for one in found:
        if best is None or (_sureness(one) > _sureness(best)):
            best = one
    return best


def _sureness(amount: Amount) -> int:
    return (amount.currency is not None) * 2 + amount.sure


def _says_more(sheet: Sheet, amount: Amount) -> bool:
    """Whether a bare number stands among so many words that it need not be a sum."""
    words = [t for at, t in enumerate(sheet.tokens) if t.kind == "word" and not _in(at, amount)]
    return len(words) > _FEW


_FEW = 3


def _in(at: int, amount: Amount) -> bool:
    return amount.i <= at < amount.j


def _when(sheet: Sheet) -> When | None:
    """The first date of a text that says a day, or else the first time."""
    clock: When | None = None
    at = 0
    while at < len(sheet.tokens):
        found = read_recurrence(sheet, at) or read_moment(sheet, at)
        if found and found.moment and found.moment.has_day:
            if clock and clock.moment and clock.moment.clock and found.moment.clock is None:
                return When(found.moment.at(clock.moment.clock), found.i, found.j)
            return found
        clock = clock or (found if found and found.moment else None)
        at = found.j if found else at + 1
    return clock


def _read_day(text: str, now: datetime, look: Look) -> str | None:
    sheet = lay_out(text)
    found = _when(sheet) or _when(lay_out(f"in {text}"))
    moment = found.moment if found else None
    if moment is None and (hour := _bare_hour(sheet)):
        return f"{now.date().isoformat()}T{hour:%H:%M}"
    return settle(moment, now, look) if moment else None


def _bare_hour(sheet: Sheet) -> time | None:
    """A text that is nothing but an hour: "5", "5 pm"."""
    clock = read_clock(sheet, 0) if sheet.tokens else None
    return clock.clock if clock and clock.j == len(sheet.tokens) else None


def read_due(text: str, now: datetime) -> str | None:
    """The day or moment to come that a text says, as the slot `due` has it."""
    return _read_day(text, now, "ahead")


def read_on(text: str, now: datetime) -> str | None:
    """The day or moment gone by that a text says, as the slot `on` has it."""
    return _read_day(text, now, "back")


def read_phone(text: str, region: str) -> str | None:
    """A phone number in E.164, read in a region unless it starts with + or 00."""
    digits = [token for token in fold(text[:80]) if token.isdigit()]
    if not 5 <= len(digits) <= 17:
        return None
    kept = "".join(char for char in fold(text[:80]) if char.isdigit() or char in "+()-. /")
    return e164(kept.strip(" .-/"), region)


def read_email(text: str) -> str | None:
    """An e-mail address, lower case; None where there is none that could work."""
    for token in lay_out(text[:400]).tokens:
        if token.kind == "email":
            try:
                found = validate_email(
                    token.text, check_deliverability=False, test_environment=True
                )
            except EmailNotValidError:
                continue
            return found.normalized.lower()
    return None


def read_name(text: str) -> str | None:
    """What somebody may be called, without "sahib" or "se" behind it; None where it is plainly
    said *about* something."""
    sheet = lay_out(text)
    end = len(sheet.tokens)
    while end > 1 and sheet.has(end - 1, *_BEHIND_A_NAME):
        end -= 1
    words = [sheet.senses(at) for at in range(end) if sheet.tokens[at].kind == "word"]
    if not any(senses & _NAMELIKE for senses in words):
        unknown = any(not senses for senses in words)
        if sheet.shown & _SAID_ABOUT or not unknown:
            return None
    return text[: sheet.tokens[end - 1].end].strip() or None


def slot_of_name(text: str) -> str | None:
    """`contact` or `company` for a text that is a name and nothing else, by its words or, of
    unknown ones, capitals."""
    sheet = lay_out(text)
    words = [at for at, token in enumerate(sheet.tokens) if token.kind == "word"]
    named = any(sheet.senses(at) & _NAMELIKE for at in words)
    if not named or len(words) < len(sheet.tokens):
        return None
    if not all(_is_named_so(sheet, at) for at in words):
        return None
    return "company" if any(sheet.has(at, "org_end", "org_whole") for at in words) else "contact"


def _is_named_so(sheet: Sheet, at: int) -> bool:
    senses = sheet.senses(at)
    return bool(senses & _NAMELIKE) or (not senses and sheet.tokens[at].text[:1].isupper())


_BEHIND_A_NAME = ("honorific", "se", "ko", "ne", "ka", "wala")
_NAMELIKE = frozenset({"given", "org_end", "org_whole"})
_SAID_ABOUT = frozenset({"question", "not", "me", "we", "them", "is", "was", "past"})


def read_stage(text: str, stages: Mapping[str, str]) -> str | None:
    """The key of a stage of the workspace, given with their names, or `next`."""
    sheet = lay_out(text)
    own = own_stages(stages)
    found = named(text, stages) or next((span.key for span in find_names(sheet, own)), None)
    if found:
        return found
    said = [sheet.value(at, "stage") for at in range(len(sheet.tokens))]
    quoted = any(sheet.has(at, "quote") for at in range(len(sheet.tokens)))
    known = [stage for stage in (*said, "proposal" if quoted else None) if stage]
    return next((stage for stage in known if stage in stages or stage == "next"), None)


def read_time(text: str) -> time | None:
    """A time of day."""
    found = clock_in(lay_out(text))
    return found.clock if found else None


def clock_in(sheet: Sheet) -> Clock | None:
    """The first time of day in a sheet, with a part of day said before it."""
    part: str | None = None
    alone: Clock | None = None
    for at in range(len(sheet.tokens)):
        clock = read_clock(sheet, at, part)
        if clock:
            return clock
        said = sheet.value(at, "part")
        if said:
            part = said
            hour, minute = said.split(":")
            alone = alone or Clock(time(int(hour), int(minute)), at, at + 1)
    return alone


_BETWEEN = frozenset({"-", "and", "اور"})
_LONGEST_HOURS, _MOST_BETWEEN = 200, 8
"""Letters of an answer that hours are sought in, and words in it that may stand between them."""


def read_hours(text: str) -> tuple[time, time] | None:
    """From one time to another ("10pm to 7am", "raat 10 se subah 7"): quiet hours."""
    text = text[:_LONGEST_HOURS]
    sheet = lay_out(text)
    between = (
        token
        for at, token in enumerate(sheet.tokens)
        if token.key in _BETWEEN or sheet.has(at, "to", "se", "tak", "to_hour")
    )
    for token in islice(between, _MOST_BETWEEN):
        start = clock_in(lay_out(text[: token.start]))
        end = clock_in(lay_out(text[token.end :]))
        if start and end and start.bare and end.bare:  # "10 to 7": from night to morning
            return start.clock.replace(hour=start.clock.hour % 12 + 12), end.clock.replace(
                hour=end.clock.hour % 12
            )
        if start and end:
            return start.clock, end.clock
    return None
