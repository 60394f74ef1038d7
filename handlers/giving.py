"""A customer given to somebody of the team: with them go what is open with them, deals and tasks,
and whoever gets them is told."""

from __future__ import annotations

from sqlalchemy import select

from handlers.book import Chapter
from handlers.finding import is_of_the_team
from handlers.given import BY_HAND, Given, tell
from handlers.likely import is_known
from handlers.reply import Call, Fields, Reply, Title
from handlers.turn import Sorry, Turn
from handlers.who import Who
from language.giving import read_giving
from language.sheet import lay_out
from rules.assigning import Rule
from storage import queries
from storage.models import Company, Contact, Deal, Member, Task

chapter = Chapter(__name__)


def giving_wished(turn: Turn, text: str) -> Call | None:
    """The wish to give a customer away who is known; None for any other message."""
    for action, sure in read_giving(lay_out(text)):
        whom, owner = action.slots.get("contact"), str(action.slots["owner"])
        known = whom is None or is_known(turn, str(whom))
        of_team = owner == "me" or is_of_the_team(turn, owner)
        if known and (of_team or (sure and not is_known(turn, owner))):
            return Call(action.intent, dict(action.slots))
    return None


@chapter.command("contact.give")
def give(turn: Turn, who: Who, owner: Member) -> Reply:
    """They are that member's from now on, with the open deals and tasks of whose they were."""
    row = who.contact or who.company
    if row is None:
        raise Sorry("ask_who")
    turn.focus(**who.ids)
    show = turn.button("show_button", "contact.show", **who.slots)
    before = row.owner_id
    if before == owner.id:
        raise Sorry("theirs_already", (show,), name=who.name, owner=owner.name)
    if not turn.disposes_of(before):
        raise Sorry("give_not_yours", (show,), name=who.name)
    people = [row] if isinstance(row, Contact) else _people(turn, row, before)
    firms = [row] if isinstance(row, Company) else []
    ids = [each.id for each in people], [each.id for each in firms]
    here = (turn.session, turn.workspace.id)
    deals = [each for each in queries.deals_of(*here, *ids) if each.owner_id == before]
    tasks = [each for each in queries.open_tasks_of(*here, *ids) if each.owner_id == before]
    theirs: list[Contact | Company | Deal | Task] = [*people, *firms, *deals, *tasks]
    for each in theirs:
        each.owner_id = owner.id
    if owner.id != turn.member.id:
        by_hand = Given(owner, Rule(0, BY_HAND, "", (owner.id,)))
        tell(turn.session, turn.member, by_hand, [row], turn.now, turn.today)
    turn.session.flush()
    mine = owner.id == turn.member.id
    title = turn.say("customer_is_mine" if mine else "customer_given", name=who.name, to=owner.name)
    more = (("field_deals_along", len(deals)), ("field_tasks_along", len(tasks)))
    told = Fields(tuple((turn.say(key), turn.voice.show(n)) for key, n in more if n))
    return Reply((Title(title), *((told,) if told.rows else ())), (turn.undo(), show))


def _people(turn: Turn, firm: Company, owner: int | None) -> list[Contact]:
    """Whoever is at a company and looked after by the same member."""
    here = (Contact.workspace_id == turn.workspace.id, Contact.company_id == firm.id)
    return list(turn.session.scalars(select(Contact).where(*here, Contact.owner_id == owner)))
