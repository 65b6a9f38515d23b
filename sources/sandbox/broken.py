"""The answers of a bad day, worded as the vendors word them."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

JSON = "application/json; charset=utf-8"
DOCS = "https://docs.github.com/rest"


@dataclass(frozen=True, slots=True)
class Broken:
    """An answer that is not what was asked for."""

    status: int
    body: bytes
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def _json(status: int, message: str, headers: dict[str, str] | None = None, **more: object) -> Broken:
    return Broken(status, json.dumps({"message": message, **more}).encode(), JSON, headers or {})


def _primary(_system: str, seconds: float) -> Broken:
    told = {"limit": "5000", "remaining": "0", "used": "5000", "reset": str(math.ceil(time.time() + seconds))}
    headers = {f"x-ratelimit-{name}": value for name, value in told.items()}
    return _json(403, "API rate limit exceeded for user ID 77.", headers, documentation_url=DOCS)


def _secondary(_system: str, seconds: float) -> Broken:
    headers = {"retry-after": str(math.ceil(seconds)), "x-ratelimit-remaining": "4000", "x-ratelimit-limit": "5000"}
    text = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    return _json(403, text, headers, documentation_url=DOCS)


def _jira_limit(_system: str, seconds: float) -> Broken:
    headers = {"retry-after": str(math.ceil(seconds)), "x-ratelimit-nearlimit": "true"}
    return Broken(429, b'{"errorMessages":["Rate limit exceeded."]}', JSON, headers)


def _error(system: str, _seconds: float) -> Broken:
    if system == "jira":
        return Broken(500, b'{"errorMessages":["Internal server error"],"errors":{}}')
    return _json(500, "Server Error")


def _down(_system: str, _seconds: float) -> Broken:
    page = b"<html><body><h1>503 Service Unavailable</h1>No server is available.</body></html>"
    return Broken(503, page, "text/html; charset=utf-8")


def _html(_system: str, _seconds: float) -> Broken:
    page = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"
    return Broken(200, page, "text/html; charset=utf-8")


def _timeout(_system: str, _seconds: float) -> Broken:
    text = "Something went wrong while executing your query. This may be the result of a timeout."
    return Broken(502, json.dumps({"data": None, "errors": [{"message": text}]}).encode())


def _refused(_system: str, _seconds: float) -> Broken:
    return _json(403, "Resource not accessible by personal access token", documentation_url=DOCS)


ANSWERS: dict[str, Callable[[str, float], Broken]] = {
    "primary_limit": _primary,
    "secondary_limit": _secondary,
    "jira_limit": _jira_limit,
    "error": _error,
    "down": _down,
    "html": _html,
    "timeout": _timeout,
    "refused": _refused,
}
