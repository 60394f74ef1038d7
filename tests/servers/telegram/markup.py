"""parse_mode: HTML, Markdown and MarkdownV2 become text and entities, or are refused."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from tests.servers.telegram.checks import JSON, Refusal, bad, utf16

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
TAG = re.compile(r"<(/?)([A-Za-z0-9-]*)([^>]*)>?")
ATTRIBUTE = re.compile(r"""([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")
MARKS = {"*": "bold", "_": "italic", "`": "code", "__": "underline", "~": "strikethrough",
         "||": "spoiler", "```": "pre"}  # fmt: skip
RESERVED = frozenset("_*[]()~`>#+-=|{}.!")


def parsed(text: str, mode: str) -> tuple[str, list[JSON]]:
    """The text without its markup, and the entities that the markup meant."""
    try:
        reader = {"html": read_html, "markdown": read_markdown, "markdownv2": read_v2}[mode.lower()]
    except KeyError:
        raise bad("unsupported parse_mode") from None
    plain, entities = reader(text)
    kept = [entity for entity in entities if entity["length"]]
    return plain, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def _cannot(why: str, *values: object) -> Refusal:
    return bad("can't parse entities: " + why, *values)


def _byte(text: str, at: int) -> int:
    return len(text[:at].encode())


def read_html(text: str) -> tuple[str, list[JSON]]:
    plain, entities, at = "", [], 0
    stack: list[tuple[str, int, JSON]] = []
    while at < len(text):
        if text[at] != "<":
            upto = text.find("<", at) if "<" in text[at:] else len(text)
            plain, at = plain + html.unescape(text[at:upto]), upto
            continue
        tag = TAG.match(text, at)
        if tag is None or not tag.group().endswith(">"):
            raise _cannot("Unclosed start tag at byte offset {}", _byte(text, at))
        closing, name, rest = tag.group(1), tag.group(2).lower(), tag.group(3)
        if closing:
            if not stack:
                raise _cannot("Unexpected end tag at byte offset {}", _byte(text, at))
            opened, start, entity = stack.pop()
            if name != opened:
                raise _cannot(
                    'Unmatched end tag at byte offset {}, expected "</{}>", found "</{}>"',
                    _byte(text, at),
                    opened,
                    name,
                )
            entities.append({**entity, "offset": start, "length": utf16(plain) - start})
        elif name in TAGS:
            stack.append((name, utf16(plain), _meant(name, rest)))
        else:
            raise _cannot('Unsupported start tag "{}" at byte offset {}', name, _byte(text, at))
        at = tag.end()
    if stack:
        raise _cannot('Can\'t find end tag corresponding to start tag "{}"', stack[-1][0])
    return plain, [entity for entity in entities if entity["type"]]


def _meant(name: str, rest: str) -> JSON:
    said = {m[1]: html.unescape(m[2] or m[3] or m[4] or "") for m in ATTRIBUTE.finditer(rest)}
    if name == "a":  # a link without an address is plain text
        return {"type": "text_link" if said.get("href") else "", "url": said.get("href", "")}
    if name == "span" and said.get("class") != "tg-spoiler":
        raise _cannot('Tag "span" must have class "tg-spoiler"')
    if name == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": said.get("emoji-id", "")}
    return {"type": "expandable_blockquote" if "expandable" in said else TAGS[name]}


def read_markdown(text: str) -> tuple[str, list[JSON]]:
    """The old Markdown: four marks, no nesting, a backslash before a mark takes its meaning."""
    plain, entities, at = "", [], 0
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] in tuple("_*`["):
            plain, at = plain + text[at + 1], at + 2
        elif text[at] not in "_*`[":
            plain, at = plain + text[at], at + 1
        else:
            mark = "```" if text.startswith("```", at) else text[at]
            end = text.find("]" if mark == "[" else mark, at + len(mark))
            if end < 0:
                raise _no_end(text, at)
            inner, start = text[at + len(mark) : end], utf16(plain)
            at, entity = end + len(mark), {"type": MARKS.get(mark, "")}
            if mark == "[" and (link := re.match(r"\(([^)]*)\)", text[at:])):
                entity, at = {"type": "text_link", "url": link[1]}, at + link.end()
            plain += inner
            if entity["type"]:
                entities.append({**entity, "offset": start, "length": utf16(inner)})
    return plain, entities


def _no_end(text: str, at: int) -> Refusal:
    return _cannot(f"Can't find end of the entity starting at byte offset {_byte(text, at)}")


def read_v2(text: str) -> tuple[str, list[JSON]]:
    """MarkdownV2: marks nest, and every reserved character outside them must be escaped."""
    plain, entities = "", []
    stack: list[tuple[str, int, int]] = []
    for mark, at in _v2_marks(text):
        if len(mark) == 2 and mark[0] == "\\":
            plain += mark[1]
        elif mark in MARKS or mark in ("[", "]"):
            opener = "[" if mark == "]" else mark
            if stack and stack[-1][0] == opener and mark != "[":
                _, start, _ = stack.pop()
                entity: JSON = {"type": MARKS.get(mark, "text_link")}
                if mark == "]":
                    link = re.match(r"\]\(([^)]*)\)", text[at:])
                    entity["url"] = link[1] if link else ""
                if mark != "]" or entity["url"]:
                    entities.append({**entity, "offset": start, "length": utf16(plain) - start})
            elif mark == "]":
                raise _reserved("]")
            else:
                stack.append((mark, utf16(plain), at))
        elif mark in RESERVED:
            raise _reserved(mark)
        else:
            plain += mark
    if stack:
        raise _no_end(text, stack[-1][2])
    return plain, entities


def _v2_marks(text: str) -> Iterator[tuple[str, int]]:
    at, inside = 0, ""
    while at < len(text):
        long = next((mark for mark in ("```", "__", "||") if text.startswith(mark, at)), "")
        mark = long or text[at]
        if inside and mark != inside:  # inside code nothing but its end means anything
            yield ("\\" + text[at] if text[at] in RESERVED else text[at]), at
            at += 1
            continue
        if mark == "\\" and at + 1 < len(text):
            mark = text[at : at + 2]
        elif mark in ("`", "```"):
            inside = "" if inside else mark
        yield mark, at
        link = re.match(r"\]\([^)]*\)", text[at:]) if mark == "]" else None
        at += link.end() if link else len(mark)


def _reserved(letter: str) -> Refusal:
    return _cannot(f"Character '{letter}' is reserved and must be escaped with the preceding '\\'")
