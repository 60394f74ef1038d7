"""What a message asks for: an intent, its slots, and where in the text they were said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do.

    Names are strings as typed; `due`, `on` and `close` are "YYYY-MM-DD" or
    "YYYY-MM-DDTHH:MM" (with ":SS" where seconds were said) in the member's own time;
    `amount` and `quantity` are numbers; `tags` is a list. `spans` maps a slot to
    the starts and ends of its pieces in the original text; what was not said has none.

    `confidence` is near the share of such readings that are right; `doubts` say why it is not
    higher (keys of `words/doubt.toml`), and `rivals` what else may be meant, likeliest first,
    where it is low. A `none` with rivals speaks of selling, but does not say what is wanted.
    `assumed` tells of slots that were not said in so many words, and why: `carried` over from
    the action before, `usual`, `back` or `ahead`, `today`. `of_them`: nobody is named, but a word
    such as "her" or "usko" says that somebody is meant.
    """

    intent: str
    slots: dict[str, Any] = field(default_factory=dict)
    confidence: float = 1.0
    spans: dict[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    assumed: dict[str, str] = field(default_factory=dict)
    rivals: tuple[Action, ...] = ()
    of_them: bool = False
