"""Runs pytest again and again, each time forked from a process that has imported the libraries.

Started as a program, by its path, with their names: it must not know this project, of which a copy
is imported anew each time. A line in is ``[folder, arguments, file for what is said, seconds]``, a
line out the exit code, or null where it took too long.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
import traceback
from contextlib import suppress


def main() -> None:
    for name in sys.argv[1:]:
        with suppress(ImportError):
            importlib.import_module(name)
    for line in sys.stdin:
        folder, arguments, out, seconds = json.loads(line)
        print(json.dumps(_ran(folder, arguments, out, seconds)), flush=True)


def _ran(folder: str, arguments: list[str], out: str, seconds: float) -> int | None:
    child = os.fork()
    if not child:
        _run(folder, arguments, out)
    end = time.monotonic() + seconds
    done, status = 0, 0
    while not done and time.monotonic() < end:
        time.sleep(0.02)
        done, status = os.waitpid(child, os.WNOHANG)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # and whatever it has started
    if done:
        return os.waitstatus_to_exitcode(status)
    os.waitpid(child, 0)
    return None


def _run(folder: str, arguments: list[str], out: str) -> None:
    import pytest

    os.setsid()
    os.chdir(folder)
    sys.path.insert(0, folder)
    said = os.open(out, os.O_WRONLY | os.O_APPEND)
    for number in (1, 2):
        os.dup2(said, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    code = 1
    try:
        code = int(pytest.main(arguments))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
