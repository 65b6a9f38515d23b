"""How a night tells whoever watches that it is alive: steps, and how far each is.

Assets report to whoever listens in this process; in the UI's run workers nobody does. Counts are told in bands.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Listener(Protocol):
    """Somebody who watches."""

    def step(self, name: str, done: int | None = None, total: int | None = None, note: str = "") -> None:
        """A step has begun or has come further."""

    def end(self, name: str, note: str = "") -> None:
        """A step has ended."""


class Nobody:
    """No one watches."""

    def step(self, name: str, done: int | None = None, total: int | None = None, note: str = "") -> None:
        """Nothing."""

    def end(self, name: str, note: str = "") -> None:
        """Nothing."""


_listeners: list[Listener] = [Nobody()]


def listener() -> Listener:
    """Whoever listens now."""
    return _listeners[-1]


def since(begun: float) -> float:
    """The seconds since a moment of `time.monotonic`, in tenths; a system's are told in tens (orchestration/raw.py)."""
    return round(time.monotonic() - begun, 1)


@contextmanager
def told_to(one: Listener) -> Iterator[None]:
    """Have somebody listen."""
    _listeners.append(one)
    try:
        yield
    finally:
        _listeners.remove(one)
