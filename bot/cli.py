"""The ``rabta`` command. What is heavy is imported by the command that needs it."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.duplicates import duplicates
from bot.foresee import foresee
from bot.importing import import_files, import_rates
from rules.calendar import wall_to_utc

if TYPE_CHECKING:
    from bot.settings import Settings

ROLES = ("rep", "manager", "owner")
KINDS = (
    "rate", "pipeline", "stage", "field", "label", "member", "company", "contact", "product",
    "deal", "order", "contract", "activity", "task", "ticket", "rating", "referral", "goal", "week",
    "score_rule", "lead_rule", "segment", "template", "campaign", "sequence",
    "sequence_run", "message", "feedback",
)  # fmt: skip

_text = click.version_option(
    package_name="rabta", prog_name="rabta", message="%(prog)s %(version)s"
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="rabta", message="rabta %(version)s")
def main() -> None:
    """Rabta, the CRM that lives in the chat: English, Urdu and Roman Urdu.

    Settings come from the environment or from .env; .env.example lists them.
    """
    gc.set_threshold(50_000, 20, 50)  # what a command imports stays: it is looked through in vain


main.add_command(duplicates)
main.add_command(foresee)


@main.command()
@click.option("--doors", is_flag=True, help="Only receive and answer.")
@click.option("--clock", is_flag=True, help="Only raise what is due.")
@click.option("--sender", is_flag=True, help="Only deliver.")
def run(**chosen: bool) -> None:
    """Serve all platforms that have tokens; without any, talk in the terminal.

    On PostgreSQL it may run any number of times. There, too, the work can be split: a process
    with --doors, --clock or --sender, or two of them, does only that (docs/operations.md).
    """
    settings = _settings()
    parts = [name for name, is_chosen in chosen.items() if is_chosen]
    talks = settings.talks or parts
    if not talks and sys.stdin.isatty():
        _quietly(settings)
    from bot import program

    with _told():
        if talks:
            program.serve(settings, parts)
        else:
            program.talk(settings)


@main.command()
@click.option("--as", "person", metavar="NAME", default="", help="Who you are.  [your user name]")
@click.option("--now", metavar="ISO", help="What time it is, as 2026-11-23T10:00.")
@click.option("--demo", is_flag=True, help="On a year of sample history, thrown away at the end.")
def chat(person: str, now: str | None, demo: bool) -> None:
    """Talk with Rabta here. A pipe is read a message a line."""
    settings = _settings()
    if sys.stdin.isatty():
        _quietly(settings)
    moment = _moment(now, settings.timezone) if now else None
    from bot import program

    with _told():
        program.talk(settings, person.strip(), moment, demo=demo)


@main.command()
@click.argument("question")
@click.option("--now", metavar="ISO", help="What time it is, as 2026-11-23T10:00.")
@click.option("--json", "as_json", is_flag=True, help="For programs: text, value, unit and rows.")
@click.option("--as", "person", metavar="NAME", default="", help="Who asks.  [an owner]")
@click.option("--workspace", metavar="NAME", help="Of which workspace, where there are several.")
def ask(question: str, now: str | None, as_json: bool, person: str, workspace: str | None) -> None:
    """Answer a QUESTION about numbers: "how many deals did Sara win in Q3".

    It only reads, also while rabta run goes on. Money in "value" is in whole units, a rate a
    fraction; docs/numbers.md says how each figure is counted.
    """
    settings = _settings()
    moment = _moment(now, settings.timezone) if now else None
    from bot.ask import ask as answer

    said = answer(
        settings, question, workspace=workspace, person=person.strip(), now=moment, as_json=as_json
    )
    sys.exit(0 if said else 1)


@contextmanager
def _told() -> Iterator[None]:
    """What only a person can mend is told in one sentence."""
    from bot.settings import WrongSetting
    from storage.backup import NoBackup
    from storage.hold import Held
    from storage.revisions import TooNew

    try:
        yield
    except (WrongSetting, Held, NoBackup, TooNew) as wrong:
        raise _Wrong(str(wrong)) from None
    except Exception as error:
        if type(error).__name__ != "TokenRefused":  # each door has its own; none is imported here
            raise
        platform = type(error).__module__.rpartition(".")[2].title()
        raise _Wrong(f"{platform} refuses the token; see rabta doctor.") from None


@main.command()
@click.option(
    "--explain",
    is_flag=True,
    help="Show how sure it is, where each slot was said, and what else it may be.",
)
@click.option("--values", "typed", is_flag=True, help="Show moments, sums, phones and e-mails.")
@click.option("--learned", is_flag=True, help="Instead, list what was corrected (see /learn).")
def understand(explain: bool, typed: bool, learned: bool) -> None:
    """Read messages as JSON Lines from stdin and say what each asks for.

    A line is {"id": ..., "text": ..., "now": "2026-11-23T10:00:00+05:00"}; an answer is
    {"id": ..., "actions": [{"intent": ..., slots}]}.

    With --explain each action also has its confidence (0 to 1), its doubts, what was assumed and
    why, the rivals that may be meant instead, and its spans: for each slot, free text too, the
    [start, end] of every piece of the text that says it, or "carried" (over from the action before
    it) or "assumed" (such as the usual currency) where nothing in the text does.

    With --values an answer is {"id": ..., "values": [{"kind", "text", "start", "end", "value"}]};
    a line may then name a "locale" (en-US puts the month first) and a "region" for phones.
    """
    if learned:
        _list_learned()
        return
    from bot.understanding import answer, values

    problems = 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            answered = values(line) if typed else answer(line, explain=explain)
        except ValueError as error:
            problems += 1
            click.echo(f"line {number}: {error}", err=True)
            continue
        sys.stdout.buffer.write(json.dumps(answered, ensure_ascii=False).encode() + b"\n")
    sys.exit(1 if problems else 0)


def _list_learned() -> None:
    """Misread messages that were corrected, labelled with what was meant."""
    from bot.operate import learned

    for record in learned(_settings()):
        sys.stdout.buffer.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


@main.command()
@click.option("--workspace", metavar="NAME", help="Only this workspace.")
@click.option(
    "--type",
    "kinds",
    type=click.Choice(KINDS),
    multiple=True,
    help="Only records of this type; may be said several times.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("jsonl", "csv", "xlsx", "vcard")),
    default="jsonl",
    show_default=True,
    help="JSON Lines lose nothing and are read back by programs; the others are for people.",
)
@click.option("--search", metavar="WORDS", default="", help="Only what is about them.")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to; for CSV of several types a folder.  [stdout]",
)
def export(
    workspace: str | None, kinds: tuple[str, ...], form: str, search: str, to: Path | None
) -> None:
    """Write what is kept: everything, or what is about the WORDS of a search.

    A search finds people and companies by name (also misspelt), people by company, city, tag,
    number or address, and the deals, activities and tasks with them.
    """
    from bot.exports import Wish, write

    write(_settings(), Wish(form, kinds, workspace, search.strip(), to))


main.add_command(import_files)
main.add_command(import_rates)


@main.command()
@click.option("--recount", is_flag=True, help="Also count the sums of deals anew.")
def migrate(recount: bool) -> None:
    """Bring the database to the newest shape (rabta run does so by itself)."""
    from bot.operate import migrated, recounted

    settings = _settings()
    with _told():
        click.echo("The database is migrated." if migrated(settings) else "Nothing to migrate.")
        if recount:
            click.echo(f"Counted; {recounted(settings)} of the sums were wrong.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the SQLite database to FILE, also while it runs (PostgreSQL has pg_dump)."""
    from bot.backup import keep

    settings = _settings()
    with _told():
        keep(settings, file)
    click.echo(f"The database is copied to {file}, and the copy is whole.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Put a backup in the place of the SQLite database, which is set aside."""
    from bot.backup import bring_back

    settings = _settings()
    with _told():
        aside = bring_back(settings, file)
    click.echo(f"{file} is the database now." + (f" The former is {aside}." if aside else ""))


@main.command()
def doctor() -> None:
    """Check settings, database, tokens and clock, and say what to do."""
    from bot.doctor import examine

    settings = _settings()
    bad = False
    for finding in examine(settings):
        bad = bad or finding.state == "bad"
        colour = {"ok": "green", "warn": "yellow", "bad": "red"}[finding.state]
        state = click.style(f"{finding.state:<4}", fg=colour)
        click.echo(f"{state}  {finding.about}: {finding.says}")
    sys.exit(1 if bad else 0)


@main.command()
@click.option("--most", type=int, default=50, show_default=True, help="How many at most.")
def feedback(most: int) -> None:
    """List what members said of Rabta, the newest first, also while it runs."""
    from bot import operate

    settings = _settings()
    if operate.is_missing(settings.database_url):
        raise click.ClickException("There is no database yet; rabta run makes it.")
    click.echo("\n".join(operate.feedback(settings, most)) or "Nobody said anything yet.")


@main.command()
@click.option("--failed", is_flag=True, help="Only what was set aside.")
@click.option("--text", "with_text", is_flag=True, help="Show what was written, too.")
@click.option("--retry", type=int, metavar="ID", help="Have it handled once more.")
@click.option("--drop", type=int, metavar="ID", help="Let it be, and list it no more.")
def inbox(failed: bool, with_text: bool, retry: int | None, drop: int | None) -> None:
    """List messages that wait or could not be handled, also while it runs."""
    from bot import operate

    settings = _settings()
    if operate.is_missing(settings.database_url):
        raise click.ClickException("There is no database yet; rabta run makes it.")
    for number, act, done in (
        (retry, operate.retried, "will be handled again by rabta run"),
        (drop, operate.dropped, "is dropped"),
    ):
        if number is None:
            continue
        if not act(settings, number):
            raise click.ClickException(f"Message {number} neither waits nor was set aside.")
        click.echo(f"Message {number} {done}.")
    if retry is None and drop is None:
        lines = list(operate.undone(settings, only_failed=failed, with_text=with_text))
        click.echo("\n".join(lines) or "Nothing waits, and nothing was set aside.")


@main.command()
@click.option("--workspace", metavar="NAME", default="default", show_default=True)
@click.option("--role", type=click.Choice(ROLES), default="rep", show_default=True)
def invite(workspace: str, role: str) -> None:
    """Make a single-use invitation, good for seven days."""
    from bot.operate import invited

    settings = _settings()
    with _told():
        click.echo(invited(settings, workspace.strip() or "default", role))


class _Wrong(click.ClickException):
    """What stops a command, in one sentence."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(self.format_message(), err=True, file=file)


def _quietly(settings: Settings) -> None:
    """A log would tear a talk apart; what is worse than a warning is still told."""
    from bot import logs

    logs.set_up("ERROR", settings.secrets)


def _settings() -> Settings:
    """The settings, with the log set up; a wrong one stops the program here."""
    from bot import logs
    from bot.settings import WrongSetting, load, unknown

    try:
        settings = load()
    except WrongSetting as wrong:
        raise _Wrong(str(wrong)) from None
    logs.set_up(settings.log_level, settings.secrets)
    for sentence in unknown():
        click.echo(sentence, err=True)
    return settings


def _moment(said: str, zone: str) -> datetime:
    """``2026-11-23T10:00``, in the zone of the settings unless it names its own."""
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise _Wrong(f"--now {said}: that is no date and time; write 2026-11-23T10:00") from None
    return moment if moment.tzinfo else wall_to_utc(moment, zone)
