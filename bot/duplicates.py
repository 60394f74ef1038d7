"""``rabta duplicates``: who stands in a file more than once."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exchange.asked import Asked
from exchange.bounded import read_file
from exchange.refusing import COMMAND, Refused

if TYPE_CHECKING:
    from rules.duplicates.people import Person


@click.command()
@click.option(
    "--file",
    "path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV, XLSX, vCard or JSON Lines, as import takes them.",
)
@click.option("--why", is_flag=True, help="Also what speaks for it and against, in bits.")
def duplicates(path: Path, why: bool) -> None:
    """Print who stands in a file of people more than once.

    Each pair of records that is held to be one person is a line of CSV: id1,id2,score (0.5 to 1).
    Records are known by their column id, or by their number where there is none. What tells
    people apart is learned from the file itself; --why tells it of each pair: of 3 bits more, it
    is eight times as likely that they are one.
    """
    from bot.cli import _settings
    from bot.importing import WHY
    from rules.duplicates.finding import Found

    asked = Asked(_settings().region, kind="contact", limits=COMMAND, people=True)
    out = csv.writer(sys.stdout, lineterminator="\n")
    try:
        found = Found(_people(path, asked))
    except Refused as wrong:
        raise click.ClickException(f"{path.name}: {WHY[wrong.reason]}") from None
    out.writerow(("id1", "id2", "score", *(["why"] if why else [])))
    for match in found:
        one, other = sorted((match.one.id, match.other.id))
        told = ", ".join(f"{field} {bits:+.1f}" for field, bits in found.why(match).items())
        out.writerow((one, other, f"{match.score:.4f}", *([told] if why else [])))


def _people(path: Path, asked: Asked) -> Iterator[Person]:
    anybody = False
    for each in read_file(path, asked):
        if each.get("type") == "person":
            anybody = True
            yield _person(each)
    if not anybody:
        raise Refused("nobody")


def _person(told: dict[str, Any]) -> Person:
    from rules.duplicates.people import Person, day

    return Person(
        id=told["id"] or str(told["source"]["record"]),
        name=told["name"],
        phones=tuple(told["phones"]),
        emails=tuple(told["emails"]),
        ids=tuple(told["ids"]),
        company=told["company"],
        city=told["city"],
        postcode=told["postcode"],
        address=told["address"],
        born=next(filter(None, map(day, told["born"])), None),
        traits=tuple((trait, value) for trait, value in told["traits"]),
    )
