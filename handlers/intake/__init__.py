"""Many records at once: an address book, an export of another CRM, one of our own.

They come as records of the kinds of ``rabta export`` (see ``storage.export``), a few thousand at a
time. ``known`` finds who is here already, ``people`` and ``work`` write what is new and fill in
what was missing, ``brought`` keeps what came, so that it can be taken back as one. All of it is one
transaction: it comes whole or not at all.
"""

from handlers.intake.intake import Intake
from handlers.intake.report import Refused, Report

__all__ = ["Intake", "Refused", "Report"]
