"""A Reply as Slack shows it: blocks of rich text, where no letter of a user's is ever markup.

Rich text has no markup to escape, so nothing that somebody typed can ping a channel or hide an
address. Only the fallback ``text`` is read by Slack's old grammar, and it is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.bidi import tidy
from bot.pictures.words import alike, beside_picture, in_words
from bot.slack_acts import FORM, TAP
from bot.slack_parts import LONGEST_RUN, Block, Piece, cut, pieces_of, plain_text, section, words
from bot.slack_text import escaped
from handlers.reply import Button, Chart, File, Form, Reply

PAGES = 4
"""What does not fit into so many messages is cut, and says so with an ellipsis."""
LONGEST_PAGE = 9000
"""Letters in a message; Slack refuses blocks of together about 13,000."""
LONGEST_FALLBACK, LONGEST_LABEL, LONGEST_ALIKE = 3000, 75, 1000
MOST_BLOCKS, MOST_IN_ROW = 40, 5


@dataclass(frozen=True, slots=True)
class Page:
    """One message. ``text`` is what notifications and screen readers get."""

    text: str
    blocks: tuple[Block, ...]

    @property
    def bare(self) -> Page:
        """Without blocks, for when Slack does not like them."""
        return replace(self, blocks=())


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart to be shown; ``alike`` for who cannot see it, ``words`` where it cannot be shown."""

    chart: Chart
    alike: str
    words: Page
    rtl: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """Messages in order, then pictures and files. The last page carries the buttons."""

    pages: tuple[Page, ...]
    pictures: tuple[Picture, ...] = ()
    files: tuple[File, ...] = ()


def draw(reply: Reply) -> Drawn:
    """The messages that say the reply."""
    reply = tidy(reply)
    pages = _pages_of(beside_picture(reply))
    pictures = tuple(
        _picture(part, rtl=reply.rtl)
        for part in reply.parts
        if isinstance(part, Chart) and part.points
    )
    rows = _rows_of_buttons([*_form_buttons(reply), *reply.buttons])
    files = tuple(part for part in reply.parts if isinstance(part, File))
    if rows:
        last = pages.pop() if pages else _page([Piece("rich", section(words("⋯")), "⋯")])
        pages.append(replace(last, blocks=(*last.blocks, *rows)))
    return Drawn(tuple(pages), pictures, files)


def _pages_of(reply: Reply) -> list[Page]:
    return _pages(piece for part in reply.parts for piece in pieces_of(part, rtl=reply.rtl))


def _picture(chart: Chart, *, rtl: bool) -> Picture:
    told = _pages_of(in_words(Reply((chart,), rtl=rtl)))
    page = told[0] if told else _page([Piece("rich", section(words("—")), "—")])
    return Picture(chart, cut(alike(chart), LONGEST_ALIKE), page, rtl)


def _form_buttons(reply: Reply) -> Iterator[Button]:
    for part in reply.parts:
        if isinstance(part, Form):
            yield from part.buttons


# Pages


def _pages(pieces: Iterable[Piece]) -> list[Page]:
    pages: list[list[Piece]] = [[]]
    size = 0
    for piece in pieces:
        full = size + len(piece.plain) > LONGEST_PAGE or len(pages[-1]) >= MOST_BLOCKS
        if full and pages[-1]:
            pages.append([])
            size = 0
        pages[-1].append(piece)
        size += len(piece.plain)
    if len(pages) > PAGES:
        del pages[PAGES:]
        pages[-1][-1] = Piece("rich", section(words("…")), "…")
    return [_page(page) for page in pages if page]


def _page(pieces: Sequence[Piece]) -> Page:
    """Neighbouring elements of rich text share a block."""
    blocks: list[Block] = []
    size = 0
    for piece in pieces:
        last = blocks[-1] if blocks else {}
        size += len(piece.plain)
        if piece.kind == "rich" and last.get("type") == "rich_text" and size <= LONGEST_RUN:
            last["elements"].append(piece.content)
            continue
        size = len(piece.plain)
        rich = {"type": "rich_text", "elements": [piece.content]}
        blocks.append(rich if piece.kind == "rich" else piece.content)
    plain = cut("\n".join(piece.plain for piece in pieces), LONGEST_FALLBACK)
    return Page(escaped(plain), tuple(blocks))


# Buttons


def _rows_of_buttons(buttons: Sequence[Button]) -> list[Block]:
    """Rows of a few. A button's action_id says whether a dialog opens; its value is the token."""
    elements = [_button(number, button) for number, button in enumerate(buttons[:25])]
    rows = [elements[at : at + MOST_IN_ROW] for at in range(0, len(elements), MOST_IN_ROW)]
    return [{"type": "actions", "elements": row} for row in rows]


def _button(number: int, button: Button) -> Block:
    kind = FORM if button.opens_form else TAP
    label = cut(" ".join(button.label.split()), LONGEST_LABEL) or "⋯"
    drawn = {"type": "button", "text": plain_text(label), "action_id": f"{kind}-{number}"}
    drawn |= {"value": button.token} if button.token else {}
    return drawn | ({} if button.style == "plain" else {"style": button.style})
