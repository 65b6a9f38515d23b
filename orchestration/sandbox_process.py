"""The made-up company as a process of its own, on loopback, for as long as a night or the UI needs it.

It only runs while quorum.yaml has a block `sandbox:`. One that already listens on the port is taken as it is.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from orchestration.config import environment
from orchestration.errors import ConfigError

if TYPE_CHECKING:
    from orchestration.settings import Settings

PATIENCE = 60.0  # seconds


@contextmanager
def sandbox(settings: Settings, until: date | None) -> Iterator[None]:
    """Have the company listen meanwhile; its history ends at `until`, or follows the days."""
    if settings.sandbox is None or _listens(settings.sandbox.port):
        yield
        return
    given = settings.sandbox
    options = {"--port": given.port, "--seed": given.seed, "--start": given.start, "--until": until}
    words = [str(word) for name, value in options.items() if value is not None for word in (name, value)]
    command = [sys.executable, "-m", "orchestration", "sandbox", "serve", *words]
    process = subprocess.Popen(command, env=environment(settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(process, given.port)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + PATIENCE
    while not _listens(port):
        if process.poll() is not None or time.monotonic() > end:
            message = f"the sandbox does not start on port {port}: try `quorum sandbox serve`, or another sandbox.port"
            raise ConfigError(message)
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
