"""The stages that deals come in with: the workspace's own by name, or new ones at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from handlers.intake.report import Report
from handlers.keys import free_key
from language.folding import letters
from storage.models import Stage
from storage.stages import stages_of

WON = {"won", "closedwon", "closewon", "dealwon", "جیت", "jeeti"}
LOST = {"lost", "closedlost", "closelost", "deallost", "ہار", "haari"}
MOST = 30
PROBABILITY = 50


class Stages:
    """``made``: the names of stages that were not there."""

    def __init__(self, session: Session, workspace_id: int) -> None:
        self.session, self.workspace_id = session, workspace_id
        self.made: list[str] = []
        self._all = stages_of(session, workspace_id)
        self._by_name: dict[str, str] = {}
        for stage in self._all:
            if stage.active:
                self._by_name |= {
                    letters(stage.key): stage.key,
                    letters(stage.name or ""): stage.key,
                }

    def take_in(self, records: Sequence[Mapping[str, Any]], report: Report) -> None:
        """Stages, as ``rabta export`` has them: those that are not there, at the end."""
        for record in sorted(records, key=lambda each: int(each.get("position") or 0)):
            name = str(record.get("name") or "")
            known = letters(name) in self._by_name or str(record.get("key")) in self._keys()
            if letters(name) and not known and record.get("active", True):
                self._by_name[letters(name)] = self._made(name, record)
                report.counts["stage", "new"] += 1
            else:
                report.counts["stage", "same"] += 1

    def _keys(self) -> set[str]:
        return {stage.key for stage in self._all}

    def of(self, said: str | None) -> tuple[str, str | None]:
        """The key of the stage that is meant, and ``won`` or ``lost`` where it is how it ended."""
        name = letters(said or "")
        if name in WON or name in LOST:
            return self._last(), "won" if name in WON else "lost"
        if not name:
            return self._first(), None
        if name not in self._by_name:
            self._by_name[name] = self._made(said or "")
        return self._by_name[name], None

    def _active(self) -> list[Stage]:
        return [stage for stage in self._all if stage.active]

    def _first(self) -> str:
        return self._active()[0].key

    def _last(self) -> str:
        return self._active()[-1].key

    def _made(self, name: str, like: Mapping[str, Any] = MappingProxyType({})) -> str:
        if len(self._all) >= MOST:
            return self._first()
        taken = self._keys()
        stage = Stage(
            workspace_id=self.workspace_id,
            key=free_key(name, taken, usual="stage", longest=30),
            name=" ".join(name.split())[:60],
            position=max((each.position for each in self._all), default=-1) + 1,
            probability=int(like.get("probability") or PROBABILITY),
            days=like.get("days"),
        )
        self.session.add(stage)
        self.session.flush()
        self._all.append(stage)
        self.made.append(stage.name or stage.key)
        return stage.key
