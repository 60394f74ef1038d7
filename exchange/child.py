"""The process that parses one file of a stranger's, within limits that the system enforces.

It is started by ``exchange.bounded``: what is asked on the command line, the file as standard
input, answers on standard output, each a line of JSON, with the kind of a record and a tab before.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from exchange.asked import Asked
from exchange.columns import Plan
from exchange.lines import Bad
from exchange.photo.holding import Holds
from exchange.reading import Read, read
from exchange.refusing import Limits, Refused

_JSON = json.JSONEncoder(ensure_ascii=False)


def main() -> None:
    name, told = sys.argv[1], json.loads(sys.argv[2])
    asked = Asked.of(told)
    _confine(asked.limits)
    try:
        for each in read(sys.stdin.buffer, name, asked):
            told = told_of(each)
            _say(told, told.get("type", ""))
        _say({"end": True})
    except Refused as refused:
        _say({"refused": refused.reason, "detail": refused.detail})
    except MemoryError:
        _say({"refused": "too_much_memory", "detail": ""})
    sys.stdout.buffer.flush()


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


def line(told: dict[str, Any]) -> bytes:
    """JSON of what any database takes as text: half a pair of surrogates, which a file may name
    though no text has it, becomes a "?", and zeros go."""
    said = _JSON.encode(told)
    if "\\u0000" in said:
        said = _JSON.encode(_without_zeros(told))
    return said.encode("utf-8", "replace") + b"\n"


def _without_zeros(told: Any) -> Any:
    match told:
        case str():
            return told.replace("\0", "")
        case dict():
            return {_without_zeros(key): _without_zeros(value) for key, value in told.items()}
        case list() | tuple():
            return [_without_zeros(each) for each in told]
    return told


def _say(told: dict[str, Any], kind: str = "") -> None:
    sys.stdout.buffer.write(kind.encode() + b"\t" + line(told))


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
