"""How a night looks to whoever started it: progress bars on a terminal, plain lines otherwise."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID


class Plain:
    """One line when a step begins and one when it ends; `notes` keeps what each said in the end."""

    def __init__(self, console: Console) -> None:
        self.notes: dict[str, str] = {}
        self._console = console
        self._begun: dict[str, float] = {}

    def step(self, name: str, done: int | None = None, total: int | None = None, note: str = "") -> None:
        """A step has begun or has come further."""
        if name not in self._begun:
            self._begun[name] = time.monotonic()
            self._console.print(f"{name} ...", highlight=False)

    def end(self, name: str, note: str = "") -> None:
        """A step has ended."""
        self.notes[name] = note
        seconds = time.monotonic() - self._begun.get(name, time.monotonic())
        self._console.print(f"{name}: {note or 'done'} ({seconds:.1f} s)", highlight=False)


class Bars(Plain):
    """A bar a step: how far it is where that is known, a pulse where it is not."""

    def __init__(self, console: Console, progress: Progress) -> None:
        super().__init__(console)
        self._progress = progress
        self._bars: dict[str, TaskID] = {}

    def step(self, name: str, done: int | None = None, total: int | None = None, note: str = "") -> None:
        """A step has begun or has come further."""
        if name not in self._bars:
            self._bars[name] = self._progress.add_task(name, total=None, note="")
        self._progress.update(self._bars[name], completed=done, total=total, note=note)

    def end(self, name: str, note: str = "") -> None:
        """A step has ended."""
        self.notes[name] = note
        self.step(name, 1, 1, note or "done")
        self._progress.stop_task(self._bars[name])


@contextmanager
def watcher(console: Console) -> Iterator[Plain]:
    """Whoever watches on this console."""
    if not console.is_terminal:
        yield Plain(console)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=console) as progress:
        yield Bars(console, progress)
