"""What a record says in fields of its own: the workspace's fields, and new ones where there are
none of that name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from handlers.intake.report import Report
from handlers.intake.said import text
from handlers.keys import free_key
from language.folding import fold, letters
from rules.day_keys import day_key
from storage.fields import fields_of
from storage.models import CustomField

KINDS, SUBJECTS = ("text", "number", "date", "choice"), ("contact", "company")
MOST = 60
"""Fields of a workspace at most; what is in others is counted, and said in the report."""

LONGEST, LONGEST_KEY, LONGEST_VALUE = 60, 50, 500


class Fields:
    """Custom fields by name, made when they are first met. ``left_out``: by name, how many values
    had no room."""

    def __init__(self, session: Session, workspace_id: int) -> None:
        self.session, self.workspace_id = session, workspace_id
        self.left_out: Counter[str] = Counter()
        there = fields_of(session, workspace_id)
        self._keys = {field.key for field in there}
        self._by_name = {fold(field.name): field.id for field in there if field.active}

    def take_in(self, records: Sequence[Mapping[str, Any]], report: Report) -> None:
        """Definitions of fields, as ``rabta export`` has them."""
        for record in records:
            name = text(record.get("name"), LONGEST)
            there = len(self._keys)
            if name and record.get("active", True) is not False:
                self._field(name, record)
            elif name and record.get("key") not in self._keys and there < MOST:
                self._make(name, record, active=False)
            report.counts["field", "new" if len(self._keys) > there else "same"] += 1

    def of(self, said: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, str | None]]]:
        """The number of each field that is named, and its value with the key of it."""
        for name, each in said.items():
            value = text(each, LONGEST_VALUE)
            if not value:
                continue
            number = self._field(name)
            if number is None:
                self.left_out[name] += 1
            else:
                keys = {"value_key": letters(value), "day_key": day_key(value)}
                yield number, {"value": value, **keys}

    def _field(self, said: str, like: Mapping[str, Any] = MappingProxyType({})) -> int | None:
        name = text(said, LONGEST)
        if not name:
            return None
        key = fold(name)
        if key not in self._by_name and len(self._keys) < MOST:
            self._by_name[key] = self._make(name, like).id
        return self._by_name.get(key)

    def _make(self, name: str, like: Mapping[str, Any], *, active: bool = True) -> CustomField:
        """One of its own key, where it comes with one that is free."""
        own, choices = text(like.get("key"), LONGEST_KEY), like.get("choices")
        field = CustomField(
            workspace_id=self.workspace_id,
            key=own
            if own and own not in self._keys
            else free_key(name, self._keys, usual="field", longest=LONGEST_KEY),
            name=name,
            subject=like.get("for") if like.get("for") in SUBJECTS else None,
            kind=like.get("kind") if like.get("kind") in KINDS else "text",
            choices=[str(each) for each in choices] if isinstance(choices, list) else None,
            active=active,
        )
        self.session.add(field)
        self.session.flush()
        self._keys.add(field.key)
        return field
