"""The company behind one HTTP server on loopback: GitHub, Jira, git and the roster, each under its own path.

`serve` runs it in a thread and gives back its address; `app` is the ASGI application. For tests: `POST /faults` puts
faults into force, `GET /counts` tells how many requests came by path, `POST /clock` moves the clock on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sources.sandbox.faults import Fault
from sources.sandbox.guard import Guard
from sources.sandbox.routes import routes
from sources.sandbox.settings import Sandbox
from sources.sandbox.world import World

HOST = "127.0.0.1"
PATIENCE = 30.0


def app(settings: Sandbox | None = None, faults: Iterable[Fault | Mapping[str, Any]] = ()) -> Guard:
    """The ASGI application."""
    world = World(settings or Sandbox(), faults)
    return Guard(Starlette(routes=[*routes(world), *_controls(world)]), world)


def _controls(world: World) -> list[Route]:
    """What tests may ask of the server."""

    def told() -> Response:
        settings = world.company.settings
        return JSONResponse({"sandbox": settings.organisation, "clock": settings.clock.isoformat()})

    async def health(_request: Request) -> Response:
        return told()

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
        return told()

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
        guard,
        host=HOST,
        port=port,
        log_config=None,
        log_level="critical",
        access_log=False,
        lifespan="off",
        http=guard.protocol,
        timeout_graceful_shutdown=1,
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
