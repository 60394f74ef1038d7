"""What files say of consent. Nobody who refused is made to agree by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.intake.said import Owners, moment, owner_of, text
from rules.touches import CHANNELS
from storage.bulk import Bulk
from storage.consent import HOWS, Consent, consents, history_of

Record = Mapping[str, Any]


class Consents:
    """Takes in the ``consent`` of contacts that are here now: of a table what its columns say, of
    an export every word with its day, and who said so."""

    def __init__(self, bulk: Bulk, *, owner_id: int, now: datetime, zone: ZoneInfo) -> None:
        self.bulk, self.owner_id, self.now, self.zone = bulk, owner_id, now, zone

    def take_in(self, placed: Sequence[tuple[Record, int]], owners: Owners) -> None:
        told = [(record, number) for record, number in placed if record.get("consent")]
        if not told:
            return
        space = self.bulk.workspace_id
        latest = consents(self.bulk.session, space, [number for _, number in told])
        state = {key: row.granted for key, row in latest.items()}
        rows = []
        for record, number in told:
            known = {
                (row.channel, row.at, row.granted)
                for row in (history_of(self.bulk.session, space, number) if latest else ())
            }
            for row in self._words(record["consent"], owners):
                key = (number, row["channel"])
                if row["how"] == "file" and key in state:
                    if row["granted"] or not state[key]:  # a yes changes no no
                        continue
                elif (row["channel"], row["at"], row["granted"]) in known:
                    continue
                state[key] = row["granted"]
                rows.append({"contact_id": number, **row})
        self.bulk.write(Consent, rows)

    def _words(self, said: Any, owners: Owners) -> Iterator[dict[str, Any]]:
        for each in said if isinstance(said, list) else ():
            if not isinstance(each, dict) or each.get("channel") not in CHANNELS:
                continue
            if not isinstance(each.get("granted"), bool):
                continue
            at = moment(each.get("at"), self.zone)
            how = each.get("how") if each.get("how") in HOWS else "file"
            is_dated = at is not None and at <= self.now
            yield {
                "channel": each["channel"],
                "granted": each["granted"],
                "at": at if is_dated else self.now,
                "how": how if is_dated else "file",
                "by_id": owner_of(each.get("by"), owners, self.owner_id)
                if each.get("by") or not is_dated
                else None,
                "words": text(each.get("words"), 300),
            }
