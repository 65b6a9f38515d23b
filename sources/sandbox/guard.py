"""What every request passes before it is answered, and every answer before it leaves: tokens, faults, the canary."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from contextlib import suppress

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from sources.parsing import UNREADABLE, whole, written
from sources.sandbox.faults import SYSTEMS, Fault, broken
from sources.sandbox.world import World

CANARY_FIELD = "sedimentaryNote"


class Guard:
    """An ASGI application around the company's own."""

    def __init__(self, inner: ASGIApp, world: World) -> None:
        self.inner = inner
        self.world = world
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}
        transports = self._transports

        class Protocol(H11Protocol):
            """uvicorn's protocol, whose connections a fault can cut."""

            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                """Remember the connection."""
                super().connection_made(transport)
                transports[transport.get_extra_info("peername")[:2]] = transport

        self.protocol = Protocol

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        path = scope["path"]
        system = re.split(r"[/.]", path.removeprefix("/"))[0]
        if system not in SYSTEMS:
            await self.inner(scope, receive, send)
            return
        self.world.counts[_template(path)] += 1
        self._lasting()
        fault = self.world.faults.struck(system, path)
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            fault = None
        refusal = _refusal(scope)
        if fault and fault.kind == "cut":
            self._cut(scope)
        elif fault and fault.kind in {"half", "malformed"}:
            await self._bent(fault, scope, receive, send)
        elif fault:
            told = broken(fault, system)
            await Response(told.body, told.status, told.headers, told.kind)(scope, receive, send)
        elif refusal:
            await refusal(scope, receive, send)
        elif self.world.company.settings.canary and system != "git":  # which has its own
            await self._salted(scope, receive, send)
        else:
            await self.inner(scope, receive, send)

    def _lasting(self) -> None:
        """Tell the dialects which faults last."""
        faults = self.world.faults
        self.world.github.overlap, self.world.jira.overlap = faults.overlap("github"), faults.overlap("jira")
        self.world.github.gone, self.world.jira.gone = faults.gone("github"), faults.gone("jira")
        self.world.git.gone = faults.gone("git")

    def _cut(self, scope: Scope) -> None:
        transport = self._transports.get(tuple(scope["client"][:2]))
        if transport:
            transport.abort()

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """The right answer, held back."""
        start: Message = {}
        parts: list[bytes] = []

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))

        await self.inner(scope, receive, keep)
        return start, b"".join(parts)

    async def _bent(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        """The right answer, spoilt: half of it under the length of the whole, or with its end cut off."""
        start, body = await self._answer(scope, receive)
        half = body[: max(1, len(body) // 2)]
        length = len(body) if fault.kind == "half" else len(half)
        await _send(send, start, half, length)
        if fault.kind == "half":
            await asyncio.sleep(0.02)
            self._cut(scope)

    async def _salted(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The right answer with an unknown field in every object, line by line; what is no JSON gets a comment."""
        start, body = await self._answer(scope, receive)
        canary = str(self.world.company.settings.canary)
        if b"json" in dict(start["headers"]).get(b"content-type", b""):
            body = b"\n".join(_salted(line, canary) for line in body.split(b"\n"))
        elif body:
            body += f"# {CANARY_FIELD}: {canary}\n".encode()
        await _send(send, start, body, len(body), more=False)


async def _send(send: Send, start: Message, body: bytes, length: int, *, more: bool = True) -> None:
    """An answer under a length of our own."""
    headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    await send({**start, "headers": [*headers, (b"content-length", str(length).encode())]})
    await send({"type": "http.response.body", "body": body, "more_body": more and length > len(body)})


def _salted(line: bytes, canary: str) -> bytes:
    with suppress(*UNREADABLE):  # some lines of the events are bad
        return written(_salt(whole(line), canary))
    return line


def _salt(value: object, canary: str) -> object:
    if isinstance(value, dict):
        return {**{key: _salt(one, canary) for key, one in value.items()}, CANARY_FIELD: canary}
    return [_salt(one, canary) for one in value] if isinstance(value, list) else value


def _template(path: str) -> str:
    """What a request is counted under."""
    if path.startswith("/git/"):
        return "/".join(path.split("/")[:3])
    return path


def _refusal(scope: Scope) -> Response | None:
    """What a token deserves: 401 for `bad`, 403 for `forbidden`, nothing for any other or none."""
    token = _token(dict(scope["headers"]).get(b"authorization", b"").decode("latin-1"))
    status = {"bad": 401, "forbidden": 403}.get(token)
    if status is None:
        return None
    text = "Bad credentials" if status == 401 else "Resource not accessible by personal access token"
    return Response(written({"message": text, "errorMessages": [text]}), status, media_type="application/json")


def _token(header: str) -> str:
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return value.strip()
    try:
        return base64.b64decode(value).decode().rpartition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
