"""The made-up company as a process of its own, on loopback, for as long as a night or the UI needs it.

It only runs while quorum.yaml has a block `sandbox:`. One that already listens on the port is taken, and moved to the
night's clock; another program there is an error. The process ends when its standard input is closed, so that it does
not outlive a night that was killed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from http.client import HTTPConnection, HTTPException
from threading import Event
from typing import TYPE_CHECKING

from orchestration.config import environment
from orchestration.errors import ConfigError

if TYPE_CHECKING:
    from orchestration.settings import Settings
    from sources.sandbox.settings import Sandbox

PATIENCE = 60.0  # seconds
A_MINUTE = 60.0
SIGN = "sandbox"  # the key by which the company's own answers are known


@contextmanager
def sandbox(settings: Settings, until: date | None) -> Iterator[Callable[[], None]]:
    """Have the company listen meanwhile; its history ends at `until`, or follows the days.

    It is handed out while it still starts; what is handed out waits until it listens, or raises ConfigError.
    """
    given = settings.sandbox
    if given is None:
        yield _nothing_to_await
        return
    if _listens(given.port):
        if until is not None and not _asked(given.port, "POST", "/clock", {"until": until.isoformat()}):
            message = f"the sandbox on port {given.port} does not move to {until}: stop it, the night starts its own"
            raise ConfigError(message)
        yield _nothing_to_await
        return
    options = {"--port": given.port, "--seed": given.seed, "--start": given.start, "--until": until}
    words = [str(word) for name, value in options.items() if value is not None for word in (name, value)]
    command = [sys.executable, "-m", "orchestration", "sandbox", "serve", "--while-stdin", *words]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, env=environment(settings), stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, start_new_session=True
    ) as process:
        try:
            yield partial(_await, process, given.port)
        finally:
            process.terminate()


def serve(company: Sandbox, port: int, *, follow: bool, ended: Callable[[Event], None]) -> None:
    """Serve in this process until `ended` sets the event; `follow` moves the clock on with the days."""
    from sources.sandbox.server import serve as serving

    stop = Event()
    with serving(company, port) as world:
        ended(stop)
        while not stop.wait(A_MINUTE):
            today = datetime.now(UTC).date()
            if follow and world.company.settings.clock.date() < today:
                world.change(until=today)


def _nothing_to_await() -> None:
    pass


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        if _listens(port):
            return
        time.sleep(0.1)
    message = f"the sandbox does not start on port {port}: is something else there? Give another sandbox.port"
    raise ConfigError(message)


def _listens(port: int) -> bool:
    return _asked(port, "GET", "/healthz")


def _asked(port: int, method: str, path: str, body: object = None) -> bool:
    """Whether the company, not another program, answers that all is well."""
    line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request(method, path, None if body is None else json.dumps(body))
        answer = line.getresponse()
        told = json.load(answer)
        return answer.status == 200 and isinstance(told, dict) and SIGN in told
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        line.close()
