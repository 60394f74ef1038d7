"""The stages that deals come in with: the workspace's own by name, or new ones at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.intake.pipelines import Pipelines
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
"""Stages of one pipeline."""

PROBABILITY = 50


class Stages:
    """``made``: the names of stages that were not there."""

    def __init__(self, session: Session, workspace_id: int) -> None:
        self.session, self.workspace_id = session, workspace_id
        self.made: list[str] = []
        self.pipelines = Pipelines(session, workspace_id)
        self._look()
        self._blank = self.pipelines.untouched and are_usual(self._all) and not self._in_use()
        self._of_file: dict[str, str] = {}

    def _look(self) -> None:
        self._all = stages_of(self.session, self.workspace_id)
        self._by_name = {}
        for stage in reversed(self._all):  # of several of one name the first is found
            if stage.active:
                for name in _names_of(stage):
                    self._by_name[stage.pipeline, name] = stage.key

    def take_in_pipelines(self, records: Sequence[Mapping[str, Any]], report: Report) -> None:
        """Pipelines, as ``rabta export`` has them."""
        if self._blank:
            self.pipelines.become(records, report)
        else:
            self.pipelines.take_in(records, report)

    def take_in(self, records: Sequence[Mapping[str, Any]], report: Report) -> None:
        """Stages, as ``rabta export`` has them: where there are only the usual ones, just so; else
        those that are not there, at the end of their pipeline."""
        whole = {*USUAL} <= {str(record.get("key")) for record in records}
        if whole and self._blank:
            self._become(records, report)
            return
        for record in sorted(records, key=lambda each: _whole(each.get("position"), 0)):
            name, key = str(record.get("name") or ""), str(record.get("key"))
            way = self._way(record)
            known = self._by_name.get((way, letters(name)))
            if known is None and any(s.key == key and s.pipeline == way for s in self._all):
                known = key
            if letters(name) and known is None and record.get("active", True):
                known = self._made(name, way, record)
                report.counts["stage", "new"] += 1
            else:
                report.counts["stage", "same"] += 1
            if known and key:
                self._of_file[key] = known

    def _way(self, record: Mapping[str, Any]) -> str:
        """The pipeline of a stage of the file."""
        said = text(record.get("pipeline"), 40)
        return self.pipelines.keys.get(said or "") or self.pipelines.of(said)

    def _in_use(self) -> bool:
        deal = select(Deal.id).where(Deal.workspace_id == self.workspace_id)
        return self.session.scalars(deal.limit(1)).first() is not None

    def _become(self, records: Sequence[Mapping[str, Any]], report: Report) -> None:
        """No deal stands in any: all of them are as the records say."""
        there = {stage.key: stage for stage in self._all}
        for record in records[: MOST * len(self.pipelines.keys or (1,))]:
            key, name = text(record.get("key"), 40), text(record.get("name"), 60)
            if not key or not name:
                report.refuse(record, "no_name")
                continue
            if key not in there:
                there[key] = Stage(workspace_id=self.workspace_id, key=key)
                self.session.add(there[key])
            stage = there[key]
            stage.pipeline, stage.name = self._way(record), None
            stage.name = None if name == stage.usual else name
            stage.formerly = list(_formers(record.get("formerly"))) or None
            stage.position = _whole(record.get("position"), len(there)) - 1
            stage.probability = _whole(record.get("probability"), PROBABILITY)
            stage.days = _whole(record.get("days"), 0) or None
            stage.active = record.get("active", True) is not False
            report.counts["stage", "same" if key in USUAL and not stage.name else "new"] += 1
        if not any(stage.active for stage in there.values()):
            there[next(iter(USUAL))].active = True
        self.session.flush()
        self._look()

    def _keys(self) -> set[str]:
        return {stage.key for stage in self._all}

    def of(
        self, said: str | None, *, closed: str = "", pipeline: str | None = None
    ) -> tuple[str, str | None]:
        """The key of the stage that is meant, and ``won`` or ``lost`` where it is how it ended.

        A deal that is ``closed`` may stand in a stage that was removed since. Where no
        ``pipeline`` is said, a stage of that name may be in any.
        """
        name = letters(said or "")
        if said and pipeline is None and said in self._of_file:
            return self._of_file[said], None
        if said and closed in ("won", "lost") and said in self._keys():
            return said, None
        way = self.pipelines.of(pipeline)
        if name in WON or name in LOST:
            return self._active(way)[-1].key, "won" if name in WON else "lost"
        if not name:
            return self._active(way)[0].key, None
        found = self._by_name.get((way, name))
        if found is None and pipeline is None:
            ways = ((each.pipeline, name) for each in self._all)
            found = next((self._by_name[way] for way in ways if way in self._by_name), None)
        return found or self._made(said or "", way), None

    def key_of(self, said: str | None) -> str | None:
        """The key of a stage that a deal once stood in, which may be no stage any more."""
        if said is None or said in self._of_file:
            return self._of_file.get(said or "")
        if said in self._keys():  # removed since, perhaps, and another goes by its name
            return said
        name = letters(said)
        ways = ((each.pipeline, name) for each in self._all)
        return next((self._by_name[way] for way in ways if way in self._by_name), said)

    def _active(self, pipeline: str) -> list[Stage]:
        """The stages of a pipeline, of which there is at least one."""
        found = [each for each in self._all if each.active and each.pipeline == pipeline]
        if not found:
            self._made(next(iter(USUAL)), pipeline)
            return self._active(pipeline)
        return found

    def _made(
        self, name: str, pipeline: str, like: Mapping[str, Any] = MappingProxyType({})
    ) -> str:
        mine = [each for each in self._all if each.pipeline == pipeline]
        if len(mine) >= MOST:
            return self._active(pipeline)[0].key
        stage = Stage(
            workspace_id=self.workspace_id,
            key=free_key(name, self._keys(), usual="stage", longest=30),
            pipeline=pipeline,
            name=" ".join(name.split())[:60],
            position=max((each.position for each in mine), default=-1) + 1,
            probability=_whole(like.get("probability"), PROBABILITY),
            days=_whole(like.get("days"), 0) or None,
            active=True,
        )
        self.session.add(stage)
        self.session.flush()
        self._all.append(stage)
        for each in _names_of(stage):
            self._by_name.setdefault((pipeline, each), stage.key)
        self.made.append(stage.name or stage.key)
        return stage.key


def _names_of(stage: Stage) -> set[str]:
    """What it is called."""
    return {letters(each or "") for each in (stage.key, stage.name, stage.usual)} - {""}


def _formers(told: Any) -> Iterator[dict[str, Any]]:
    """Former names, as far as they are such."""
    for each in told if isinstance(told, list) else ():
        try:
            until = datetime.fromisoformat(str(each["until"]))
            name = text(each["name"], 60)
        except (KeyError, TypeError, ValueError):
            continue
        if until.tzinfo:
            yield {"name": name, "until": until.isoformat()}


def _whole(said: Any, usual: int) -> int:
    return said if isinstance(said, int) and abs(said) < 10_000 else usual
