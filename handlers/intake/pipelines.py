"""Pipelines that come in: by their names, made where there is none of that name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from handlers.intake.report import Report
from handlers.intake.said import text
from handlers.keys import free_key
from language.folding import letters
from storage.models import Pipeline
from storage.pipelines import MAIN, pipelines_of

USUAL = {"default", "defaultpipeline", "salespipeline", "sales", "pipeline", "standard"}
"""What other systems call the one pipeline that they begin with."""

MOST = 20


class Pipelines:
    """``keys``: by the keys of the file those of here, for the stages that come with them."""

    def __init__(self, session: Session, workspace_id: int) -> None:
        self.session, self.workspace_id = session, workspace_id
        self.keys: dict[str, str] = {}
        self._all = pipelines_of(session, workspace_id)

    @property
    def untouched(self) -> bool:
        """Whether there is only the one that every workspace begins with, as it was then."""
        return all(each.key == MAIN and each.name is None for each in self._all)

    @property
    def main(self) -> str:
        """The one where none is said."""
        return next((each.key for each in self._all if each.active), MAIN)

    def become(self, records: Sequence[Mapping[str, Any]], report: Report) -> None:
        """Nothing is kept here yet: all of them are as ``rabta export`` has them."""
        for place, record in enumerate(records[:MOST]):
            key, name = text(record.get("key"), 40), text(record.get("name"), 60)
            if not key or not name:
                report.refuse(record, "no_name")
                continue
            row = next((each for each in self._all if each.key == key), None)
            report.counts["pipeline", "same" if row else "new"] += 1
            row = row or self._made(name, key)
            row.name = None if key == name == MAIN else name
            row.position, row.active = place, record.get("active", True) is not False
            self.keys[key] = key
        if not any(each.active for each in self._all):
            self._all[0].active = True
        self.session.flush()

    def take_in(self, records: Sequence[Mapping[str, Any]], report: Report) -> None:
        """Those that are not there come at the end; what was removed there stays away."""
        for record in records:
            name = text(record.get("name"), 60)
            if not name:
                report.refuse(record, "no_name")
                continue
            count, made = len(self._all), record.get("active", True) is not False
            key = self.of(name) if made else self.main
            self.keys[str(record.get("key"))] = key
            report.counts["pipeline", "new" if len(self._all) > count else "same"] += 1

    def of(self, said: str | None) -> str:
        """The key of the pipeline that is meant; it is made where there is none."""
        if not said:
            return self.main
        found = self._called(said) or (self._made(said) if len(self._all) < MOST else None)
        return found.key if found else self.main

    def _called(self, name: str) -> Pipeline | None:
        said = letters(name)
        there = [each for each in self._all if each.active]
        found = next((e for e in there if said in (letters(e.name or ""), letters(e.key))), None)
        usual = next((e for e in there if e.key == MAIN and e.name is None), None)
        return found or (usual if said in USUAL else None)

    def _made(self, name: str, key: str = "") -> Pipeline:
        taken = {each.key for each in self._all}
        row = Pipeline(
            workspace_id=self.workspace_id,
            key=key or free_key(name, taken, usual="pipeline", longest=30),
            name=" ".join(name.split())[:60],
            position=max((each.position for each in self._all), default=-1) + 1,
            active=True,
        )
        self.session.add(row)
        self.session.flush()
        self._all.append(row)
        return row
