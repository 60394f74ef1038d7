"""Small checks that make up the rules of Block Kit; each adds what is wrong, with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Problems:
    """What is wrong so far, in Slack's words."""

    found: list[str] = field(default_factory=list)

    def add(self, place: str, what: str) -> None:
        self.found.append(f"[ERROR] {what} [json-pointer:{place}]")


Check = Callable[[Any, str, Problems], None]


@dataclass(frozen=True)
class Shape:
    """The fields that an object must and may have, and what holds between them."""

    must: Mapping[str, Check] = field(default_factory=dict)
    may: Mapping[str, Check] = field(default_factory=dict)
    also: Check | None = None

    def check(self, value: Any, place: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add(place, "must provide an object")
            return
        for name in self.must:
            if name not in value:
                problems.add(place, f"missing required field: {name}")
        for name, inner in value.items():
            check = self.must.get(name) or self.may.get(name)
            if name == "type":
                continue
            if check is None:
                problems.add(f"{place}/{name}", f"invalid additional property: {name}")
            elif inner is not None:
                check(inner, f"{place}/{name}", problems)
        if self.also:
            self.also(value, place, problems)


def anything(_value: Any, _place: str, _problems: Problems) -> None:
    """For what this server does not look into."""


def string(high: int, low: int = 1, pattern: str = "") -> Check:
    def check(value: Any, place: str, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.add(place, "must provide a string")
        elif len(value) < low:
            problems.add(place, f"must be more than {low - 1} characters")
        elif len(value) > high:
            problems.add(place, f"must be less than {high + 1} characters")
        elif pattern and not re.fullmatch(pattern, value):
            problems.add(place, f"must match the pattern {pattern}")

    return check


def boolean(value: Any, place: str, problems: Problems) -> None:
    if not isinstance(value, bool):
        problems.add(place, "must be a boolean")


def number(low: int, high: int) -> Check:
    def check(value: Any, place: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            problems.add(place, "must be an integer")
        elif not low <= value <= high:
            problems.add(place, f"must be from {low} to {high}")

    return check


def one_of(*allowed: str) -> Check:
    def check(value: Any, place: str, problems: Problems) -> None:
        if value not in allowed:
            problems.add(place, f"must be one of {', '.join(allowed)}")

    return check


def items(each: Check, low: int, high: int) -> Check:
    def check(value: Any, place: str, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.add(place, "must provide an array")
            return
        if len(value) < low:
            problems.add(place, f"no less than {low} items allowed")
        if len(value) > high:
            problems.add(place, f"no more than {high} items allowed")
        for at, item in enumerate(value):
            each(item, f"{place}/{at}", problems)

    return check


def typed(shapes: Mapping[str, Shape], allowed: Sequence[str] = ()) -> Check:
    """An object whose `type` says which shape it must have; `allowed` narrows the types."""

    def check(value: Any, place: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add(place, "must provide an object")
            return
        kind = value.get("type")
        if kind is None:
            problems.add(place, "missing required field: type")
        elif kind not in shapes or (allowed and kind not in allowed):
            problems.add(f"{place}/type", f"unsupported type: {kind}")
        else:
            shapes[kind].check(value, place, problems)

    return check


def text(high: int, *kinds: str) -> Check:
    """A text object, of plain_text only unless told otherwise."""
    kinds = kinds or ("plain_text",)
    shapes = {
        "plain_text": Shape({"text": string(high)}, {"emoji": boolean}),
        "mrkdwn": Shape({"text": string(high)}, {"verbatim": boolean}),
    }
    return typed(shapes, kinds)


def unique(name: str) -> Callable[[Sequence[Any], str, Problems], None]:
    """No two of the objects share a value of `name`."""

    def check(things: Sequence[Any], place: str, problems: Problems) -> None:
        seen: set[object] = set()
        for at, thing in enumerate(things):
            value = thing.get(name) if isinstance(thing, dict) else None
            if value is not None and value in seen:
                problems.add(f"{place}/{at}/{name}", f"`{name}` {value} already exists")
            seen.add(value)

    return check
