"""A tag said last is no part of a name: "tag kashif wholesale"."""

from __future__ import annotations

from dataclasses import replace

from language.sheet import Mark, Sheet


def tag_last(sheet: Sheet) -> Sheet:
    """The sheet with the last word a tag alone, where a message begins with "tag" and names
    somebody between; a shop that is known or written large ("tag Kashif Wholesale") stays one."""
    last = len(sheet.tokens) - 1
    if last < 2 or not sheet.has(0, "field:tag") or not sheet.has(last, "tag_like"):
        return sheet
    if sheet.tokens[last].capital or sheet.has(last, "org_here", "org_known"):
        return sheet
    senses = {sense for sense in sheet.senses(last) if not sense.startswith("org_")}
    return replace(sheet, marks={**sheet.marks, last: Mark(last, last + 1, frozenset(senses))})
