"""Where the lines of a terminal talk come from: a person at a keyboard, or a pipe."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING

from handlers.reply import Reply

if TYPE_CHECKING:
    from pathlib import Path

    from bot.talk import Talk

Opening = tuple[str, dict[str, str]]
"""What is said first: the key of its words, and their values."""


async def by_lines(talk: Talk, opening: Opening | None = None) -> None:
    """A message a line from stdin, plain replies on stdout; ends when the input does."""
    from bot.terminal_draw import plain

    def show(reply: Reply) -> None:
        print(plain(reply), end="\n\n", flush=True)  # noqa: T201 - this is the terminal

    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    talk.show = show
    stop = asyncio.Event()
    _on_signal(stop.set)
    if opening:
        await talk.tell(opening[0], **opening[1])
    async with _ticking(talk):
        await talk.settle()
        async for line in _lines(stop):
            if line.strip():
                await talk.say(line)
            if talk.over:
                break


async def _lines(stop: asyncio.Event) -> AsyncIterator[str]:
    """Lines of stdin until it ends or ``stop``; the thread that reads keeps nothing from ending."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str] = asyncio.Queue()
    room = threading.Semaphore(100)
    source = sys.stdin

    def read() -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            while not source.closed and (line := source.readline()):
                room.acquire()
                loop.call_soon_threadsafe(lines.put_nowait, line)
            loop.call_soon_threadsafe(lines.put_nowait, "")

    threading.Thread(target=read, daemon=True).start()
    stopped = asyncio.ensure_future(stop.wait())
    while True:
        line = asyncio.ensure_future(lines.get())
        await asyncio.wait({line, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not line.done() or not line.result():
            line.cancel()
            stopped.cancel()
            return
        room.release()
        yield line.result()


async def by_hand(talk: Talk, history: Path | None, opening: Opening) -> None:
    """A person at the keyboard: colours, history, and what the clock brings in between."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.formatted_text import HTML
    from prompt_toolkit.history import FileHistory, InMemoryHistory
    from prompt_toolkit.patch_stdout import patch_stdout
    from rich.console import Console

    from bot.terminal_draw import rich

    if history:
        history.parent.mkdir(parents=True, exist_ok=True)
    session: PromptSession[str] = PromptSession(
        HTML("<ansicyan><b>› </b></ansicyan>"),
        history=FileHistory(str(history)) if history else InMemoryHistory(),
        auto_suggest=AutoSuggestFromHistory(),
    )

    def leave() -> None:
        talk.over = True
        if session.app.is_running:
            session.app.exit(exception=EOFError)

    _on_signal(leave, signal.SIGTERM)
    with patch_stdout(raw=True):
        console = Console(markup=False, emoji=False, highlight=False)

        def show(reply: Reply) -> None:
            for part in rich(reply):
                console.print(part)
            console.print()

        talk.show = show
        await talk.tell(opening[0], **opening[1])
        if await talk.is_new():
            await talk.say("/start")
        async with _ticking(talk):
            await talk.settle()
            while not talk.over:
                with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C drops the line
                    try:
                        line = await session.prompt_async(handle_sigint=True)
                    except EOFError:
                        break
                    if line.strip():
                        await talk.say(line)


@asynccontextmanager
async def _ticking(talk: Talk) -> AsyncIterator[None]:
    """The clock looks round in the background, and is not stopped in the middle of a sentence."""
    ticking = asyncio.ensure_future(talk.tick())
    try:
        yield
    finally:
        async with talk.one_at_a_time:
            ticking.cancel()


def _on_signal(act: Callable[[], None], *numbers: signal.Signals) -> None:
    loop = asyncio.get_running_loop()
    for number in numbers or (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows has none
            loop.add_signal_handler(number, act)
