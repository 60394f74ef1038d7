"""All numbers of the year, subject by subject; and whether the year had it all."""

from __future__ import annotations

from collections.abc import Iterator

from tests.year import of_groups, of_leads, of_letters, of_sales, of_tickets
from tests.year.cast import SLACK
from tests.year.firm import Firm
from tests.year.letters import FATES
from tests.year.told import Number

SUBJECTS = (of_tickets, of_sales, of_leads, of_letters, of_groups)


def all_numbers(firm: Firm) -> Iterator[Number]:
    for subject in SUBJECTS:
        yield from subject.compared(firm)


def unplayed(firm: Firm) -> list[str]:
    """What should have happened in the year and did not: numbers of nothing are equal too."""
    ledger, ran = firm.ledger, firm.ledger.campaign
    assert ran
    warned = {(kind, to in SLACK) for _, kind, to in ledger.to_warn}
    happened = {
        "warnings on both doors": len(warned) == 4,
        "a ticket settled by a tap under its warning": firm.tapped["resolve"] > 0,
        "a call noted by a tap": firm.tapped["called"] > 0,
        "nudges useful, and put off": {what for _, what in ledger.taps} == {"useful", "later"},
        "a ticket that waited, and one opened again": {"wait", "reopen"}
        <= {what for each in ledger.tickets for _, what in each.events},
        "deals won and lost": {bool(each.won) for each in ledger.deals if each.ended}
        == {True, False},
        "mails refused": any(each.email in firm.doors.post.gone for each in ran.mailed),
        "some held out": bool(ran.held),
        "a mail ended by one click": bool(ran.stopped),
        "each end of a sequence": {
            sequence: tuple(fate for _, fate in fates) for sequence, fates in ledger.fates.items()
        }
        == FATES,
    }
    return [what for what, did in happened.items() if not did]
