"""All chapters, bound into the Book."""

from __future__ import annotations

from functools import cache

from handlers import (
    activities,
    capture,
    conflicts,
    contacts,
    deals,
    duplicates,
    edit,
    exporting,
    field_values,
    fields,
    figures,
    forwarded,
    guide,
    importing,
    learning,
    merging,
    nudges,
    privately,
    reports,
    settings,
    stages,
    stats,
    tasks,
    team,
    tidy,
    unclear,
    undo,
    why,
)
from handlers.book import Book, Chapter


@cache
def the_book() -> Book:
    """The Book of all commands, in the order of the menu."""
    return Book(
        (
            tasks.chapter,
            stats.chapter,
            figures.chapter,
            reports.chapter,
            deals.chapter,
            stages.chapter,
            contacts.chapter,
            exporting.chapter,
            merging.chapter,
            duplicates.chapter,
            tidy.chapter,
            nudges.chapter,
            privately.chapter,
            importing.chapter,
            capture.chapter,
            forwarded.chapter,
            fields.chapter,
            field_values.chapter,
            activities.chapter,
            undo.chapter,
            guide.chapter,
            settings.chapter,
            team.chapter,
            edit.chapter,
            conflicts.chapter,
            unclear.chapter,
            learning.chapter,
            why.chapter,
            Chapter("handlers.digest"),
            Chapter("handlers.described"),
            Chapter("handlers.common"),
        )
    )
