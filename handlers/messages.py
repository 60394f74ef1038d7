"""Messages to one customer, and the rules by which all messages to customers go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import quote

from handlers.activities import write
from handlers.book import Chapter
from handlers.consent import may_agree, person, said
from handlers.reply import Button, Call, Fields, Line, Part, Reply, Title
from handlers.templates import needed, tongue
from handlers.turn import Sorry, Turn
from handlers.who import Who, find_who
from language.voice import RLM
from rules.touches import BY_HAND, CHANNELS, MOST_A_WEEK, QUIET
from storage import queries
from storage.filled import Written, written_to
from storage.messages import Message, plan
from storage.models import Contact
from storage.templates import INSTEAD
from storage.touched import FROM_CUSTOMER, on_the_timeline
from storage.touching import CAP, QUIET_HOURS, Rules, Verdict, judge, quiet_of

chapter = Chapter(__name__)

A_MOMENT = timedelta(seconds=15)
"""For so long a message waits before it goes, and can be taken back."""


@chapter.command("message.send")
def send(
    turn: Turn,
    name: str,
    to: str | None = None,
    channels: list[str] | None = None,
    contact: int | None = None,
) -> Reply:
    """A text to one customer, in their language: what goes by itself goes in a moment, else the
    link is there to be tapped."""
    template = needed(turn, name)
    slots = {"name": template.name, "channels": channels}
    call = Call("message.send", {**slots, "contact": contact or to})
    who = find_who(turn, call) or Who()
    customer = person(turn, who)
    turn.focus(contact=customer.id, company=customer.company_id)
    ways = [each for each in channels or CHANNELS if each in CHANNELS]
    message = plan(
        turn.session, customer, source="hand", occasion=str(turn.id), ways=ways,
        by_id=turn.member.id, now=turn.now, due_at=turn.now + A_MOMENT, template_id=template.id,
    )  # fmt: skip
    verdict = judge(turn.session, message, turn.now)
    words = written_to(turn.session, message, customer, turn.workspace.language)
    if words is None or words.gaps:
        raise Sorry("message_gap", name=customer.name, gap=f"{{{words.gaps[0]}}}" if words else "")
    if verdict.way is None and verdict.again_at is None:
        raise refusal(turn, customer, verdict, ways)
    if verdict.way and verdict.way.channel in BY_HAND:
        message.channel, message.address = verdict.way.channel, verdict.way.address
        message.state, message.due_at = "ready", None
        return open_(turn, message.id)
    if verdict.way and verdict.way.channel not in turn.channels:
        raise Sorry("channel_not_set_up", way=said(turn, verdict.way.channel))
    if verdict.again_at:
        message.due_at = verdict.again_at
        turn.session.flush()
        told = Line(why(turn, verdict))
        return Reply((_title(turn, customer, "message_later"), *_text(turn, words, ()), told),
                     (turn.undo(),))  # fmt: skip
    parts = _text(turn, words, (verdict.way.channel if verdict.way else "",))
    return Reply((_title(turn, customer, "message_goes"), *parts), (turn.undo(),))


def _title(turn: Turn, contact: Contact, key: str) -> Title:
    return Title(turn.say(key, name=contact.name))


def _text(turn: Turn, words: Written, ways: Sequence[str]) -> list[Part]:
    """A message as it arrives; the subject where it is a mail."""
    parts: list[Part] = []
    if "email" in ways:
        parts.append(Line(turn.say("template_subject", subject=words.subject)))
    return [*parts, Line(turn.voice.apart(words.text))]


def refusal(turn: Turn, contact: Contact, verdict: Verdict, ways: Sequence[str]) -> Sorry:
    """Why a customer gets nothing, with what would help."""
    buttons: tuple[Button, ...] = ()
    if verdict.reason in ("no_consent", "opted_out"):
        asked = [each for each in ways if _has_address(contact, each)] or list(ways)
        buttons = may_agree(turn, contact, asked)
    ways_said = [said(turn, each) for each in ways]
    return Sorry(f"not_sent_{verdict.reason}", buttons, name=contact.name, ways=ways_said)


def _has_address(contact: Contact, channel: str) -> bool:
    return bool(contact.emails if channel == "email" else contact.phones)


def why(turn: Turn, verdict: Verdict) -> str:
    """Why it does not go now, and when it does."""
    return turn.say(f"waits_{verdict.reason}", at=verdict.again_at)


# --- what a member sends by hand ------------------------------------------------------------------


@chapter.command("message.open")
def open_(turn: Turn, message: int) -> Reply:
    """The link with the text in it, which the member taps and sends: from here on it counts."""
    row = turn.record(Message, message)
    contact = turn.record(Contact, row.contact_id)
    if row.state not in ("ready", "prepared"):
        raise Sorry("message_over", name=contact.name)
    verdict = judge(turn.session, row, turn.now, letting_go=row.state == "prepared")
    if verdict.way is None:
        if verdict.again_at is None:
            row.drop(verdict.reason)
            turn.session.flush()
        key = f"waits_{verdict.reason}" if verdict.again_at else f"not_sent_{verdict.reason}"
        ways = [said(turn, each) for each in row.channels]
        line = turn.say(key, name=contact.name, at=verdict.again_at, ways=ways)
        return Reply((Line(line),))
    words = written_to(turn.session, row, contact, turn.workspace.language)
    if words is None or words.gaps:
        raise Sorry("message_gap", name=contact.name, gap=f"{{{words.gaps[0]}}}" if words else "")
    row.state, row.channel, row.address = "prepared", verdict.way.channel, verdict.way.address
    row.text, row.subject, row.language = words.text, words.subject[:300], words.language
    row.went_at = turn.now
    turn.session.flush()
    turn.focus(contact=contact.id, company=contact.company_id)
    title = turn.say("message_by_hand", name=contact.name, way=said(turn, verdict.way.channel))
    parts = (Title(title), Line(turn.voice.apart(words.text)), Line(link(row)))
    return Reply(
        parts,
        (
            turn.button("sent_button", "message.sent", "primary", message=row.id),
            turn.button("not_sent_button", "message.not_sent", message=row.id),
        ),
    )


def link(row: Message) -> str:
    """Opens WhatsApp, or the phone's own messages, with number and text in place."""
    text = quote(row.text or "", safe="")
    number = (row.address or "").lstrip("+")
    if row.channel == "whatsapp":
        return f"https://wa.me/{number}?text={text}"
    return f"sms:+{number}?body={text}"


@chapter.command("message.sent")
def sent(turn: Turn, message: int) -> Reply:
    """The member has sent it."""
    row = turn.record(Message, message)
    contact = turn.record(Contact, row.contact_id)
    if row.state != "prepared":
        raise Sorry("message_over", name=contact.name)
    row.state, row.reason = "sent", None
    turn.session.flush()
    on_the_timeline(turn.session, row, turn.now)
    key = "message_was_sent"
    return Reply((Title(turn.say(key, name=contact.name)),), (turn.undo(),))


@chapter.command("message.not_sent")
def not_sent(turn: Turn, message: int) -> Reply:
    """The member has not sent it, and does not."""
    row = turn.record(Message, message)
    contact = turn.record(Contact, row.contact_id)
    if row.state not in ("prepared", "ready"):
        raise Sorry("message_over", name=contact.name)
    row.went_at = None
    row.drop("not_sent")
    turn.session.flush()
    return Reply((Title(turn.say("message_not_sent", name=contact.name)),), (turn.undo(),))


@chapter.command("message.answered")
def answered(turn: Turn, who: Who, text: str | None = None) -> Reply:
    """A customer answered: it stands on their timeline as their own."""
    turn.focus(**who.ids)
    write(turn, who, "message", text, more={"from": FROM_CUSTOMER})
    parts: list[Part] = [Title(turn.say("answer_kept", name=who.name))]
    if text:
        parts.append(Line(turn.voice.apart(text)))
    return Reply(tuple(parts), (turn.undo(), turn.edit()))


# --- the rules ------------------------------------------------------------------------------------


@chapter.command("message.rules")
def rules(turn: Turn) -> Reply:
    """How many messages a customer gets in a week at most, and when none."""
    now = Rules.of(turn.session, turn.workspace.id)
    quiet = (
        turn.say("quiet_span", start=now.quiet.start, end=now.quiet.end)
        if now.quiet
        else turn.say("off")
    )
    rows = (
        (turn.say("field_message_cap"), turn.voice.show(now.most)),
        (turn.say("field_message_quiet"), quiet.strip(RLM)),
    )
    parts = (
        Title(turn.say("message_rules")),
        Fields(rows),
        Line(turn.say("message_rules_how"), quiet=True),
    )
    return Reply(parts)


@chapter.command("message.cap", role="manager")
def cap(turn: Turn, n: int) -> Reply:
    """So many messages a week for each customer, at most."""
    if not 0 <= n <= MOST_A_WEEK:
        raise Sorry("no_such_cap", n=MOST_A_WEEK)
    queries.put_setting(turn.session, turn.workspace.id, CAP, str(n))
    turn.session.flush()
    return Reply((*rules(turn).parts,), (turn.undo(),))


@chapter.command("message.quiet", role="manager")
def quiet(turn: Turn, hours: str) -> Reply:
    """When customers get nothing, by the clock where they are; ``21:00-`` until when it was."""
    if hours.endswith("-"):
        until = Rules.of(turn.session, turn.workspace.id).quiet or QUIET
        hours = f"{hours}{until.end:%H:%M}"
    quiet_of(hours)
    queries.put_setting(turn.session, turn.workspace.id, QUIET_HOURS, hours)
    turn.session.flush()
    return Reply((*rules(turn).parts,), (turn.undo(),))


@chapter.command("contact.language")
def language(turn: Turn, who: Who, lang: str) -> Reply:
    """In which language a customer is written to."""
    contact = person(turn, who)
    if lang not in INSTEAD:
        raise Sorry("no_such_language")
    turn.focus(contact=contact.id, company=contact.company_id)
    contact.language = lang
    turn.session.flush()
    title = turn.say("contact_language_set", name=contact.name, language=tongue(turn, lang))
    return Reply((Title(title),), (turn.undo(),))
