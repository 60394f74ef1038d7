"""A customer looked at: their past read anew where something happened, judged, and kept."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from handlers.loyalty_news import Ranking
from handlers.risk_nudges import tell_of_order, tell_owner
from language.tone import complains, has_left, reached_nobody
from rules.calendar import wall_to_utc
from rules.risk import OWN, Known, Sign, is_lost, is_overdue, is_told, next_look, plain_pause, signs
from storage import contract_facts, loyalty, outlook_facts
from storage.models import Outlook, OutlookFit, Workspace
from storage.outlook import WEEKS
from storage.service import Trouble, trouble_of

if TYPE_CHECKING:
    from rules.foresight.prospects import Glass, Prospects
    from rules.foresight.spend import Spend

LONGEST = 260.0
"""Weeks of silence up to which tables are made; longer ones are like this."""

READY = 4
"""Workspaces whose tables are held ready."""

NIGHT = 2
"""From this hour of the workspace's night on it is looked at what time alone has changed."""

SELDOM, OFTEN = 45, 5
"""A customer is looked at again after so many days at most and at least, though nothing happens."""

_glasses: OrderedDict[str, tuple[Glass, Spend | None]] = OrderedDict()


def ready(fit: OutlookFit, *, make: bool = True) -> tuple[Glass, Spend | None] | None:
    """The tables of what was learned; None by the plain rule, or where they are not made yet and
    are not to be made now (that takes half a second)."""
    if fit.learned is None:
        return None
    key = json.dumps(fit.learned, sort_keys=True)
    if key not in _glasses:
        if not make:
            return None
        from rules.foresight.kept import unpacked
        from rules.foresight.prospects import Glass

        several, spend = unpacked(fit.learned)
        _glasses[key] = Glass.of(several, LONGEST, float(WEEKS)), spend
        while len(_glasses) > READY:
            _glasses.popitem(last=False)
    _glasses.move_to_end(key)
    return _glasses[key]


def look_at(
    session: Session,
    workspace: Workspace,
    rows: Sequence[Outlook],
    fit: OutlookFit,
    now: datetime,
) -> None:
    """Judge these customers as of now, and say when each is to be looked at next. Whoever has
    bought nothing, after all, is no customer any more."""
    today = now.astimezone(ZoneInfo(workspace.timezone)).date()
    with session.no_autoflush:  # what is read of one changes nothing that is read of another
        here = [row for row in rows if not row.stale or _read(session, workspace, row, fit, now)]
    _foresee([row for row in here if row.orders], fit, today)
    for row in here:
        if not row.orders:
            _nothing_bought(row)
    contract_facts.foresee(session, workspace.id, here, today)
    tiers = loyalty.tiers_of(session, workspace.id, now) if here else []
    own = bool(here and loyalty.told(session, workspace.id))
    ranking = Ranking(session, workspace, tiers, own, now, today)
    for row in here:
        known = known_of(row, today)
        found = signs(known, today)
        _judge(row, workspace, known, found, today, ranking.rank(row))
        if is_told(found, known):
            tell_owner(session, workspace, row, now)
        elif is_overdue(known, today):
            tell_of_order(session, row, now)
    session.flush()


def _read(
    session: Session, workspace: Workspace, row: Outlook, fit: OutlookFit, now: datetime
) -> bool:
    """Read a customer's past anew; False, and no more of them, where there is none."""
    before = (row.orders, row.last_day)
    with outlook_facts.of_customer(session, workspace, row):
        there = outlook_facts.read_purchases(session, row)
        agreed = contract_facts.read(session, workspace, row, now)
        there = there or agreed is not None
        touches = outlook_facts.touches(session, row, now) if there else []
        known = outlook_facts.people(session, row) if there else outlook_facts.People({})
        trouble = trouble_of(
            session, row.workspace_id, row.contact_id or None, row.company_id or None
        )
    if (row.orders, row.last_day) != before or not there:
        fit.changes += 1
    if not there:
        if inspect(row).persistent:
            session.delete(row)
        return False
    met = next((touch for touch in touches if touch.kind in outlook_facts.TOLD), None)
    complaint = next((touch.day for touch in touches if complains(touch.text)), None)
    people = known.tags
    gone = [name for name, tags in people.items() if has_left(tags)]
    row.facts = {
        **(row.facts or {}),
        "touched": met.day.isoformat() if met else None,
        "heard": not (met and reached_nobody(met.text)),
        "complained": complaint.isoformat() if complaint else None,
        "left": gone[0] if gone and len(gone) == len(people) else None,
        "champion": next((name for name in gone if name in known.champions), None),
        "contract": agreed,
        **_service(trouble, ZoneInfo(workspace.timezone), now),
    }
    row.stale = False
    return True


def _service(trouble: Trouble, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """The days from which on open tickets count as late (of one that is not yet, from the night
    after), those on which their time is over, and how happy they were last."""
    due = [(at, at.astimezone(zone).date()) for at in trouble.dues]
    late = (day + timedelta(days=int(at > now)) for at, day in due)
    rated = trouble.rated_at
    return {
        "tickets_late": [day.isoformat() for day in late],
        "tickets_due": [day.isoformat() for _, day in due],
        "satisfied": trouble.score,
        "answered": rated.astimezone(zone).date().isoformat() if rated else None,
    }


# --- what is to be expected -----------------------------------------------------------------------


def _foresee(rows: Sequence[Outlook], fit: OutlookFit, today: date) -> None:
    found = ready(fit)
    if found is None:
        for row in rows:
            _plainly(row, fit)
        return
    glass, spend = found
    if rows:
        _take_on(rows, glass.look(pasts(rows, today)), spend, today)


def pasts(rows: Sequence[Outlook], today: date) -> Any:
    """Their pasts as ``rules.foresight`` takes them."""
    import numpy as np

    from rules.foresight.histories import WEEK, Histories

    def weeks(then: Sequence[int]) -> Any:
        return np.array(then, float) / WEEK

    return Histories(
        repeats=np.array([row.orders - 1 for row in rows], float),
        last=weeks([(_last(row) - _first(row)).days for row in rows]),
        age=weeks([max(0, (max(today, _last(row)) - _first(row)).days) for row in rows]),
        log_gaps=np.array([row.log_gaps for row in rows], float),
        who=np.arange(len(rows)),
    )


def _take_on(rows: Sequence[Outlook], told: Prospects, spend: Spend | None, today: date) -> None:
    import numpy as np

    count = np.array([row.priced for row in rows], float)
    average = np.array([row.average_minor for row in rows], float)
    worth = spend.mean(count * (average > 0), average) if spend else average
    for n, row in enumerate(rows):
        row.plain = False
        row.p_buy, row.expected = round(float(told.buys[n]), 4), round(float(told.orders[n]), 3)
        row.spend_minor = round(float(told.orders[n] * worth[n]))
        row.pause_days = max(1.0, round(float(told.pause[n]) * 7, 1))
        late, strange = float(told.late[n]) * 7, float(told.rare[n]) * 7
        then = float(told.next[n]) * 7
        row.facts = {
            **(row.facts or {}),
            "overdue": round(late, 1) if late < float("inf") else None,
            "strange": round(strange, 1) if strange < float("inf") else None,
            "stays": round(float(told.stays[n]), 4),
            "own": row.orders > OWN,
        }
        row.next_day = None if np.isnan(then) else today + timedelta(days=max(1, round(then)))
        row.value_low, row.value_minor, row.value_high = (
            round(float(each[n] * worth[n])) for each in (told.low, told.middle, told.high)
        )
        usual = WEEKS * 7 / row.pause_days * float(worth[n])
        row.stake_minor = round(max(0.0, usual - row.spend_minor) * float(told.stays[n]))


def _plainly(row: Outlook, fit: OutlookFit) -> None:
    """By the plain rule: what is usual is the middle of the pauses; nothing else is claimed."""
    days = (row.facts or {}).get("days", [])
    gaps = [float(then - day) for day, then in pairwise(days)]
    pause, own = plain_pause(gaps, fit.usual_days)
    row.plain, row.pause_days = True, round(pause, 1)
    row.facts = {**(row.facts or {}), **dict.fromkeys(("overdue", "strange", "stays")), "own": own}
    row.p_buy = row.expected = row.spend_minor = None
    row.value_low = row.value_minor = row.value_high = None
    row.next_day = _last(row) + timedelta(days=round(pause)) if own else None
    row.stake_minor = round(WEEKS * 7 / pause * row.average_minor / 2)


def _nothing_bought(row: Outlook) -> None:
    """Who is bound by a contract alone has no rhythm."""
    row.plain, row.pause_days, row.next_day, row.stake_minor = False, None, None, 0
    row.p_buy = row.expected = row.spend_minor = None
    row.value_low = row.value_minor = row.value_high = None
    row.facts = {
        **(row.facts or {}),
        **dict.fromkeys(("overdue", "strange", "stays")),
        "own": False,
    }


def _judge(
    row: Outlook,
    workspace: Workspace,
    known: Known,
    found: Sequence[Sign],
    today: date,
    ranked: date | None,
) -> None:
    lost = is_lost(known, today)
    row.state = "lost" if lost else "risk" if found else "fine"
    row.evidence = [_packed(sign) for sign in found] or None
    row.risk_since = min((sign.since for sign in found), default=None)
    silence = max(0, (today - known.last).days)
    again = today + timedelta(days=min(SELDOM, max(OFTEN, silence // 6)))
    coming = (next_look(known, today), contract_facts.next_look(row, today), ranked)
    row.next_check_at = _night(workspace, row, min([again, *(day for day in coming if day)]))


def known_of(row: Outlook, today: date) -> Known:
    """What the rules go by."""
    facts = row.facts or {}
    late = [date.fromisoformat(each) for each in facts.get("tickets_late", ())]
    pause = row.pause_days or contract_facts.pause(row)
    strange = facts.get("strange") if not row.plain else 2 * pause

    def day(name: str) -> date | None:
        said = facts.get(name)
        return date.fromisoformat(said) if said else None

    return Known(
        orders=row.orders,
        last=_last(row),
        pause=pause,
        strange=float("inf") if strange is None else float(strange),
        own=bool(facts.get("own", row.orders > 1)),
        p_buy=row.p_buy,
        overdue=facts.get("overdue"),
        stays=facts.get("stays"),
        touched=day("touched"),
        heard=bool(facts.get("heard", True)),
        recent=facts.get("recent"),
        before=facts.get("before"),
        complained=day("complained"),
        left=facts.get("left"),
        champion=facts.get("champion"),
        late_since=min(late, default=None),
        due=min(map(date.fromisoformat, facts.get("tickets_due", ())), default=None),
        late=max(1, sum(each <= today for each in late)),
        satisfied=facts.get("satisfied"),
        answered=day("answered"),
        **contract_facts.known(row),
    )


def _packed(sign: Sign) -> dict[str, Any]:
    told = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in sign.told.items()
    }
    return {**asdict(sign), "since": sign.since.isoformat(), "told": told}


def _night(workspace: Workspace, row: Outlook, day: date) -> datetime:
    """In the night to that day; not all at the same minute."""
    minute = (row.company_id + row.contact_id) % 180
    wall = datetime.combine(day, time(NIGHT + minute // 60, minute % 60))
    return wall_to_utc(wall, workspace.timezone)


def _first(row: Outlook) -> date:
    return row.first_day or _last(row)


def _last(row: Outlook) -> date:
    last = row.last_day or contract_facts.since(row)
    if last is None:
        raise AssertionError("a customer who has bought or agreed to anything has a last day")
    return last
