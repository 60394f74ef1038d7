"""The real program in a process of its own, to be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.doors.waiting import until

CUSTOMERS = [
    "Alpha", "Bravo", "Cotton", "Delta", "Emporium", "Fabrics", "Gulshan", "Habib", "Indus",
    "Jubilee", "Kohinoor", "Lucky", "Mehran", "Nishat", "Orient", "Packages", "Quaid", "Ravi",
]  # fmt: skip
"""Firms to tell of, each once."""


def no_settings() -> dict[str, str]:
    """The environment of the tests, without what it may set for a Rabta beside them."""
    return {name: value for name, value in os.environ.items() if name[:6] != "RABTA_"}


@contextmanager
def running(
    settings: Mapping[str, str],
    home: Path,
    is_up: Callable[[], object] = lambda: True,
    patience: float = 60.0,
    before: str = "",
) -> Iterator[subprocess.Popen[bytes]]:
    """``rabta run`` for as long as the block or a kill lets it, from when it `is_up`, which
    is waited for `patience` seconds; what it logs stands in ``rabta.log``. ``before`` is run in it
    first."""
    ours = {"PYTHONPATH": str(Path(__file__).parents[2])}
    with (home / "rabta.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", f"{before}\nfrom bot.cli import main; main()", "run"],
            env={**os.environ, **settings, **ours},
            cwd=home,
            stdout=log,
            stderr=log,
        )
        try:
            until(is_up, patience)
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
