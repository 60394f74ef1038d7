"""Reasons and sources that come in: each is the one of the team's list that it means, or new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.intake.report import Report
from handlers.intake.said import text
from handlers.intake.sums import money
from handlers.keys import free_key
from language.folding import fold
from language.labels import usual_keys, usual_label
from storage.bulk import Bulk
from storage.labels import KINDS, Kind, Label, labels_of, now_called

LONGEST = 60
WORDS = 6
"""Words at most of what becomes a new label; more is a story."""

MOST = 200
"""Labels of a kind."""

Record = Mapping[str, Any]


class Labels:
    """The labels of a workspace, by all that they are called."""

    def __init__(self, bulk: Bulk) -> None:
        self.bulk = bulk
        self._all = labels_of(bulk.session, bulk.workspace_id)
        self._known: dict[tuple[str, str], int] = {}
        self._counts: dict[str, int] = {}
        now = now_called(self._all)
        for label in self._all:
            self._learn(label.kind, label.key, label.name, label.also or (), now[label.id].id)

    def _learn(
        self, kind: str, key: str, name: str | None, also: Sequence[str], number: int
    ) -> None:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        for said in (key, fold(name or ""), *also):
            if said:
                self._known.setdefault((kind, said), number)

    def take_in(self, records: Sequence[Record], report: Report) -> None:
        """Labels, as ``rabta export`` has them."""
        rows, into = list[dict[str, Any]](), dict[tuple[str, str], str]()
        for record in records:
            kind, key = str(record.get("kind")), text(record.get("key"), LONGEST)
            if kind not in KINDS or not key:
                report.refuse(record, "no_name")
                continue
            if (kind, key) in self._known:
                report.counts["label", "same"] += 1
                continue
            also = [fold(str(each))[:LONGEST] for each in record.get("also") or []][:MOST]
            row = self._row(kind, key, text(record.get("name"), LONGEST), also)
            row["active"] = record.get("active", True) is not False
            row |= _cost(record)
            rows.append(row)
            if record.get("into"):
                into[kind, key] = str(record["into"])
        for row in rows:
            row["into_id"] = self._known.get((row["kind"], into.get((row["kind"], row["key"]), "")))
        self.bulk.write(Label, rows)
        report.counts["label", "new"] += len(rows)

    def _row(
        self, kind: str, key: str, name: str | None, also: Sequence[str] = ()
    ) -> dict[str, Any]:
        number = self.bulk.ids(1)[0]
        self._learn(kind, key, name, also, number)
        return {
            "id": number, "kind": kind, "key": key, "name": name, "also": list(also) or None,
            "into_id": None, "active": True, "cost_minor": None, "cost_currency": None,
        }  # fmt: skip

    def of(self, kind: Kind, said: str | None, key: Any = None) -> int | None:
        """The number of the label that is meant; of what is no reason but a story, None. ``key`` is
        the one under which it counted where it comes from."""
        if not said and not key:
            return None
        if key and (known := self._known.get((kind, str(key)))):
            return known
        folded = fold(said or "").strip(" .,!؟?،۔")
        usual = usual_label(kind, said or "")
        found = self._known.get((kind, folded)) or self._known.get((kind, usual or ""))
        if found or not folded:
            return found
        name = None if usual else text(said, LONGEST)
        if self._counts.get(kind, 0) >= MOST or (name and len(name.split()) > WORDS):
            return None
        taken = {key for each, key in self._known if each == kind} | {*usual_keys(kind)}
        row = self._row(kind, usual or free_key(name or "", taken, usual=kind, longest=50), name)
        self.bulk.write(Label, [row])
        return int(row["id"])


def _cost(record: Record) -> dict[str, Any]:
    """What a lead of it costs; nothing for what is no sum above nought."""
    try:
        found = money(record.get("cost"), record.get("currency"), "")
    except ValueError:
        found = None
    found = found if found and found.minor > 0 else None
    return {
        "cost_minor": found.minor if found else None,
        "cost_currency": found.currency if found else None,
    }
