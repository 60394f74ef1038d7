"""The team: who is in it, and inviting others."""

from __future__ import annotations

from handlers.book import Chapter
from handlers.reply import Items, Line, Reply, Title
from handlers.turn import Sorry, Turn
from storage import queries
from storage.invites import invite as new_invite
from storage.models import ROLES

chapter = Chapter(__name__)


@chapter.command("member.invite")
def invite(turn: Turn, role: str | None = None) -> Reply:
    """A single-use link or code for a new colleague, with no more rights than one's own."""
    role = role if role in ROLES else ROLES[0]
    if not turn.member.may(role):
        raise Sorry("not_allowed", role=turn.say(f"role_{role}"))
    code = new_invite(turn.session, turn.workspace.id, role, turn.now, turn.member.id)
    link = turn.invite_link.format(code=code) if turn.invite_link else f"/start {code}"
    key = "invite_link" if turn.invite_link else "invite_code"
    title = Title(turn.say("invite_title", role=turn.say(f"role_{role}")))
    return Reply((title, Line(turn.say(key)), Line(link)), private=True)


@chapter.command("member.list")
def members(turn: Turn) -> Reply:
    """Who is on the team, and as what."""
    everyone = queries.members(turn.session, turn.workspace.id)
    lines = tuple(
        turn.say("member_line", name=member.name, role=turn.say(f"role_{member.role}"))
        for member in everyone
    )
    return Reply(
        (Title(turn.say("team_title", n=len(everyone))), Items(lines)),
        (turn.button("invite_button", "member.invite"),),
    )
