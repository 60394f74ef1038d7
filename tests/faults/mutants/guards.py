"""For each listed fault what guards against it, and what stands there once that is taken out.

``make mutants GUARDS=1`` takes out one after the other: a test of that fault must fail. Whoever
moves a guard puts its new place here; ``tests/faults/test_guards.py`` says which is not found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from tests.faults.mutants.copies import ROOT
from tests.faults.mutants.wording import Wording
from tests.faults.rows import collected, numbers

SLOW = "test_kills.py"
"""Asked last: it starts whole programs."""


@dataclass(frozen=True)
class Guard:
    """``wrong`` takes the place of ``right``, which stands in the file once.

    ``beside``: the tests of what is no listed fault, whose row is 0.
    """

    row: int
    what: str
    file: str
    right: str
    wrong: str
    beside: str = ""

    def taken_out(self) -> str:
        """The file without it. Raises LookupError where it is not there, or more than once."""
        source = (ROOT / self.file).read_text("utf-8")
        if (count := source.count(self.right)) != 1:
            raise LookupError(f"the guard of row {self.row} stands {count} times in {self.file}")
        return source.replace(self.right, self.wrong)


def told_by(guards: Iterable[Guard]) -> dict[Guard, list[str]]:
    """The tests of each, by pytest's ids; those that speak of what it does first."""
    tests, wording = defaultdict(list), Wording(ROOT)

    def turn(guard: Guard, test: str) -> tuple[bool, int]:
        return SLOW in test, -round(wording.likeness(f"{guard.what}\n{guard.right}", test))

    for each in collected():
        for row in numbers(each.partition("::")[2].rpartition("::")[2]):
            tests[row].append(each)
    return {
        each: [each.beside] if each.beside else sorted(tests[each.row], key=partial(turn, each))
        for each in guards
    }


GUARDS = (
    Guard(
        1, "an update is kept before the offset moves on", "bot/telegram.py",
        "await self._take(updates, keep)\n        # Not max",
        "self._aside(self._take(updates, keep))\n        # Not max",
    ),
    Guard(
        2, "what came before is dropped", "storage/inbox.py",
        '"event": _key(event, 120)', '"event": _key(f"{event}/{id(object())}/{now}", 120)',
    ),
    Guard(
        3, "the offset is forgotten after six days", "bot/telegram.py",
        "if self._clock() - self._heard_at > IDLE:", "if False:",
    ),
    Guard(
        3, "a number that begins anew is another message", "bot/telegram_read.py",
        'return f"{raw[\'update_id\']}-{moment}"', "return str(raw['update_id'])",
    ),
    Guard(
        4, "the poller's lease", "bot/telegram.py",
        "await self._alone(lambda: self._poll(keep))", "await self._poll(keep)",
    ),
    Guard(
        4, "the hold on SQLite's file", "storage/hold.py", "while not _locked(file):",
        "while False:",
    ),
    Guard(
        5, "what always fails is set aside and listed", "storage/inbox.py",
        'row.state = "failed"', 'row.state = "done"',
    ),
    Guard(
        5, "and its sender told", "bot/desk.py",
        'self._tell(session, incoming, "went_wrong")', "pass",
    ),
    Guard(
        6, "one key for every copy of a message", "bot/slack_read.py",
        'f"{team}/{chat}/{message[\'ts\']}"', 'str(id(raw))',
    ),
    Guard(
        7, "what is kept is kept before it is acknowledged", "bot/slack.py",
        "await keep(self.name, each_file(raw))",
        "asyncio.get_running_loop().call_later("
        "0.3, lambda: asyncio.ensure_future(keep(self.name, each_file(raw))))",
    ),
    Guard(
        8, "a socket that died is replaced", "bot/slack_socket.py",
        "if not await handler.client.is_connected():", "if False:",
    ),
    Guard(
        9, "a dialog that does not open is drawn in the chat", "bot/slack.py",
        'log.warning("slack: no dialog: %s", type(problem).__name__)\n            return False',
        'log.warning("slack: no dialog: %s", type(problem).__name__)\n            return True',
    ),
    Guard(
        9, "what a response_url takes no more comes directly", "bot/slack_post.py",
        "if answer.status in (404, 410):", "if False:",
    ),
    Guard(
        10, "a button is used once", "bot/desk.py",
        "if button.used_at is not None:", "if False:",
    ),
    Guard(11, "an edit runs nothing", "bot/desk.py", "if incoming.edited:", "if False:"),
    Guard(
        12, "other bots are not heard", "bot/slack_read.py",
        'or _from_a_bot(message):', 'or not message.get("user"):',
    ),
    Guard(
        12, "twenty answers a minute to one chat", "scheduler/breaker.py",
        'left = max(0, ANSWERS - len(windows.recent(limit)))', 'left = ANSWERS',
    ),
    Guard(
        13, "what was sent earlier does not win", "handlers/meanwhile.py",
        "return turn.sent_at is None or setter.sent_at <= shown.end_of(turn.sent_at)",
        "return True",
    ),
    Guard(
        14, "a repeat is marked, and the last", "scheduler/records.py",
        "case Ambiguous() if not row.marked and", "case Ambiguous() if",
    ),
    Guard(
        15, "what a kill left open twice is sent no more", "scheduler/claims.py",
        "            if row.marked or ", "            if ",
    ),
    Guard(
        16, "the history is asked first", "bot/slack_send.py",
        "if letter.marked and method_of(letter) == POST:", "if False:",
    ),
    Guard(17, "letters wait for their pace", "scheduler/claims.py", "if not wait:", "if True:"),
    Guard(
        17, "a 429 holds every process", "scheduler/records.py",
        "hold(session, clock, outcome.holds, outcome.seconds)", "pass",
    ),
    Guard(
        17, "nudges go one a second into a chat", "bot/telegram_pace.py",
        "    if not letter.is_answer:\n", "    if False:\n",
    ),
    Guard(
        18, "nudges go one a second into a channel", "bot/slack_pace.py",
        "        if not letter.is_answer:\n", "        if False:\n",
    ),
    Guard(
        18, "a 429 holds its method", "scheduler/records.py",
        "hold(session, clock, outcome.holds, outcome.seconds)", "pass",
    ),
    Guard(
        19, "what waits for a chat moves with it", "scheduler/records.py",
        "            _move(session, letter.address, outcome.chat)\n", "            pass\n",
    ),
    Guard(
        20, "where nothing arrives is known", "scheduler/records.py",
        "                mark(session, *letter.address.key, now)\n", "                pass\n",
    ),
    Guard(
        21, "without styles rather than not at all", "bot/telegram_send.py",
        'if page.entities and "entit" in str(problem).lower():', "if False:",
    ),
    Guard(
        24, "many that were missed come as one list", "scheduler/reminders.py",
        "if len(fresh) > AT_ONCE:", "if False:",
    ),
    Guard(
        24, "whom another process's number kept out is told once more", "storage/database.py",
        "if isinstance(error, StaleDataError | IntegrityError):",
        "if isinstance(error, StaleDataError):",
    ),
    Guard(
        25, "what a dead sender held is taken up", "scheduler/claims.py",
        "            self.reclaim(session, flying)\n", "            pass\n",
    ),
    Guard(
        26, "a member is in one process's hands", "scheduler/reminders.py",
        "        .with_for_update(skip_locked=True, key_share=True, of=Member)\n", "",
    ),
    Guard(
        27, "in a gap the next time, of two equal hours the first", "rules/calendar.py",
        "return wall.replace(tzinfo=ZoneInfo(zone), fold=0)",
        "return wall.replace(tzinfo=ZoneInfo(zone), fold=1)",
    ),
    Guard(
        28, "the database's clock decides", "storage/clock.py",
        "return datetime.fromtimestamp(self._beat() + (self._ahead or 0.0), UTC)",
        "return datetime.now(UTC)",
    ),
    Guard(
        29, "agendas are spread over seconds", "scheduler/drawing.py",
        'later = _spread(turn.session, turn.now) if kind == "agenda" else timedelta()',
        "later = timedelta()",
    ),
    Guard(30, "BEGIN IMMEDIATE", "storage/database.py", '"BEGIN IMMEDIATE"', '"BEGIN"'),
    Guard(
        31, "a guest never checkpoints", "storage/database.py",
        'cursor.execute("PRAGMA wal_autocheckpoint=0")', "pass",
    ),
    Guard(
        32, "a full disk is no fault of a message", "storage/trouble.py",
        "_AWAY = _FULL | _DAMAGED | {", "_AWAY = _DAMAGED | {",
    ),
    Guard(
        32, "nor is PostgreSQL's", "storage/trouble.py",
        '("08", "53", ', '("08", ',
    ),
    Guard(
        33, "what nobody has seen is asked about", "handlers/meanwhile.py",
        "if unseen:", "if False:",
    ),
    Guard(
        34, "what was in the way is done again", "storage/database.py",
        '_IN_THE_WAY = {"40001", "40P01"}', "_IN_THE_WAY = set[str]()",
    ),
    Guard(
        34, "a connection that is lost is opened anew", "storage/database.py",
        "return error.connection_invalidated or state in", "return state in",
    ),
    Guard(
        35, "what points to a table that is made anew stays", "storage/migrate.py",
        'raw.execute("PRAGMA foreign_keys=OFF")', "pass",
    ),
    Guard(
        35, "the database of a later Rabta is left alone", "storage/migrate.py",
        'if present and present not in known():', "if False:",
    ),
    Guard(
        36, "every statement is looked at", "storage/database.py",
        "        pinned.guard(self.engine)\n", "",
    ),
    Guard(
        36, "two statements of one text are two", "storage/pinned.py",
        'tuple(getattr(compiled, "positiontup", None) or ())', "()",
    ),
    Guard(
        36, "row-level security", "storage/migrate.py",
        "missing = row_security.protect(connection) or missing", "pass",
    ),
    Guard(
        38, "rights", "rules/access.py",
        "not at_least(actor.role, action.role)", "False",
    ),
    Guard(
        38, "an invitation is used once", "storage/invites.py",
        "found.used_at is not None or ", "",
    ),
    Guard(
        38, "who left the team gets in no more", "bot/reception.py",
        "if not member.active and not _is_invited_back(", "if False and not _is_invited_back(",
    ),
    Guard(
        38, "rights that were given away are not taken back", "handlers/undo.py",
        'if not turn.member.may("owner") and _gave_rights(turn, row):', "if False:",
    ),
    Guard(
        39, "a button is its member's", "bot/desk.py",
        "if button.member_id != turn.member.id:", "if False:",
    ),
    Guard(
        39, "and its chat's", "bot/buttons.py",
        "return row if is_here else None", "return row",
    ),
    Guard(
        40, "others' private contacts are left out", "storage/privacy.py",
        "state.statement = state.statement.options(*wanted)", "pass",
    ),
    Guard(
        40, "before others' eyes it is said aside", "bot/discretion.py",
        'if verdict == "privately":', "if False:",
    ),
    Guard(
        40, "what was let go of is looked up anew", "bot/desk.py",
        "            turn.found.clear()  # what was let go of is looked up anew\n", "",
    ),
    Guard(
        41, "Slack's signature", "bot/slack_http.py",
        "if not self._verifier.is_valid_request(body, dict(headers)):", "if False:",
    ),
    Guard(
        41, "Telegram's secret", "bot/telegram_hook.py",
        "if not hmac.compare_digest(given.encode(), self._secret.encode()):", "if False:",
    ),
    Guard(
        42, "Slack's signs are escaped", "bot/slack_draw.py",
        "return Page(escaped(plain), tuple(blocks))", "return Page(plain, tuple(blocks))",
    ),
    Guard(
        45, "no more is looked for than a name is long", "storage/search.py",
        "said = words_of(name[:LONGEST])[:WORDS]\n    if not said:\n        return []\n    look",
        "said = words_of(name)\n    if not said:\n        return []\n    look",
    ),
    Guard(
        46, "overrides are taken out", "bot/bidi.py",
        '_TURNS.sub("", _BREAKS.sub("\\n", text))', '_BREAKS.sub("\\n", text)',
    ),
    Guard(
        48, "what is no plain word is hidden", "bot/logs.py",
        "return value if _WORD.fullmatch(value) else HIDDEN", "return value",
    ),
    Guard(
        48, "errors quote no parameters", "storage/database.py",
        '{"hide_parameters": True}', '{"hide_parameters": False}',
    ),
    Guard(
        50, "what is above the rate waits", "bot/desk.py",
        "        pace.spread(session, door, new, now, self.house.rate)\n", "",
    ),
    Guard(
        0, "an import is one transaction", "handlers/intake/intake.py",
        "            self.session.flush()\n            taken +=",
        "            self.session.get_transaction().commit()\n            taken +=",
        beside="tests/test_intake.py::test_an_import_that_fails_in_the_middle_leaves_nothing",
    ),
    Guard(
        0, "what others built upon an import stays when it is taken back", "storage/brought.py",
        "        rows = rows.where(not_(exists().where(leans)))\n", "        pass\n",
        beside="tests/test_intake.py",
    ),
    Guard(
        0, "a merge is undone: who went comes back", "storage/history.py",
        "        session.execute(insert(table).values(_from_json(table, change.before)))\n",
        "        pass\n", beside="tests/test_merging.py",
    ),
    Guard(
        0, "and what was changed since keeps its value", "storage/history.py",
        'key not in {"version", *(stays or ())}', 'key not in {"version"}',
        beside="tests/test_merging.py::"
        "test_undo_after_somebody_changed_the_merged_one_says_what_and_parts_the_rest",
    ),
)  # fmt: skip
