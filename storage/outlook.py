"""What is to be expected of each customer, kept: one row a customer, and how a team's customers
order, learned from all of them.

Triggers (``storage.outlook_marks``) make the row of whoever buys and mark it whenever something
happens with them; the clock looks at what is marked, and at each row again when time alone may
have changed what it says.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    false,
    select,
    text,
    true,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, waits
from storage.types import AT_ONCE

WEEKS = 12
"""What is expected is expected of so many weeks."""


class Outlook(Base):
    """A customer: a company, else a person without one (the other of the two numbers is 0).

    ``state``: empty until they were looked at; fine, risk, or lost (hardly to be won back).
    ``marks`` counts what happened with them; ``stale``: their past is to be read anew.
    ``next_check_at`` is when the clock looks next. ``plain``: judged by the plain rule.

    ``orders`` are days with a purchase, ``log_gaps`` the sum of ln of the weeks between them,
    ``spent_minor`` what the ``priced`` ones came to. ``p_buy``, ``expected``, ``spend_minor``: the
    probability of an order within ``WEEKS``, how many, and what they come to; ``next_day`` when the
    next one is likely; ``pause_days`` their usual time between two; the three values what they will
    bring yet; ``stake_minor`` what of it goes if nobody does anything; ``year_minor`` what they
    bought in the last twelve months. All sums are in the workspace's currency. ``evidence`` is why
    they are at risk, as ``rules.risk`` gives it, since ``risk_since``; ``facts`` what else was read
    of them.
    """

    __tablename__ = "outlook"
    __table_args__ = (
        waits("next_check_at"),
        Index(None, "workspace_id", "state", "stake_minor"),
        Index(None, "workspace_id", "owner_id", "state", "stake_minor"),
        Index(None, "workspace_id", "value_minor"),
        Index(None, "workspace_id", "year_minor"),
        Index(None, "workspace_id", "owner_id", "next_day"),
        Index(None, "workspace_id", "contact_id",
              sqlite_where=text("contact_id <> 0"), postgresql_where=text("contact_id <> 0")),
    )  # fmt: skip

    workspace_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    company_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    contact_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    owner_id: Mapped[int | None]
    marks: Mapped[int] = mapped_column(default=0, server_default="0")
    stale: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    next_check_at: Mapped[datetime | None] = mapped_column(default=AT_ONCE)
    state: Mapped[str] = mapped_column(String(4), default="", server_default="")
    plain: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    orders: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    first_day: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    log_gaps: Mapped[float] = mapped_column(Float, default=0.0, server_default="0")
    spent_minor: Mapped[int] = mapped_column(default=0, server_default="0")
    priced: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    p_buy: Mapped[float | None] = mapped_column(Float)
    expected: Mapped[float | None] = mapped_column(Float)
    spend_minor: Mapped[int | None]
    next_day: Mapped[date | None] = mapped_column(Date)
    pause_days: Mapped[float | None] = mapped_column(Float)
    value_low: Mapped[int | None]
    value_minor: Mapped[int | None]
    value_high: Mapped[int | None]
    stake_minor: Mapped[int] = mapped_column(default=0, server_default="0")
    risk_since: Mapped[date | None] = mapped_column(Date)
    year_minor: Mapped[int | None]
    evidence: Mapped[list[dict[str, Any]] | None]
    facts: Mapped[dict[str, Any] | None]

    @property
    def subject(self) -> str:
        """As a nudge names its subject."""
        return f"company:{self.company_id}" if self.company_id else f"contact:{self.contact_id}"

    @property
    def average_minor(self) -> int:
        return round(self.spent_minor / self.priced) if self.priced else 0


class OutlookFit(Base):
    """How a workspace's customers order, as it was learned last.

    ``learned`` are the parameters; None: there is too little history, and the plain rule holds, for
    which ``usual_days`` is the usual time between two orders of anybody. ``customers`` and
    ``orders``: how much it was learned from; ``changes``: orders that came, or went, since.
    ``fit_at`` is the night in which it is learned next.
    """

    __tablename__ = "outlook_fit"
    __table_args__ = (waits("fit_at"),)

    workspace_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    fit_at: Mapped[datetime | None] = mapped_column(default=AT_ONCE)
    fitted_at: Mapped[datetime | None]
    customers: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    orders: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    changes: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    usual_days: Mapped[float | None] = mapped_column(Float)
    learned: Mapped[dict[str, Any] | None]


def fit_of(session: Session, workspace_id: int) -> OutlookFit:
    """As it is; of a workspace that is new, one that is to be learned."""
    row = session.get(OutlookFit, workspace_id)
    if row is None:
        row = OutlookFit(workspace_id=workspace_id, changes=1, fit_at=AT_ONCE)
        session.add(row)
        session.flush()
    return row


def outlook_of(
    session: Session, workspace_id: int, *, company: int | None = None, contact: int | None = None
) -> Outlook | None:
    """Of a company, or of a person without one; None of whoever never bought."""
    here = select(Outlook).where(
        Outlook.workspace_id == workspace_id,
        Outlook.company_id == (company or 0),
        Outlook.contact_id == (0 if company else contact or 0),
    )
    return session.scalars(here).first()


def look_again(session: Session, row: Outlook) -> None:
    """Let the clock look at a customer at once."""
    table: Any = Outlook.__table__
    this = update(table).where(
        Outlook.workspace_id == row.workspace_id,
        Outlook.company_id == row.company_id,
        Outlook.contact_id == row.contact_id,
    )
    session.execute(this.values(next_check_at=AT_ONCE))
