"""The real program in processes that are forked from one that has imported it, to be killed.

Importing costs 3 s, so 10,000 fresh starts would cost 9 hours. A fork runs the same ``rabta run``
from its first line on: settings, migration, doors, all connections are its own.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path

IMPORTED = (
    "tests.faults.kills.warmed", "tests.faults.kills.broken", "bot.cli", "bot.program",
    "bot.operate", "bot.doors", "bot.http", "bot.health", "bot.telegram_hook", "bot.slack_http",
    "uvicorn.protocols.http.h11_impl", "sqlalchemy.dialects.sqlite",
    "sqlalchemy.dialects.postgresql.psycopg",
)  # fmt: skip

_context = multiprocessing.get_context("forkserver")


class Program:
    """One ``rabta``, with what it logs in a file of its own."""

    def __init__(
        self,
        home: Path,
        settings: Mapping[str, str],
        arguments: Sequence[str] = ("run",),
        broken: str = "",
    ) -> None:
        self.home, self.settings = home, dict(settings)
        self.arguments, self.broken = list(arguments), broken
        self.log = home / "log"
        self.process: ForkServerProcess | None = None
        self.since = 0.0
        self._from = 0
        home.mkdir(parents=True, exist_ok=True)
        self.log.touch()

    def start(self) -> None:
        _context.set_forkserver_preload(list(IMPORTED))
        told = (str(self.home), self.settings, self.arguments, self.broken)
        self._from = self.log.stat().st_size
        self.process = _context.Process(target=live, args=told, daemon=True)
        self.process.start()
        self.since = time.monotonic()

    @property
    def lives(self) -> bool:
        return self.process is not None and self.process.is_alive()

    @property
    def listens(self) -> bool:
        """Whether it says that it serves its doors."""
        with self.log.open("rb") as log:
            log.seek(self._from)
            return b"Rabta listens on" in log.read()

    def kill(self) -> None:
        """``kill -9``. Raises where it had ended by itself."""
        assert self.process is not None
        if not self.process.is_alive():
            raise Ended(self.log.read_text()[-2000:])
        self.process.kill()
        self.process.join()
        self.process.close()
        self.process = None

    def stop(self, patience: float = 20.0) -> int | None:
        """As an operator stops it; its exit code, None where it had to be killed."""
        assert self.process is not None
        self.process.terminate()
        return self.ended(patience)

    def ended(self, patience: float = 60.0) -> int | None:
        """Its exit code once it has ended by itself."""
        assert self.process is not None
        self.process.join(patience)
        code = self.process.exitcode
        if code is None:
            self.process.kill()
            self.process.join()
        self.process.close()
        self.process = None
        return code


class Ended(Exception):
    """It ended though nobody had asked it to."""


def live(home: str, settings: dict[str, str], arguments: list[str], broken: str) -> None:
    """In the forked process: what the ``rabta`` command does, with its output in the log."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.chdir(home)
    for name in [name for name in os.environ if name.startswith("RABTA_")]:
        del os.environ[name]
    os.environ.update(settings)
    sys.argv = ["rabta", *arguments]
    log = os.open("log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    out = os.open("out", os.O_WRONLY | os.O_TRUNC | os.O_CREAT)
    os.dup2(out, 1)
    os.dup2(log, 2)
    if broken:
        from tests.faults.kills.broken import VARIANTS

        VARIANTS[broken]()
    from bot.cli import main

    main()


def _end_with_parent() -> None:
    """Nothing is left running where the runner itself was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        with suppress(OSError):
            parent.join()
            os._exit(70)
