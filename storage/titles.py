"""Who has a title in which these words are, without looking at everybody.

Many have the same title: the index is walked from one title to the next one, a bounded number of
steps, and only those who have one that fits are looked at.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Select, String, bindparam, func, select
from sqlalchemy.orm import Session

from storage.asking import asked, made_once
from storage.base import Base

DIFFERENT = 5000
"""Titles that are looked through."""

FITTING = 20
"""Titles with these words whose people are given: the shortest, which say little else."""

LONGEST = 200


def titled(session: Session, space: int, said: str, most: int) -> list[int]:
    """Numbers of people with such a title: by title, and the newest first."""
    titles, people = _statements()
    part = said.lower()[:LONGEST]
    found = asked(session, titles, {"space": space, "steps": DIFFERENT}).scalars().all()
    fitting = [title for title in found if title and part in title.lower()]
    fitting = sorted(fitting, key=lambda title: (len(title), title))[:FITTING]
    ids: list[int] = []
    for title in fitting:
        here = {"space": space, "title": title, "most": most - len(ids)}
        ids += asked(session, people, here).scalars().all()
        if len(ids) >= most:
            break
    return ids


@made_once
def _statements() -> tuple[Select[Any], Select[Any]]:
    """The titles that there are; and who has one."""
    person = Base.metadata.tables["contact"]
    here = person.c.workspace_id == bindparam("space", type_=Integer)
    first = select(func.min(person.c.title).label("title")).where(here)
    one = first.cte("one", recursive=True)
    following = select(func.min(person.c.title)).where(here, person.c.title > one.c.title)
    one = one.union_all(
        select(following.correlate(one).scalar_subquery()).where(one.c.title.is_not(None))
    )
    titles = select(one.c.title).limit(bindparam("steps", type_=Integer))
    people = select(person.c.id).where(here, person.c.title == bindparam("title", type_=String))
    return titles, people.order_by(person.c.id.desc()).limit(bindparam("most", type_=Integer))
