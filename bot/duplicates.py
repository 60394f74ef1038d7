"""``rabta duplicates``: who stands in a file more than once."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "--file",
    "path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file with a line of column names.",
)
def duplicates(path: Path) -> None:
    """Print who stands in a file of people more than once.

    Each pair of records that is held to be one person is a line of CSV: id1,id2,score (0.5 to 1).
    Records are known by their column id, or by their number where there is none. What tells
    people apart is learned from the file itself.
    """
    from bot.people_file import Unreadable, people_in
    from rules.duplicates.finding import duplicates as find

    out = csv.writer(sys.stdout, lineterminator="\n")
    try:
        matches = find(people_in(path))
        out.writerow(("id1", "id2", "score"))
        for match in matches:
            one, other = sorted((match.one.id, match.other.id))
            out.writerow((one, other, f"{match.score:.4f}"))
    except Unreadable as wrong:
        raise click.ClickException(str(wrong)) from None
