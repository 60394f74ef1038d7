"""What can go wrong with a call on purpose, and how often a bot may write."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.servers.telegram.wire import Answer


@dataclass(frozen=True)
class Fault:
    """One call gone wrong: late, done or not, and then answered so."""

    delay: float = 0.0
    done: bool = True  # whether the call takes effect before it goes wrong
    answer: Answer | None = None  # None: the usual answer
    late: float = 0.0  # seconds between taking effect and answering


CUT_AFTER = Fault(answer=Answer(cut=True))  # delivered, and the socket dies before it says so
CUT_BEFORE = Fault(done=False, answer=Answer(cut=True))
BAD_GATEWAY = Fault(done=False, answer=Answer(502, b"<html>502 Bad Gateway</html>", "text/html"))


def slow(seconds: float) -> Fault:
    return Fault(delay=seconds)


def fails(code: int = 500, description: str = "Internal Server Error", done: bool = False) -> Fault:
    body = {"ok": False, "error_code": code, "description": description}
    return Fault(done=done, answer=Answer.of(body, code))


def flood(retry_after: int) -> Fault:
    return Fault(done=False, answer=Answer.of(too_many(retry_after), 429))


def too_many(retry_after: int) -> dict[str, object]:
    return {
        "ok": False,
        "error_code": 429,
        "description": f"Too Many Requests: retry after {retry_after}",
        "parameters": {"retry_after": retry_after},
    }


@dataclass
class Limits:
    """How many messages in how many seconds; None is off. Telegram's: 1/1 a chat, 20/60, 30/1."""

    per_chat: tuple[int, float] | None = None
    per_group: tuple[int, float] | None = None
    overall: tuple[int, float] | None = None
    sent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    told: dict[str, float] = field(default_factory=dict)  # until when which chat was told to wait
    ignored: int = 0  # messages that came before that was over

    @classmethod
    def real(cls) -> Limits:
        """As documented, without the bursts that Telegram lets pass."""
        return cls((1, 1.0), (20, 60.0), (30, 1.0))

    @classmethod
    def with_bursts(cls) -> Limits:
        return cls((4, 4.0), (20, 60.0), (30, 1.0))

    def retry_after(self, chat_id: str, now: float) -> int:
        """Whole seconds to wait, or 0 after having counted this message."""
        self.ignored += now < self.told.get(chat_id, 0.0)
        wait = self._wait(chat_id, now)
        if wait:
            self.told[chat_id] = now + wait
        return wait

    def _wait(self, chat_id: str, now: float) -> int:
        wanted = {chat_id: self.per_chat, "bot": self.overall}
        if chat_id.startswith("-"):
            wanted["group " + chat_id] = self.per_group
        limits = {key: limit for key, limit in wanted.items() if limit}
        wait = 0.0
        for key, (many, seconds) in limits.items():
            times = self.sent[key]
            while times and times[0] <= now - seconds:
                times.popleft()
            if len(times) >= many:
                wait = max(wait, times[0] + seconds - now)
        if wait <= 0:
            for key in limits:
                self.sent[key].append(now)
        return math.ceil(wait)
