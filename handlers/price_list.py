"""Which product of the price list is meant: by its name, a word of it, a slip, the other script."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from handlers.turn import Ask, Choice, Sorry, Turn
from language.folding import fold, letters
from language.own_names import named
from storage.models import Product

MANY = 5
"""Products offered as buttons."""

LOOKED_THROUGH = 5000
"""Products at most that are looked through for a name that none has exactly."""

LEAST = 3
"""Letters of a word that may stand for the product that alone has it."""


def products_called(turn: Turn, said: str) -> list[Product]:
    """Those that may be meant, on sale or no longer: of that very name or code; else the only ones
    nearly of that name, or with such a word in it."""
    here = select(Product).where(Product.workspace_id == turn.workspace.id)
    exact = here.where((Product.name_key == fold(said)[:200]) | (Product.code == said))
    found = list(turn.session.scalars(exact.order_by(Product.active.desc(), Product.id)))
    if found:
        return [found[0]] if len({row.name_key for row in found}) == 1 else found
    rows = turn.meanwhile(
        ("products", turn.workspace.id),
        lambda: list(
            turn.session.scalars(
                here.where(Product.active).order_by(Product.id.desc()).limit(LOOKED_THROUGH)
            )
        ),
    )
    return _alike(rows, said)


def _alike(rows: list[Product], said: str) -> list[Product]:
    joined = [row for row in rows if letters(row.name) == letters(said)]
    if joined:
        return joined
    by_id = {str(row.id): row for row in rows}
    whole = named(said, {number: row.name for number, row in by_id.items()})
    if whole:
        return [by_id[whole]]
    wanted = fold(said).split()
    worded = [row for row in rows if set(wanted) <= set(row.name_key.split())]
    if worded or len(wanted) != 1 or len(wanted[0]) < LEAST:
        return worded
    with_word = defaultdict(list)
    for row in rows:
        for word in set(row.name_key.split()):
            if len(word) >= LEAST:
                with_word[word].append(row)
    singular = [row for word in _forms(wanted[0]) for row in with_word.get(word, ())]
    if singular:
        return list(dict.fromkeys(singular))
    begun = [word for word in with_word if word.startswith(wanted[0])]
    if begun:
        return list(dict.fromkeys(row for word in begun for row in with_word[word]))
    near = named(said, {word: word for word in with_word})
    return with_word[near] if near else []


def _forms(word: str) -> list[str]:
    """A word in English as one and as several: ``zipper``, ``zippers``."""
    return [word.removesuffix("es"), word.removesuffix("s"), f"{word}s", f"{word}es"]


def product_known(turn: Turn, said: str) -> Product | None:
    """The only one on sale that can be meant; None where that is not clear."""
    found = [row for row in products_called(turn, said) if row.active]
    return found[0] if len(found) == 1 else None


def product_meant(turn: Turn, said: Any) -> Product:
    """The product that was said. Asks where several fit; Sorry where none does."""
    if isinstance(said, int):
        return turn.record(Product, said)
    found = products_called(turn, str(said))
    if len(found) == 1:
        return found[0]
    if found:
        found.sort(key=lambda row: row.name_key)
        choices = tuple(Choice(row.name, {"product": row.id}) for row in found[:MANY])
        raise Ask("ask_which", "product", choices=choices, name=str(said))
    buttons = (
        turn.button("add_button", "product.add", product=said, label_values={"name": said}),
        turn.button("price_list_button", "product.list"),
    )
    raise Sorry("no_product", buttons, name=str(said))
