"""Campaigns: looked at before they go, confirmed once, paused and stopped; and their results."""

from __future__ import annotations

from handlers.audience import people
from handlers.book import Chapter
from handlers.campaign_told import left_out_lines, progress, shown_results
from handlers.consent import said
from handlers.messages import open_
from handlers.reply import Button, Call, Items, Line, Part, Reply, Title
from handlers.segment_reading import read
from handlers.segment_understood import not_understood
from handlers.segment_words import described
from handlers.templates import needed
from handlers.turn import Sorry, Turn
from language.folding import fold
from language.voice import one_line
from rules.likeness import names_alike
from rules.segments import parse
from rules.touches import BY_HAND, CHANNELS
from storage import queries
from storage.campaign_results import results
from storage.campaigns import (
    Split,
    campaigns_of,
    customer_key,
    drop_all,
    go_on,
    is_over,
    plan_all,
    split,
)
from storage.campaigns_kept import HELD, Campaign
from storage.filled import written
from storage.messages import Message
from storage.models import Member, MessageTemplate
from storage.types import new_id

chapter = Chapter(__name__)

SHOWN = 10
"""Campaigns in one answer."""

NEAR = 0.7
"""From this likeness on, the campaign that is most like a name is what was meant by it."""

MOST_HELD = 50

LONGEST_COUNTED = 366
"""Days within which what is bought may be counted."""


@chapter.command("campaign.plan", role="manager")
def plan(
    turn: Turn,
    name: str,
    told: str,
    query: str | None = None,
    channels: list[str] | None = None,
    held: int | None = None,
) -> Reply:
    """A campaign as it would go: for three real customers, with who gets nothing and why. It goes
    only when it is confirmed."""
    template = needed(turn, name)
    if query is None:
        raise _unknown(turn, told)
    ways = [each for each in channels or CHANNELS if each in CHANNELS]
    row = Campaign(
        workspace_id=turn.workspace.id, id=new_id(), name=_free_name(turn, template.name),
        name_key="", template_id=template.id, audience=query, told=one_line(told, 300),
        ways=",".join(ways), held=HELD if held is None else held, within=14, state="draft",
        by_id=turn.member.id, created_at=turn.now,
    )  # fmt: skip
    row.name_key = fold(row.name)
    turn.session.add(row)
    turn.session.flush()
    return _looked_at(turn, row, template)


def _unknown(turn: Turn, told: str) -> Sorry:
    """What of a description was not understood; nobody gets anything."""
    found = read(turn, told)
    if found.node is not None and (found.unknown or found.missing):
        return not_understood(turn, found, told)
    return Sorry("audience_unknown", said=told)


def _free_name(turn: Turn, name: str) -> str:
    """``Eid offer``, and the next time ``Eid offer 2``."""
    taken = {row.name_key for row in campaigns_of(turn.session, turn.workspace.id, 500)}
    names = (name if n == 1 else f"{name} {n}" for n in range(1, len(taken) + 2))
    return next(each for each in names if fold(each) not in taken)[:100]


def _draw(turn: Turn, row: Campaign) -> Split:
    chosen = people(turn, row.audience, row.by_id)
    if chosen is None:
        raise Sorry("audience_unknown", said=row.told)
    return split(
        turn.session, turn.workspace.id, chosen, row.channels, campaign=row.id, held=row.held
    )


def _looked_at(turn: Turn, row: Campaign, template: MessageTemplate) -> Reply:
    drawn = _draw(turn, row)
    if not drawn.total:
        raise Sorry("audience_empty", said=_audience(turn, row))
    parts: list[Part] = [
        Title(turn.say("campaign_title", name=row.name, audience=row.told)),
        Line(_audience(turn, row), quiet=True),
        Line(turn.say("campaign_counts", n=len(drawn.reached))),
    ]
    if drawn.held:
        line = turn.say("campaign_held", n=len(drawn.held), share=f"{row.held}%")
        parts.append(Line(line))
    elif row.held and drawn.reached:
        few = len({customer_key(contact) for contact in drawn.reached}) == 1
        key = "campaign_held_of_one" if few else "campaign_held_by_lot"
        parts.append(Line(turn.say(key, share=f"{row.held}%"), quiet=True))
    parts += [*left_out_lines(turn, drawn.left_out), *_not_set_up(turn, drawn)]
    by = queries.get(turn.session, Member, turn.workspace.id, row.by_id)
    for contact, channel in drawn.examples:
        words = written(turn.session, template, contact, by, turn.workspace.language)
        key = "campaign_example" if words and not words.gaps else "campaign_example_gap"
        gap = f"{{{words.gaps[0]}}}" if words and words.gaps else ""
        parts.append(
            Line(turn.say(key, name=contact.name, way=said(turn, channel), gap=gap), quiet=True)
        )
        if words and not words.gaps:
            parts.append(Line(turn.voice.apart(words.text)))
    return Reply(tuple(parts), _choices(turn, row, drawn))


def _audience(turn: Turn, row: Campaign) -> str:
    """Whom it goes to, as it was understood."""
    return turn.voice.told(described(turn, parse(row.audience)))


def _not_set_up(turn: Turn, drawn: Split) -> list[Part]:
    """How many wait for a channel that nobody has set up here."""
    return [
        Line(turn.say("campaign_not_set_up", way=said(turn, channel), n=count))
        for channel, count in drawn.by_channel.items()
        if channel not in BY_HAND | turn.channels
    ]


def _choices(turn: Turn, row: Campaign, drawn: Split) -> tuple[Button, ...]:
    """Where the lot has left nobody, it can still go to those who were held out."""
    other = 0 if row.held else HELD
    hold = turn.button(
        "campaign_hold_button" if other else "campaign_hold_none_button", "campaign.hold",
        label_values={"share": f"{other}%"}, campaign=row.id, n=other,
    )  # fmt: skip
    drop = turn.button("campaign_drop_button", "campaign.drop", campaign=row.id)
    if not drawn.reached:
        return (hold, drop) if drawn.held else (drop,)
    send = turn.button(
        "campaign_send_button", "campaign.start", "primary",
        label_values={"n": len(drawn.reached)}, campaign=row.id,
    )  # fmt: skip
    return (send, hold, drop)


@chapter.command("campaign.hold", role="manager")
def hold(turn: Turn, n: int | None = None, campaign: int | None = None) -> Reply:
    """How many of a hundred are held out of the campaign that is looked at, to be compared with."""
    share = n or 0
    row = turn.record(Campaign, campaign) if campaign else _last_draft(turn)
    if row.state != "draft":
        raise Sorry("campaign_begun", name=row.name)
    if not 0 <= share <= MOST_HELD:
        raise Sorry("no_such_share", n=MOST_HELD)
    row.held = share
    turn.session.flush()
    return _looked_at(turn, row, turn.record(MessageTemplate, row.template_id))


def _last_draft(turn: Turn) -> Campaign:
    rows = turn.session.query(Campaign).filter(
        Campaign.workspace_id == turn.workspace.id, Campaign.state == "draft",
        Campaign.by_id == turn.member.id,
    )  # fmt: skip
    row = rows.order_by(Campaign.id.desc()).first()
    if row is None:
        raise Sorry("no_campaign_looked_at")
    return row


@chapter.command("campaign.drop", role="manager")
def drop(turn: Turn, campaign: int) -> Reply:
    """It does not go."""
    row = turn.record(Campaign, campaign)
    if row.state != "draft":
        raise Sorry("campaign_begun", name=row.name)
    row.state = "stopped"
    turn.session.delete(row)
    turn.session.flush()
    return Reply((Title(turn.say("campaign_dropped", name=row.name)),), (turn.undo(),))


@chapter.command("campaign.start", role="manager")
def start(turn: Turn, campaign: int) -> Reply:
    """It goes, to whoever is in the audience now; each message is checked again as it leaves."""
    row = turn.record(Campaign, campaign)
    if row.state != "draft":
        raise Sorry("campaign_begun", (_results_button(turn, row),), name=row.name)
    drawn = _draw(turn, row)
    if not drawn.reached:
        raise Sorry("audience_empty", said=_audience(turn, row))
    row.name = _free_name(turn, row.name)
    row.name_key, row.state, row.started_at = fold(row.name), "running", turn.now
    row.left_out = dict(drawn.left_out)
    turn.session.flush()
    plan_all(turn.session, row, drawn, turn.now)
    parts: list[Part] = [
        Title(turn.say("campaign_goes", name=row.name, n=len(drawn.reached))),
        *_not_set_up(turn, drawn),
        Line(turn.say("campaign_goes_how"), quiet=True),
    ]
    return Reply(tuple(parts), (_results_button(turn, row), *_ways(turn, row)))


def _results_button(turn: Turn, row: Campaign) -> Button:
    return turn.button("campaign_results_button", "campaign.show", campaign=row.id)


def _ways(turn: Turn, row: Campaign) -> tuple[Button, ...]:
    """What can be done with one that was begun."""
    if row.state == "running":
        first = turn.button("campaign_pause_button", "campaign.pause", campaign=row.id)
    elif row.state == "paused":
        first = turn.button("campaign_resume_button", "campaign.resume", campaign=row.id)
    else:
        return ()
    return (first, turn.button("campaign_stop_button", "campaign.stop", campaign=row.id))


def find(turn: Turn, campaign: int | None, name: str | None) -> Campaign:
    """The campaign that is meant: the latest of that name, or the latest of all."""
    if campaign:
        return turn.record(Campaign, campaign)
    rows = campaigns_of(turn.session, turn.workspace.id, 200)
    if not rows:
        raise Sorry("no_campaigns_yet")
    if not name:
        return rows[0]
    key = fold(one_line(name))
    fits = [row for row in rows if row.name_key == key] or [
        row for row in rows if row.name_key.startswith(key) or key in row.name_key
    ]
    if not fits:  # in the other script, or with a slip in it
        like = {row.id: names_alike(key.split(), row.name_key.split()) for row in rows}
        best = max(like.values())
        fits = [row for row in rows if like[row.id] == best >= NEAR]
    if not fits:
        near = tuple(
            Button(row.name, Call("campaign.show", {"campaign": row.id})) for row in rows[:3]
        )
        raise Sorry("no_such_campaign", near, name=name)
    return fits[0]


@chapter.command("campaign.pause", role="manager")
def pause(turn: Turn, campaign: int | None = None, name: str | None = None) -> Reply:
    """Nothing of it goes until it goes on."""
    row = find(turn, campaign, name)
    if row.state != "running":
        raise Sorry("campaign_not_running", (_results_button(turn, row),), name=row.name)
    row.state = "paused"
    turn.session.flush()
    return _changed(turn, row, "campaign_paused")


@chapter.command("campaign.resume", role="manager")
def resume(turn: Turn, campaign: int | None = None, name: str | None = None) -> Reply:
    """It goes on: nobody was lost, and nobody gets it twice."""
    row = find(turn, campaign, name)
    if row.state != "paused":
        raise Sorry("campaign_not_paused", (_results_button(turn, row),), name=row.name)
    row.state = "running"
    turn.session.flush()
    go_on(turn.session, row, turn.now)
    return _changed(turn, row, "campaign_resumed")


@chapter.command("campaign.stop", role="manager")
def stop(turn: Turn, campaign: int | None = None, name: str | None = None) -> Reply:
    """What did not go yet does not go any more."""
    row = find(turn, campaign, name)
    if row.state not in ("running", "paused"):
        raise Sorry("campaign_not_running", (_results_button(turn, row),), name=row.name)
    row.state, row.ended_at = "stopped", turn.now
    turn.session.flush()
    drop_all(turn.session, row)
    return _changed(turn, row, "campaign_stopped")


def _changed(turn: Turn, row: Campaign, key: str) -> Reply:
    found = results(turn.session, row, turn.now)
    parts = (Title(turn.say(key, name=row.name)), *progress(turn, found))
    return Reply(parts, (*_ways(turn, row), _results_button(turn, row)))


@chapter.command("campaign.show")
def show(
    turn: Turn, campaign: int | None = None, name: str | None = None, within: int | None = None
) -> Reply:
    """What became of a campaign: how many got it, answered and bought, against those held out."""
    if within is not None and not 1 <= within <= LONGEST_COUNTED:
        raise Sorry("no_such_span", n=LONGEST_COUNTED)
    row = find(turn, campaign, name)
    found = results(turn.session, row, turn.now, within)
    over = row.state == "running" and is_over(turn.session, row)
    by_hand = turn.button("by_hand_button", "message.next", source=row.source)
    buttons = (*(() if over else _ways(turn, row)), turn.button("how_button", "stats.how",
               measure="campaign"))  # fmt: skip
    if _ready(turn, row.source) is not None:
        buttons = (by_hand, *buttons)
    return Reply(shown_results(turn, row, found, over=over), buttons)


@chapter.command("campaign.list")
def list_(turn: Turn) -> Reply:
    """The latest campaigns."""
    rows = campaigns_of(turn.session, turn.workspace.id, SHOWN)
    if not rows:
        raise Sorry("no_campaigns_yet")
    lines = tuple(
        turn.voice.told(
            f"{turn.voice.apart(row.name)}: "
            + turn.voice.beside(
                turn.piece(f"campaign_is_{row.state}"),
                turn.voice.full_day(turn.local_day(row.started_at or row.created_at)),
                row.told,
            )
        )
        for row in rows
    )
    buttons = tuple(
        Button(row.name, Call("campaign.show", {"campaign": row.id})) for row in rows[:3]
    )
    return Reply((Title(turn.say("campaigns_title")), Items(lines)), buttons)


# --- what is sent by hand -------------------------------------------------------------------------


@chapter.command("message.next")
def next_(turn: Turn, source: str) -> Reply:
    """The next message of a campaign that the member is to send by hand."""
    row = _ready(turn, source)
    if row is None:
        raise Sorry("nothing_by_hand")
    shown = open_(turn, row.id)
    more = turn.button("next_button", "message.next", source=source)
    return Reply(shown.parts, (*shown.buttons, more))


def _ready(turn: Turn, source: str) -> Message | None:
    rows = turn.session.query(Message).filter(
        Message.workspace_id == turn.workspace.id, Message.source == source,
        Message.state == "ready", Message.by_id == turn.member.id,
    )  # fmt: skip
    return rows.order_by(Message.id).first()
