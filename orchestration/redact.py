"""What operators may see: errors without their text, counts without their fine grain.

An error of ours says what, where and what to do, and passes. Any other may quote a value ("could not convert 'Ada'"),
so it is raised anew as its class and the place in our code, cut off from what caused it: Dagster keeps whole chains of
causes in its event log.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.errors import QuorumError
from sources.errors import SourceError

HOME = Path(__file__).resolve().parents[1]
OURS = ("orchestration", "sources", "expectations", "report")


class Unexpected(QuorumError):
    """A fault in Quorum, told by class and place only."""


@contextmanager
def redacted() -> Iterator[None]:
    """Around the body of every asset."""
    try:
        yield
    except (QuorumError, SourceError) as error:
        vars(error).pop("__notes__", None)  # anybody may add one, and Dagster prints them
        raise error from None
    except Exception as error:  # noqa: BLE001 any other error may quote a value
        message = f"{type(error).__name__} at {place(error)}: a fault in Quorum; report it with this line"
        raise Unexpected(message) from None


def place(error: BaseException) -> str:
    """The last place in our own code that an error passed, as file:line."""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        path = Path(frame.filename)
        if path.is_relative_to(HOME) and path.relative_to(HOME).parts[0] in OURS and path != Path(__file__):
            return f"{path.relative_to(HOME)}:{frame.lineno}"
    return "an unknown place"


def band(count: int) -> str:
    """A count as operators see it: 0, <100, then two significant digits. One person's weekend is no dot in a plot."""
    if count <= 0:
        return "0"
    if count < 100:
        return "<100"
    unit = 10 ** (len(str(count)) - 2)
    return str((count + unit // 2) // unit * unit)
