"""Stands between the pipeline and the company it reads: passes questions on, and spoils the answers as a test says.

It keeps the Host header, so that paging links lead back to it. What it spoils is a function of (path, body of the
question) and the answer; everything else goes through untouched, 304 and clones included.
"""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

LEFT_OUT = {"transfer-encoding", "content-length", "connection", "content-encoding", "date", "server"}


@dataclass(frozen=True)
class Reply:
    """An answer on its way; `half` cuts the connection in the middle of the body."""

    path: str
    status: int
    headers: dict[str, str]
    body: bytes
    half: bool = False


Spoil = Callable[[Reply], Reply]


@dataclass
class Between:
    """Where it listens, what it does, and which paths were asked."""

    port: int
    upstream: str
    spoil: Spoil = lambda reply: reply
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def between(upstream: str, port: int = 0) -> Iterator[Between]:
    """A running one; change `.spoil` at any time."""
    state = Between(port, upstream)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            state.asked.append(self.path)
            self.answer(
                state.spoil(
                    forwarded(state.upstream, self.command, self.path, dict(self.headers), self.rfile.read(size))
                )
            )

        do_POST = do_GET

        def answer(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: len(reply.body) // 2] if reply.half else reply.body)
            self.close_connection = self.close_connection or reply.half

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    state.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def forwarded(upstream: str, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
    """Ask the real one."""
    address = urlsplit(upstream)
    line = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    kept = {name: value for name, value in headers.items() if name.lower() not in {"connection", "accept-encoding"}}
    line.request(method, path, body or None, kept)
    answer = line.getresponse()
    content = answer.read()
    line.close()
    passed = {name: value for name, value in answer.getheaders() if name.lower() not in LEFT_OUT}
    return Reply(path, answer.status, passed, content)


def only(part: str, spoil: Spoil) -> Spoil:
    """Spoil the answers to paths that contain this."""
    return lambda reply: spoil(reply) if part in reply.path else reply


def status(code: int, body: bytes = b'{"message": "no"}') -> Spoil:
    """Another status."""
    return lambda reply: replace(reply, status=code, body=body, headers={"Content-Type": "application/json"})


def malformed(reply: Reply) -> Reply:
    """JSON whose end is missing, sent as if it were whole."""
    return replace(reply, body=reply.body[:-20])


def half(reply: Reply) -> Reply:
    """The connection breaks in the middle."""
    return replace(reply, half=True)


def html(reply: Reply) -> Reply:
    """A page of some proxy, with status 200."""
    return replace(
        reply, status=200, headers={"Content-Type": "text/html"}, body=b"<html><body>Please sign in</body></html>"
    )
