"""The process that parses one file of a stranger's, within limits that the system enforces.

It is started by ``exchange.bounded``: what is asked on the command line, the file as standard
input, answers on standard output, each a line of JSON, with the kind of a record and a tab before.
"""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

from exchange.asked import Asked
from exchange.columns import Plan
from exchange.lines import Bad
from exchange.photo.holding import Holds
from exchange.reading import Read, read
from exchange.refusing import Limits, Refused
from exchange.spoken import line

_WRITTEN = 1 << 18
"""Bytes that go out together."""


def main() -> None:
    name, told = sys.argv[1], json.loads(sys.argv[2])
    asked = Asked.of(told)
    _confine(asked.limits)
    with open(sys.stdout.fileno(), "wb", buffering=_WRITTEN, closefd=False) as out:
        try:
            for each in read(sys.stdin.buffer, name, asked):
                told = told_of(each)
                _say(out, told, told.get("type", ""))
            _say(out, {"end": True})
        except Refused as refused:
            _say(out, {"refused": refused.reason, "detail": refused.detail})
        except MemoryError:
            _say(out, {"refused": "too_much_memory", "detail": ""})


def told_of(each: Read) -> dict[str, Any]:
    """As ``exchange.bounded`` tells it."""
    if isinstance(each, Plan):
        return {"plan": each.told()}
    if isinstance(each, Bad):
        bad = {"reason": each.reason, "text": each.text, "source": each.place.told()}
        return {"bad": bad}
    if isinstance(each, Holds):
        return {"holds": each.told()}
    return each


def _say(out: BinaryIO, told: dict[str, Any], kind: str = "") -> None:
    out.write(kind.encode() + b"\t" + line(told))


def _confine(limits: Limits) -> None:
    """Memory and time end here, and nothing is written; Windows has only the parent's clock."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        ("RLIMIT_DATA", limits.memory),
        ("RLIMIT_CPU", limits.seconds),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    ):
        number = getattr(resource, what, None)
        if number is not None:
            resource.setrlimit(number, (most, most))


if __name__ == "__main__":
    main()
