"""Waiting for what comes by itself, and for tasks to end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


def until(true: Callable[[], object], timeout: float = 8.0) -> None:
    """Wait for it. Fails the test where it does not come in `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not true():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)


async def ended(*tasks: asyncio.Task[None], again: float = 0.1) -> None:
    """Cancelled until they are, every `again` seconds: before Python 3.12 ``wait_for`` may swallow
    a cancellation."""
    while not all(task.done() for task in tasks):
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=again)
