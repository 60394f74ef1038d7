"""``make mutants``: draw some places by a seed, make each wrong, and see whether a test tells."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

from tests import postgres
from tests.faults.mutants.changes import Mutant, mutants
from tests.faults.mutants.covering import ROOMS, Covering, covering

ROOT = Path(__file__).parents[3]
COPIED = ("bot", "handlers", "language", "rules", "scheduler", "storage", "tests", "docs",
          "pyproject.toml", "README.md", ".env.example", "Makefile", "CHANGELOG.md")  # fmt: skip
LONGEST = 400.0
"""Seconds after which a mutant counts as killed: it hangs, as a test never would."""


def main() -> int:
    asked = _asked()
    asked.folder.mkdir(parents=True, exist_ok=True)
    home = postgres.begin()
    try:
        postgres.server_url()
        known = covering(ROOT, asked.folder, asked.tests.split(","))
        drawn = _drawn(asked)
        print(f"{len(drawn)} mutants, seed {asked.seed}, {_commit()}", flush=True)
        return _judge(asked, drawn, known)
    finally:
        postgres.end(home)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="how many; 0 for all of them")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--files", default="", help="only files whose name has one of these in it")
    parser.add_argument("--tests", default="tests", help="the tests that may be asked")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--most", type=int, default=40, help="tests run for a mutant")
    parser.add_argument("--folder", type=Path, default=Path("faults"), help="where it keeps things")
    return parser.parse_args()


def _drawn(asked: argparse.Namespace) -> list[Mutant]:
    only = [name for name in asked.files.split(",") if name]
    every = [
        each
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
        if not only or any(name in path.as_posix() for name in only)
        for each in mutants(path.relative_to(ROOT).as_posix(), path.read_text())
    ]
    if asked.count and asked.count < len(every):
        every = random.Random(asked.seed).sample(every, asked.count)
    return sorted(every, key=lambda each: (each.file, each.first))


def _judge(asked: argparse.Namespace, drawn: list[Mutant], known: Covering) -> int:
    all_of, killed = Counter[str](), Counter[str]()
    with _copies(asked.jobs) as copies, ThreadPoolExecutor(asked.jobs) as pool:

        def judged(mutant: Mutant) -> tuple[Mutant, str]:
            return mutant, _one(
                mutant, known.of(mutant.file, mutant.first, mutant.last, asked.most), copies
            )

        for mutant, verdict in pool.map(judged, drawn):
            all_of[mutant.file] += 1
            killed[mutant.file] += verdict not in {"survived", "untested"}
            print(f"{verdict:9} {mutant.file}:{mutant.first}  {mutant.what[:150]!r}", flush=True)
    _table(all_of, killed)
    return 0


def _one(mutant: Mutant, tests: list[str], copies: SimpleQueue[Path]) -> str:
    """killed, hangs, survived, or untested where no test comes by that line at all."""
    if not tests:
        return "untested"
    copy = copies.get()
    file = copy / mutant.file
    right = file.read_text()
    file.write_text(mutant.source)
    try:
        return _ran(copy, tests)
    finally:
        file.write_text(right)
        copies.put(copy)


def _ran(copy: Path, tests: list[str]) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    ours = {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(  # noqa: S603 - our own tests
        command, cwd=copy, env={**os.environ, **ours}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        return "survived" if process.wait(LONGEST) == 0 else "killed"
    except subprocess.TimeoutExpired:
        return "hangs"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # and whatever it has started
        process.wait()


class _copies:  # noqa: N801 - it reads as what it gives
    """As many copies of the project as are worked on at once."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __enter__(self) -> SimpleQueue[Path]:
        self.folder = tempfile.TemporaryDirectory(prefix="rabta-mutants-")
        copies: SimpleQueue[Path] = SimpleQueue()
        for copy in self._made():
            copies.put(copy)
        return copies

    def __exit__(self, *_: object) -> None:
        self.folder.cleanup()

    def _made(self) -> Iterator[Path]:
        for number in range(self.count):
            copy = Path(self.folder.name) / str(number)
            for name in COPIED:
                if (ROOT / name).is_dir():
                    leave = shutil.ignore_patterns("__pycache__")
                    shutil.copytree(ROOT / name, copy / name, ignore=leave)
                else:
                    shutil.copy(ROOT / name, copy / name)
            yield copy


def _table(all_of: Counter[str], killed: Counter[str]) -> None:
    print("\n| file | mutants | killed |\n|---|---:|---:|")
    for file in sorted(all_of):
        print(f"| {file} | {all_of[file]} | {killed[file]} |")
    count, told = all_of.total(), killed.total()
    print(f"| all | {count} | {told} ({100 * told / max(count, 1):.1f} %) |")


def _commit() -> str:
    git = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    done = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return f"commit {done.stdout.strip()}"


if __name__ == "__main__":
    sys.exit(main())
