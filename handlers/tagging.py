"""Tags, which are kept with people: of a company, all of its people get and lose them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from handlers.turn import Turn
from handlers.who import Who
from language.own_names import named
from storage.models import Contact

LONGEST = 60


def tag(turn: Turn, who: Who, tags: Sequence[str]) -> str | None:
    """Put them on a person, or on all people of a company; what was new, with the names of the
    company's. None where nothing was."""
    people = [who.contact] if who.contact else people_of(turn, who) if tags else []
    new = [each for each in tags if any(each not in row.tags for row in people)]
    put = [row.name for row in people if _put(row, new)]
    if not put:
        return None
    said = turn.voice.show(new)
    return said if who.contact else turn.voice.beside(said, *put)


def untag(turn: Turn, who: Who, said: Sequence[str]) -> tuple[list[str], list[str]]:
    """Take tags off a person, or off all people of a company; where none is said, all of theirs.
    What has gone, and from whom."""
    people = [who.contact] if who.contact else people_of(turn, who)
    theirs = {tag: tag for row in people for tag in row.tags}
    wanted = {named(each, theirs) for each in said} if said else {*theirs}
    gone: dict[str, None] = {}
    names = []
    for row in people:
        off = [each for each in row.tag_rows if each.tag in wanted]
        for each in off:
            row.tag_rows.remove(each)
            gone[each.tag] = None
        names += [row.name] if off else []
    turn.session.flush()
    return [*gone], names


def people_of(turn: Turn, who: Who) -> Sequence[Contact]:
    """Everybody who is known at a company."""
    if who.company is None:
        return []
    here = select(Contact).where(
        Contact.workspace_id == turn.workspace.id, Contact.company_id == who.company.id
    )
    return turn.session.scalars(here.order_by(Contact.id)).all()


def _put(row: Contact, tags: Sequence[str]) -> bool:
    lacking = [each[:LONGEST] for each in tags if each not in row.tags]
    row.tag(*lacking)
    return bool(lacking)
