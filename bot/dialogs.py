"""Dialogs, for a platform that opens one at the tap: its form, and what is wrong with answers.

Both are asked while the person waits, beside the inbox; neither changes anything of theirs.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot import reception
from bot.buttons import button_of, call_of, with_tokens
from bot.desk import Desk
from bot.incoming import Incoming
from bot.reception import Guest
from handlers import edit
from handlers.reply import Form
from storage.queries import one_at_a_time


def form_for(desk: Desk, incoming: Incoming) -> Form | None:
    """The form behind the tapped button; None where there is none for this member."""
    return desk.database.run(lambda session: _form_for(desk, session, incoming))


def _form_for(desk: Desk, session: Session, incoming: Incoming) -> Form | None:
    now = desk.clock.now()
    met = reception.meet(session, desk.house, incoming, now)
    if isinstance(met, Guest):
        return None
    one_at_a_time(session, met.member.workspace_id)  # it shows all that is older than itself
    turn = desk.turn(session, incoming, met, now)
    button = button_of(turn, now, incoming.tap)
    if button is None or button.member_id != met.member.id:
        return None
    reply = with_tokens(session, desk.book.run(turn, [call_of(button)]), met.member, met.chat, now)
    return next((part for part in reply.parts if isinstance(part, Form)), None)


def form_errors(desk: Desk, incoming: Incoming) -> dict[str, str]:
    """What is wrong with a submitted dialog, by field, in the member's words; keeps nothing."""
    now = desk.clock.now()
    with desk.database.sessions() as session, session.begin():
        met = reception.meet(session, desk.house, incoming, now)
        errors: dict[str, str] = {}
        if not isinstance(met, Guest) and incoming.form:
            turn = desk.turn(session, incoming, met, now)
            button = button_of(turn, now, incoming.form.token)
            if button and button.member_id == met.member.id:
                errors = edit.form_errors(turn, incoming.form.values, button.form or {})
        session.rollback()
        return errors
