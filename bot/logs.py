"""Where the log goes, and that nothing which anybody wrote and no secret can ever be in it.

A line is made of what is written in our own source (the template, file names, types) and of
arguments that are numbers or single plain words. An exception is shown by its type and frames:
its message may quote a customer. What a library says is reduced to where it said it.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

HOUSE = Path(__file__).parents[1]
ROOMS = {"bot", "handlers", "language", "rules", "scheduler", "storage"}

HIDDEN = "***"
DEEPEST = 40
"""Frames of one exception that are shown, the innermost ones."""

_TOKENS = re.compile(
    r"(?<=bot)\d{5,}:[\w-]{10,}"  # Telegram, in addresses
    r"|\b\d{5,}:[\w-]{30,}"  # Telegram, alone
    r"|\bx(?:ox[a-z]|app)-[\w-]{6,}"  # Slack
    r"|(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"  # a database's user and password
)
_WORD = re.compile(
    r"[A-Za-z_/][\w./:+-]{0,119}"
    r"|\d{1,3}(?:\.\d{1,3}){3}|(?=[0-9a-f]*:)[0-9a-f:]{2,39}",
    re.ASCII,
)
"""A name out of a program: a type, a door, a path, a refusal; or an address of a machine."""
_CODES = ("sqlstate", "sqlite_errorname")
"""What databases tell of an error beside its words."""


def hidden(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without tokens: those that are known, and what looks like one."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return _TOKENS.sub(HIDDEN, text)


class Discreet(logging.Formatter):
    """Words of our own source, numbers and types; whatever else is hidden."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        self._secrets = tuple(filter(None, secrets))

    def format(self, record: logging.LogRecord) -> str:
        said = _said(record) if is_ours(record) else f"at {_place(record)}"
        lines = [f"{self.formatTime(record)} {record.levelname:<7} {record.name}: {said}"]
        if record.exc_info and record.exc_info[1]:
            lines += _told(record.exc_info[1])
        return hidden("\n".join(lines), self._secrets)


def is_ours(record: logging.LogRecord) -> bool:
    """Whether a room of the house says it, not a library, whatever the logger's name."""
    path = Path(record.pathname)
    return path.is_relative_to(HOUSE) and path.relative_to(HOUSE).parts[0] in ROOMS


def _said(record: logging.LogRecord) -> str:
    args = record.args if isinstance(record.args, tuple) else (record.args,)
    try:
        return str(record.msg) % tuple(map(_shown, args))
    except (TypeError, ValueError):  # a template of ours that does not fit what it is given
        return f"at {_place(record)}"


def _shown(value: Any) -> Any:
    match value:
        case int() | float() | None:
            return value
        case BaseException():
            return type(value).__name__
        case str():
            return value if _WORD.fullmatch(value) else HIDDEN
        case list() | tuple():
            return " and ".join(str(_shown(each)) for each in value)
        case _:
            return HIDDEN


def _place(record: logging.LogRecord) -> str:
    return f"{_short(record.pathname)}:{record.lineno} in {record.funcName}"


def _short(path: str) -> str:
    """The last of a path; what stands before it names whose machine it is."""
    return "/".join(Path(path).parts[-2:])


def _told(error: BaseException | None) -> Iterator[str]:
    """An exception and what led to it, by types and frames, the outermost first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)
        yield f"  {type(error).__name__}{_codes(error)}{', raised at' if frames else ''}"
        yield from (f"    {_short(f.filename)}:{f.lineno} in {f.name}" for f in frames[-DEEPEST:])
        for one in getattr(error, "exceptions", ()):
            yield from _told(one)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _codes(error: BaseException) -> str:
    """What is known of it that quotes nobody: a number of the system's, a database's code."""
    origin = getattr(error, "orig", None) or error
    codes = [str(getattr(origin, name, None) or "") for name in _CODES]
    if isinstance(error, OSError) and isinstance(error.errno, int):
        codes.append(os.strerror(error.errno))
    return "".join(f" ({code})" for code in codes if re.fullmatch(r"[\w ]{1,80}", code))


def _speaks(record: logging.LogRecord) -> bool:
    """What other people's libraries say counts from WARNING on."""
    return record.levelno >= logging.WARNING or is_ours(record)


def set_up(level: str, secrets: Iterable[str] = ()) -> None:
    """Log to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(secrets))
    handler.addFilter(_speaks)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it has a say at every tick


def last_resort() -> None:
    """What nobody catches is logged like the rest, not printed with all it has to say."""
    log = logging.getLogger("rabta")

    def uncaught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        log.critical("stopped by what nobody expected", exc_info=(kind, error, trace))

    def in_thread(args: Any) -> None:
        log.error("a thread ended", exc_info=args.exc_value)

    def unraisable(args: Any) -> None:
        log.error("an error that nothing could catch", exc_info=args.exc_value)

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_thread, unraisable
    logging.captureWarnings(True)
