"""What is known of a deal beside its goods: next step, source, reason; all on one card."""

from __future__ import annotations

from handlers import deals, tasks
from handlers.book import Chapter
from handlers.deal_held import held_by, step_said, take_sum
from handlers.finding import due_said, find_deal
from handlers.labels import label_name, learn, offered
from handlers.reply import Button, Call, Fields, Part, Reply, Title
from handlers.turn import Ask, Choice, Sorry, Turn
from handlers.who import companies_meant, contacts_meant
from language.steps import read_step
from language.voice import one_line
from storage import queries
from storage.labels import Kind
from storage.models import Deal, Task

chapter = Chapter(__name__)


@chapter.command("deal.show")
def show(turn: Turn, call: Call) -> Reply:
    """A deal with all that it holds; of a customer without an open one, the last that closed."""
    deal = any_deal(turn, call)
    held = held_by(turn, deal)
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    parts: list[Part] = [Title(turn.say("deal_of", name=deal.buyer))]
    parts += deals.card(turn, deal, held)
    buttons: tuple[Button, ...] = ()
    if deal.is_open:
        buttons = (
            *(() if held.step else (_step_button(turn, deal),)),
            turn.button("next_stage_button", "deal.move", deal=deal.id, stage="next"),
            turn.button("won_button", "deal.win", deal=deal.id),
            turn.button("lost_button", "deal.lose", deal=deal.id),
        )
    else:
        buttons = (turn.button("reopen_deal_button", "deal.reopen", deal=deal.id),)
    edit = Button(
        turn.say("edit_button"), Call("edit", {"kind": "deal", "record": deal.id}), opens_form=True
    )
    return Reply(tuple(parts), (*buttons[:3], *take_sum(turn, deal, held), edit))


@chapter.command("deal.reopen")
def reopen(turn: Turn, call: Call) -> Reply:
    """The deal with them that ended last goes on, in the stage where it stood."""
    deal = any_deal(turn, call)
    if deal.is_open:
        show_it = turn.button("show_button", "deal.show", deal=deal.id)
        raise Sorry("deal_is_open", (show_it,), name=deal.buyer)
    deal.reopen()
    deal.move(deal.stage, by=turn.member.id, at=turn.now)
    turn.session.flush()
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    parts: list[Part] = [Title(turn.say("deal_reopened", name=deal.buyer))]
    return Reply((*parts, *deals.card(turn, deal)), (turn.undo(), turn.edit()))


def _step_button(turn: Turn, deal: Deal) -> Button:
    return turn.button("next_step_button", "deal.next_step", "primary", deal=deal.id)


def any_deal(turn: Turn, call: Call) -> Deal:
    """The open deal that is meant, else the one with them that closed last."""
    try:
        found = find_deal(turn, call)
    except Sorry as sorry:
        closed = _closed(turn, call) if sorry.key == "no_open_deal" else None
        if closed is None:
            raise
        return closed
    if found is None:
        raise Sorry("no_deals_yet")
    return found


def _closed(turn: Turn, call: Call) -> Deal | None:
    """The deal with whoever was named that closed last."""
    contacts, companies = contacts_meant(turn, call), companies_meant(turn, call)
    theirs = queries.deals_of(
        turn.session, turn.workspace.id,
        [row.id for row in contacts], [row.id for row in companies], status=None,
    )  # fmt: skip
    over = [deal for deal in theirs if not deal.is_open and deal.closed_at]
    return max(over, key=lambda deal: (deal.closed_at, deal.id), default=None)


@chapter.command("deal.next_step")
def next_step(turn: Turn, deal: Deal, text: str | None = None) -> Reply:
    """What is to be done next in it, a task of the deal; without words, which one that is."""
    if text is None:
        return _step(turn, deal)
    said, day = read_step(text, turn.local)
    task = Task(
        workspace_id=turn.workspace.id,
        text=one_line(said, 300),
        deal_id=deal.id,
        contact_id=deal.contact_id,
        company_id=deal.company_id,
        zone=turn.member.zone,
        status="open",
        owner_id=turn.member.id,
        created_at=turn.now,
    )
    if not task.text:
        raise Sorry("needs_a_value")
    task.plan(due_said(day) if day else None)
    turn.session.add(task)
    turn.session.flush()
    turn.focus(deal=deal.id, task=task.id, contact=deal.contact_id, company=deal.company_id)
    title = Title(turn.say("next_step_is", name=deal.buyer))
    rows = Fields(((turn.say("field_next_step"), step_said(turn, task)),))
    return Reply((title, rows), (turn.undo(), *tasks.plan_buttons(turn, task)))


def _step(turn: Turn, deal: Deal) -> Reply:
    """The next step that there is, to be ticked off or planned; where there is none it asks."""
    step = held_by(turn, deal).step
    if step is None:
        raise Ask("ask_text", "text", kind="text")
    turn.focus(deal=deal.id, task=step.id, contact=deal.contact_id, company=deal.company_id)
    title = Title(turn.say("next_step_is", name=deal.buyer))
    done = turn.button("done_button", "task.done", "primary", task=step.id)
    rows = Fields(((turn.say("field_next_step"), step_said(turn, step)),))
    return Reply((title, rows), (done, *tasks.plan_buttons(turn, step)))


@chapter.command("deal.source")
def source(turn: Turn, call: Call, label: str | None = None) -> Reply:
    """Where it came from; a source that nobody has said yet is learned."""
    deal = any_deal(turn, call)
    if label is None:
        raise _which(turn, "ask_source", "source")
    from_where(turn, deal, label)
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    title = Title(turn.say("deal_updated", name=deal.buyer))
    return Reply((title, *deals.card(turn, deal)), (turn.undo(), turn.edit()))


def from_where(turn: Turn, deal: Deal, said: str) -> None:
    """Keep where it came from, as it was said, under what it counts."""
    label = learn(turn, "source", said)
    deal.source = one_line(said, 200)
    deal.source_id = label.id if label else None


@chapter.command("deal.reason")
def reason(turn: Turn, call: Call, text: str | None = None, label: str | None = None) -> Reply:
    """Why it was won or lost, told when it has ended already."""
    deal = _ended_deal(turn, call)
    if deal.is_open:
        lost = Call("deal.lose", {"deal": deal.id, **({"reason": text} if text else {})})
        button = Button(turn.say("lost_button"), lost)
        raise Sorry("reason_of_open", (button,), name=deal.buyer)
    kind: Kind = "won" if deal.status == "won" else "lost"
    if label is not None:
        row = learn(turn, kind, label)
        deal.reason = label_name(turn, row) if row else label
        deal.reason_id = row.id if row else None
    elif text is None:
        raise Ask("ask_reason", "text", kind="text")
    else:
        deals.because(turn, deal, text)
    turn.focus(deal=deal.id, contact=deal.contact_id, company=deal.company_id)
    title = Title(turn.say("deal_updated", name=deal.buyer))
    return Reply((title, *deals.card(turn, deal)), (turn.undo(), turn.edit()))


def _ended_deal(turn: Turn, call: Call) -> Deal:
    """The closed deal that is meant: by number, with whoever was named, or the one spoken of."""
    number = call.slots.get("deal")
    if isinstance(number, int):
        return turn.record(Deal, number)
    if call.slots.get("contact") or call.slots.get("company"):
        return _closed(turn, call) or any_deal(turn, call)
    focused = turn.in_focus("deal")
    row = queries.get(turn.session, Deal, turn.workspace.id, focused) if focused else None
    return row or any_deal(turn, call)


def _which(turn: Turn, question: str, kind: Kind) -> Ask:
    choices = tuple(Choice(name, {"label": key}) for key, name in offered(turn, kind))
    return Ask(question, "label", kind="text", choices=choices)
