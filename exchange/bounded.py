"""Reads a stranger's file in a process of its own, which may fail without harm."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import IO, NamedTuple

from exchange.asked import Asked
from exchange.refusing import Refused
from exchange.spoken import Told, told_by

_WALL = 4  # times the processor's seconds: the machine may be busy
_CHUNK = 1 << 20
_READ = 1 << 18  # bytes that are asked of the child at once


class Answer(NamedTuple):
    """A line of the child's, not yet looked into: of many, each is to be read but once."""

    kind: str
    """Of a record; "" of what is none."""
    line: bytes

    def told(self) -> Told:
        return told_by(self.line)


def read_file(path: Path, asked: Asked) -> Iterator[Told]:
    """What the child reads from a file. Raises Refused, also after some records, and OSError."""
    return (each.told() for each in file_answers(path, asked))


def read_bytes(data: bytes, name: str, asked: Asked) -> Iterator[Told]:
    """The same of what was sent or piped."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        for each in _read(file, name, asked):
            yield each.told()


def file_answers(path: Path, asked: Asked) -> Iterator[Answer]:
    """What the child says of a file, line by line. Raises as ``read_file`` does."""
    with path.open("rb") as file:
        yield from _read(file, path.name, asked)


def stream_answers(stream: IO[bytes], name: str, asked: Asked) -> Iterator[Answer]:
    """The same of a pipe, up to the limit."""
    with tempfile.TemporaryFile() as file:
        while file.tell() <= asked.limits.size and (chunk := stream.read(_CHUNK)):
            file.write(chunk)
        file.seek(0)
        yield from _read(file, name, asked)


def _read(file: IO[bytes], name: str, asked: Asked) -> Iterator[Answer]:
    if os.fstat(file.fileno()).st_size > asked.limits.size:
        raise Refused("too_big")
    # -P: a csv.py that lies in the folder where somebody works is not ours
    child = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-P", "-m", "exchange.child", name, json.dumps(asked.told())],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=_READ,
        env=_few(os.environ),
    )
    clock = Timer(asked.limits.seconds * _WALL, child.kill)
    clock.daemon = True
    clock.start()
    try:
        yield from _answers(child)
    finally:
        clock.cancel()
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()


def _few(environment: os._Environ[str]) -> dict[str, str]:
    """What a Python needs to start; no secret is among it."""
    wanted = ("PATH", "SYSTEMROOT", "PYTHONPATH", "VIRTUAL_ENV", "LANG", "LC_ALL", "TMPDIR")
    return {name: environment[name] for name in wanted if name in environment}


def _answers(child: subprocess.Popen[bytes]) -> Iterator[Answer]:
    for said in child.stdout or ():
        kind, _, line = said.partition(b"\t")
        if not line.endswith(b"\n"):
            break
        answer = Answer(kind.decode(), line)
        told = {} if kind else answer.told()
        if kind or not told.keys().isdisjoint({"plan", "bad", "holds"}):
            yield answer
        elif "refused" in told:
            raise Refused(told["refused"], told["detail"])
        elif "end" in told:
            return
    raise _ended(child.wait())


def _ended(code: int) -> Refused:
    """It ended without a word: the system ended it, or its own libraries did for want of memory."""
    if os.name == "posix" and code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return Refused("too_slow")
    if os.name == "posix" and code in {-signal.SIGABRT, -signal.SIGSEGV}:
        return Refused("too_much_memory")
    return Refused("failed")
