"""Slack's way of writing text, there and back: control sequences and the three escapes."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONTROL = re.compile(r"<([^<>]+)>")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@dataclass(frozen=True, slots=True)
class Heard:
    """Text as it was typed, and whom it names by id."""

    text: str
    named: tuple[str, ...] = ()


def hear(text: str, me: str) -> Heard:
    """Slack's control sequences as they were typed, without mentions of the bot itself."""
    named: list[str] = []

    def typed(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        match target[:1]:
            case "@":
                named.append(target[1:])
                return "" if target[1:] == me else "@" + target[1:]
            case "#":
                return "#" + (label or target[1:])
            case "!":
                return label or "@" + target[1:]
        return _link(target, label)

    plain = _CONTROL.sub(typed, text)
    if me in named:
        plain = re.sub(r"[ \t]{2,}", " ", plain).strip(" \t,:")
    return Heard(unescaped(plain).strip(), tuple(dict.fromkeys(named)))


def _link(target: str, label: str) -> str:
    """An address is shown as typed; one hidden behind other words stands after them."""
    bare = re.sub(r"^(mailto:|tel:|https?://)", "", target)
    if not label:
        return bare if target.startswith(("mailto:", "tel:")) else target
    same = label in target or target.startswith("tel:")
    return label if same else f"{label} ({target})"
