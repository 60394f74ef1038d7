"""Who leaves the team, comes back, or is something else on it.

Whoever left gets in no more, with any button or message, and hears nothing. What is theirs stays
until it is given to a colleague; what they keep private stays theirs.
"""

from __future__ import annotations

from sqlalchemy import select

from handlers.book import Chapter
from handlers.colleagues import is_called, one_of
from handlers.likely import is_known
from handlers.reply import Call, Line, Part, Reply, Title
from handlers.team import invite
from handlers.turn import Ask, Choice, Sorry, Turn
from language.folding import fold
from language.sheet import lay_out
from language.teaming import read_teaming
from storage import queries
from storage.models import ROLES, Contact, Deal, Member, Task

chapter = Chapter(__name__)

GIVEN = 1000
"""Customers, deals and tasks each that are given to a colleague at once; more go the next time."""

MANY = 6
"""Colleagues of whom one is chosen."""


def team_changed(turn: Turn, text: str) -> Call | None:
    """The wish that somebody leaves the team, comes back, or is something else; None for any other
    message: "make Bilal an owner" of a customer is no such wish."""
    for wish in read_teaming(lay_out(text)):
        name = str(wish.action.slots["owner"])
        if _called(turn, name) or (wish.sure and not is_known(turn, name)):
            return Call(wish.action.intent, dict(wish.action.slots))
    return None


@chapter.command("member.remove", role="owner")
def remove(turn: Turn, owner: str | int, sure: bool | None = None) -> Reply:
    """Once asked, they get in no more and hear nothing; what is theirs stays until it is given to a
    colleague."""
    member = _one(turn, owner)
    if member.id == turn.member.id:
        raise Sorry("remove_yourself")
    if not sure:
        call = Call("member.remove", {"owner": member.id, "sure": True})
        choice = turn.agreed("member_remove_button", call)
        raise Ask("member_remove_ask", "sure", choices=(choice,), name=member.name)
    member.active = False
    turn.session.flush()
    parts: list[Part] = [Title(turn.say("member_removed", name=member.name))]
    theirs = _theirs(turn, member)
    if not any(theirs):
        return Reply(tuple(parts), (turn.undo(),))
    customers, deals, tasks = (turn.voice.show(len(each)) for each in theirs)
    parts.append(Line(turn.say("member_leaves", customers=customers, deals=deals, tasks=tasks)))
    take = turn.button("member_take_button", "member.customers", owner=member.id)
    return Reply(tuple(parts), (turn.undo(), take))


@chapter.command("member.customers", role="manager")
def take_over(turn: Turn, owner: int, to: int | None = None) -> Reply:
    """The customers, open deals and tasks of one who left go to a colleague."""
    gone = queries.get(turn.session, Member, turn.workspace.id, owner)
    if gone is None or gone.active:
        raise Sorry("gone")
    if to is None:
        team = queries.members(turn.session, turn.workspace.id)
        calls = [Call("member.customers", {"owner": owner, "to": each.id}) for each in team[:MANY]]
        choices = [Choice(each.name, {}, (call,)) for each, call in zip(team, calls, strict=False)]
        raise Ask("member_take_ask", "to", choices=tuple(choices), name=gone.name)
    heir = queries.get(turn.session, Member, turn.workspace.id, to)
    if heir is None or not heir.active:
        raise Sorry("gone")
    people, deals, tasks = _theirs(turn, gone)
    rows: list[Contact | Deal | Task] = [*people, *deals, *tasks]
    for row in rows:
        row.owner_id = heir.id
    turn.session.flush()
    told = [turn.voice.show(len(each)) for each in (people, deals, tasks)]
    title = turn.say("member_taken", name=heir.name, of=gone.name)
    line = turn.say("member_took", customers=told[0], deals=told[1], tasks=told[2])
    return Reply((Title(title), Line(line)), (turn.undo(),))


@chapter.command("member.add", role="owner")
def back(turn: Turn, owner: str) -> Reply:
    """Whoever was on the team is on it again, with the same rights; anybody else is invited."""
    found = _called(turn, owner)
    if any(member.active for member in found):
        raise Sorry("member_there", name=next(each.name for each in found if each.active))
    if len(found) != 1:
        return invite(turn)
    found[0].active = True
    turn.session.flush()
    role = turn.say(f"role_{found[0].role}")
    return Reply((Title(turn.say("member_back", name=found[0].name, role=role)),), (turn.undo(),))


@chapter.command("member.role", role="owner")
def change_role(turn: Turn, owner: str | int, role: str) -> Reply:
    """What they may do from now on; one owner stays."""
    member = _one(turn, owner)
    if role not in ROLES:
        raise Sorry("not_understood")
    told = turn.say(f"role_{role}")
    if member.role == role:
        raise Sorry("role_already", name=member.name, role=told)
    if member.id == turn.member.id and not _other_owner(turn):
        raise Sorry("only_owner")
    member.role = role
    turn.session.flush()
    return Reply((Title(turn.say("role_changed", name=member.name, role=told)),), (turn.undo(),))


def _other_owner(turn: Turn) -> bool:
    team = queries.members(turn.session, turn.workspace.id)
    return any(each.role == "owner" and each.id != turn.member.id for each in team)


def _one(turn: Turn, said: str | int) -> Member:
    """The one on the team who is meant."""
    team = queries.members(turn.session, turn.workspace.id)
    if isinstance(said, int):
        return one_of([each for each in team if each.id == said], said, team)
    found = [each for each in _called(turn, said) if each.active]
    return one_of(found[:MANY], said, team)


def _called(turn: Turn, name: str) -> list[Member]:
    """Everybody of that name who is on the team or was."""
    here = select(Member).where(Member.workspace_id == turn.workspace.id)
    everyone = turn.session.scalars(here.order_by(Member.id)).all()
    exact = [each for each in everyone if fold(each.name) == fold(name)]
    return exact or [each for each in everyone if is_called(each, name)]


def _theirs(turn: Turn, member: Member) -> tuple[list[Contact], list[Deal], list[Task]]:
    """A member's customers, open deals and tasks, but for what they keep private."""
    people = select(Contact).where(Contact.owner_id == member.id, ~Contact.private)
    deals = select(Deal).where(Deal.owner_id == member.id, Deal.status == "open")
    tasks = select(Task).where(Task.owner_id == member.id, Task.status == "open")
    space, session = turn.workspace.id, turn.session
    return (
        list(session.scalars(people.where(Contact.workspace_id == space).limit(GIVEN))),
        [
            row for row in session.scalars(deals.where(Deal.workspace_id == space).limit(GIVEN))
            if not (row.contact and row.contact.private)
        ],
        [
            row for row in session.scalars(tasks.where(Task.workspace_id == space).limit(GIVEN))
            if not (row.contact and row.contact.private)
        ],
    )  # fmt: skip
