"""Values of one kind that stand together: Lahore or Karachi, tags vip and retail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from language.segments.items import Item, Named

SEVERAL = frozenset({"tag", "product", "category"})
"""Kinds of which somebody can have several: "and" means both there, and one of them elsewhere."""

REACH = ("phone", "email")
"""How somebody is reached."""


@dataclass(frozen=True, slots=True)
class Listed:
    """``all``: all of these, else one of them."""

    kind: str
    values: tuple[str, ...]
    all: bool = False


def listed(items: Sequence[Item]) -> list[Item]:
    """The same, with values that stand together as one item of kind ``values``; a word that only
    says of what kind they are ("tag", "the city of") goes with them."""
    found: list[Item] = []
    at = 0
    while at < len(items):
        item, after = _list_at(items, at)
        found.append(item)
        at = after
    return _with_kind_words(found)


def _list_at(items: Sequence[Item], at: int) -> tuple[Item, int]:
    first = items[at]
    if first.has(*REACH) and (reached := _reached(items, at)):
        return reached
    if first.kind != "value":
        return first, at + 1
    named: Named = first.value
    values, joints, end = [named.value], [], at + 1
    while (found := _next(items, end, named.kind)) is not None:
        place, joint = found
        values.append(items[place].value.value)
        joints.append(joint)
        end = place + 1
    every = named.kind in SEVERAL and bool(joints) and "or" not in joints
    several = Listed(named.kind, tuple(dict.fromkeys(values)), every)
    return Item("values", first.i, items[end - 1].j, value=several), end


def _reached(items: Sequence[Item], at: int) -> tuple[Item, int] | None:
    """Phone and e-mail side by side: "without email or phone" is without both."""
    joint = items[at + 1] if at + 1 < len(items) else None
    if joint is None or not joint.has("joint"):
        return None
    other = at + 2
    while other < len(items) and items[other].has("article"):
        other += 1
    if other >= len(items) or not items[other].has(*REACH):
        return None
    kinds = [kind for place in (at, other) for kind in REACH if items[place].has(kind)]
    either = Listed("reach", tuple(dict.fromkeys(kinds)), all=not joint.has("or"))
    return Item("values", items[at].i, items[other].j, value=either), other + 1


def _next(items: Sequence[Item], at: int, kind: str) -> tuple[int, str] | None:
    """The next value of the kind behind a joint, or behind nothing but small words."""
    joint = ""
    for place in range(at, min(at + 5, len(items))):
        item = items[place]
        if item.kind == "value":
            same = item.value.kind == kind and joint
            return (place, joint) if same else None
        if item.has("but"):  # vip lekin retail nahi
            return None
        if item.has("or", "and"):
            joint = "or" if item.has("or") else joint or "and"
        elif item.kind == "comma":
            joint = joint or "and"
        elif not (item.has("glue", f"kind:{kind}") and not item.has("who")):
            return None
    return None


_SKIPPED = ("glue", "not")
"""What stands between a value and the word for its kind: angrezi nahi bolte."""


def _with_kind_words(items: Sequence[Item]) -> list[Item]:
    """Without the words for kinds that stand beside a value of that kind."""
    dropped = set()
    for at, item in enumerate(items):
        if item.kind != "values":
            continue
        sense = f"kind:{item.value.kind}"
        for step in (-1, 1):
            beside = at + step
            while (
                0 <= beside < len(items) and items[beside].has(*_SKIPPED) and abs(beside - at) < 4
            ):
                if items[beside].has(sense):
                    break
                beside += step
            if 0 <= beside < len(items) and items[beside].has(sense):
                dropped.add(beside)
    return [item for at, item in enumerate(items) if at not in dropped]
