"""``rabta chat`` at a keyboard: lines as they are typed, keys that drop one or leave, a history."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any, cast

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output.plain_text import PlainTextOutput

from bot import console
from bot.console import Opening
from bot.talk import Talk
from handlers.reply import Reply, says

CTRL_C, CTRL_D, ENTER = "\x03", "\x04", "\r"
WELCOME: Opening = ("terminal_welcome", {"name": "Ayesha"})


class Listener:
    """Takes Rabta's place: keeps what it is told, and answers it."""

    def __init__(self, *, new: bool = False) -> None:
        self.said: list[str] = []
        self.done: list[str] = []
        self.new, self.over = new, False
        self.show: Callable[[Reply], None] = lambda _reply: None
        self.one_at_a_time = asyncio.Lock()
        self.after: Callable[[str], None] = lambda _line: None
        self.ticking = 0

    async def say(self, line: str) -> None:
        self.said.append(line)
        self.show(says(f"[b]You[/b] said :smile: {line}"))
        self.after(line)

    async def tell(self, key: str, **values: object) -> None:
        self.done.append(f"tell {key} {values}")
        self.show(says("Welcome."))

    async def is_new(self) -> bool:
        return self.new

    async def settle(self) -> None:
        self.done.append("settle")

    async def tick(self) -> None:
        self.ticking += 1
        try:
            await asyncio.sleep(600)
        finally:
            self.ticking -= 1
            self.done.append("ticks no more")


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as typed:
        yield typed


def sits(listener: Listener, keys: PipeInput, history: Path | None = None) -> str:
    """Somebody at the keyboard, until they leave; what the screen showed."""
    screen = StringIO()

    async def go() -> None:
        with create_app_session(input=keys, output=PlainTextOutput(screen)):
            talk = cast("Talk", listener)
            await asyncio.wait_for(console.by_hand(talk, history, WELCOME), 60)

    asyncio.run(go())
    return screen.getvalue()


def test_each_line_is_said_and_answered_until_the_input_ends(keys: PipeInput) -> None:
    listener = Listener()
    keys.send_text(f"pipeline{ENTER}  {ENTER}نشاط ملز{ENTER}{CTRL_D}")
    screen = sits(listener, keys)
    assert listener.said == ["pipeline", "نشاط ملز"], "a blank line is nothing said"
    assert listener.done[:2] == [f"tell {WELCOME[0]} {WELCOME[1]}", "settle"]
    assert "Welcome." in screen
    assert "[b]You[/b] said :smile: pipeline" in screen, "what people write is no markup"
    assert listener.ticking == 0
    assert listener.done[-1] == "ticks no more"


def test_who_is_new_is_greeted_first(keys: PipeInput) -> None:
    listener = Listener(new=True)
    keys.send_text(f"pipeline{ENTER}{CTRL_D}")
    sits(listener, keys)
    assert listener.said == ["/start", "pipeline"]


def test_ctrl_c_drops_the_line_and_no_more(keys: PipeInput) -> None:
    listener = Listener()
    keys.send_text(f"won nishat{CTRL_C}today{ENTER}{CTRL_D}")
    sits(listener, keys)
    assert listener.said == ["today"]


def test_quit_ends_it_before_the_next_line(keys: PipeInput) -> None:
    listener = Listener()

    def quits(line: str) -> None:
        listener.over = line == ":quit"

    listener.after = quits
    keys.send_text(f"today{ENTER}:quit{ENTER}tomorrow{ENTER}")
    sits(listener, keys)
    assert listener.said == ["today", ":quit"]


def test_told_to_stop_it_leaves_though_nobody_typed_anything(keys: PipeInput) -> None:
    listener = Listener()

    def told(line: str) -> None:
        asyncio.get_running_loop().call_later(0.3, os.kill, os.getpid(), signal.SIGTERM)

    listener.after = told
    keys.send_text(f"today{ENTER}")
    sits(listener, keys)
    assert listener.over
    assert listener.said == ["today"]


def test_what_was_typed_is_there_next_time(keys: PipeInput, tmp_path: Path) -> None:
    history = tmp_path / "new" / "folder" / "history"
    keys.send_text(f"won nishat{ENTER}{CTRL_D}")
    sits(Listener(), keys, history)
    assert "+won nishat" in history.read_text("utf-8").splitlines()
    up = "\x1b[A"
    with create_pipe_input() as again:
        listener = Listener()
        again.send_text(f"{up}{ENTER}{CTRL_D}")
        sits(listener, again, history)
        assert listener.said == ["won nishat"]


# --- from a pipe ----------------------------------------------------------------------------------


def piped(
    text: str, listener: Listener, monkeypatch: pytest.MonkeyPatch, opening: Opening | None = None
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(text))
    asyncio.run(asyncio.wait_for(console.by_lines(cast("Talk", listener), opening), 60))


def test_lines_of_a_pipe_are_said_and_answered_plainly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listener = Listener()
    piped("today\n\n  \npipeline", listener, monkeypatch)
    assert [line.strip() for line in listener.said] == ["today", "pipeline"]
    assert listener.done == ["settle", "ticks no more"]
    assert capsys.readouterr().out.count("\n\n") == 2


def test_a_pipe_is_greeted_only_where_something_is_to_be_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listener = Listener()
    piped("", listener, monkeypatch, WELCOME)
    assert listener.done[0].startswith("tell terminal_welcome")


def test_more_lines_than_are_read_ahead_all_come(monkeypatch: pytest.MonkeyPatch) -> None:
    listener = Listener()
    piped("".join(f"line {number}\n" for number in range(350)), listener, monkeypatch)
    assert len(listener.said) == 350


def test_quit_ends_a_pipe_though_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    listener = Listener()

    def quits(_line: str) -> None:
        listener.over = True

    listener.after = quits
    piped("one\ntwo\nthree\n", listener, monkeypatch)
    assert len(listener.said) == 1


def test_a_pipe_that_is_told_to_stop_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    listener = Listener()
    reads, writes = os.pipe()
    os.write(writes, b"today\n")

    def told(_line: str) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    listener.after = told
    with os.fdopen(reads, encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        stop: Any = asyncio.wait_for(console.by_lines(cast("Talk", listener)), 60)
        asyncio.run(stop)
        os.close(writes)
    assert listener.said == ["today\n"]
