"""``make mutants``: draw some places by a seed, make each wrong, and see whether a test tells.

``make mutants GUARDS=1`` takes out the guards of the listed faults instead (``guards.py``).
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path

from tests import postgres
from tests.faults.mutants.changes import Mutant, mutants
from tests.faults.mutants.copies import ROOT, Verdict, commit, copies
from tests.faults.mutants.covering import ROOMS, covering
from tests.faults.mutants.guards import GUARDS, Guard, told_by
from tests.faults.mutants.wording import Wording


def main() -> int:
    asked = _asked()
    asked.folder.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started ends with it
    home = postgres.begin()
    try:
        postgres.server_url()
        return _guards(asked) if asked.guards else _mutants(asked)
    finally:
        postgres.end(home)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="how many; 0 for all of them")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--files", default="", help="only files whose name has one of these in it")
    parser.add_argument("--tests", default="tests", help="the tests that may be asked")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--most", type=int, default=200, help="tests run for a mutant")
    parser.add_argument("--folder", type=Path, default=Path("faults"), help="where it keeps things")
    parser.add_argument("--guards", default="", help="rows whose guards are taken out, or all")
    return parser.parse_args()


# --- places drawn by a seed -----------------------------------------------------------------------


def _mutants(asked: argparse.Namespace) -> int:
    known = covering(ROOT, asked.folder, asked.tests.split(","))
    drawn = _drawn(asked)
    print(f"{len(drawn)} mutants, seed {asked.seed}, {commit()}", flush=True)
    all_of, told = Counter[str](), Counter[str]()
    survivors: dict[str, list[str]] = {}
    wording = Wording(ROOT)

    def tests_of(each: Mutant) -> list[str]:
        lines = (ROOT / each.file).read_text("utf-8").splitlines()[each.first - 2 : each.last + 1]
        about = cache(partial(wording.likeness, f"{each.what}\n{lines}"))
        return known.of(each.file, each.first, each.last, about)[: asked.most]

    jobs = ((each.file, each.source, tests_of(each)) for each in drawn)
    for mutant, verdict in zip(drawn, _judged(asked.jobs, jobs), strict=True):
        room = mutant.file.partition("/")[0]
        all_of[room] += 1
        told[room] += verdict.is_told
        place = f"{mutant.file}:{mutant.first}"
        if not verdict.is_told:
            survivors.setdefault(room, []).append(f"`{place}` {verdict.name}")
        so_far = f"{told.total()}/{all_of.total()}"
        print(
            f"{so_far:7} {verdict.name:9} {place}  {mutant.what[:150]!r}  {verdict.by}", flush=True
        )
    _table(all_of, told, survivors)
    return 0


def _drawn(asked: argparse.Namespace) -> list[Mutant]:
    """In the order in which they are drawn: the first so many of more are a fair sample, too."""
    only = [name for name in asked.files.split(",") if name]
    every = [
        each
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
        if not only or any(name in path.as_posix() for name in only)
        for each in mutants(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    ]
    random.Random(asked.seed).shuffle(every)
    return every[: asked.count or None]


def _table(all_of: Counter[str], told: Counter[str], survivors: dict[str, list[str]]) -> None:
    print("\n| room | mutants | killed | not told |\n|---|---:|---:|---|")
    for room in sorted(all_of):
        left = "<br>".join(survivors.get(room, ()))
        print(f"| `{room}` | {all_of[room]} | {told[room]} | {left} |")
    count, killed = all_of.total(), told.total()
    print(f"| all | {count} | {killed} ({100 * killed / max(count, 1):.1f} %) | |")


# --- the guards of the listed faults --------------------------------------------------------------


def _guards(asked: argparse.Namespace) -> int:
    rows = {int(row) for row in asked.guards.split(",") if row.isdecimal() and asked.guards != "1"}
    chosen = [each for each in GUARDS if not rows or each.row in rows]
    print(f"{len(chosen)} guards, {commit()}", flush=True)
    tests = told_by(chosen)
    jobs = ((each.file, each.taken_out(), tests[each]) for each in chosen)
    lines = ["| row | what is taken out | of | told by, in `tests/` |", "|---:|---|---|---|"]
    untold = 0
    for guard, verdict in zip(chosen, _judged(asked.jobs, jobs), strict=True):
        untold += not verdict.is_told
        print(f"{verdict.name:9} row {guard.row}: {guard.what}  {verdict.by}", flush=True)
        lines.append(_line(guard, verdict))
    print("\n" + "\n".join(lines))
    return min(1, untold)


def _line(guard: Guard, verdict: Verdict) -> str:
    by = verdict.by.removeprefix("tests/").partition("[")[0]
    told, row = f"`{by}`" if by else verdict.name, guard.row or "-"
    return f"| {row} | {guard.what} | `{guard.file}` | {told} |"


def _judged(jobs: int, asked: Iterable[tuple[str, str, list[str]]]) -> Iterator[Verdict]:
    with copies(jobs) as free, ThreadPoolExecutor(jobs) as pool:

        def judged(one: tuple[str, str, list[str]]) -> Verdict:
            copy = free.get()
            try:
                return copy.judged(*one)
            finally:
                free.put(copy)

        yield from pool.map(judged, asked)


if __name__ == "__main__":
    sys.exit(main())
