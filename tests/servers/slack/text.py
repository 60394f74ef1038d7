"""How Slack reads text: what a person sees, whom it notifies, and what typed text becomes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

CONTROL = re.compile(r"<([^<>]+)>")
ADDRESS = re.compile(r"(?:https?|mailto|tel|ftp|slack):", re.IGNORECASE)
BARE_ADDRESS = re.compile(r"https?://[^\s<>|]+")
LOUD = ("channel", "here", "everyone")
TYPED = re.compile(
    r"(?P<url>https?://[^\s<>]+)"
    r"|(?P<mail>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<domain>\b[\w-]+\.(?:com|pk|org|net)(?:/\S*)?\b)"
    r"|(?<!\w)@(?P<name>\w+)"
    r"|(?<!\w)#(?P<channel>[\w-]+)"
)


@dataclass(frozen=True)
class Part:
    """A run of text with the rules that Slack applies to it."""

    text: str
    mrkdwn: bool
    names_linked: bool = False  # "@channel" without brackets counts, too
    auto_linked: bool = True  # a bare address becomes a link


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def shown(mrkdwn: str, names: Mapping[str, str]) -> str:
    """Control sequences as their labels, entities as their characters."""
    pieces, at = [], 0
    for match in CONTROL.finditer(mrkdwn):
        pieces += [unescaped(mrkdwn[at : match.start()]), _label(match[1], names)]
        at = match.end()
    return "".join([*pieces, unescaped(mrkdwn[at:])])


def _label(inside: str, names: Mapping[str, str]) -> str:
    target, _, label = inside.partition("|")
    match target[:1]:
        case "@" | "#":
            return target[0] + (names.get(target[1:]) or label or target[1:])
        case "!":
            return label or "@" + target[1:]
        case _ if ADDRESS.match(target):
            return unescaped(label or target)
    return f"<{inside}>"


def pings(parts_of_it: Iterable[Part]) -> list[str]:
    found: list[str] = []
    for part in parts_of_it:
        if not part.mrkdwn:
            continue
        for inside in CONTROL.findall(part.text):
            target = inside.partition("|")[0]
            if target[:1] == "@" or target[1:] in LOUD or target.startswith("!subteam^"):
                found.append(target[1:])
        if part.names_linked:
            loose = CONTROL.sub(" ", part.text)
            found += re.findall(rf"(?<!\w)@({'|'.join(LOUD)})\b", loose)
    return list(dict.fromkeys(found))


def links(parts_of_it: Iterable[Part]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for part in parts_of_it:
        if not part.mrkdwn:
            continue
        for inside in CONTROL.findall(part.text):
            target, _, label = inside.partition("|")
            if ADDRESS.match(target):
                found.append((unescaped(target), unescaped(label or target)))
        if part.auto_linked:
            loose = CONTROL.sub(" ", part.text)
            found += [(bare, bare) for bare in map(unescaped, BARE_ADDRESS.findall(loose))]
    return list(dict.fromkeys(found))


def parts(blocks: Iterable[Any]) -> Iterator[Part]:
    """Every text object of the blocks, however deep, and what rich text and Markdown hold."""
    for block in blocks:
        if isinstance(block, list):
            yield from parts(block)
        elif isinstance(block, dict):
            yield from _parts_of(block)


def _parts_of(thing: dict[str, Any]) -> Iterator[Part]:
    kind, text = thing.get("type"), thing.get("text")
    if kind in ("mrkdwn", "markdown") and isinstance(text, str):
        loose = not thing.get("verbatim", False)
        yield Part(text, mrkdwn=True, names_linked=loose, auto_linked=loose)
    elif kind in ("plain_text", "text", "raw_text") and isinstance(text, str):
        yield Part(text, mrkdwn=False)
    elif kind == "link":
        yield Part(f"<{thing['url']}|{text or thing['url']}>", mrkdwn=True)
    elif kind == "user":
        yield Part(f"<@{thing['user_id']}>", mrkdwn=True)
    elif kind == "broadcast":
        yield Part(f"<!{thing['range']}>", mrkdwn=True)
    else:
        inside = (v for k, v in thing.items() if k not in ("value", "action_id", "confirm"))
        yield from parts(inside)


def blocks_shown(blocks: Iterable[Any], names: Mapping[str, str]) -> str:
    """One line a block; plain text stays letter for letter, and buttons stand in brackets."""
    lines = []
    for block in blocks:
        if block.get("type") == "divider":
            lines.append("---")
            continue
        if block.get("type") == "rich_text":
            lines += [_rich(element, names) for element in block["elements"]]
            continue
        if block.get("type") == "actions":
            words = [_button(element, names) for element in block["elements"]]
        else:
            accessory = block.get("accessory")
            words = [_shown(p, names) for p in parts([block | {"accessory": None}])]
            words += [_button(accessory, names)] if accessory else []
        lines.append(" ".join(words))
    return "\n".join(lines)


def _rich(element: dict[str, Any], names: Mapping[str, str]) -> str:
    """A section as its text, a list with its bullets or numbers."""
    if element["type"] != "rich_text_list":
        return "".join(_shown(part, names) for part in parts([element]))
    first = element.get("offset", 0) + 1
    lines = [_rich(section, names) for section in element["elements"]]
    if element["style"] == "bullet":
        return "\n".join(f"• {line}" for line in lines)
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, first))


def _shown(part: Part, names: Mapping[str, str]) -> str:
    return shown(part.text, names) if part.mrkdwn else part.text


def _button(element: dict[str, Any], names: Mapping[str, str]) -> str:
    return "[" + " ".join(_shown(part, names) for part in parts([element])) + "]"


def as_typed(text: str, users: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """What a client sends for typed text: & < > escaped, names, addresses and channels in brackets.

    `users` and `channels` give the id of a name; a name has its letters only (@BilalTraders).
    """

    def bracketed(match: re.Match[str]) -> str:
        whole = escaped(match[0])
        if match["url"]:
            return f"<{whole}>"
        if match["mail"]:
            return f"<mailto:{whole}|{whole}>"
        if match["domain"]:
            return f"<http://{whole}|{whole}>"
        if match["channel"]:
            known = channels.get(match["channel"])
            return f"<#{known}|{match['channel']}>" if known else whole
        if match["name"] in LOUD:
            return f"<!{match['name']}>"
        known = users.get(match["name"].lower())
        return f"<@{known}>" if known else whole

    pieces, at = [], 0
    for match in TYPED.finditer(text):
        pieces += [escaped(text[at : match.start()]), bracketed(match)]
        at = match.end()
    return "".join([*pieces, escaped(text[at:])])
