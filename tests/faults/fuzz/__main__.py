"""``make fuzz SECONDS=60``: each parser under atheris for so long; or one stored input once more.

python -m tests.faults.fuzz --seconds 60 [--targets language,slack] [--corpus DIR]
python -m tests.faults.fuzz --again slack crash-0123abcd
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

OURS = ["bot", "exchange", "handlers", "language", "rules"]
"""What the fuzzer looks into."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--targets", default="", help="by name; all where none is named")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--found", type=Path, default=Path("faults"), help="where crashes go")
    parser.add_argument("--again", nargs=2, metavar=("TARGET", "FILE"))
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:  # what is fuzzed must be imported under the fuzzer's eyes
        _fuzz(asked.one, asked.seconds, asked.seed, asked.found)
        return 0
    from tests.faults.fuzz.targets import TARGETS, Watched

    if asked.again:
        target, file = asked.again
        Watched(TARGETS[target])(Path(file).read_bytes())
        return 0
    return _all(asked, asked.targets.split(",") if asked.targets else list(TARGETS))


def _all(asked: argparse.Namespace, targets: list[str]) -> int:
    """Each in a process of its own: a crash ends only that one."""
    asked.found.mkdir(parents=True, exist_ok=True)
    worst = 0
    print("| target | inputs | result |\n|---|---:|---|")
    for name in targets:
        told = ["--one", name, "--seconds", str(asked.seconds), "--seed", str(asked.seed)]
        command = [sys.executable, "-m", "tests.faults.fuzz", *told, "--found", str(asked.found)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        counts = re.findall(r"(?:Done |^#)(\d+)", done.stderr, re.MULTILINE)
        result = "no crash, none slow" if done.returncode == 0 else "FAILED"
        print(f"| {name} | {int(counts[-1]) if counts else 0:,} | {result} |", flush=True)
        if done.returncode:
            worst = 1
            print("\n".join(done.stderr.splitlines()[-40:]), flush=True)
    return worst


def _fuzz(name: str, seconds: int, seed: int, found: Path) -> None:
    import atheris  # of the extra ``fuzz``

    with atheris.instrument_imports(include=OURS):
        from tests.faults.fuzz.targets import TARGETS, Watched
    target = Watched(TARGETS[name])
    corpus = found / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={seconds}", f"-seed={seed}", "-max_len=2000", "-timeout=20"]
    told = [*limits, "-rss_limit_mb=2000", f"-artifact_prefix={found}/{name}-", str(corpus)]
    atheris.Setup([sys.argv[0], *told], target)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
