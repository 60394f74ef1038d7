"""A copy of the project in which one thing is wrong, and what the tests say of it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
COPIED = ("benchmarks", "bot", "exchange", "handlers", "language", "rules", "scheduler", "storage",
          "tests", "docs", "pyproject.toml", "README.md", ".env.example", "Makefile",
          "CHANGELOG.md")  # fmt: skip
LONGEST = 120
"""Seconds after which a test tells that something is wrong by hanging."""
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
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def judged(self, file: str, wrong: str, tests: Sequence[str]) -> Verdict:
        """What these tests say where that is what stands in the file."""
        if not tests:
            return Verdict("untested")
        place = self.folder / file
        right = place.read_text("utf-8")
        place.write_text(wrong, "utf-8")
        try:
            code, said = self._ran("-x", *tests)
        finally:
            place.write_text(right, "utf-8")
        if code is None:
            return Verdict("doubtful", "they took too long")
        if code == 0:
            return Verdict("survived")
        if hangs := _HANGS.findall(said):
            return self._confirmed("hangs", hangs, tests)
        return self._confirmed("killed", _FAILED.findall(said), tests)

    def _confirmed(self, name: str, failed: Sequence[str], tests: Sequence[str]) -> Verdict:
        """What failed must pass, and what could not even be collected be there, where nothing is
        wrong."""
        asked = failed[:1] if failed else ["--collect-only", *tests]
        code, _ = self._ran(*asked)
        by = failed[0] if failed else "it cannot be imported"
        return Verdict(name, by) if code == 0 else Verdict("doubtful", by)

    def _ran(self, *asked: str) -> tuple[int | None, str]:
        """pytest's exit code, None where it hangs, and all that it said."""
        hangs = [f"-ofaulthandler_timeout={LONGEST}", "-ofaulthandler_exit_on_timeout=true"]
        told = ["-p", "no:cacheprovider", "-vv", *hangs]  # -vv: which test it is that hangs
        command = [sys.executable, "-m", "pytest", *told, *asked]
        ours = {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        with tempfile.TemporaryFile() as out:
            process = subprocess.Popen(  # noqa: S603 - our own tests
                command, cwd=self.folder, env={**os.environ, **ours}, start_new_session=True,
                stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip
            try:
                code = process.wait(ALL_OF_THEM)
            except subprocess.TimeoutExpired:
                return None, ""
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # and whatever it has started
                process.wait()
            out.seek(0)
            return code, out.read().decode("utf-8", "replace")


@contextmanager
def copies(count: int) -> Iterator[SimpleQueue[Copy]]:
    """As many copies as are worked on at once."""
    free: SimpleQueue[Copy] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="rabta-mutants-") as folder:
        for number in range(count):
            free.put(_made(Path(folder) / str(number)))
        yield free


def _made(folder: Path) -> Copy:
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, folder / name)
    return Copy(folder)


def commit() -> str:
    git = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    done = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return f"commit {done.stdout.strip()}"
