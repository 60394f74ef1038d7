"""What a picture costs: ``python benchmarks/pictures.py``. CPU of this process, best of five."""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.pictures.drawing import png
from tests.pictures.cast import charts

ROUNDS = 5


def cpu(tongue: str, kind: str) -> tuple[float, int]:
    """Milliseconds, and bytes."""
    before = time.process_time()
    data = png(charts(tongue)[kind], rtl=tongue == "ur")
    return (time.process_time() - before) * 1000, len(data)


def main() -> None:
    first, _ = cpu("en", "funnel")
    print(f"the first, with what draws being loaded: {first:.0f} ms")
    for tongue in ("en", "ur"):
        for kind in charts(tongue):
            best, size = min(cpu(tongue, kind) for _ in range(ROUNDS))
            print(f"{kind} {tongue}: {best:.0f} ms, {size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
