"""Scores of leads in chat: who fits best, why somebody has so many points, and the rules of it.

How a score is reckoned stands in docs/numbers.md, under "The score of a lead".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from handlers.assigning import rule_about
from handlers.book import Chapter
from handlers.chances import trial_of
from handlers.own_fields import fields
from handlers.reply import Button, Call, Items, Line, Part, Reply, Title
from handlers.score_words import reason_said, reasons_said, rules_said
from handlers.scoring import new_rule, reasons_of, rule_of, scales, score_these, stands
from handlers.turn import Ask, Choice, Sorry, Turn
from handlers.who import Who, called
from language.folding import fold
from language.sheet import lay_out
from language.voice import one_line
from rules.reach_keys import city_key
from rules.scoring import BASE, DEFAULTS, HIGHEST, LOWEST, MOST, Rule
from storage import queries
from storage.models import Company, Contact, LeadModel, LeadScore, Member, ScoreRule
from storage.privacy import everything
from storage.reach import is_city
from storage.score_facts import known
from storage.scores import BASE as OF_BASE
from storage.scores import mark_swept, rules_of, score_of

chapter = Chapter(__name__)

SHOWN = 10
"""Leads of one answer."""

CLOSE = 3
"""Of so many of them a call and the card are a tap away."""

AT_HAND = 100
"""So many who wait are scored before an answer is given."""

LONGEST = 60
"""Letters of what a rule asks for."""

RULES = 40
"""Rules of one team at most."""


# --- who fits best --------------------------------------------------------------------------------


@chapter.command("leads.best")
def best(
    turn: Turn,
    n: int | None = None,
    city: str | None = None,
    owner: Member | None = None,
    mine: bool | None = None,
) -> Reply:
    """The leads with most points, each with its reasons above all."""
    waiting = brought_up_to_date(turn)
    whose = turn.member if mine else owner
    most = max(1, min(n or SHOWN, SHOWN))
    rows = _best(turn, whose, city, most)
    notes = (Line(turn.say("scores_wait", n=waiting), quiet=True),) if waiting else ()
    if not rows:
        return Reply((Line(turn.say("no_leads")), *notes))
    lines = tuple(_line(turn, row, person) for row, person in rows)
    turn.focus(contact=rows[0][1].id)
    title = Title(_title(turn, len(rows), whose, city))
    ways = [way for _, person in rows[:CLOSE] for way in _ways(turn, person)]
    return Reply((title, Items(lines, numbered=True), *notes), (*ways, _how(turn)))


def _title(turn: Turn, n: int, whose: Member | None, city: str | None) -> str:
    where = one_line(city, LONGEST) if city else None
    if whose is not None and whose.id == turn.member.id:
        return turn.say("best_leads_mine", n=n)
    if whose is not None:
        return turn.say("best_leads_of", n=n, name=whose.name)
    return turn.say("best_leads_in", n=n, city=where) if where else turn.say("best_leads", n=n)


def _best(
    turn: Turn, whose: Member | None, city: str | None, most: int
) -> Sequence[tuple[LeadScore, Contact]]:
    here = (
        select(LeadScore, Contact)
        .join(
            Contact,
            (Contact.workspace_id == LeadScore.workspace_id) & (Contact.id == LeadScore.contact_id),
        )
        .where(LeadScore.workspace_id == turn.workspace.id, LeadScore.score.is_not(None))
        .order_by(LeadScore.score.desc(), LeadScore.contact_id.desc())
        .limit(most)
    )
    if whose is not None:
        here = here.where(LeadScore.owner_id == whose.id)
    if city:
        key = city_key(city)
        there = select(Company.id).where(
            Company.workspace_id == turn.workspace.id, Company.city_key == key
        )
        here = here.where(or_(Contact.city_key == key, Contact.company_id.in_(there)))
    return [(row, person) for row, person in turn.session.execute(here)]


def _line(turn: Turn, row: LeadScore, person: Contact) -> str:
    """``Ali Khan @ Gul Ahmed: 80 (asked for a price +15, Lahore +10)``, and whose where not the
    reader's."""
    apart = turn.voice.apart
    told = f"{apart(person.full_name)}: {row.score}"
    if reasons := reasons_said(turn, tuple(reasons_of(row))):
        told += f" ({apart(reasons)})"
    if person.owner_id not in (None, turn.member.id):
        owner = queries.get(turn.session, Member, turn.workspace.id, person.owner_id)
        told += f" {apart('@' + owner.name)}" if owner else ""
    return turn.voice.told(told)


def _ways(turn: Turn, person: Contact) -> Iterator[Button]:
    name = {"name": person.name}
    yield turn.button(
        "called_button", "activity.log", label_values=name, kind="call", contact=person.id
    )
    yield turn.button("open_lead_button", "contact.show", label_values=name, contact=person.id)


def brought_up_to_date(turn: Turn) -> int:
    """Score those who are due, up to so many; how many wait yet. A turn that keeps nothing (it
    has no number) only counts them."""
    due = (LeadScore.workspace_id == turn.workspace.id, LeadScore.next_check_at <= turn.now)
    with everything(turn.session):
        if turn.id:
            mark_swept(turn.session, turn.workspace.id)
        some = select(LeadScore.contact_id).where(*due).order_by(LeadScore.next_check_at)
        ids = turn.session.scalars(some.limit(AT_HAND)).all()
        if ids and turn.id:
            score_these(turn.session, turn.workspace, ids, turn.now)
        if len(ids) < (AT_HAND if turn.id else 1):
            return 0
        return turn.session.scalar(select(func.count()).select_from(LeadScore).where(*due)) or 0


# --- why somebody has so many points --------------------------------------------------------------


@chapter.command("score.why")
def why(turn: Turn, who: Who, points: int | None = None) -> Reply:
    """The score of somebody, and all that makes it up; of a company, those of its people."""
    turn.focus(**who.ids)
    if who.contact is None:
        return _of_company(turn, who.company)
    person = who.contact
    row = fresh(turn, person.id)
    parts: tuple[Part, ...]
    if row is None or row.score is None:
        line = Line(turn.say(f"no_lead_{_is_what(turn, person.id)}", name=person.name))
        return Reply((line,), tuple(_ways(turn, person))[1:])
    told = tuple(_explained(turn, row))
    parts = (Title(turn.say("score_is", name=person.full_name, score=row.score)), Items(told))
    notes = tuple(_notes(turn, row, points))
    rules = turn.button("score_rules_button", "score.rules")
    return Reply((*parts, *notes), (*_ways(turn, person), rules, _how(turn)))


def _explained(turn: Turn, row: LeadScore) -> Iterator[str]:
    yield turn.say("score_begins", points=scales(turn.session, turn.workspace).base)
    for reason in reasons_of(row):
        yield reason_said(turn, reason)


def _notes(turn: Turn, row: LeadScore, points: int | None) -> Iterator[Line]:
    if points is not None and points != row.score:
        yield Line(turn.say("score_not_so", score=row.score, said=points), quiet=True)
    if row.probability is not None:
        yield Line(_chance(turn, row.probability), quiet=True)
    total = scales(turn.session, turn.workspace).base
    total += sum(reason.points for reason in reasons_of(row))
    if total != row.score:
        yield Line(turn.say("score_clamped", total=total), quiet=True)


def _chance(turn: Turn, probability: float) -> str:
    """Beside the base rate, without which it says little."""
    taught = scales(turn.session, turn.workspace).taught
    rate = f"{taught.chances.rate:.0%}" if taught else "—"
    return turn.say("score_chance", chance=f"{probability:.0%}", rate=rate)


def _of_company(turn: Turn, company: Company | None) -> Reply:
    """Its people: a company has no score of its own."""
    here = select(Contact.id).where(
        Contact.workspace_id == turn.workspace.id,
        Contact.company_id == (company.id if company else 0),
    )
    ids = turn.session.scalars(here.order_by(Contact.id).limit(AT_HAND)).all()
    if turn.id and ids:
        with everything(turn.session):
            score_these(turn.session, turn.workspace, ids, turn.now)
    scored = (
        select(LeadScore, Contact)
        .join(
            Contact,
            (Contact.workspace_id == LeadScore.workspace_id) & (Contact.id == LeadScore.contact_id),
        )
        .where(LeadScore.workspace_id == turn.workspace.id, LeadScore.contact_id.in_(ids))
        .where(LeadScore.score.is_not(None))
        .order_by(LeadScore.score.desc(), LeadScore.contact_id.desc())
        .limit(SHOWN)
    )
    rows = [(row, person) for row, person in turn.session.execute(scored)]
    name = company.name if company else "—"
    if not rows:
        raise Sorry("no_lead_there", name=name)
    lines = tuple(_line(turn, row, person) for row, person in rows)
    title = Title(turn.say("best_leads_at", n=len(rows), name=name))
    return Reply((title, Items(lines, numbered=True)), (*_ways(turn, rows[0][1]), _how(turn)))


def fresh(turn: Turn, contact_id: int) -> LeadScore | None:
    """Of somebody as of now; a turn that keeps nothing sees what was reckoned last."""
    if turn.id:
        with everything(turn.session):
            score_these(turn.session, turn.workspace, [contact_id], turn.now)
    return score_of(turn.session, turn.workspace.id, contact_id)


def _is_what(turn: Turn, contact_id: int) -> str:
    with everything(turn.session):
        found = known(turn.session, turn.workspace.id, [contact_id], turn.now)
    return stands(found[0]) if found else "lead"


def score_line(turn: Turn, person: Contact) -> str | None:
    """For the card of somebody: ``65: asked for a price +15, met +15``."""
    row = score_of(turn.session, turn.workspace.id, person.id)
    if row is not None and row.next_check_at is not None and row.next_check_at <= turn.now:
        row = fresh(turn, person.id)
    if row is None or row.score is None:
        return None
    reasons = reasons_said(turn, tuple(reasons_of(row)))
    told = f"{row.score} ({turn.voice.apart(reasons)})" if reasons else str(row.score)
    return turn.voice.told(told)


# --- what makes it up -----------------------------------------------------------------------------


@chapter.command("score.rules")
def rules(turn: Turn) -> Reply:
    """All rules in force, and how to change them."""
    scale = scales(turn.session, turn.workspace)
    lines = (turn.say("score_begins", points=scale.base), *rules_said(turn, scale.rules))
    own = any(rule.own for rule in scale.rules)
    reset = (turn.button("score_reset_button", "score.reset"),) if own else ()
    parts = (Title(turn.say("score_rules_title")), Items(lines), _change(turn))
    return Reply(parts, (*reset, _how(turn)))


def _change(turn: Turn) -> Line:
    return Line(turn.say("score_rules_how"), quiet=True)


@chapter.command("score.meaning")
def meaning(turn: Turn) -> Reply:
    """What the score is."""
    return Reply(
        (Title(turn.say("score_meaning")), Line(turn.say("how_scores")), _learned(turn)),
        (
            turn.button("score_rules_button", "score.rules"),
            turn.button("best_button", "leads.best"),
        ),
    )


def _learned(turn: Turn) -> Line:
    """What the team's own deals taught, and how well that does on deals it has not seen."""
    model = turn.session.get(LeadModel, turn.workspace.id)
    if model is None or not model.learned:
        won, lost = (model.won, model.lost) if model else (0, 0)
        return Line(turn.say("score_too_few", won=won, lost=lost), quiet=True)
    trial = trial_of(model.learned)
    told = {
        "won": model.won, "lost": model.lost, "brier": f"{trial.brier:.3f}",
        "base_brier": f"{trial.base_brier:.3f}", "loss": f"{trial.log_loss:.3f}",
        "base_loss": f"{trial.base_log_loss:.3f}",
        "rate": f"{model.won / max(1, model.won + model.lost):.0%}",
    }  # fmt: skip
    return Line(turn.say("score_taught" if model.used else "score_no_better", **told))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a rule is to ask for; ``field_id`` of the kind ``own``."""

    kind: str
    value: str
    field_id: int = 0

    def rule(self, points: int) -> Rule:
        return new_rule(self.kind, self.value, points, self.field_id)


@chapter.command("score.set", role="manager")
def set_(
    turn: Turn,
    points: int,
    kind: str | None = None,
    value: str | None = None,
    said: str | None = None,
) -> Reply:
    """So many points for something, from now on."""
    if said and kind is None and (person := _somebody(turn, said)):
        return turn.run(turn, [Call("score.why", {"contact": person.id})])
    asked = _asked(turn, kind, value, said)
    points = max(-MOST, min(MOST, points))
    rule = asked.rule(points)
    row = _there(turn, rule)
    before = row.points if row else _usual(rule)
    if row is None and len(rules_of(turn.session, turn.workspace.id)) >= RULES:
        raise Sorry("score_too_many", n=RULES)
    _put(turn, row, rule, asked.field_id)
    key = "score_set" if points else "score_forgotten"
    parts: list[Part] = [Title(turn.say(key, rule=reason_said(turn, rule)))]
    if before not in (None, 0, points):
        parts.append(Line(turn.say("score_was", points=f"{before:+d}"), quiet=True))
    return _changed(turn, parts)


def _changed(turn: Turn, parts: Sequence[Part]) -> Reply:
    anew = Line(turn.say("scores_anew"), quiet=True)
    ways = (turn.undo(), turn.button("score_rules_button", "score.rules"))
    return Reply((*parts, anew), ways)


def _put(turn: Turn, row: ScoreRule | None, rule: Rule, field_id: int) -> None:
    if row is None:
        row = ScoreRule(
            workspace_id=turn.workspace.id, kind=rule.kind, field_id=field_id, value=rule.value,
            key=_key(rule), points=rule.points, by_id=turn.member.id, created_at=turn.now,
        )  # fmt: skip
        turn.session.add(row)
    row.points, row.value = rule.points, rule.value
    turn.session.flush()


def _key(rule: Rule) -> str:
    return rule.name[2][:100]


def _there(turn: Turn, rule: Rule) -> ScoreRule | None:
    kept = rules_of(turn.session, turn.workspace.id)
    return next((row for row in kept if rule_of(row).name == rule.name), None)


def _usual(rule: Rule) -> int | None:
    return next((each.points for each in DEFAULTS if each.name == rule.name), None)


def _somebody(turn: Turn, said: str) -> Contact | None:
    """Somebody of exactly that name: of people one asks for their points, and gives them none."""
    found = [row for row in called(turn, Contact, said) if row.name_key == fold(said)]
    return found[0] if len(found) == 1 else None


def _asked(turn: Turn, kind: str | None, value: str | None, said: str | None) -> _Asked:
    """What a rule asks for; words that may be anything are a city where one is so called, or the
    value of a custom field that was named, else looked for in all that is said of somebody."""
    if kind in ("has", "did", "silent", "amount"):
        return _Asked(kind, str(value))
    words = one_line(str(value or said or ""), LONGEST)
    if not words:
        raise Ask("ask_score_what", "said", kind="text")
    for field in fields(turn):
        rest = fold(words).removeprefix(f"{fold(field.name)} ")
        if kind is None and rest != fold(words) and rest:
            return _Asked("own", words[-len(rest) :], field.id)
    if kind is not None:
        return _Asked(kind, words)
    sheet = lay_out(words)
    key = city_key(words)
    named = all(sheet.has(at, "city") for at in range(len(sheet.tokens)))
    if named or (key and is_city(turn.session, turn.workspace.id, key)):
        return _Asked("city", words)
    return _Asked("word", words)


@chapter.command("score.base", role="manager")
def base(turn: Turn, points: int) -> Reply:
    """Everybody begins with so many points."""
    points = max(LOWEST, min(HIGHEST, points))
    kept = rules_of(turn.session, turn.workspace.id)
    row = next((row for row in kept if row.kind == OF_BASE), None)
    before = row.points if row else BASE
    _put(turn, row, Rule(OF_BASE, "", points), 0)
    parts: list[Part] = [Title(turn.say("score_begins", points=points))]
    if before != points:
        parts.append(Line(turn.say("score_was", points=str(before)), quiet=True))
    return _changed(turn, parts)


@chapter.command("score.forget", role="manager")
def forget(
    turn: Turn, kind: str | None = None, value: str | None = None, said: str | None = None
) -> Reply:
    """A rule holds no more: one of their own is taken out, one of the usual ones switched off. One
    that says whose leads are is meant where the score has none of that."""
    if said and not _held(turn, kind, value, said) and (n := rule_about(turn, said)):
        return turn.run(turn, [Call("assign.remove", {"n": n})])
    rule = _meant(turn, kind, value, said)
    row = _there(turn, rule)
    usual = _usual(rule)
    if row is not None and usual is None:
        turn.session.delete(row)
        turn.session.flush()
    else:
        _put(turn, row, Rule(rule.kind, rule.value, 0, rule.words, rule.key, rule.field), 0)
    return _changed(turn, [Title(turn.say("score_forgotten", rule=reason_said(turn, rule)))])


def _meant(turn: Turn, kind: str | None, value: str | None, said: str | None) -> Rule:
    """The rule in force that is meant. Sorry, with those that there are, where there is none."""
    found = _held(turn, kind, value, said)
    if not found:
        ways = (turn.button("score_rules_button", "score.rules"),)
        raise Sorry("no_such_score_rule", ways, what=one_line(str(said or value), LONGEST))
    if len(found) > 1:
        choices = tuple(
            Choice(reason_said(turn, rule), {"kind": rule.kind, "value": rule.value, "said": None})
            for rule in found[:6]
        )
        raise Ask("which_score_rule", "value", choices=choices)
    return found[0]


def _held(turn: Turn, kind: str | None, value: str | None, said: str | None) -> list[Rule]:
    """The rules in force that are about what was said; else those about the same words."""
    name = _asked(turn, kind, value, said).rule(1).name
    held = scales(turn.session, turn.workspace).rules
    same = [rule for rule in held if rule.name == name]
    return same or [rule for rule in held if name[2] in (rule.name[2], fold(rule.value))]


@chapter.command("score.reset", role="manager")
def reset(turn: Turn) -> Reply:
    """Only the usual rules hold again."""
    kept = rules_of(turn.session, turn.workspace.id)
    if not kept:
        raise Sorry("score_is_usual", (turn.button("score_rules_button", "score.rules"),))
    for row in kept:
        turn.session.delete(row)
    turn.session.flush()
    return _changed(turn, [Title(turn.say("score_reset", n=len(kept)))])


def _how(turn: Turn) -> Button:
    return turn.button("how_button", "stats.how", measure="scores")
