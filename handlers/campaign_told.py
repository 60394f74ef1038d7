"""How campaigns are told: who is left out and why, how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from handlers.reply import Items, Line, Part, Table, Title
from handlers.turn import Turn
from language.voice import RLM
from rules.lift import Share
from storage.campaign_results import Results
from storage.campaigns_kept import Campaign
from storage.models import Contact

NAMED = 10
"""Who answered, in one answer."""

REASONS = (
    "no_consent", "opted_out", "no_address", "bad_address", "over_cap", "quiet", "too_late", "gap",
    "no_text", "stopped", "twice", "gone", "not_sent",
    "nobody_sends",
)  # fmt: skip
"""Why somebody gets nothing, in the order in which it is told."""


def left_out_lines(turn: Turn, counts: Mapping[str, int]) -> list[Part]:
    """``Left out: 12 have not agreed, 5 have no address``."""
    told = [turn.say(f"out_{reason}", n=counts[reason]) for reason in REASONS if counts.get(reason)]
    if not told:
        return []
    shown = turn.voice.beside(*(each.strip(RLM) for each in told))
    return [Line(turn.say("campaign_left_out", what=shown))]


def progress(turn: Turn, found: Results) -> list[Part]:
    """How many went, wait, failed or were dropped."""
    counts = (
        ("sent", found.sent), ("waiting", found.waiting), ("failed", found.failed),
        ("unknown", found.unknown),
    )  # fmt: skip
    lines = [turn.say(f"progress_{name}", n=count) for name, count in counts if count]
    return [*([Items(tuple(lines))] if lines else []), *left_out_lines(turn, found.dropped)]


def shown_results(turn: Turn, row: Campaign, found: Results, *, over: bool) -> tuple[Part, ...]:
    state = "done" if over else row.state
    title = turn.say("campaign_is", name=row.name, state=turn.say(f"campaign_is_{state}"))
    audience = Line(turn.say("campaign_to", audience=row.told), quiet=True)
    parts: list[Part] = [Title(title), audience]
    parts += progress(turn, found)
    if found.sent:
        answered = len(found.answered)
        parts.append(Line(turn.say("campaign_answered", n=answered,
                                   share=_percent(answered, found.sent))))  # fmt: skip
        parts += _by_whom(turn, found)
    if found.opted_out:
        parts.append(Line(turn.say("campaign_opted_out", n=found.opted_out)))
    parts += _effect(turn, found)
    return tuple(parts)


def _by_whom(turn: Turn, found: Results) -> list[Part]:
    """Who answered, the first of them; nobody's private contacts."""
    first = found.answered[:NAMED]
    query = select(Contact).where(
        Contact.workspace_id == turn.workspace.id, Contact.id.in_(first), ~Contact.private
    )
    rows = {row.id: row for row in turn.session.scalars(query)}
    names = [rows[each].full_name for each in first if each in rows]
    if not names:
        return []
    more = len(found.answered) - len(names)
    rest = [Line(turn.say("and_more", n=more), quiet=True)] if more else []
    return [Items(tuple(names)), *rest]


def _effect(turn: Turn, found: Results) -> list[Part]:
    """Who bought, of those it was for and of those held out, and whether that says anything."""
    if not found.reached.whole:
        return []
    head = tuple(
        turn.piece(key)
        for key in (
            "campaign_head_group",
            "campaign_head_customers",
            "campaign_head_bought",
            "campaign_head_rate",
        )
    )
    rows = [_line(turn, "group_reached", found.reached)]
    if found.held.whole:
        rows.append(_line(turn, "group_held", found.held))
    key = "bought_within" if found.is_final else "bought_so_far"
    day = turn.voice.full_day(turn.local_day(found.until))
    parts: list[Part] = [
        Line(turn.say(key, n=found.within, day=day)), Table(head, tuple(rows), (1, 2, 3))
    ]  # fmt: skip
    gap = found.lift
    parts.append(
        Line(
            turn.say(
                f"lift_{gap.verdict}", gap=_points(gap.difference), low=_points(gap.low),
                high=_points(gap.high),
            )
        )
    )  # fmt: skip
    return parts


def _line(turn: Turn, key: str, share: Share) -> tuple[str, ...]:
    return (
        turn.piece(key), turn.voice.show(share.whole), turn.voice.show(share.part),
        _percent(share.part, share.whole),
    )  # fmt: skip


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"


def _points(difference: float) -> str:
    """Percentage points, with their sign."""
    return f"{100 * difference:+.1f}"
