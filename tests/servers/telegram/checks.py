"""What Telegram refuses: texts, entities and keyboards, with its own words for each refusal."""

from __future__ import annotations

import json
import re
from typing import Any

JSON = dict[str, Any]

TEXT_LIMIT, CAPTION_LIMIT, ANSWER_LIMIT = 4096, 1024, 200
ENTITY_LIMIT = 100  # what comes after the hundredth is dropped without a word

STYLED = frozenset(
    {
        "bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote",
        "expandable_blockquote", "text_link", "text_mention", "custom_emoji",
    }
)  # fmt: skip
FOUND_BY_ITSELF = {
    "bot_command": re.compile(r"(?<![\w/@.])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])"),
    "email": re.compile(r"(?<![\w.+-])[A-Za-z0-9._+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]*[A-Za-z0-9]"),
    "url": re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]"),
    "mention": re.compile(r"(?<![\w@/.])@[A-Za-z0-9_]{3,32}\b"),
    "hashtag": re.compile(r"(?<![\w#&])#\w*[^\W\d]\w*"),
}
IGNORED = frozenset([*FOUND_BY_ITSELF, "cashtag", "phone_number", "bank_card_number"])
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # becomes a space
SKIPPED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")  # is left out
LINK = re.compile(
    r"(?:(?:https?|tg|ton)://)?[^\s/?#]*[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]\S*)?\Z|tg://"
)


class Refusal(Exception):
    """What the caller gets instead of a result: {"ok": false, ...}."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    @property
    def body(self) -> JSON:
        body: JSON = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad(why: str, *values: object) -> Refusal:
    """A 400; `values` fill the places {} in `why`."""
    return Refusal(400, "Bad Request: " + (why.format(*values) if values else why))


def utf16(text: str) -> int:
    """The length of a text as Telegram counts it: UTF-16 units, an emoji being two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def loads(raw: str, what: str) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise bad("can't parse {} JSON object", what) from None


def find_entities(text: str) -> list[JSON]:
    """Commands, mentions, links and tags, which the server finds in everybody's text."""
    found: list[JSON] = []
    for kind, pattern in FOUND_BY_ITSELF.items():
        for match in pattern.finditer(text):
            entity = {
                "type": kind,
                "offset": utf16(text[: match.start()]),
                "length": utf16(match.group()),
            }
            if not any(_overlap(entity, other) for other in found):
                found.append(entity)
    return sorted(found, key=lambda entity: entity["offset"])


def _overlap(one: JSON, other: JSON) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"]
        and other["offset"] < one["offset"] + one["length"]
    )


def read_entities(raw: str) -> list[JSON]:
    """The caller's entities; those the server finds by itself are ignored, as it does."""
    entities = loads(raw, "entities")
    if not isinstance(entities, list):
        raise bad("can't parse entities: expected an Array of MessageEntity")
    kept: list[JSON] = []
    for entity in entities:
        if why := _wrong_entity(entity):
            raise bad("can't parse MessageEntity: {}", why)
        if entity["type"] not in IGNORED:
            kept.append(entity)
    return kept


def _wrong_entity(entity: Any) -> str | None:
    if not isinstance(entity, dict):
        return "expected an Object"
    for field in ("offset", "length"):
        if type(entity.get(field)) is not int:
            return f'Field "{field}" must be of type Number'
    kind = entity.get("type")
    if kind not in STYLED | IGNORED:
        return "Unsupported type specified" if kind else "Type is not specified"
    needed = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id"}
    if kind in needed and not entity.get(needed[kind]):
        return f'Can\'t find field "{needed[kind]}"'
    return None


def formatted(text: str, entities: list[JSON], limit: int, *, caption: bool = False) -> JSON:
    """Text and entities as they would be stored: cleaned, trimmed, measured, checked."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise bad("text must be encoded in UTF-8")
    _check_offsets(text, entities)
    text, entities = _cleaned(text, entities)
    lead = len(text) - len(text.lstrip())
    if lead and not any(entity["offset"] < utf16(text[:lead]) for entity in entities):
        entities = [{**e, "offset": e["offset"] - utf16(text[:lead])} for e in entities]
        text = text[lead:]
    text = text.rstrip()
    if not text and not caption:
        raise bad("text must be non-empty")
    if utf16(text) > limit:
        raise bad("message caption is too long" if caption else "message is too long")
    own = [_cut(entity, utf16(text)) for entity in entities[:ENTITY_LIMIT]]
    own = [entity for entity in own if entity["length"] > 0]
    closed = [entity for entity in own if entity["type"] in ("code", "pre", "text_link")]
    found = [e for e in find_entities(text) if not any(_overlap(e, other) for other in closed)]
    every = sorted([*own, *found], key=lambda entity: (entity["offset"], -entity["length"]))
    names = ("caption", "caption_entities") if caption else ("text", "entities")
    return {names[0]: text, names[1]: every} if every else ({names[0]: text} if text else {})


def _cleaned(text: str, entities: list[JSON]) -> tuple[str, list[JSON]]:
    gone = [utf16(text[: match.start()]) for match in SKIPPED.finditer(text)]
    if gone:  # each is one unit long: what stands behind it moves up by one
        entities = [
            {
                **entity,
                "offset": entity["offset"] - sum(at < entity["offset"] for at in gone),
                "length": entity["length"]
                - sum(0 <= at - entity["offset"] < entity["length"] for at in gone),
            }
            for entity in entities
        ]
    return CONTROL.sub(" ", SKIPPED.sub("", text)), entities


def _cut(entity: JSON, end: int) -> JSON:
    return {**entity, "length": min(entity["length"], end - entity["offset"])}


def _check_offsets(text: str, entities: list[JSON]) -> None:
    borders, at = {0}, 0
    for letter in text:
        at += utf16(letter)
        borders.add(at)
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if start < 0:
            raise bad("receive an entity with incorrect offset {}", start)
        if end < start:
            raise bad("receive an entity with incorrect length {}", entity["length"])
        if end > at:
            raise bad(
                "entity beginning at UTF-16 offset {} ends after the end of the text "
                "at UTF-16 offset {}",
                start,
                end,
            )
        if start not in borders:
            raise bad("entity begins in a middle of a UTF-16 symbol at byte offset {}", start)
        if end not in borders:
            raise bad(
                "entity beginning at UTF-16 offset {} ends in a middle of a UTF-16 symbol "
                "at byte offset {}",
                start,
                end,
            )
        if entity["type"] == "text_link" and not LINK.match(entity["url"]):
            raise bad("entity URL '{}' is invalid: Wrong HTTP URL", entity["url"])
