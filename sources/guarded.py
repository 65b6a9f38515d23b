"""Around the reading of a system: its faults become ours, and the garbage collector leaves it in peace."""

from __future__ import annotations

import gc
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sources.errors import SourceError, Stumbled

Item = TypeVar("Item")
SELDOM = 10**6  # objects more than before, until the garbage collector looks for cycles


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Parsed answers are many objects without cycles, gone with their page: to look for cycles in them is slow."""
    first, *others = gc.get_threshold()
    gc.set_threshold(SELDOM, *others)
    try:
        yield
    finally:
        gc.set_threshold(first, *others)


def guarded(items: Iterator[Item]) -> Iterator[Item]:
    """The items; any other exception than ours becomes Stumbled, as its text may hold a value."""
    try:
        yield from items
    except SourceError:
        raise
    except Exception as error:  # noqa: BLE001 whatever it is, its text may hold a value
        last = traceback.extract_tb(error.__traceback__)[-1]
        raise Stumbled(type(error).__name__, f"{Path(last.filename).name}:{last.lineno}") from None
