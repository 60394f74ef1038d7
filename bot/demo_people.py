"""The people of the sample year: the team, and the customers that it meets."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from language.folding import fold
from language.sounds import name_keys
from storage.models import Company, Contact, Identity, Member, Workspace

AYESHA = "Ayesha"
"""The owner, as whom one talks."""


class People:
    """Whom the dice bring in; each company with two people."""

    def __init__(
        self, session: Session, space: Workspace, made_of: dict[str, Any], dice: Random
    ) -> None:
        self.session, self.space, self.made_of, self.dice = session, space, made_of, dice
        self.team: list[Member] = []
        self.companies: list[Company] = []
        self.people: dict[int, list[Contact]] = {}
        self._names: set[str] = set()

    def member(self, name: str, began: datetime, agenda_at: datetime) -> None:
        """Somebody of the team, who can talk at a terminal under that name."""
        member = Member(
            workspace_id=self.space.id,
            workspace=self.space,
            name=name,
            role="owner" if name == AYESHA else "rep",
            agenda_at=agenda_at,
            greeted=True,
            created_at=began,
        )
        self._add(member)
        identity = Identity(
            platform="terminal",
            team="",
            user=fold(name),
            workspace_id=self.space.id,
            member_id=member.id,
            member=member,
            private_chat=fold(name),
            seen_at=began,
        )
        self._add(identity)
        self.team.append(member)

    def meet(self, name: str, city: str, at: datetime) -> None:
        """A new company with its people."""
        company = Company(
            workspace_id=self.space.id,
            **name_keys(name),
            city=city,
            source=self._some("sources"),
            owner_id=self.dice.choice(self.team).id,
            created_at=at,
        )
        self._add(company)
        self.companies.append(company)
        self.people[company.id] = [self._person(company, at) for _ in range(2)]

    def _person(self, company: Company, at: datetime) -> Contact:
        name = self._new_name()
        contact = Contact(
            workspace_id=self.space.id,
            **name_keys(name),
            company_id=company.id,
            title=self._some("titles"),
            city=company.city,
            source=company.source,
            owner_id=company.owner_id,
            created_at=at,
        )
        contact.reach_by("phone", f"+92300{self.dice.randrange(2_000_000, 9_999_999)}")
        if self.dice.random() < 0.5:
            domain = company.name_key.replace(" ", "")
            contact.reach_by("email", f"{name.split()[0].lower()}@{domain}.example")
        if self.dice.random() < 0.3:
            contact.tag(self._some("tags"))
        self._add(contact)
        return contact

    def _new_name(self) -> str:
        while (name := f"{self._some('first_names')} {self._some('last_names')}") in self._names:
            pass
        self._names.add(name)
        return name

    def _some(self, kind: str) -> str:
        return str(self.dice.choice(self.made_of[kind]))

    def _add(self, row: object) -> None:
        self.session.add(row)
        self.session.flush()
