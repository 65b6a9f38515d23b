"""The company behind one HTTP server on loopback: GitHub, Jira, git and the roster, each under its own path.

`serve` runs it in a thread and gives back its address; `app` is the ASGI application. For tests: `POST /faults` puts
faults into force, `GET /counts` tells how many requests came by path, `POST /clock` moves the clock on.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sources.sandbox.company import Company
from sources.sandbox.dialects.git import Git
from sources.sandbox.dialects.github import GitHub
from sources.sandbox.dialects.jira import Jira
from sources.sandbox.faults import Fault, Faults
from sources.sandbox.guard import Guard
from sources.sandbox.routes import routes
from sources.sandbox.settings import Sandbox

HOST = "127.0.0.1"
PATIENCE = 30.0


class World:
    """What the server serves at this moment; `become` puts another company in its place."""

    def __init__(self, settings: Sandbox, faults: Iterable[Fault | Mapping[str, Any]] = ()) -> None:
        self.faults = Faults(faults)
        self.counts: Counter[str] = Counter()
        self.url = ""
        self.become(settings)

    def become(self, settings: Sandbox) -> None:
        """Serve the company of these settings from now on."""
        company = Company(settings)
        if hasattr(self, "git"):
            self.git.close()
        self.company = company
        self.github, self.jira = GitHub(company, f"{self.url}/github"), Jira(company, f"{self.url}/jira")
        self.git = Git(company)

    def at(self, url: str) -> None:
        """Learn the own address, which stands in many answers."""
        self.url = url
        self.github.web, self.jira.web = f"{url}/github", f"{url}/jira"

    def change(self, **settings: Any) -> None:
        """Serve the same company with other settings: another clock, late changes, a repaired roster."""
        self.become(replace(self.company.settings, **settings))


def app(settings: Sandbox | None = None, faults: Iterable[Fault | Mapping[str, Any]] = ()) -> Guard:
    """The ASGI application."""
    world = World(settings or Sandbox(), faults)
    return Guard(Starlette(routes=[*routes(world), *_controls(world)]), world)


def _controls(world: World) -> list[Route]:
    """What tests may ask of the server."""

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok", "clock": world.company.settings.clock.isoformat()})

    async def counts(_request: Request) -> Response:
        return JSONResponse(dict(world.counts))

    async def faults(request: Request) -> Response:
        given = await request.json() if request.method == "POST" else []
        try:
            world.faults.replace(given if isinstance(given, list) else [given])
        except (TypeError, ValueError) as error:
            return JSONResponse({"message": str(error)}, 422)
        return JSONResponse({"faults": len(world.faults.active)})

    async def clock(request: Request) -> Response:
        given = await request.json()
        world.change(until=date.fromisoformat(given["until"]))
        return JSONResponse({"clock": world.company.settings.clock.isoformat()})

    return [
        Route("/healthz", health),
        Route("/counts", counts),
        Route("/faults", faults, methods=["POST", "DELETE"]),
        Route("/clock", clock, methods=["POST"]),
    ]


@contextmanager
def serve(
    settings: Sandbox | None = None, port: int = 0, faults: Iterable[Fault | Mapping[str, Any]] = ()
) -> Iterator[World]:
    """The server in a thread of its own, stopped in the end; `.url` is where it is (port 0: any that is free)."""
    import uvicorn

    guard = app(settings, faults)
    config = uvicorn.Config(
        guard, host=HOST, port=port, log_level="critical", access_log=False, lifespan="off", http=guard.protocol
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="sandbox", daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            message = f"the sandbox could not listen on {HOST}:{port}: is something else there? Give another port."
            raise OSError(message)
        time.sleep(0.005)
    guard.world.at(f"http://{HOST}:{server.servers[0].sockets[0].getsockname()[1]}")
    try:
        yield guard.world
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        guard.world.git.close()
