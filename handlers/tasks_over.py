"""Tasks that come to nothing: called off they are gone, and undo brings them back. And a whole
list ticked off at once."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.book import Chapter
from handlers.likely import of_known
from handlers.reply import Call, Fields, Line, Part, Reply, Title
from handlers.tasks import due_tasks
from handlers.turn import Ask, Sorry, Turn
from handlers.who import companies_meant, contacts_meant
from language.sheet import lay_out
from language.tasks_over import read_fallen, read_tasks_over
from storage import queries
from storage.models import Member, Task

chapter = Chapter(__name__)

TOLD = 5
"""Tasks named before all of them are ticked off; more are counted."""


def task_called_off(turn: Turn, text: str) -> Call | None:
    """The wish to call a task off, or to tick all of them off; None for any other message."""
    sheet = lay_out(text)
    if wish := of_known(turn, read_tasks_over(sheet)):
        return wish
    news = of_known(turn, read_fallen(sheet))
    return news if news and _open_with(turn, news) else None


def _open_with(turn: Turn, call: Call) -> bool:
    people = [row.id for row in contacts_meant(turn, call)]
    companies = [row.id for row in companies_meant(turn, call)]
    here = (turn.session, turn.workspace.id)
    return bool((people or companies) and queries.open_tasks_of(*here, people, companies))


@chapter.command("task.drop")
def drop(turn: Turn, task: Task) -> Reply:
    """It is not to be done any more."""
    if task.status == "done":
        raise Sorry("task_done_already", task=task.text)
    if not turn.disposes_of(task.owner_id):
        raise Sorry("task_not_yours", name=turn.record(Member, task.owner_id).name)
    about = task.about if task.about and task.about not in task.text else None
    when = turn.voice.due(task.due) if task.due else None
    title = Title(turn.say("task_dropped", task=task.text))
    rows = (("about", about), ("due", when))
    told = Fields(tuple((turn.say(f"field_{name}"), value) for name, value in rows if value))
    turn.focus(contact=task.contact_id, company=task.company_id)
    turn.session.delete(task)
    turn.session.flush()
    return Reply((title, *((told,) if told.rows else ())), (turn.undo(),))


@chapter.command("task.done_all")
def done_all(turn: Turn, sure: bool | None = None) -> Reply:
    """Once asked, everything that is due by today is done, or, where nothing is, everything."""
    tasks = due_tasks(turn, None, "today") or due_tasks(turn, None, "all")
    if not tasks:
        raise Sorry("no_tasks", (turn.button("task_button", "task.add"),))
    if not sure:
        raise _question(turn, tasks)
    for task in tasks:
        task.done(at=turn.now)
    turn.session.flush()
    left = due_tasks(turn, None, "all")
    parts: list[Part] = [Title(turn.say("tasks_all_done", n=len(tasks)))]
    if not left:
        return Reply(tuple(parts), (turn.undo(),))
    parts.append(Line(turn.say("tasks_left", n=len(left)), quiet=True))
    return Reply(
        tuple(parts), (turn.undo(), turn.button("tasks_button", "task.list", period="all"))
    )


def _question(turn: Turn, tasks: Sequence[Task]) -> Ask:
    choice = turn.agreed("tasks_all_button", Call("task.done_all", {"sure": True}))
    named = ", ".join(task.text for task in tasks[:TOLD])
    return Ask("tasks_all_ask", "sure", choices=(choice,), n=len(tasks), tasks=named)
