"""A server on loopback that answers as a function says: real HTTP, no stand-in for anything of ours.

`answer(request)` gives a `Reply`, or a list or dict to be sent as JSON. `server.requests` is what was asked, in order.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: Any = None


@dataclass
class Reply:
    body: bytes | str | list | dict = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False  # the connection ends before any answer
    missing: int = 0  # so many bytes are promised and never sent
    pause: float = 0  # seconds before each byte


@dataclass
class Server:
    url: str
    requests: list[Request]


@contextmanager
def serving(answer: Callable[[Request], Reply | list | dict]) -> Iterator[Server]:
    requests: list[Request] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(self.command, self.path, self.headers, json.loads(raw) if raw else None)
            requests.append(request)
            reply = answer(request)
            reply = reply if isinstance(reply, Reply) else Reply(reply)
            if reply.cut:
                self.close_connection = True
                return
            body = reply.body if isinstance(reply.body, bytes | str) else json.dumps(reply.body)
            body = body.encode() if isinstance(body, str) else body
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + reply.missing))
            self.end_headers()
            with suppress(ConnectionError):  # a client that has had enough hangs up
                for drop in [bytes([byte]) for byte in body] if reply.pause else [body]:
                    time.sleep(reply.pause)
                    self.wfile.write(drop)
            self.close_connection = bool(reply.missing)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{httpd.server_address[1]}", requests)
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()
