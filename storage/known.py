"""Whom and what a message may speak of, looked up before it is read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import CTE, Integer, Select, bindparam, literal, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import CompoundSelect

from rules.name_keys import SOUND
from rules.sounds import bones
from storage.asking import among, asked, each_of, listed, made_once, one_of, pairs_of
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
    question, whose cost follows the message: how many are known makes no difference. Of a name
    that was said whole, in several words, none is listened for: it is known who is meant.
    """
    tags, words = set(tags), list(words)
    sounds = {word: SOUND + sound for word in words if len(sound := bones(word)) > 1}
    said = {
        "space": workspace_id,
        "names": listed(names),
        "words": listed(words),
        "sounds": json.dumps(sounds, ensure_ascii=False),
        "tags": listed(sorted(tags)),
    }
    question = _question(session.get_bind().dialect.name)
    found = dict.fromkeys((kind, name) for kind, name in asked(session, question, said))
    return [(kind, name) for kind, name in found if name and (kind != "tag" or name in tags)]


@made_once
def _question(dialect: str) -> CompoundSelect[Any]:
    """Made once: building it would cost more than asking it."""
    wholes = [_called("person", Contact, dialect), _called("org", Company, dialect)]
    whole = union_all(*wholes).cte("whole")
    return union_all(
        select(whole.c.kind, whole.c.name),
        *_of_kind("person", Contact, ContactWord, ContactWord.contact_id, whole, dialect),
        *_of_kind("org", Company, CompanyWord, CompanyWord.company_id, whole, dialect),
        _tags(dialect),
    )


def _called(kind: str, model: type[Contact | Company], dialect: str) -> Select[Any]:
    here = (model.workspace_id == _SPACE, one_of(model.name_key, "names", dialect))
    some = select(model.name, model.name_key).where(*here).limit(MOST).subquery()
    return select(literal(kind).label("kind"), some.c.name, some.c.name_key)


def _of_kind(
    kind: str,
    model: type[Contact | Company],
    word: type[Any],
    owner: Any,
    whole: CTE,
    dialect: str,
) -> list[Select[Any]]:
    """Each step names what is read first, so that no planner begins with everybody."""
    each = each_of("words", dialect)
    here = model.workspace_id == _SPACE
    owners = select(owner).where(word.workspace_id == _SPACE)
    near = select(NameNear.word).where(
        NameNear.workspace_id == _SPACE,
        among(NameNear.key, _listened_for(whole, dialect), dialect),
    )
    heard = owners.where(word.key.in_(near)).limit(MOST)
    with_word = owners.where(word.key == each.c.value).limit(1).correlate(each)
    one = select(model.name).where(here, model.id == with_word.scalar_subquery())
    return [
        select(literal(kind), model.name).where(here, model.id.in_(heard)),
        select(literal(kind), one.correlate(each).scalar_subquery()).select_from(each),
    ]


def _listened_for(whole: CTE, dialect: str) -> Select[Any]:
    """How those words sound that are not in a name of several words that was said whole."""
    each = pairs_of("sounds", dialect)
    there = literal(" ") + whole.c.name_key + literal(" ")
    has_it = there.contains(literal(" ") + each.c.key + " ")
    said_whole = select(whole.c.name).where(whole.c.name_key.contains(" "), has_it)
    return select(each.c.value).where(~said_whole.correlate(each).exists())


def _tags(dialect: str) -> Select[Any]:
    """The tag next to each word in the alphabet: one step in the index, however many have it."""
    each = each_of("tags", dialect)
    here = (ContactTag.workspace_id == _SPACE, ContactTag.tag >= each.c.value)
    next_one = select(ContactTag.tag).where(*here).order_by(ContactTag.tag).limit(1)
    return select(literal("tag"), next_one.scalar_subquery()).select_from(each)
