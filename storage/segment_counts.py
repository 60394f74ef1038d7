"""How many of some people there are by source, owner or city."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from storage.models import Company, Contact, Member


def counted_by(
    session: Session, workspace_id: int, chosen: Select[int], by: str
) -> list[tuple[str, int]]:
    """Names with their numbers, the largest first, ties by name; "" at the end for those of whom
    it is not known.

    ``by``: source or city (of whoever says none, their company's), or owner. What differs in its
    writing alone is one, called as most write it.
    """
    if by == "owner":
        key: Any = Contact.owner_id
        said: Any = func.max(Member.name)
    elif by == "city":
        key = func.coalesce(Contact.city_key, Company.city_key)
        said = func.coalesce(Contact.city, Company.city)
    else:
        said = func.coalesce(Contact.source, Company.source)
        key = func.lower(said)
    query = (
        select(key, said, func.count())
        .select_from(Contact)
        .outerjoin(Company, and_(Company.workspace_id == Contact.workspace_id,
                                 Company.id == Contact.company_id))
        .outerjoin(Member, and_(Member.workspace_id == Contact.workspace_id,
                                Member.id == Contact.owner_id))
        .where(Contact.workspace_id == workspace_id, Contact.id.in_(chosen))
        .group_by(key, *([] if by == "owner" else [said]))
    )  # fmt: skip
    many: Counter[Any] = Counter()
    names: dict[Any, Counter[str]] = {}
    for group, name, number in session.execute(query):
        many[group] += number
        names.setdefault(group, Counter())[name or ""] += number
    found = [(names[group].most_common(1)[0][0], number) for group, number in many.items()]
    return sorted(found, key=lambda each: (not each[0], -each[1], each[0].casefold()))
