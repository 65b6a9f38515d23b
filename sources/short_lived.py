"""A private folder that outlives neither its use nor the process that made it, however that ends.

A shell waits at a pipe that only this process holds. The pipe closes when the folder is done with, and by itself when
the process is killed; then the shell removes the folder. A machine that loses its power leaves it: the next one to be
made sweeps it away.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# again, as a child of the killed process may still be writing there
REMOVED_AT_THE_END = 'cat >/dev/null; for again in 1 2 3 4 5; do rm -rf -- "$1" && exit; sleep 1; done'


@contextmanager
def short_lived(prefix: str, parent: Path | None = None) -> Iterator[Path]:
    """A new folder below `parent` (by default the system's for temporary files), open to nobody else.

    `prefix` is one that no other program's folders there have.
    """
    parent = parent or Path(tempfile.gettempdir())
    _sweep(parent, prefix)
    made = tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=parent)
    shell = subprocess.Popen(
        ["sh", "-c", REMOVED_AT_THE_END, "sh", made],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=parent,
        start_new_session=True,  # what ends this process and its children leaves the shell alone
    )
    try:
        yield Path(made)
    finally:
        shell.communicate()  # closes the pipe, waits for the removal


def _sweep(parent: Path, prefix: str) -> None:
    """Remove what stayed behind of processes that are gone."""
    for left in parent.glob(f"{prefix}*"):
        owner = left.name.removeprefix(prefix).partition("-")[0]
        if owner.isdigit() and left.lstat().st_uid == os.getuid() and not _lives(int(owner)):
            shutil.rmtree(left, ignore_errors=True)


def _lives(process: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
