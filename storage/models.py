"""All tables in one place, so that metadata is whole wherever it is needed."""

from __future__ import annotations

from rules.access import ROLES
from storage.assigning import LeadRule, LeadTurn
from storage.base import Base, Recorded, Workspaced
from storage.brought import Brought, SourceRecord
from storage.campaigns_kept import Campaign
from storage.consent import Consent
from storage.contracts import Contract
from storage.customer_chats import CustomerChat
from storage.deal_people import DealContact
from storage.feedback import Feedback
from storage.fields import CustomField, CustomValue
from storage.goals import Goal
from storage.goods import LineItem, Order, Product
from storage.habits import Habit
from storage.handover import Handover
from storage.heads import KnownHead
from storage.journey_kept import Journey, JourneyStay
from storage.labels import Label
from storage.lessons import Lesson
from storage.merged import Apart, Former
from storage.messages import BadAddress, Message
from storage.misses import Miss
from storage.names import CompanyWord, ContactWord, NameNear, NameWord
from storage.news import News
from storage.nudges import NudgeChoice
from storage.outlook import Outlook, OutlookFit
from storage.people import Activity, Company, Contact, ContactPoint, ContactTag
from storage.pipelines import Pipeline
from storage.rates import Rate
from storage.ratings import Rating, Referral
from storage.scores import LeadModel, LeadScore, ScoreRule
from storage.segments_kept import Segment, SegmentSeen, SegmentWatch
from storage.sequences_kept import Sequence, SequenceCall, SequenceRun, SequenceStart
from storage.stages import Stage
from storage.sums import DealSum
from storage.talk import (
    ButtonRow,
    Change,
    Inbox,
    Lease,
    Nudge,
    Outbox,
    Pace,
    Pending,
    Turn,
    Unreachable,
)
from storage.team import Bond, Chat, Identity, Invite, Member, Setting, Workspace
from storage.templates import MessageTemplate
from storage.tickets import Ticket, TicketComment
from storage.waiting_file import WaitingFile
from storage.work import Deal, DealMove, Task
from storage.workdays import WorkWeek

__all__ = [
    "ROLES", "Activity", "Apart", "BadAddress", "Base", "Bond", "Brought", "ButtonRow", "Campaign",
    "Change", "Chat", "Company", "CompanyWord", "Consent", "Contact", "ContactPoint", "ContactTag",
    "ContactWord", "Contract", "CustomField", "CustomValue", "CustomerChat", "Deal", "DealContact",
    "DealMove", "DealSum", "Dealing", "Feedback", "Former", "Goal", "Habit", "Handover", "Identity",
    "Inbox", "Invite", "Journey", "JourneyStay", "KnownHead", "Label", "LeadModel", "LeadRule",
    "LeadScore", "LeadTurn", "Lease", "Lesson", "LineItem", "Member", "Message", "MessageTemplate",
    "Miss", "NameNear", "NameWord", "News", "Nudge", "NudgeChoice", "Order", "Outbox", "Outlook",
    "OutlookFit", "Pace", "Pending", "Pipeline", "Product", "Rate", "Rating", "Recorded",
    "Referral", "ScoreRule", "Segment", "SegmentSeen", "SegmentWatch", "Sequence", "SequenceCall",
    "SequenceRun", "SequenceStart", "Setting", "SourceRecord", "Stage", "Task", "Ticket",
    "TicketComment", "Turn", "Unreachable", "WaitingFile", "WorkWeek", "Workspace", "Workspaced",
]  # fmt: skip

Dealing = Contract | Deal | Order | Activity | Task | Ticket | Rating | Referral
"""What there is with a customer."""
