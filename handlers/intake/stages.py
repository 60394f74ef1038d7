"""The stages that deals come in with: the workspace's own by name, or new ones at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.intake.report import Report
from handlers.intake.said import text
from handlers.keys import free_key
from language.folding import letters
from rules.pipeline import USUAL
from storage.models import Deal, Stage
from storage.stages import are_usual, stages_of

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
        self._by_name = _names_of(self._all)

    def take_in(self, records: Sequence[Mapping[str, Any]], report: Report) -> None:
        """Stages, as ``rabta export`` has them: where there are only the usual ones, just so; else
        those that are not there, at the end."""
        whole = {*USUAL} <= {str(record.get("key")) for record in records}
        if whole and are_usual(self._all) and not self._in_use():
            self._become(records, report)
            return
        for record in sorted(records, key=lambda each: _whole(each.get("position"), 0)):
            name = str(record.get("name") or "")
            known = letters(name) in self._by_name or str(record.get("key")) in self._keys()
            if letters(name) and not known and record.get("active", True):
                self._by_name[letters(name)] = self._made(name, record)
                report.counts["stage", "new"] += 1
            else:
                report.counts["stage", "same"] += 1

    def _in_use(self) -> bool:
        deal = select(Deal.id).where(Deal.workspace_id == self.workspace_id)
        return self.session.scalars(deal.limit(1)).first() is not None

    def _become(self, records: Sequence[Mapping[str, Any]], report: Report) -> None:
        """No deal stands in any: all of them are as the records say."""
        there = {stage.key: stage for stage in self._all}
        for record in records[:MOST]:
            key, name = text(record.get("key"), 40), text(record.get("name"), 60)
            if not key or not name:
                report.refuse(record, "no_name")
                continue
            if key not in there:
                there[key] = Stage(workspace_id=self.workspace_id, key=key)
                self.session.add(there[key])
            stage, is_usual = there[key], key in USUAL and name == key
            stage.name = None if is_usual else name
            stage.position = _whole(record.get("position"), len(there)) - 1
            stage.probability = _whole(record.get("probability"), PROBABILITY)
            stage.days = _whole(record.get("days"), 0) or None
            stage.active = record.get("active", True) is not False
            report.counts["stage", "same" if is_usual else "new"] += 1
        if not any(stage.active for stage in there.values()):
            there[next(iter(USUAL))].active = True
        self.session.flush()
        self._all = stages_of(self.session, self.workspace_id)
        self._by_name = _names_of(self._all)

    def _keys(self) -> set[str]:
        return {stage.key for stage in self._all}

    def of(self, said: str | None, *, closed: str = "") -> tuple[str, str | None]:
        """The key of the stage that is meant, and ``won`` or ``lost`` where it is how it ended.

        A deal that is ``closed`` may stand in a stage that was removed since.
        """
        name = letters(said or "")
        if said and closed in ("won", "lost") and said in self._keys():
            return said, None
        if name in WON or name in LOST:
            return self._last(), "won" if name in WON else "lost"
        if not name:
            return self._first(), None
        if name not in self._by_name:
            self._by_name[name] = self._made(said or "")
        return self._by_name[name], None

    def key_of(self, said: str | None) -> str | None:
        """The key of a stage that a deal once stood in, which may be no stage any more."""
        return self._by_name.get(letters(said or ""), said)

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
            probability=_whole(like.get("probability"), PROBABILITY),
            days=_whole(like.get("days"), 0) or None,
        )
        self.session.add(stage)
        self.session.flush()
        self._all.append(stage)
        self.made.append(stage.name or stage.key)
        return stage.key


def _names_of(stages: Sequence[Stage]) -> dict[str, str]:
    """The keys of those that are in use, by what they are called."""
    found: dict[str, str] = {}
    for stage in stages:
        if stage.active:
            found |= {letters(stage.key): stage.key, letters(stage.name or ""): stage.key}
    found.pop("", None)
    return found


def _whole(said: Any, usual: int) -> int:
    return said if isinstance(said, int) and abs(said) < 10_000 else usual
