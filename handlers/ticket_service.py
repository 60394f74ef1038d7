"""What a team promises: how soon tickets are answered and settled, and when it works."""

from __future__ import annotations

from handlers.book import Chapter
from handlers.reply import Fields, Line, Reply, Table, Title
from handlers.turn import Ask, Choice, Sorry, Turn
from rules.tickets import PRIORITIES, Within
from storage import queries
from storage.tickets import HOURS, hours_in, plan_all, promise_setting, service_of

chapter = Chapter(__name__)


@chapter.command("ticket.promise", role="manager")
def promise(turn: Turn, priority: str, within: str, what: str | None = None) -> Reply:
    """Tickets of a priority are settled, or answered first, within so much work. Those that are
    open follow."""
    if priority not in PRIORITIES:
        raise Sorry("bad_promise")
    try:
        said = Within.parse(within)
    except ValueError:
        raise Sorry("bad_promise") from None
    name = promise_setting("answer" if what == "answer" else "solve", priority)
    queries.put_setting(turn.session, turn.workspace.id, name, str(said))
    turn.session.flush()
    plan_all(turn.session, turn.workspace.id)
    return Reply((Title(turn.say("promise_set")), _table(turn)), (turn.undo(),))


@chapter.command("ticket.promises")
def promises(turn: Turn) -> Reply:
    """What is promised, by priority, and from when to when the team works."""
    return Reply(
        (
            Title(turn.say("promises_title")),
            _table(turn),
            Fields(((turn.say("field_work_hours"), _hours_said(turn)),)),
            Line(turn.say("promises_hint"), quiet=True),
        ),
        (turn.button("workdays_button", "workdays.show"),),
    )


def _table(turn: Turn) -> Table:
    service = service_of(turn.session, turn.workspace.id)
    head = ("field_priority", "head_first_answer", "head_solved")
    rows = tuple(
        (
            turn.piece(f"priority_{each}"),
            within_said(turn, service.promises[each].answer),
            within_said(turn, service.promises[each].solve),
        )
        for each in reversed(PRIORITIES)
    )
    return Table(tuple(turn.piece(each) for each in head), rows)


def within_said(turn: Turn, within: Within) -> str:
    """``4 hours``, ``2 working days``."""
    key = {"m": "n_minutes", "h": "n_hours", "d": "n_working_days"}[within.unit]
    return turn.piece(key, n=within.count)


def _hours_said(turn: Turn) -> str:
    opens, closes = service_of(turn.session, turn.workspace.id).work.hours
    return turn.piece("quiet_span", start=opens, end=closes)


@chapter.command("workdays.hours")
def hours(turn: Turn, hours: str | None = None) -> Reply:
    """From when to when the team works: by these hours tickets are counted."""
    if not turn.member.may("manager"):
        raise Sorry("not_allowed", role=turn.say("role_manager"))
    if not hours:
        usual = (("09:00", "18:00"), ("10:00", "19:00"))
        choices = tuple(Choice(f"{a} – {b}", {"hours": f"{a}-{b}"}) for a, b in usual)
        raise Ask("ask_work_hours", "hours", kind="hours", choices=choices)
    found = hours_in(hours)
    if found is None:
        raise Sorry("bad_due", value=hours[:40])
    queries.put_setting(turn.session, turn.workspace.id, HOURS, hours)
    turn.session.flush()
    plan_all(turn.session, turn.workspace.id)
    line = turn.say("work_hours_set", start=found[0], end=found[1])
    show = turn.button("workdays_button", "workdays.show")
    return Reply((Title(turn.say("workdays_set")), Line(line)), (turn.undo(), show))
