"""How Rabta is used: what it did not understand, who uses it for what, which nudges were worth it.

Counts and patterns of sentences alone: nobody's words, and of whoever was not understood no name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from handlers.book import Chapter
from handlers.reply import Items, Line, Part, Reply, Table, Title
from handlers.turn import Turn
from language.patterns import pattern_of
from language.voice import RLM
from rules.nudging import KINDS
from storage import misses, queries
from storage.uses import nudged, uses

chapter = Chapter(__name__)

LATELY = timedelta(days=30)
NUDGES = timedelta(days=90)
MOST = 10
SUBJECTS = 3
"""Subjects told of a member."""


def not_understood(turn: Turn) -> None:
    """Keep the pattern of what was said, and not who said it."""
    pattern = pattern_of(turn.said)
    if pattern:
        misses.keep(turn.session, turn.workspace.id, pattern, turn.today, turn.now)


@chapter.command("look.missed", role="manager")
def missed(turn: Turn) -> Reply:
    """What was asked and not understood, this month and the last, as patterns."""
    turn.discreet = True
    found = _missed(turn)
    if not found:
        return Reply((Title(turn.say("missed_title")), Line(turn.say("missed_none"))))
    parts: list[Part] = [
        Title(turn.say("missed_title")), found[0], Line(turn.say("missed_how"), quiet=True)
    ]  # fmt: skip
    return Reply(tuple(parts), (turn.button("adoption_button", "look.adoption"),))


def _missed(turn: Turn) -> list[Items]:
    since = (turn.today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    rows = misses.most_asked(turn.session, turn.workspace.id, since, MOST)
    lines = tuple(turn.say("missed_line", what=pattern, n=many) for pattern, many in rows)
    return [Items(lines)] if lines else []


@chapter.command("look.adoption", role="manager")
def adoption(turn: Turn) -> Reply:
    """Who used Rabta in the last thirty days, and for what."""
    turn.discreet = True
    rows = tuple(_rows(turn))
    head = tuple(turn.piece(key) for key in ("use_head_who", "use_head_n", "use_head_what"))
    how = Line(turn.say("use_how"), quiet=True)
    buttons = (
        turn.button("missed_button", "look.missed"), turn.button("worth_button", "look.nudges")
    )  # fmt: skip
    return Reply((Title(turn.say("use_title")), Table(head, rows, (1,)), how), buttons)


def _rows(turn: Turn) -> Iterator[tuple[str, str, str]]:
    """Whoever used it most first; who did not use it at all stands there, too."""
    found = uses(turn.session, turn.workspace.id, turn.now - LATELY)
    members = [each for each in queries.members(turn.session, turn.workspace.id) if each.active]
    counts = {each.id: dict(found[each.id].subjects) if each.id in found else {}
              for each in members}  # fmt: skip
    for each in sorted(members, key=lambda one: (-sum(counts[one.id].values()), one.name)):
        subjects = _by_subject(turn, counts[each.id])
        told = [f"{name} {many}" for name, many in subjects[:SUBJECTS]]
        yield (
            each.name,
            turn.voice.show(sum(counts[each.id].values())),
            str(turn.voice.beside(*told)).strip(RLM) or "—",
        )


_SUBJECTS = {
    "deal": "deals", "stage": "deals", "pipeline": "deals", "contact": "people",
    "company": "people", "who": "people", "search": "people", "segment": "people",
    "task": "tasks", "agenda": "tasks", "activity": "activities", "order": "orders",
    "product": "orders", "contract": "orders", "ticket": "tickets", "rating": "tickets",
    "stats": "numbers", "goal": "numbers", "report": "numbers", "risk": "numbers",
    "score": "numbers", "chance": "numbers", "worth": "numbers", "export": "files",
    "import": "files", "audience": "messages", "campaign": "messages", "template": "messages",
    "message": "messages", "consent": "messages", "budget": "numbers",
}  # fmt: skip
"""What an intent is about, in the words of a manager."""


def _by_subject(turn: Turn, counts: dict[str, int]) -> list[tuple[str, int]]:
    sums: dict[str, int] = {}
    for name, many in counts.items():
        subject = _SUBJECTS.get(name, "other")
        sums[subject] = sums.get(subject, 0) + many
    found = sorted(sums.items(), key=lambda each: (-each[1], each[0]))
    return [(turn.piece(f"use_{name}"), many) for name, many in found]


@chapter.command("look.nudges", role="manager")
def worth(turn: Turn) -> Reply:
    """Which kinds of nudges the team found worth it, in the last ninety days."""
    turn.discreet = True
    table = _nudges(turn)
    if table is None:
        return Reply((Title(turn.say("worth_title")), Line(turn.say("worth_none"))))
    parts = (Title(turn.say("worth_title")), table, Line(turn.say("worth_how"), quiet=True))
    return Reply(parts, (turn.button("nudges_button", "nudge.settings"),))


def _nudges(turn: Turn) -> Table | None:
    found = nudged(turn.session, turn.workspace.id, turn.today - NUDGES)
    if not found:
        return None
    keys = ("worth_head_kind", "worth_head_told", "worth_head_acted", "worth_head_useful",
            "worth_head_later", "worth_head_stop", "worth_head_share")  # fmt: skip
    rows = []
    for kind in sorted(found, key=lambda name: (-_share(found[name]), list(KINDS).index(name))):
        counts = found[kind]
        numbers = (counts[each] for each in ("told", "acted", "useful", "later", "stop"))
        name = turn.piece(f"nudge_kind_{kind}")
        rows.append((name, *map(turn.voice.show, numbers), f"{_share(counts):.0%}"))
    heads = tuple(turn.piece(key) for key in keys)
    return Table(heads, tuple(rows), tuple(range(1, 7)))


def _share(counts: dict[str, int]) -> float:
    """Of those that were told, how many were done or called useful."""
    return (counts.get("acted", 0) + counts.get("useful", 0)) / max(1, counts.get("told", 0))


# --- once a month ---------------------------------------------------------------------------------


def has_news(turn: Turn) -> bool:
    """Whether a team used Rabta of late, or something was not understood: who works alone knows
    what they use."""
    members = [each for each in queries.members(turn.session, turn.workspace.id) if each.active]
    used = uses(turn.session, turn.workspace.id, turn.now - LATELY)
    return (len(members) > 1 and bool(used)) or bool(_missed(turn))


def looked(turn: Turn) -> Reply:
    """The three in one, shortly."""
    parts: list[Part] = [Title(turn.say("look_title"))]
    used = list(_rows(turn))
    idle = [name for name, many, _ in used if many == "0"]
    parts.append(Line(turn.say("look_used", n=len(used) - len(idle), all=len(used))))
    if idle:
        parts.append(Line(turn.say("look_idle", names=turn.voice.listed(idle[:MOST]))))
    if found := _missed(turn):
        parts += [Line(turn.say("look_missed")), Items(found[0].lines[:3])]
    buttons = (
        turn.button("adoption_button", "look.adoption"),
        turn.button("missed_button", "look.missed"), turn.button("worth_button", "look.nudges"),
    )  # fmt: skip
    return Reply(tuple(parts), buttons)
