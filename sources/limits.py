"""How much one question may take, what was taken so far, and the time by which it is measured."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of everything one question may take."""

    attempts: int = 5
    connect_seconds: float = 10
    read_seconds: float = 60
    deadline_seconds: float = 300  # one answer with all its bytes
    longest_wait_seconds: float = 3700  # GitHub's primary limit comes back within the hour
    backoff_seconds: float = 0.5
    bytes: int = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Time:
    """Time as the door sees it; tests pass their own."""

    now: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Counters:
    """How much was asked for and read; shared by threads."""

    def __init__(self) -> None:
        self.requests = 0
        self.bytes = 0
        self.rows = 0
        self._lock = Lock()

    def add(self, requests: int = 0, size: int = 0, rows: int = 0) -> None:
        """Count on."""
        with self._lock:
            self.requests += requests
            self.bytes += size
            self.rows += rows
