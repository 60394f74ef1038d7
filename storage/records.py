"""What is told of each kind of record: plain values, named for people and numbered for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from rules.calendar import WEEKDAYS
from storage.models import (
    Activity,
    Campaign,
    Company,
    Contact,
    Contract,
    CustomField,
    Deal,
    DealContact,
    Dealing,
    DealMove,
    Feedback,
    Goal,
    Label,
    LeadRule,
    LineItem,
    Member,
    Message,
    MessageTemplate,
    Order,
    Pipeline,
    Product,
    Rate,
    Rating,
    Referral,
    ScoreRule,
    Segment,
    Sequence,
    SequenceRun,
    Stage,
    Task,
    Ticket,
    TicketComment,
    WorkWeek,
)

Record = dict[str, Any]
Names = dict[int | None, str]
"""Members' names by id."""

Parts = dict[str, dict[int | None, list[Any]]]
"""Phones, e-mails, tags and values of custom fields; lines, people and moves; by whose they are.
Under ``into`` the keys of labels, or of custom fields, by their numbers."""


def _stage(row: Stage, _names: Names, _parts: Parts) -> Record:
    return {
        "key": row.key,
        "pipeline": row.pipeline,
        "name": row.name or row.usual or row.key,
        "position": row.position + 1,
        "probability": row.probability,
        "days": row.days,
        "active": row.active,
        **({"formerly": row.formerly} if row.formerly else {}),
    }


def _pipeline(row: Pipeline, _names: Names, _parts: Parts) -> Record:
    return {
        "key": row.key,
        "name": row.name or row.key,
        "position": row.position + 1,
        "active": row.active,
    }


def _field(row: CustomField, _names: Names, _parts: Parts) -> Record:
    return {
        "key": row.key,
        "name": row.name,
        "for": row.subject,
        "kind": row.kind,
        "choices": row.choices,
        "active": row.active,
    }


def _label(row: Label, _names: Names, parts: Parts) -> Record:
    return {
        "kind": row.kind,
        "key": row.key,
        "name": row.name,
        "also": row.also or [],
        "into": _key(parts, row.into_id),
        "cost": row.cost.plain() if row.cost else None,
        "currency": row.cost_currency,
        "active": row.active,
    }


def _member(row: Member, _names: Names, _parts: Parts) -> Record:
    return {"name": row.name, "manager": row.manager, "office": row.office}


def _product(row: Product, _names: Names, _parts: Parts) -> Record:
    return {
        "name": row.name,
        "code": row.code,
        **_price(row),
        "unit": row.unit,
        "category": row.category,
        "note": row.note,
        "active": row.active,
        "fields": row.more or {},
        "created_at": _moment(row.created_at),
    }


def _rate(row: Rate, _names: Names, _parts: Parts) -> Record:
    return {
        "day": row.on_day.isoformat(),
        "currency": row.currency,
        "base": row.base,
        "rate": row.rate,
    }


def _goal(row: Goal, names: Names, _parts: Parts) -> Record:
    return {
        "measure": row.measure,
        "kind": row.kind,
        "target": row.target,
        "currency": row.currency,
        "owner": names.get(row.member_id),
        "every": row.every,
        "first_day": row.first_day.isoformat(),
        "last_day": row.last_day.isoformat() if row.last_day else None,
        "by": names.get(row.by_id),
        "active": row.active,
        "created_at": _moment(row.created_at),
    }


def _score_rule(row: ScoreRule, names: Names, parts: Parts) -> Record:
    return {
        "kind": row.kind,
        "field": _key(parts, row.field_id) if row.field_id else None,
        "value": row.value,
        "points": row.points,
        "by": names.get(row.by_id),
        "created_at": _moment(row.created_at),
    }


def _lead_rule(row: LeadRule, names: Names, _parts: Parts) -> Record:
    return {
        "kind": row.kind,
        "value": row.value,
        "members": [names[number] for number in row.member_ids if number in names],
        "by": names.get(row.by_id),
        "created_at": _moment(row.created_at),
    }


def _segment(row: Segment, names: Names, _parts: Parts) -> Record:
    return {
        "name": row.name,
        "query": row.query,
        "owner": names.get(row.owner_id),
        "shared": row.shared,
        "created_at": _moment(row.created_at),
    }


def _sequence(row: Sequence, names: Names, parts: Parts) -> Record:
    texts = {number: found[0] for number, found in parts["into"].items()}
    return {
        "name": row.name,
        "steps": [{**step, "template": texts.get(step.get("template"))} for step in row.steps],
        "state": row.state,
        "active": row.active,
        "stages": parts["stages"].get(row.id, []),
        "by": names.get(row.by_id),
        "created_at": _moment(row.created_at),
    }


def _sequence_run(row: SequenceRun, names: Names, parts: Parts) -> Record:
    """A message that is on its way counts as sent: it is not to go from two places."""
    gone = parts["into"].get(row.id, [])
    return {
        "contact": _name(row.contact),
        "contact_id": row.contact_id,
        "sequence": row.sequence.name,
        "sequence_id": row.sequence_id,
        "state": row.state,
        "reason": row.reason,
        "how": row.how,
        "deal_id": row.deal_id,
        "stage": row.stage,
        "round": row.round,
        "started_at": _moment(row.started_at),
        "ended_at": _moment(row.ended_at),
        "since": _moment(gone[0][1] if gone else row.since),
        "last_step": gone[0][0] if gone else row.last_step,
        "done": [
            *row.done,
            *({"step": step, "what": "sent", "at": _moment(at)} for step, at in gone),
        ],
        "by": names.get(row.by_id),
    }


def _week(row: WorkWeek, _names: Names, _parts: Parts) -> Record:
    return {
        "worked": " ".join(WEEKDAYS[day] for day in sorted(row.weekdays)),
        "first_day": row.first_day.isoformat() if row.first_day else None,
        "last_day": row.last_day.isoformat() if row.last_day else None,
        "name": row.name,
        "created_at": _moment(row.created_at),
    }


def _company(row: Company, names: Names, parts: Parts) -> Record:
    return {
        "name": row.name,
        "city": row.city,
        "phone": row.phone,
        "email": row.email,
        "source": row.source,
        "fields": dict(parts["fields"].get(row.id, ())),
        "owner": names.get(row.owner_id),
        "created_at": _moment(row.created_at),
        **_once_called(row),
    }


def _contact(row: Contact, names: Names, parts: Parts) -> Record:
    return {
        "name": row.name,
        "company": _name(row.company),
        "company_id": row.company_id,
        "title": row.title,
        "phones": parts["phones"].get(row.id, []),
        "emails": parts["emails"].get(row.id, []),
        "city": row.city,
        "source": row.source,
        "tags": parts["tags"].get(row.id, []),
        "fields": dict(parts["fields"].get(row.id, ())),
        "private": row.private,
        **({"language": row.language} if row.language else {}),
        **_consent(row, names, parts),
        "owner": names.get(row.owner_id),
        "created_at": _moment(row.created_at),
        **_once_called(row),
    }


def _consent(row: Contact, names: Names, parts: Parts) -> Record:
    """Every word of theirs, the first one first."""
    told = [
        {
            "channel": word.channel,
            "granted": word.granted,
            "at": _exact(word.at),
            "how": word.how,
            "by": names.get(word.by_id),
            "words": word.words,
        }
        for word in parts["consent"].get(row.id, ())
    ]
    return {"consent": told} if told else {}


def _exact(moment: datetime) -> str:
    """With its fraction of a second: which of two words is the later one must stay."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _deal(row: Deal, names: Names, parts: Parts) -> Record:
    return {
        "title": row.title,
        **_customer(row),
        "quantity": row.quantity,
        "amount": row.amount.plain() if row.amount else None,
        "currency": row.currency,
        "stage": row.stage,
        "status": row.status,
        "counted": row.counted,
        "reason": row.reason,
        "reason_key": _key(parts, row.reason_id),
        "deal_source": row.source,
        "source_key": _key(parts, row.source_id),
        "close": row.close_day.isoformat() if row.close_day else None,
        "owner": names.get(row.owner_id),
        "created_at": _moment(row.created_at),
        "closed_at": _moment(row.closed_at),
        "lines": [_line(line) for line in parts["lines"].get(row.id, ())],
        "people": [_part(part) for part in parts["people"].get(row.id, ())],
        "moves": [_move(move, names) for move in parts["moves"].get(row.id, ())],
        "fields": row.more or {},
    }


def _move(row: DealMove, names: Names) -> Record:
    return {
        "stage": row.stage,
        "status": row.status,
        "at": _moment(row.at),
        "by": names.get(row.by_id),
        **({"assumed": True} if row.assumed else {}),
    }


def _line(row: LineItem) -> Record:
    return {
        "product": row.name,
        "quantity": row.quantity,
        "unit": row.unit,
        **_price(row),
        "discount": row.discount,
    }


def _part(row: DealContact) -> Record:
    return {"contact": row.contact.name, "contact_id": row.contact_id, "role": row.role}


def _key(parts: Parts, number: int | None) -> str | None:
    """Of a label or field."""
    return next(iter(parts["into"].get(number, ())), None)


def _price(row: Product | LineItem) -> Record:
    return {"price": row.price.plain() if row.price else None, "currency": row.currency}


def _order(row: Order, names: Names, parts: Parts) -> Record:
    return {
        "number": row.number,
        **_customer(row),
        "amount": row.amount.plain() if row.amount else None,
        "currency": row.currency,
        "counted": row.counted,
        "status": row.status,
        "at": _moment(row.at),
        "day": row.on_day.isoformat(),
        "deal_id": row.deal_id,
        "owner": names.get(row.owner_id),
        "note": row.note,
        "lines": [_line(line) for line in parts["lines"].get(row.id, ())],
        "fields": row.more or {},
        "created_at": _moment(row.created_at),
    }


def _contract(row: Contract, names: Names, _parts: Parts) -> Record:
    return {
        "title": row.title,
        **_customer(row),
        "amount": row.amount.plain() if row.amount else None,
        "currency": row.currency,
        "months": row.months,
        "began": row.began_on.isoformat() if row.began_on else None,
        "renews": row.renews_on.isoformat(),
        "renewals": row.renewals,
        "known_renewals": row.known_renewals,
        "status": row.status,
        "ended": row.ended_on.isoformat() if row.ended_on else None,
        "reason": row.reason,
        "owner": names.get(row.owner_id),
        "fields": row.more or {},
        "created_at": _moment(row.created_at),
    }


def _activity(row: Activity, names: Names, _parts: Parts) -> Record:
    return {
        "kind": row.kind,
        **_customer(row),
        "text": row.text,
        "at": _moment(row.at),
        "day": row.on_day.isoformat(),
        "by": names.get(row.by_id),
        "fields": row.more or {},
    }


def _task(row: Task, names: Names, _parts: Parts) -> Record:
    return {
        "text": row.text,
        **_customer(row),
        "deal_id": row.deal_id,
        "due": _due(row),
        "every": row.every,
        "status": row.status,
        "owner": names.get(row.owner_id),
        "created_at": _moment(row.created_at),
        "done_at": _moment(row.done_at),
        "first_day": row.first_day.isoformat() if row.first_day else None,
        "zone": row.zone,
        "fields": row.more or {},
    }


def _ticket(row: Ticket, names: Names, parts: Parts) -> Record:
    return {
        "number": row.number,
        "text": row.text,
        **_customer(row),
        "priority": row.priority,
        "status": row.status,
        "owner": names.get(row.owner_id),
        "by": names.get(row.opened_by),
        "created_at": _moment(row.created_at),
        "began_at": _moment(row.began_at),
        "answered_at": _moment(row.answered_at),
        "answer_worked": row.answer_worked,
        "answer_due_at": _moment(row.answer_due_at),
        "warn_at": _moment(row.warn_at),
        "due_at": _moment(row.due_at),
        "due_told_at": _moment(row.due_told_at),
        "waiting_since": _moment(row.waiting_since),
        "waited": row.waited,
        "resolved_at": _moment(row.resolved_at),
        "resolved_by": names.get(row.resolved_by),
        "worked": row.worked,
        "reopened": row.reopened,
        "was_late": row.was_late,
        "comments": [_comment(each, names) for each in parts["comments"].get(row.id, ())],
        "fields": row.more or {},
    }


def _comment(row: TicketComment, names: Names) -> Record:
    return {"text": row.text, "at": _moment(row.at), "by": names.get(row.by_id)}


def _rating(row: Rating, names: Names, _parts: Parts) -> Record:
    return {
        **_customer(row),
        "ticket_id": row.ticket_id,
        "order_id": row.order_id,
        "deal_id": row.deal_id,
        "score": row.score,
        "words": row.words,
        "at": _moment(row.at),
        "by": names.get(row.by_id),
        "referral_asked": row.referral_asked,
    }


def _feedback(row: Feedback, names: Names, _parts: Parts) -> Record:
    return {"text": row.text, "at": _moment(row.at), "by": names.get(row.by_id)}


def _referral(row: Referral, names: Names, _parts: Parts) -> Record:
    return {
        **_customer(row),
        "by_contact": _name(row.by_contact),
        "by_contact_id": row.by_contact_id,
        "by_company": _name(row.by_company),
        "by_company_id": row.by_company_id,
        "at": _moment(row.at),
        "by": names.get(row.by_id),
    }


def _template(row: MessageTemplate, names: Names, _parts: Parts) -> Record:
    return {
        "name": row.name,
        "versions": row.versions,
        "by": names.get(row.by_id),
        "active": row.active,
        "created_at": _moment(row.created_at),
    }


def _campaign(row: Campaign, names: Names, parts: Parts) -> Record:
    return {
        "name": row.name,
        "template": _key(parts, row.template_id),
        "template_id": row.template_id,
        "audience": row.audience,
        "told": row.told,
        "ways": row.channels,
        "held": row.held,
        "within": row.within,
        "status": row.state,
        "by": names.get(row.by_id),
        "created_at": _moment(row.created_at),
        "started_at": _exact(row.started_at) if row.started_at else None,
        "ended_at": _moment(row.ended_at),
        "left_out": row.left_out,
    }


def _message(row: Message, names: Names, _parts: Parts) -> Record:
    """``of`` is what planned it, ``occasion`` the how manieth of that; when it is looked at next is
    nobody's but this house's."""
    of, _, number = row.source.partition(":")
    return {
        "contact": _name(row.contact),
        "contact_id": row.contact_id,
        "of": of,
        "campaign_id": int(number) if of == "campaign" else None,
        **_of_sequence(row),
        "occasion": row.key.rpartition("/")[2],
        "status": row.state,
        "why": row.reason,
        "ways": row.channels,
        "channel": row.channel,
        "address": row.address,
        "template_id": row.template_id,
        "language": row.language,
        "subject": row.subject,
        "text": row.text,
        "by": names.get(row.by_id),
        "planned_at": _moment(row.planned_at),
        "went_at": _exact(row.went_at) if row.went_at else None,
        "lapses_at": _moment(row.lapses_at),
    }


def _of_sequence(row: Message) -> Record:
    """The step that planned it, and how often they had begun anew by then."""
    if not row.source.startswith("sequence:"):
        return {}
    sequence, step, round_ = row.source.split(":")[1:]
    return {"sequence_id": int(sequence), "step": int(step), "round": int(round_)}


def _customer(
    row: Contract | Deal | Order | Activity | Task | Ticket | Rating | Referral,
) -> Record:
    """With whom it is: by name for people, by number for programs, as two may be called alike."""
    return {
        "contact": _name(row.contact),
        "contact_id": row.contact_id,
        "company": _name(row.company),
        "company_id": row.company_id,
    }


def _once_called(row: Contact | Company) -> Record:
    """Of what was merged the other names, too."""
    return {"also_called": row.also_called} if row.also_called else {}


def _name(row: Contact | Company | None) -> str | None:
    return row.name if row else None


def _moment(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _due(task: Task) -> str | None:
    """A day, or the instant in UTC where a time was said."""
    if task.due is None:
        return None
    return _moment(task.due.instant(task.zone)) or str(task.due)


def _about(
    kind: type[Dealing],
) -> tuple[ORMOption, ...]:
    return joinedload(kind.contact), joinedload(kind.company)


KINDS: dict[str, tuple[type[Any], tuple[ORMOption, ...], Callable[[Any, Names, Parts], Record]]] = {
    "pipeline": (Pipeline, (), _pipeline),
    "stage": (Stage, (), _stage),
    "rate": (Rate, (), _rate),
    "member": (Member, (), _member),
    "field": (CustomField, (), _field),
    "label": (Label, (), _label),
    "company": (Company, (selectinload(Company.formers),), _company),
    "contact": (Contact, (selectinload(Contact.formers),), _contact),
    "product": (Product, (), _product),
    "deal": (Deal, _about(Deal), _deal),
    "order": (Order, _about(Order), _order),
    "contract": (Contract, _about(Contract), _contract),
    "activity": (Activity, _about(Activity), _activity),
    "task": (Task, _about(Task), _task),
    "ticket": (Ticket, _about(Ticket), _ticket),
    "rating": (Rating, _about(Rating), _rating),
    "referral": (
        Referral,
        (*_about(Referral), joinedload(Referral.by_contact), joinedload(Referral.by_company)),
        _referral,
    ),
    "goal": (Goal, (), _goal),
    "week": (WorkWeek, (), _week),
    "score_rule": (ScoreRule, (), _score_rule),
    "lead_rule": (LeadRule, (), _lead_rule),
    "segment": (Segment, (), _segment),
    "template": (MessageTemplate, (), _template),
    "campaign": (Campaign, (), _campaign),
    "sequence": (Sequence, (), _sequence),
    "sequence_run": (
        SequenceRun,
        (joinedload(SequenceRun.contact), joinedload(SequenceRun.sequence)),
        _sequence_run,
    ),
    "message": (Message, (joinedload(Message.contact),), _message),
    "feedback": (Feedback, (), _feedback),
}
"""What is exported, in this order."""
