"""Where a message falls into clauses: at signs, at joints, and where something new is told."""

from __future__ import annotations

from collections.abc import Iterator

from language.sheet import Sheet
from language.spotting import Scene

_HARD = {".", "!", "?", ";", "…", "|"}
_SOFT = {",", "-", "--", "+", "/", "(", ")", ">", "*", "•"}
_TELLING = ("past", "sent", "win", "lose", "finish", "ordered", "is", "was", "polite_end")
_NEAR = 12  # tokens to look at for the verb of what follows


def stretches(scene: Scene) -> Iterator[tuple[int, int, bool]]:
    """The clauses as tokens `i` up to `j`, and whether a sentence or line begins with each; signs
    and joints between them belong to none."""
    start, hard = 0, True
    tokens = scene.sheet.tokens
    for at in range(len(tokens) + 1):
        kind = "hard" if at == len(tokens) else _breaks(scene, at)
        line = (
            0 < at < len(tokens) and "\n" in scene.sheet.text[tokens[at - 1].end : tokens[at].start]
        )
        if kind is None and not line and not (at > start and _turns(scene, start, at)):
            continue
        if at > start:
            yield start, at, hard
            hard = False
        hard = hard or kind == "hard" or line
        start = at + (0 if kind is None else scene.sheet.size(at) if at < len(tokens) else 1)


def _breaks(scene: Scene, at: int) -> str | None:
    """Whether a clause ends at this token: "hard", "soft", or not at all."""
    sheet = scene.sheet
    token = sheet.tokens[at]
    if scene.inside(at) is not None:
        return None
    if token.kind == "word":
        return "soft" if _is_joint(scene, at) else None
    mark = sheet.covered[at]
    if token.kind != "mark" or (mark and mark.j - mark.i > 1):
        return None
    if sheet.has(at, "to"):  # an arrow
        return None
    if token.key == "." and sheet.glued(at) and sheet.glued(at + 1):
        return None
    if token.key == "." and _loose(sheet, at):
        return "soft"
    if token.key in _HARD or not token.key.isascii():
        return "hard"
    if token.key == "-" and sheet.glued(at) and sheet.glued(at + 1):
        return None
    return "soft" if token.key in _SOFT or sheet.has(at, "and") else None


def _loose(sheet: Sheet, at: int) -> bool:
    """Whether a full stop stands alone between spaces, as a dash does: "آرڈر ۔ 90 میٹر"."""
    token = sheet.tokens[at]
    return token.text != "." and at + 1 < len(sheet.tokens) and not sheet.glued(at)


def _is_joint(scene: Scene, at: int) -> bool:
    """A joining word between clauses ("aur", "phir", "lekin")."""
    sheet, before = scene.sheet, scene.inside(at - 1)
    if at not in sheet.marks or not sheet.has(at, "and", "then", "but"):
        return False
    if before is None and sheet.has(at - 1, "date_glue"):
        before = scene.inside(at - 2)
    if sheet.has(at, "then") and not sheet.verb_first and before and before.kind == "when":
        return False  # "4 ہفتے بعد پھر کال کرنی ہے", "جمعے کو پھر جانا ہے": once more
    return not sheet.has(at, "given", "what_else", "question")


def _turns(scene: Scene, start: int, at: int) -> bool:
    """Whether what is told ends before this token and somebody else's words or a dated thing to
    do follow, as where the verb stands last: "proposal bhej di hai | 2 din baad puchna hai",
    "بات ہو گئی | وہ کل چیک دے گا"."""
    sheet, item = scene.sheet, scene.inside(at)
    if not sheet.verb_first and at in sheet.marks and sheet.has(at, "they"):
        return any(_past(sheet, each) for each in range(max(start, at - _NEAR), at))
    if _anew(sheet, start, at):
        return True
    if sheet.verb_first or item is None or item.kind != "when" or item.i != at:
        return False
    if not sheet.has(at - 1, *_TELLING) and not _past(sheet, at - 1):
        return False
    if any(sheet.has(each, "todo") for each in range(max(start, at - _NEAR), at)):
        return False
    for later in range(item.j, min(item.j + _NEAR, len(sheet.tokens))):
        if _breaks(scene, later):
            return False
        if sheet.has(later, "todo"):
            return True
    return False


def _anew(sheet: Sheet, start: int, at: int) -> bool:
    """Whether something new is to be kept after what was told: "وزٹ کیا تھا | نئی ڈیل لکھ لو",
    "Jibran se mila | deal negotiation me le jao"."""
    if sheet.verb_first:
        return False
    if sheet.has(at, "deal") and _past(sheet, at - 1):
        near = range(at + 1, min(at + _NEAR, len(sheet.tokens)))
        return any(sheet.has(each, "put", "add") for each in near)
    if not sheet.has(at, "fresh"):
        return False
    told = at - 1 if not sheet.has(at - 1, "is", "was") else at - 2
    if not any(_past(sheet, each) for each in (at - 1, told) if each > start):
        return False
    return any(sheet.has(each, "deal", "customer", "order") for each in (at, at + 1))


def _past(sheet: Sheet, at: int) -> bool:
    return any(sense.endswith("_past") for sense in sheet.senses(at))
