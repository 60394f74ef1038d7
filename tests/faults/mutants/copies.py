"""A copy of the project in which one thing is wrong, and what the tests say of it."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
COPIED = ("benchmarks", "bot", "exchange", "handlers", "language", "rules", "scheduler", "storage",
          "tests", "docs", "pyproject.toml", "README.md", ".env.example", "Makefile",
          "CHANGELOG.md")  # fmt: skip
LIBRARIES = (
    "pytest", "hypothesis", "sqlalchemy.orm", "psycopg", "alembic.command",
    "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql", "telegram", "httpx",
    "slack_bolt.async_app", "slack_sdk.web.async_client", "slack_sdk.socket_mode.aiohttp",
    "aiohttp.web", "starlette.applications", "uvicorn", "websockets", "click.testing",
    "babel.dates", "babel.numbers", "phonenumbers", "email_validator", "dateutil.rrule",
    "apscheduler.schedulers.asyncio", "pydantic_settings", "rapidfuzz", "rich.console",
    "prompt_toolkit",
)  # fmt: skip
"""What our programs and tests import, so that it is there before they begin."""
FIRST = 6
"""Tests that are asked before the others."""
LONGEST = 120
"""Seconds after which a test tells that something is wrong by hanging."""
NONE_RAN = 5
"""pytest's exit code where all tests that were asked are left out, by ``-k`` for instance."""
ALL_OF_THEM = 3600.0
"""Seconds for all tests of a mutant; more tell nothing but that the machine is busy."""

_HANGS = re.compile(r"^(\S+::\S.*?) ?Timeout \(", re.MULTILINE)
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+::\S.*?)(?: - .*)?$", re.MULTILINE)


class Verdict(NamedTuple):
    """killed, hangs, survived, untested where no test comes by; doubtful where the test that
    failed fails on what is right as well."""

    name: str
    by: str = ""

    @property
    def is_told(self) -> bool:
        return self.name in {"killed", "hangs"}


class Copy:
    def __init__(self, folder: Path, libraries: Sequence[str] = ()) -> None:
        self.folder = folder
        self._moments = itertools.count()
        self._right: set[str] = set()
        ours = {"PYTHONPATH": str(folder)}
        self._nest = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, str(Path(__file__).with_name("nest.py")), *libraries], cwd=folder,
            env={**os.environ, **ours}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def judged(self, file: str, wrong: str, tests: Sequence[str]) -> Verdict:
        """What these tests say where that is what stands in the file."""
        if not tests:
            return Verdict("untested")
        place = self.folder / file
        right = place.read_text("utf-8")
        self._put(place, wrong)
        try:
            code, said = self._asked(tests)
        finally:
            self._put(place, right)
        if code is None:
            return Verdict("doubtful", "they took too long")
        if code == 0:
            return Verdict("survived")
        if hangs := _HANGS.findall(said):
            return self._confirmed("hangs", hangs, tests)
        return self._confirmed("killed", _FAILED.findall(said), tests)

    def _asked(self, tests: Sequence[str]) -> tuple[int | None, str]:
        """A few at first: most that is wrong is told by one of them, and the rest not collected."""
        code, said = self._ran("-x", *tests[:FIRST])
        if code == 0 and len(tests) > FIRST:
            return self._ran("-x", *tests[FIRST:])
        return code, said

    def _confirmed(self, name: str, failed: Sequence[str], tests: Sequence[str]) -> Verdict:
        """What failed must pass, and what could not even be collected be there, where nothing is
        wrong."""
        by = failed[0] if failed else "it cannot be imported"
        if by not in self._right:
            asked = failed[:1] if failed else ["--collect-only", *tests]
            if self._ran(*asked)[0] != 0:
                return Verdict("doubtful", by)
        self._right.update(failed[:1])
        return Verdict(name, by)

    def _ran(self, *asked: str) -> tuple[int | None, str]:
        """pytest's exit code, None where it hangs, and all that it said."""
        hangs = [f"-ofaulthandler_timeout={LONGEST}", "-ofaulthandler_exit_on_timeout=true"]
        there = "-Wignore::pytest.PytestAssertRewriteWarning"  # of libraries that bring a plugin
        told = ["-p", "no:cacheprovider", there, "-vv", *hangs]  # -vv: which test it is that hangs
        with tempfile.NamedTemporaryFile() as out:
            wanted = [str(self.folder), [*told, *asked], out.name, ALL_OF_THEM]
            print(json.dumps(wanted), file=self._nest.stdin, flush=True)
            code = json.loads(self._nest.stdout.readline()) if self._nest.stdout else None
            code = 0 if code == NONE_RAN else code
            return code, out.read().decode("utf-8", "replace")

    def _put(self, place: Path, text: str) -> None:
        """Each time with a time of its own, by which Python knows what it has compiled."""
        place.write_text(text, "utf-8")
        moment = int(place.stat().st_mtime) - 10_000_000 + next(self._moments)
        os.utime(place, (moment, moment))

    def close(self) -> None:
        self._nest.kill()
        self._nest.wait()
        for pipe in (self._nest.stdin, self._nest.stdout):
            if pipe:
                pipe.close()


@contextmanager
def copies(count: int) -> Iterator[SimpleQueue[Copy]]:
    """As many copies as are worked on at once."""
    free: SimpleQueue[Copy] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="rabta-mutants-") as folder:
        made = [_made(Path(folder) / str(number)) for number in range(count)]
        for each in made:
            free.put(each)
        try:
            yield free
        finally:
            for each in made:
                each.close()


def _made(folder: Path) -> Copy:
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, folder / name)
    return Copy(folder, LIBRARIES)


def commit() -> str:
    git = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    done = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return f"commit {done.stdout.strip()}"
