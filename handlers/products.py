"""The price list, kept in the chat: add, price, rename, retire, show."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import func, select

from handlers.book import Chapter
from handlers.finding import sum_said
from handlers.price_list import product_meant, products_called
from handlers.reply import Button, Fields, Line, Part, Reply, Table, Title
from handlers.turn import Ask, Sorry, Turn
from language.folding import fold, letters
from language.voice import one_line
from rules.money import Money
from storage.models import Product

chapter = Chapter(__name__)

SHOWN = 30
"""Products in one answer; more are counted."""


@chapter.command("product.add")
def add(
    turn: Turn,
    product: str,
    amount: float | None = None,
    currency: str | None = None,
    unit: str | None = None,
    category: str | None = None,
) -> Reply:
    """A product more on the list; one that was retired comes back."""
    name = one_line(str(product), 200)
    if not letters(name):
        raise Sorry("needs_a_value")
    row = next((each for each in products_called(turn, name) if _is_called(each, name)), None)
    if row is not None and row.active:
        if amount is None:
            raise Sorry("product_is_there", (_show(turn, row),), name=row.name)
        return _set(turn, row, amount, currency, unit, category)
    if row is None:
        row = Product(
            workspace_id=turn.workspace.id,
            name=name,
            name_key=fold(name)[:200],
            created_at=turn.now,
        )
        turn.session.add(row)
    row.active = True
    _fill(turn, row, amount, currency, unit, category)
    turn.session.flush()
    title = Title(turn.say("product_added", name=row.name))
    hint = [] if row.price else [Line(turn.say("product_without_price", name=row.name), quiet=True)]
    return Reply((title, *_card(turn, row), *hint), (turn.undo(), turn.edit()))


def _is_called(row: Product, name: str) -> bool:
    return row.name_key == fold(name)[:200] or letters(row.name) == letters(name)


def _fill(
    turn: Turn,
    row: Product,
    amount: float | None,
    currency: str | None,
    unit: str | None,
    category: str | None,
) -> None:
    if amount is not None:
        row.price = sum_said(amount, currency or row.currency or turn.currency)
    row.unit = one_line(unit, 40) if unit else row.unit
    row.category = one_line(category, 100) if category else row.category


def _show(turn: Turn, row: Product) -> Button:
    return turn.button("show_button", "product.show", product=row.id)


def _card(turn: Turn, row: Product) -> list[Part]:
    turn.shows(row)
    rows = [
        ("price", price_said(turn, row.price, row.unit)),
        ("category", row.category),
        ("code", row.code),
    ]
    told = tuple((turn.say(f"field_{name}"), value) for name, value in rows if value)
    return [Fields(told)] if told else []


def price_said(turn: Turn, price: Money | None, unit: str | None) -> str | None:
    """``Rs 850 per metre``; None where there is no price."""
    if price is None:
        return None
    money = turn.voice.exact_money(price)
    return turn.piece("price_per", price=money, unit=unit) if unit else money


@chapter.command("product.set")
def set_(
    turn: Turn,
    product: str,
    amount: float | None = None,
    currency: str | None = None,
    unit: str | None = None,
    category: str | None = None,
) -> Reply:
    """Another price, unit or category. Deals keep the price at which they were written."""
    row = product_meant(turn, product)
    return _set(turn, row, amount, currency, unit, category)


def _set(
    turn: Turn,
    row: Product,
    amount: float | None,
    currency: str | None,
    unit: str | None,
    category: str | None,
) -> Reply:
    before = price_said(turn, row.price, row.unit)
    _fill(turn, row, amount, currency, unit, category)
    row.active = True
    turn.session.flush()
    if amount is None and not unit and not category:
        raise Ask("ask_amount", "amount", kind="amount")
    after = price_said(turn, row.price, row.unit)
    parts: list[Part] = [Title(turn.say("product_changed", name=row.name)), *_card(turn, row)]
    if before and after != before:
        parts.append(Line(turn.say("price_was", before=before), quiet=True))
    return Reply(tuple(parts), (turn.undo(), turn.edit()))


@chapter.command("product.rename")
def rename(turn: Turn, product: str, name: str) -> Reply:
    """Another name; deals and orders keep how it was called then."""
    row = product_meant(turn, product)
    wanted = one_line(name, 200)
    if not letters(wanted):
        raise Sorry("needs_a_value")
    taken = [each for each in products_called(turn, wanted) if _is_called(each, wanted)]
    if any(each is not row for each in taken):
        raise Sorry("product_is_there", (_show(turn, taken[0]),), name=taken[0].name)
    before = row.name
    row.name, row.name_key = wanted, fold(wanted)[:200]
    title = turn.say("product_renamed", before=before, name=wanted)
    return Reply((Title(title), *_card(turn, row)), (turn.undo(),))


@chapter.command("product.remove")
def remove(turn: Turn, product: str) -> Reply:
    """Sold no longer: off the list; what was sold of it stays as it is."""
    row = product_meant(turn, product)
    if not row.active:
        raise Sorry("product_retired", name=row.name)
    row.active = False
    return Reply((Title(turn.say("product_removed", name=row.name)),), (turn.undo(),))


@chapter.command("product.show")
def show(turn: Turn, product: str) -> Reply:
    """What a product costs."""
    row = product_meant(turn, product)
    gone = [] if row.active else [Line(turn.say("product_retired", name=row.name), quiet=True)]
    price = [] if row.price else [Line(turn.say("product_without_price", name=row.name))]
    listing = turn.button("price_list_button", "product.list")
    return Reply((Title(turn.voice.apart(row.name)), *_card(turn, row), *price, *gone), (listing,))


@chapter.command("product.list")
def prices(turn: Turn, category: str | None = None) -> Reply:
    """The price list, by category."""
    on_sale = select(Product).where(Product.workspace_id == turn.workspace.id, Product.active)
    if category:
        wanted = _categories(turn, category)
        if not wanted:
            known = [each for each in _all_categories(turn) if each]
            key = "no_such_category" if known else "no_products_yet"
            raise Sorry(
                key, (turn.button("price_list_button", "product.list"),), name=category, names=known
            )
        on_sale = on_sale.where(Product.category.in_(wanted))
    count = turn.session.scalar(on_sale.with_only_columns(func.count()).order_by(None))
    order = (Product.category.is_(None), Product.category, Product.name_key, Product.id)
    rows = turn.session.scalars(on_sale.order_by(*order).limit(SHOWN)).all()
    if not rows:
        raise Sorry("no_products_yet")
    parts: list[Part] = [Title(turn.say("price_list_title"))]
    for name, some in groupby(rows, key=lambda row: row.category):
        if name and not category:
            parts.append(Line(turn.voice.apart(name)))
        parts.append(_table(turn, list(some)))
    if count and count > len(rows):
        parts.append(Line(turn.say("and_more", n=count - len(rows)), quiet=True))
    return Reply(tuple(parts))


def _table(turn: Turn, rows: list[Product]) -> Table:
    for row in rows:
        turn.shows(row)
    head = (turn.say("head_product"), turn.say("field_price"))
    return Table(
        head,
        tuple(
            (turn.voice.apart(row.name), price_said(turn, row.price, row.unit) or "—")
            for row in rows
        ),
        numeric=(1,),
    )


def _categories(turn: Turn, said: str) -> list[str]:
    """Categories of that name, however they are spelt; of several in one word."""
    wanted = fold(said)
    alike = {wanted, wanted.removesuffix("s"), f"{wanted}s"}
    return [each for each in _all_categories(turn) if each and fold(each) in alike]


def _all_categories(turn: Turn) -> list[str | None]:
    query = select(Product.category).where(
        Product.workspace_id == turn.workspace.id, Product.active
    )
    return list(turn.session.scalars(query.distinct().order_by(Product.category).limit(100)))
