"""Whom and what a message may speak of, looked up before it is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Integer, Select, bindparam, literal, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import CompoundSelect

from rules.name_keys import SOUND
from rules.sounds import bones
from storage.asking import asked, each_of, listed, made_once, one_of
from storage.names import CompanyWord, ContactWord, NameNear
from storage.people import Company, Contact, ContactTag

MOST = 60
"""Names of a kind that are called by a message, or sound like a word of it, at most."""

_SPACE = bindparam("space", type_=Integer)


def known_names(
    session: Session,
    workspace_id: int,
    *,
    names: Iterable[str],
    words: Iterable[str],
    tags: Iterable[str],
) -> list[tuple[str, str]]:
    """What a message may speak of, as (kind, name): kind is person, org or tag.

    Everybody called by one of the folded ``names``, one for each of the ``words`` that is in a
    name, some in whose name a word sounds like one of them, and the ``tags`` that there are. One
    question, whose cost follows the message: how many are known makes no difference.
    """
    tags, words = set(tags), list(words)
    sounds = dict.fromkeys(bones(word) for word in words)
    said = {
        "space": workspace_id,
        "names": listed(names),
        "words": listed(words),
        "sounds": listed(SOUND + sound for sound in sounds if len(sound) > 1),
        "tags": listed(sorted(tags)),
    }
    question = _question(session.get_bind().dialect.name)
    found = dict.fromkeys(map(tuple, asked(session, question, said)))
    return [(kind, name) for kind, name in found if name and (kind != "tag" or name in tags)]


@made_once
def _question(dialect: str) -> CompoundSelect[Any]:
    """Made once: building it would cost more than asking it."""
    return union_all(
        *_of_kind("person", Contact, ContactWord, ContactWord.contact_id, dialect),
        *_of_kind("org", Company, CompanyWord, CompanyWord.company_id, dialect),
        _tags(dialect),
    )


def _of_kind(
    kind: str, model: type[Contact | Company], word: type[Any], owner: Any, dialect: str
) -> list[Select[Any]]:
    """Each step names what is read first, so that no planner begins with everybody."""
    each = each_of("words", dialect)
    here = model.workspace_id == _SPACE
    called = one_of(model.name_key, "names", dialect)
    owners = select(owner).where(word.workspace_id == _SPACE)
    near = select(NameNear.word).where(
        NameNear.workspace_id == _SPACE, one_of(NameNear.key, "sounds", dialect)
    )
    heard = owners.where(word.key.in_(near)).limit(MOST)
    with_word = owners.where(word.key == each.c.value).limit(1).correlate(each)
    one = select(model.name).where(here, model.id == with_word.scalar_subquery())
    whole = select(model.name).where(here, called).limit(MOST).subquery()
    return [
        select(literal(kind), whole.c.name),
        select(literal(kind), model.name).where(here, model.id.in_(heard)),
        select(literal(kind), one.correlate(each).scalar_subquery()).select_from(each),
    ]


def _tags(dialect: str) -> Select[Any]:
    """The tag next to each word in the alphabet: one step in the index, however many have it."""
    each = each_of("tags", dialect)
    here = (ContactTag.workspace_id == _SPACE, ContactTag.tag >= each.c.value)
    next_one = select(ContactTag.tag).where(*here).order_by(ContactTag.tag).limit(1)
    return select(literal("tag"), next_one.scalar_subquery()).select_from(each)
