"""Whom an action is about: the contact and the company among the names of its clauses."""

from __future__ import annotations

from language.groups import Group, items_of
from language.spotting import Item, Scene

_UNSURE = 2  # an unknown word with "of" after it, which beside "them" is a thing of theirs


def who_of(scene: Scene, found: Group) -> dict[str, Item]:
    """The contact and the company of a group, as items."""
    people = _named(scene, found, "person")
    orgs = _named(scene, found, "org")
    if found.intent == "contact.add":  # "through Google" says how they came
        orgs = [item for item in orgs if not scene.sheet.has(item.i, "source_word")]
    people, moved = _sort_out(scene, found, people, bool(orgs))
    orgs = orgs + moved
    chosen: dict[str, Item] = {}
    person = _best(people)
    if person:
        chosen["contact"] = person
    if orgs:
        # "left Jazz and joined Telenor": where they are now is said last
        chosen["company"] = orgs[-1 if found.intent == "contact.update" else 0]
    return chosen


def _named(scene: Scene, found: Group, kind: str) -> list[Item]:
    """The names of a group; why a deal was lost may name others, who do not count."""
    items = items_of(scene, found, kind)
    if kind == "person":
        theirs = [c for c in found.clauses if "them" in c.shows]
        items = [
            item
            for item in items
            if item.weight > _UNSURE or not any(c.i <= item.i < c.j for c in theirs)
        ]
    if found.intent != "deal.lose":
        return items
    last = max(clause.j for clause in found.main)
    before = [item for item in items if item.i < last]
    after = [item for item in items if item.i == last + 1 and _refused(scene, found, item)]
    return before or after  # "Deal gone. Sana Khan. Too dear."


def _refused(scene: Scene, found: Group, item: Item) -> bool:
    """Whether a name after a lost deal is the customer's: all that a clause says, or who spoke."""
    clause = next(clause for clause in found.clauses if clause.i <= item.i < clause.j)
    alone = (clause.i, clause.j) == (item.i, item.j)
    return alone or (scene.sheet.has(item.j, "ne") and "says" in clause.shows)


def _sort_out(
    scene: Scene, found: Group, people: list[Item], has_org: bool
) -> tuple[list[Item], list[Item]]:
    """Unknown names at which somebody is ("at Bluefin", "Bluefin mein") are companies."""
    stay: list[Item] = []
    moved: list[Item] = []
    for item in people:
        others = len(people) > 1
        place = not has_org and _is_place(scene, item, found.intent, others)
        (moved if place else stay).append(item)
    return stay, moved


def _is_place(scene: Scene, item: Item, intent: str, others: bool) -> bool:
    sheet = scene.sheet
    theirs = scene.inside(item.j + 1)
    if sheet.has(item.j, "ka") and theirs is not None and theirs.kind == "person":
        known = sheet.has(theirs.i, "given", "rank") or sheet.tokens[theirs.i].capital
        if known and theirs.i == item.j + 1:
            return True  # "Al-Karam ki Hina Aslam": whose she is
    if others and sheet.has(item.j, "ka") and theirs is not None and theirs.kind == "title":
        return True  # "Shoaib Anwer, Beacon Opticals ka owner hai"
    if (
        sheet.has(item.j, "people_of")
        and intent != "contact.find"
        and not all(sheet.has(at, "given", "rank") for at in range(item.i, item.j))
    ):
        return True  # "Descon walon ko", "Dawood Hercules walon se"
    if sheet.key(item.j) == "'s":
        return False
    if any(sheet.has(at, "given", "rank") for at in range(item.i, item.j)):
        return False
    token = sheet.tokens[item.i]
    before, whose = sheet.key(item.i - 1), scene.inside(item.i - 2)
    if before in {"of", "from", "at"} and whose is not None and whose.kind == "person":
        return True  # "Rehan Dar of Crescent Bahuman"
    if token.latin and not token.capital:
        return False
    if before in {"at", "@"} or sheet.has(item.j, "mein"):
        return True
    if intent == "contact.update" and others and sheet.has(item.i - 1, "move"):
        return True  # "Yusra has moved to Bluewave"
    if intent == "contact.find":
        return before in {"at", "from", "in"} or sheet.has(item.j, "mein", "se", "ka")
    return bool(sheet.has(item.i - 1, "visit_past") or (others and before == "from"))


def _best(people: list[Item]) -> Item | None:
    """The surest name; of equals the first."""
    return max(people, key=lambda item: (min(item.weight, 5), -item.i)) if people else None
