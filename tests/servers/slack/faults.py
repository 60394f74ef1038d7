"""Misbehaviour on demand: errors, limits, slowness and lost replies of the Web API."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.servers.slack.world import World

RESPONSE_URL = "response_url"  # its POSTs can be bent like a method
UPLOAD = "upload"


@dataclass
class Fault:
    """The next `times` calls of a method go wrong. `done`: it takes effect all the same."""

    method: str
    times: int = 1
    status: int = 200
    error: str = ""
    retry_after: int | None = None
    delay: float = 0.0
    done: bool = False
    cut: bool = False  # the connection breaks instead of a reply


@dataclass
class Faults:
    """Faults waiting to happen, and limits that hold all the time."""

    world: World
    waiting: list[Fault] = field(default_factory=list)
    limits: dict[str, tuple[int, float]] = field(default_factory=dict)  # method: calls in seconds
    _seen: dict[tuple[str, str, str], deque[float]] = field(
        default_factory=lambda: defaultdict(deque)
    )

    def add(self, fault: Fault) -> None:
        with self.world.change():
            self.waiting.append(fault)

    def next(self, method: str, team: str, channel: str) -> Fault | None:
        """What this call meets, if anything."""
        with self.world.change():
            for fault in self.waiting:
                if fault.method in (method, "*") and fault.times > 0:
                    fault.times -= 1
                    return fault
            return self._limited(method, team, channel)

    def _limited(self, method: str, team: str, channel: str) -> Fault | None:
        if method not in self.limits:
            return None
        most, seconds = self.limits[method]
        now, seen = self.world.clock(), self._seen[method, team, channel]
        while seen and now - seen[0] >= seconds:
            seen.popleft()
        if len(seen) < most:
            seen.append(now)
            return None
        left = max(1, -int(-(seconds - (now - seen[0])) // 1))
        return Fault(method, status=429, error="ratelimited", retry_after=left)
