"""``rabta import``: files of other programs, shown as records, taken in, or taken back."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exchange.asked import FORMATS, Asked
from exchange.bounded import Answer, file_answers, stream_answers
from exchange.columns import SURE
from exchange.headers import slots_of
from exchange.refusing import COMMAND, Refused
from exchange.spool import Spool
from exchange.writing.csv_text import csv_of
from exchange.writing.left_out import tables_of

if TYPE_CHECKING:
    from bot.settings import Settings
    from handlers.intake import Report

PIPE = "-"
_SLOTS = sorted(slots_of("contact") - {"field"})
WHY = {
    "empty": "there is nothing in it",
    "unknown_format": "it is none of CSV, XLSX, vCard or JSON Lines",
    "broken": "it is damaged, or not what it looks like",
    "too_big": "it is larger than 2 GB",
    "too_many_rows": "it has more than 5,000,000 rows",
    "hollow": "it is millions of lines with next to nothing in them",
    "line_too_long": "a line of it is longer than 1 MB",
    "too_many_columns": "it has more than 1,000 columns",
    "squeezed_too_much": "it unpacks to far more than an address book would",
    "too_slow": "reading it takes too long",
    "too_much_memory": "reading it takes too much memory; save it as CSV",
    "failed": "it could not be read",
    "nobody": "it tells of nobody",
    "picture_kind": "it is a kind of picture that is not read; save it as JPEG or PNG",
    "moving_picture": "it is a moving picture",
    "too_many_pixels": "it is a picture of more than 25 megapixels",
    "no_code": "it is a picture without a QR code",
    "no_card": "it is a picture of no business card",
}
TOLD = {
    "new": "new", "updated": "filled in", "merged": "made one with another",
    "same": "here already", "refused": "left out",
}  # fmt: skip
UNFIT = {
    "no_name": "no name, phone or e-mail",
    "kind": "not something that is kept yet",
    "amount": "the amount is no number",
    "about_nobody": "it does not say about whom",
    "no_text": "it does not say what is to be done",
    "rate": "it tells no rate of exchange",
    "rate_leaps": "it is far off the rate before it",
    "score": "it tells no score from 1 to 5",
    "goal": "it tells no goal",
    "contract": "it tells no contract: no renewal day, or no such term",
    "week": "it tells no working days",
    "segment": "it tells no segment",
    "template": "it tells no text for customers",
    "campaign": "it tells no campaign that was begun",
    "message": "it tells no message to a customer",
    "sequence": "it tells no sequence",
    "sequence_run": "it does not tell who is in which sequence",
    "not_yours": "only managers and owners set that",
}
LEFT_OUT = "Left out because"
SHOWN = 20
"""Records that were left out and are told one by one."""


@click.command("import")
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--dry-run", is_flag=True, help="Only show what would be stored.")
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines, like those of export.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="What the files are.  [found out]"
)
@click.option(
    "--column",
    "said",
    multiple=True,
    metavar="'HEAD=SLOT'",
    help="What a column means: phone, email, name, company, city, title, note ...; field for one"
    " of its own, nothing to leave it out. It is remembered.",
)
@click.option("--undo", is_flag=True, help="Instead, take back the last import.")
@click.option("--workspace", default="default", metavar="NAME", help="Into this workspace.")
def import_files(
    files: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    form: Any,
    said: tuple[str, ...],
    undo: bool,
    workspace: str,
) -> None:
    """Take in address books and exports of other CRMs; - is standard input.

    CSV in any delimiter and character set, XLSX, vCard, JSON Lines of rabta export, photos of QR
    codes; a code's text by --format qr. Several files of one export come in any order. Who is
    here already is filled in, the rest is new; all of it or, where something goes wrong, nothing.
    --undo takes the last import back; so does its owner by saying undo.

    With --dry-run nothing is stored. A line of --json is a record as export has it, with its
    source, its phones_as_written and its problems; where a customer came from is its lead_source.
    Columns that could mean something else are told of, to be said with --column.
    """
    from bot.bringing import heads_of
    from bot.cli import _settings, _told

    settings = _settings()
    if undo:
        with _told():
            _taken_back(settings, workspace)
        return
    if not files:
        raise click.UsageError("Name at least one file; - is standard input.")
    heads = _heads(said)
    with _told():
        chosen = {**heads_of(settings, workspace), **heads}
    asked = Asked(settings.region, form, chosen=chosen, limits=COMMAND)
    if dry_run:
        shown = [_shown(name, asked, as_json=as_json) for name in files]
        sys.exit(0 if all(shown) else 1)
    with _told(), Spool() as spool:
        read = [_each(name, asked, spool.put) for name in files]
        if not all(read):
            click.echo("Nothing was stored.", err=True)
            sys.exit(1)
        names = [Path(name).name for name in files]
        _stored(settings, workspace, spool, names, heads, as_json=as_json, files=files)


@click.command("rates")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--dry-run", is_flag=True, help="Only show what would be stored.")
@click.option("--workspace", default="default", metavar="NAME", help="Into this workspace.")
def import_rates(files: tuple[str, ...], dry_run: bool, workspace: str) -> None:
    """Take in rates of exchange from CSV or XLSX; - is standard input.

    A line tells date, currency and rate (base, units, buying and selling where given), or a
    column stands for each currency, pair (USD/PKR) or day. A rate without a base is in the
    workspace's currency, one without a date is today's. The same day's rate is put right; one far
    off the rate before it is left out and handed back. rabta import --undo takes all of it back.
    """
    from bot.cli import _settings, _told

    settings = _settings()
    asked = Asked(settings.region, limits=COMMAND)
    with Spool() as spool:
        kinds: set[str] = set()

        def keep(record: Answer) -> None:
            kinds.add(record.kind)
            spool.put(record)
            if dry_run:
                sys.stdout.buffer.write(record.line)

        read = [_each(name, asked, keep) for name in files]
        if not all(read) or kinds != {"rate"}:
            others = "" if kinds <= {"rate"} else " They hold more than rates: see rabta import."
            click.echo(f"Nothing was stored.{others}", err=True)
            sys.exit(1)
        if not dry_run:
            names = [Path(name).name for name in files]
            with _told():
                _stored(settings, workspace, spool, names, {}, as_json=False, files=files)


def _taken_back(settings: Settings, workspace: str) -> None:
    from bot.bringing import take_back

    done = take_back(settings, workspace)
    if done is None:
        raise click.ClickException("There is no import to take back.")
    said, stay = done
    click.echo(f"Taken back: {said}")
    if stay:
        click.echo(f"{stay} rows stay: they were changed since, or something was added to them.")


def _each(name: str, asked: Asked, keep: Callable[[Answer], None]) -> bool:
    """Read the records of a file; False where it was refused. What is amiss is told on stderr."""
    seen = _Seen(name)
    try:
        for each in _read(name, asked):
            seen.one()
            if each.kind:
                keep(each)
                continue
            told = each.told()
            if "bad" in told:
                place = told["bad"]["source"]
                click.echo(f"{place['file']}: line {place['record']} is no record", err=True)
            if "holds" in told:
                what, text = told["holds"]["what"], told["holds"]["text"]
                click.echo(f"{name}: a code in it holds no person: {what} {text}", err=True)
            if "plan" in told:
                _doubts(name, told["plan"])
    except Refused as why:
        click.echo(f"{name}: {WHY[why.reason]}", err=True)
        return False
    except OSError as error:
        click.echo(f"{name}: {error.strerror}", err=True)
        return False
    finally:
        seen.over()
    return True


class _Seen:
    """Counts what was read, before somebody's eyes; into a file or pipe it writes nothing."""

    OFTEN = 2000

    def __init__(self, name: str) -> None:
        self.name, self.count, self.told = name, 0, False
        self.watched = sys.stderr.isatty()

    def one(self) -> None:
        self.count += 1
        if self.watched and self.count % self.OFTEN == 0:
            click.echo(f"\rReading {self.name}: {self.count:,}", err=True, nl=False)
            self.told = True

    def over(self) -> None:
        if self.told:
            click.echo(f"\rReading {self.name}: {self.count:,}", err=True)


def _heads(said: Sequence[str]) -> dict[str, str]:
    """What columns mean, as it was said on the command line."""
    heads: dict[str, str] = {}
    for each in said:
        head, equals, slot = each.rpartition("=")
        name = slot.strip().lower().replace(" ", "_")
        if not equals or not head.strip() or name not in (*_SLOTS, "field"):
            raise click.UsageError(f"--column {each!r}: say HEAD=SLOT, of {', '.join(_SLOTS)}.")
        heads[head.strip()] = "" if name == "field" else name
    return heads


def _doubts(name: str, plan: Mapping[str, Any]) -> None:
    """Tell of columns that are taken for something which they may not be."""
    for column in plan["columns"]:
        if column["sure"] < SURE:
            head, taken, likely = column["header"], column["slot"], column["likely"]
            how = f"taken for a {taken}" if taken else f"kept as a field, may be a {likely}"
            examples = ", ".join(column["examples"])
            click.echo(f"{name}: column {head!r} is {how} ({examples});", err=True)
            click.echo(f"  say --column '{head}={likely}', =note, =field or =nothing", err=True)


def _stored(
    settings: Settings,
    workspace: str,
    spool: Spool,
    names: Sequence[str],
    heads: Mapping[str, str],
    *,
    as_json: bool,
    files: Sequence[str],
) -> None:
    from bot.bringing import bring_in

    said = f"import {' '.join(names)}"[:1000]
    with click.progressbar(
        length=spool.count, label="Taking in", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        done = 0

        def progress(taken: int) -> None:
            nonlocal done
            bar.update(taken - done)
            done = taken

        report = bring_in(settings, workspace, spool.records(), said, progress, heads)
    _hand_back(report, files)
    if as_json:
        click.echo(json.dumps(report.plain(), ensure_ascii=False))
        return
    for kind, counts in report.by_kind().items():
        told = ", ".join(f"{number:,} {TOLD[how]}" for how, number in counts.items())
        click.echo(f"{_many(kind, 2)}: {told}")
    for each in report.refused[:SHOWN]:
        place = each.record.get("source")
        where = f"{place['file']} {place['record']}: " if isinstance(place, dict) else ""
        click.echo(f"  {where}{UNFIT[each.why]}", err=True)
    if report.left_out:
        click.echo(f"Not kept, for there is no room for it: {', '.join(report.left_out)}")
    if report.unknown_owners:
        click.echo(f"Not in the team, kept by name: {', '.join(report.unknown_owners)}")


def _hand_back(report: Report, files: Sequence[str]) -> None:
    """Write what was left out beside the files, in their shape and with the reason."""
    places = {Path(file).name: Path(file) for file in files if file != PIPE}
    reasoned = ((UNFIT[each.why].capitalize(), each.record) for each in report.refused)
    taken: set[Path] = set()
    for name, table in tables_of(reasoned, LEFT_OUT):
        beside = next((path for file, path in places.items() if name.startswith(file)), None)
        if beside is None:
            continue
        stem = beside.stem + name.removeprefix(beside.name).replace("/", "-")
        numbers = ("", *(f"-{number}" for number in range(2, 100)))
        paths = (beside.with_name(f"{stem}-left-out{number}.csv") for number in numbers)
        path = next(path for path in paths if path not in taken)
        taken.add(path)
        try:
            path.write_bytes(b"".join(csv_of(table)))
        except OSError as error:
            click.echo(f"{path}: {error.strerror}", err=True)
        else:
            click.echo(f"Left out, to mend and import: {path}", err=True)


def _shown(name: str, asked: Asked, *, as_json: bool) -> bool:
    """Write what a file holds; False where it was refused."""
    counts: Counter[str] = Counter()

    def show(record: Answer) -> None:
        counts[record.kind] += 1
        if as_json:
            sys.stdout.buffer.write(record.line)

    was_read = _each(name, asked, show)
    sys.stdout.buffer.flush()
    if was_read and not as_json:
        click.echo(f"{name}: {_listed(counts)}")
    return was_read


def _read(name: str, asked: Asked) -> Iterator[Answer]:
    if name == PIPE:
        return stream_answers(sys.stdin.buffer, PIPE, asked)
    return file_answers(Path(name), asked)


def _listed(counts: Mapping[str, int]) -> str:
    names: Sequence[str] = [f"{number} {_many(kind, number)}" for kind, number in counts.items()]
    return ", ".join(names) or "no records"


def _many(kind: str, number: int) -> str:
    if number == 1:
        return kind
    return {"company": "companies", "activity": "activities"}.get(kind, f"{kind}s")
