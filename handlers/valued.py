"""Who is worth most: by what they will bring yet, or, before that can be told, by what they do."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from handlers.customer import Customer, brought_up_to_date, named
from handlers.outlook_words import about, how, ids_of, money_of
from handlers.reply import Chart, Line, Point, Reply, Title
from handlers.turn import Turn
from rules.lifetime import YEARS
from storage.models import Member, Outlook, OutlookFit

SHOWN = 10
"""Customers of one answer."""


def most_valuable(turn: Turn, _period: str, owner: Member | None) -> Reply:
    """The customers who will bring most yet; where nothing is learned of their orders, by what they
    bring in a year with their contracts, or, without any, by what they brought."""
    waiting = brought_up_to_date(turn)
    here = [Outlook.workspace_id == turn.workspace.id]
    if owner is not None:
        here.append(Outlook.owner_id == owner.id)
    way = _way(turn, here)
    column = {"value": Outlook.value_minor, "year": Outlook.year_minor}.get(
        way, Outlook.spent_minor
    )
    rows = turn.session.scalars(
        select(Outlook).where(*here, column > 0).order_by(column.desc()).limit(SHOWN)
    ).all()
    shown = named(turn, rows)
    notes = [Line(turn.say("still_looking", n=waiting), quiet=True)] if waiting else []
    if not shown:
        return Reply((Line(turn.say("no_purchases_yet")), *notes))
    title = turn.say(f"most_by_{way}", n=YEARS)
    points = tuple(_valued(turn, each, column.key) for each in shown)
    note = turn.say(f"told_by_{way}")
    turn.focus(**ids_of(shown[0]))
    return Reply(
        (Title(title), Chart("leaders", title, points, note), *notes), (how(turn, "value"),)
    )


def _way(turn: Turn, here: Sequence[ColumnElement[bool]]) -> str:
    """By what customers can be told apart: no value is claimed of orders by the plain rule."""
    fit = turn.session.get(OutlookFit, turn.workspace.id)
    any_of = select(Outlook.workspace_id).where(*here).limit(1)
    if fit and fit.learned is not None:
        return "value"
    by_contract = turn.session.scalar(any_of.where(Outlook.value_minor > 0))
    if turn.session.scalar(any_of.where(Outlook.value_minor.is_(None), Outlook.orders > 0)) is None:
        return "value"
    return "spent" if by_contract is None else "year"


def _valued(turn: Turn, customer: Customer, column: str) -> Point:
    row = customer.row
    minor = getattr(row, column) or 0
    if column != Outlook.value_minor.key:
        return Point(customer.name, minor / 100, money_of(turn, minor))
    amount, low, high = (
        about(turn, each) for each in (row.value_minor, row.value_low, row.value_high)
    )
    said = turn.piece("value_range", amount=amount, low=low, high=high)
    return Point(customer.name, minor / 100, said)
