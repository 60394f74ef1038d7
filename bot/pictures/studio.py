"""Where pictures are drawn: aside, one at a time, and never longer than somebody waits."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial

from bot.pictures.drawing import png
from handlers.reply import Chart

PATIENCE = 20.0
"""Seconds until the words go out alone. The first picture of a process takes one or two, since
what draws it is only loaded then."""

log = logging.getLogger("rabta.pictures")


@cache
def _studio() -> ThreadPoolExecutor:
    """One thread: what draws keeps fonts in common, which no two may use at once."""
    return ThreadPoolExecutor(1, "pictures")


async def picture_of(chart: Chart, *, rtl: bool) -> bytes | None:
    """The chart as a PNG; None where it cannot be drawn."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(PATIENCE):
            return await loop.run_in_executor(_studio(), partial(png, chart, rtl=rtl))
    except Exception as problem:  # whatever it was, the words must go out
        log.warning("a %s was not drawn: %s", chart.kind, type(problem).__name__, exc_info=problem)
        return None
