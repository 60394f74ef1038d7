"""``rabta import``: files of other programs, read and shown as records."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from exchange.asked import FORMATS, Asked
from exchange.bounded import read_file, read_stream
from exchange.refusing import COMMAND, Refused

PIPE = "-"
WHY = {
    "empty": "there is nothing in it",
    "unknown_format": "it is none of CSV, XLSX, vCard or JSON Lines",
    "broken": "it is damaged, or not what it looks like",
    "too_big": "it is larger than 2 GB",
    "too_many_rows": "it has more than 5,000,000 rows",
    "line_too_long": "a line of it is longer than 1 MB",
    "too_many_columns": "it has more than 1,000 columns",
    "squeezed_too_much": "it unpacks to far more than an address book would",
    "too_slow": "reading it takes too long",
    "too_much_memory": "reading it takes too much memory; save it as CSV",
    "failed": "it could not be read",
    "nobody": "it tells of nobody",
}


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--dry-run", is_flag=True, help="Only show what would be stored.")
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines, like those of export.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="What the files are.  [found out]"
)
def import_files(files: tuple[str, ...], dry_run: bool, as_json: bool, form: Any) -> None:
    """Read address books and exports of other CRMs; - is standard input.

    CSV in any delimiter and character set, XLSX, vCard, JSON Lines of rabta export; a QR code's
    text by --format qr. A line of --json is a record as export has it, with its source, its
    phones_as_written and its problems; where a customer came from is its lead_source.
    """
    if not dry_run:
        raise click.ClickException(
            "Storing what was read is not there yet; add --dry-run to see what it would be."
        )
    from bot.cli import _settings

    asked = Asked(_settings().region, form, limits=COMMAND)
    refused = sum(_shown(name, asked, as_json=as_json) for name in files)
    sys.exit(1 if refused else 0)


def _shown(name: str, asked: Asked, *, as_json: bool) -> bool:
    """Write what a file holds; True where it was refused, which is told on stderr."""
    try:
        counts = _write(_read(name, asked), as_json=as_json)
    except Refused as why:
        click.echo(f"{name}: {WHY[why.reason]}", err=True)
        return True
    except OSError as error:
        click.echo(f"{name}: {error.strerror}", err=True)
        return True
    if not as_json:
        click.echo(f"{name}: {_listed(counts)}")
    return False


def _read(name: str, asked: Asked) -> Iterator[dict[str, Any]]:
    if name == PIPE:
        return read_stream(sys.stdin.buffer, PIPE, asked)
    return read_file(Path(name), asked)


def _write(told: Iterator[dict[str, Any]], *, as_json: bool) -> dict[str, int]:
    """Write the records; how many of each type there were."""
    counts: dict[str, int] = {}
    for each in told:
        if "bad" in each:
            place = each["bad"]["source"]
            click.echo(f"{place['file']}: line {place['record']} is no record", err=True)
        if "type" not in each:
            continue
        counts[each["type"]] = counts.get(each["type"], 0) + 1
        if as_json:
            sys.stdout.buffer.write(json.dumps(each, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()
    return counts


def _listed(counts: dict[str, int]) -> str:
    names: Sequence[str] = [f"{number} {_many(kind, number)}" for kind, number in counts.items()]
    return ", ".join(names) or "no records"


def _many(kind: str, number: int) -> str:
    if number == 1:
        return kind
    return {"company": "companies", "activity": "activities"}.get(kind, f"{kind}s")
