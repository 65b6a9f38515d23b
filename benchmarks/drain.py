"""The bare bound of an extraction: the very requests it made, asked again by a tuned loop that throws the answers away.

Recording wraps the adapter that every `requests` session sends through, so the extraction is measured as it is shipped.
The loop does what any extraction must (connect, ask, receive) and nothing else: no parsing, no paging, no rows.
"""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import requests
from requests.adapters import HTTPAdapter


@dataclass(frozen=True)
class Asked:
    """One request as it was sent; it lives in memory only."""

    method: str
    url: str
    headers: dict[str, str] = field(repr=False)
    body: bytes | str | None = field(repr=False)


@contextmanager
def recorded() -> Iterator[list[Asked]]:
    """All requests sent while it lasts."""
    asked: list[Asked] = []
    send = HTTPAdapter.send

    def keep(self: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:  # noqa: ANN401
        asked.append(Asked(request.method or "", request.url or "", dict(request.headers), request.body))
        return send(self, request, *args, **more)

    with patch.object(HTTPAdapter, "send", keep):
        yield asked


def drain(asked: list[Asked], threads: int) -> float:
    """Seconds to ask all of it again with this many threads, a session each."""
    waiting: queue.SimpleQueue[Asked] = queue.SimpleQueue()
    for one in asked:
        waiting.put(one)
    workers = [threading.Thread(target=_work, args=(waiting,)) for _ in range(threads)]
    begun = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - begun


def _work(waiting: "queue.SimpleQueue[Asked]") -> None:
    with requests.Session() as session:
        session.trust_env = False
        while True:
            try:
                one = waiting.get_nowait()
            except queue.Empty:
                return
            answer = session.send(
                session.prepare_request(requests.Request(one.method, one.url, one.headers, data=one.body)),
                stream=True,
                allow_redirects=False,
            )
            while answer.raw.read(256 * 1024):
                pass
