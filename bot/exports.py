"""What ``rabta export`` writes, and where: a stream, a file, or a folder with a file a kind."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click
from sqlalchemy.orm import Session

from bot.operate import opened
from exchange.writing.csv_text import csv_of
from exchange.writing.lines import lines_of
from exchange.writing.tables import Reader, Record, Shape, table
from exchange.writing.vcard import vcards_of
from handlers.exported import ON_CARDS, label_in, write_tables
from language.folding import fold
from storage import export
from storage.about import about
from storage.fields import fields_of
from storage.models import Workspace
from storage.scope import within

if TYPE_CHECKING:
    from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be written. ``kinds``: empty for all that the format holds."""

    form: str
    kinds: Sequence[str]
    workspace: str | None = None
    search: str = ""
    to: Path | None = None


def write(settings: Settings, wish: Wish) -> None:
    """Write it. Stops the command with a sentence where that cannot be done."""
    kinds = _kinds(wish)
    with opened(settings, wish.workspace) as (session, spaces):
        reading = _Reading(session, spaces, wish, settings.timezone)
        match wish.form:
            case "xlsx":
                with _out(wish.to, binary=True) as file:
                    reading.workbook(file, kinds)
            case "csv" if len(kinds) > 1:
                reading.folder(kinds)
            case "csv":
                with _out(wish.to) as file:
                    _put(file, reading.csv(kinds[0], reading.records(kinds)))
            case "vcard":
                with _out(wish.to) as file:
                    _put(file, vcards_of(reading.cards(kinds)))
            case _:
                with _out(wish.to) as file:
                    _put(file, lines_of(reading.records(kinds)))


def _kinds(wish: Wish) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(wish.kinds))
    if wish.form == "vcard":
        strangers = [kind for kind in asked if kind not in ON_CARDS]
        if strangers:
            raise click.ClickException(
                f"A vCard holds no {strangers[0]}, only people and companies."
            )
        return asked or ON_CARDS
    if wish.form == "csv" and len(asked) != 1 and wish.to is None:
        raise click.ClickException("A CSV file holds one --type; for several, say --to FOLDER.")
    return asked or tuple(export.KINDS)


@dataclass
class _Reading:
    session: Session
    spaces: Sequence[Workspace]
    wish: Wish
    zone: str

    def records(self, kinds: Sequence[str]) -> Iterator[Record]:
        if not self.wish.search:
            yield from export.records(self.session, self.spaces, kinds)
            return
        for space in self.spaces:
            with within(self.session, space.id):
                said = self.wish.search
                only = about(self.session, space.id, said, fold(said))
            about_them = [kind for kind in kinds if kind in only]
            for record in export.records(self.session, [space], about_them, only):
                several = len(self.spaces) > 1
                yield {**record, "workspace": space.name} if several else record

    def cards(self, kinds: Sequence[str]) -> Iterator[Record]:
        """With what was noted of people."""
        yield from self.records([kind for kind in kinds if kind != "contact"])
        if "contact" not in kinds:
            return
        for space in self.spaces:
            alone = _Reading(self.session, [space], self.wish, self.zone)
            yield from export.with_notes(self.session, space.id, alone.records(["contact"]))

    def csv(self, kind: str, some: Iterator[Record]) -> Iterator[bytes]:
        return csv_of(table(kind, some, self.shape, self.reader))

    def workbook(self, file: IO[bytes], kinds: Sequence[str]) -> None:
        """A sheet for each kind that there is something of."""
        now = datetime.now(UTC)
        write_tables(file, self._sheets(kinds), self.shape, self.reader, made_at=now)

    def _sheets(self, kinds: Sequence[str]) -> Iterator[tuple[str, Iterator[Record]]]:
        is_empty = True
        for kind in kinds:
            if some := self._some(kind):
                is_empty = False
                yield kind, some
        if is_empty:
            yield kinds[0], iter(())

    def folder(self, kinds: Sequence[str]) -> None:
        folder = self.wish.to or Path()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise click.ClickException(f"{folder}: {problem.strerror}") from None
        for kind in kinds:
            if some := self._some(kind):
                with _out(folder / f"{kind}.csv") as file:
                    _put(file, self.csv(kind, some))

    def _some(self, kind: str) -> Iterator[Record] | None:
        """The records of a kind; None where there is none."""
        some = self.records([kind])
        first = next(some, None)
        return None if first is None else chain([first], some)

    @cached_property
    def reader(self) -> Reader:
        from handlers.library import the_book

        return Reader(label_in(the_book().words, "en"), self.zone)

    @cached_property
    def shape(self) -> Shape:
        widest: dict[str, int] = {}
        names: dict[str, dict[str, None]] = {kind: {} for kind in ON_CARDS}
        for space in self.spaces:
            with within(self.session, space.id):
                for name, most in export.widest(self.session, space.id).items():
                    widest[name] = max(widest.get(name, 0), most)
                for field in fields_of(self.session, space.id):
                    for kind in ON_CARDS if field.active else ():
                        if field.subject in (None, kind):
                            names[kind][field.name] = None
        fields = {kind: list(some) for kind, some in names.items()}
        some_are = any(space.keeps_private for space in self.spaces)
        return Shape(widest, fields, several=len(self.spaces) > 1, private=some_are)


@contextmanager
def _out(to: Path | None, *, binary: bool = False) -> Iterator[IO[bytes]]:
    """A file that is there whole or not at all; or the stream that the shell was told of."""
    if to is None:
        if binary and sys.stdout.isatty():
            raise click.ClickException("A workbook is no text; say --to FILE.xlsx.")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    half = to.with_name(f".{to.name}.half")
    try:
        with half.open("wb") as file:
            yield file
        half.replace(to)
    except OSError as problem:
        raise click.ClickException(f"{to}: {problem.strerror}") from None
    finally:
        half.unlink(missing_ok=True)


def _put(file: IO[bytes], pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        file.write(piece)
