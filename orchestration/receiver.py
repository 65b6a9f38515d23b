"""Where other systems post deployments and incidents: a small HTTP server before the inbox.

A body is one event or several, as JSON Lines of `quorum schema events`. It is taken whole, or not at all and with the
numbers of the lines that are wrong. Whoever posts knows a token. Nothing is logged: a body names people.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from sources.systems.events_lines import parse, schema

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from orchestration.inbox import Inbox

LARGEST = 1_000_000  # bytes of a body


def app(inbox: Inbox, token: str) -> Starlette:
    """The server's routes: POST / takes events, GET /schema tells their form."""
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import JSONResponse, PlainTextResponse
    from starlette.routing import Route

    def refused(status: int, reason: str, *faults: str) -> Response:
        return JSONResponse({"taken": 0, "reason": reason, "faults": faults}, status)

    async def take(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {token}".encode()):
            return refused(401, "send the token as `Authorization: Bearer …`")
        content = b""
        async for piece in request.stream():
            content += piece
            if len(content) > LARGEST:
                return refused(413, f"a body has {LARGEST} bytes at most: send fewer events at a time")
        lines = parse(content)
        if lines.warnings:
            return refused(422, "nothing was taken; GET /schema tells the form of a line", *lines.warnings)
        taken = len(lines.deployments) + len(lines.incidents)
        if not taken:
            return refused(422, "the body holds no event; GET /schema tells the form of a line")
        try:
            await run_in_threadpool(inbox.take, content)
        except OSError:
            return refused(507, "it cannot be kept: the disk is full, or the home cannot be written. Send it again")
        return JSONResponse({"taken": taken}, 202)

    async def form(_request: Request) -> Response:
        return PlainTextResponse(schema(), media_type="application/schema+json")

    return Starlette(routes=[Route("/", take, methods=["POST"]), Route("/schema", form)])


def serve(inbox: Inbox, token: str, host: str, port: int) -> None:
    """Until it is told to stop."""
    import uvicorn

    uvicorn.run(app(inbox, token), host=host, port=port, log_config=None, access_log=False, lifespan="off")
