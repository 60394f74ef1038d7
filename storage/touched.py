"""What customers got, and what they answered, among what happened with them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from storage.attention import wake
from storage.messages import Message
from storage.people import Activity, Contact
from storage.team import Workspace

FROM_CUSTOMER = "customer"
"""Under ``from`` in what is kept of an activity: they did it themselves."""


def on_the_timeline(session: Session, message: Message, now: datetime) -> None:
    """What a customer got stands among what happened with them. It is no touch of theirs, and a
    talk with them only where a member sent it to them alone."""
    contact = session.get_one(Contact, (message.workspace_id, message.contact_id))
    workspace = session.get_one(Workspace, message.workspace_id)
    said = message.subject if message.channel == "email" else message.text
    session.add(
        Activity(
            workspace_id=message.workspace_id,
            kind="email" if message.channel == "email" else "message",
            contact_id=contact.id, company_id=contact.company_id, text=(said or "")[:300], at=now,
            on_day=now.astimezone(ZoneInfo(workspace.timezone)).date(), by_id=message.by_id,
            more={
                "message": str(message.id), "channel": message.channel or "",
                "source": message.source.partition(":")[0],
            },
        )
    )  # fmt: skip
    session.flush()
    wake(session, message.workspace_id, contact.id, contact.company_id)
