"""How long to wait, and when to give up: urllib3's Retry with our clock, and the limits as GitHub and Jira tell them.

Told by an answer: `Retry-After` in seconds or as a date (both), `X-RateLimit-Remaining: 0` with `X-RateLimit-Reset`
(primary limit), a 403 or 429 whose text speaks of a secondary limit (GitHub gives no date then: a minute, doubled
each time). A limit met by one thread holds them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Any, Self

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import ReadTimeoutError
from urllib3.util import Retry

from sources.errors import RateLimited
from sources.limits import Counters, Limits, Time

MARKERS = (b"secondary rate limit", b"abuse detection", b"rate limit exceeded")
UNTOLD = 60.0  # seconds to wait after a limit that does not say how long
GATEWAY = frozenset({502, 504})  # a gateway that gave up: with GraphQL a sign of too large a question


class Patience:
    """Waits, shared by all threads of one system."""

    def __init__(self, limits: Limits, clock: Time, counters: Counters) -> None:
        self.limits = limits
        self.clock = clock
        self.counters = counters
        self._until = 0.0
        self._lock = Lock()

    def wanted(self, headers: Mapping[str, str]) -> float | None:
        """The seconds that the answer asks to wait; None if it does not."""
        after = headers.get("Retry-After", "").strip()
        if after.isdigit():
            return float(after)
        if after:
            try:
                date = parsedate_to_datetime(after)
            except (TypeError, ValueError):
                return None
            moment: datetime = date if date.tzinfo else date.replace(tzinfo=UTC)
            return max(0.0, float(moment.timestamp() - self.clock.now()))
        if headers.get("X-RateLimit-Remaining") == "0":
            reset = headers.get("X-RateLimit-Reset", "")
            return max(1.0, float(reset) - self.clock.now() + 1) if reset.isdigit() else UNTOLD
        return None

    def limited(self, status: int, headers: Mapping[str, str], body: bytes, attempt: int) -> float | None:
        """The seconds to wait if this 403 or 429 is a rate limit; None if it is a refusal."""
        wanted = self.wanted(headers)
        if wanted is not None:
            return wanted
        if status == 429 or any(marker in body[:4096].lower() for marker in MARKERS):
            return UNTOLD * float(2**attempt)
        return None

    def hold(self, seconds: float, where: str) -> None:
        """Make all threads wait; RateLimited if that is longer than allowed."""
        if seconds > self.limits.longest_wait_seconds:
            what = f"the API asks to wait {round(seconds)} s"
            raise RateLimited(what, where) from None
        with self._lock:
            self._until = max(self._until, self.clock.now() + seconds)

    def wait(self) -> None:
        """Wait as long as any thread was told to."""
        left = self._until - self.clock.now()
        if left > 0:
            self.clock.sleep(left)

    def back_off(self, attempt: int) -> None:
        """Wait before the next attempt, twice as long each time."""
        self.clock.sleep(self.limits.backoff_seconds * 2**attempt)


class Retries(Retry):
    """urllib3's Retry, waiting by our clock and as long as any of the known headers asks."""

    patience: Patience
    too_much: bool

    @classmethod
    def made(cls, patience: Patience, statuses: frozenset[int], too_much: bool) -> Self:
        """Retries for these statuses and for broken connections, POST included: all our questions only read."""
        tries = patience.limits.attempts - 1
        made = cls(total=tries, status_forcelist=statuses, allowed_methods=None, raise_on_status=False, redirect=0)
        made.backoff_factor = patience.limits.backoff_seconds
        made.patience = patience
        made.too_much = too_much
        return made

    def new(self, **changes: Any) -> Self:  # noqa: ANN401 - urllib3's signature
        """A copy that waits alike."""
        made = super().new(**changes)
        made.patience = self.patience
        made.too_much = self.too_much
        return made

    def increment(self, *args: Any, **named: Any) -> Self:  # noqa: ANN401 - urllib3's signature
        """One more attempt; not after a time-out that says the question was too large."""
        error = named.get("error")
        if self.too_much and isinstance(error, ReadTimeoutError):
            raise error
        return super().increment(*args, **named)

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        """Only the statuses named; a 413 is no reason to ask again."""
        return super().is_retry(method, status_code, has_retry_after and status_code in {429, 503})

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Wait as the answer asks, else a little longer each time; another request follows."""
        self.patience.counters.add(requests=1)
        wanted = self.patience.wanted(response.headers) if response is not None else None
        if wanted is None and response is not None and response.status == 429:
            wanted = UNTOLD
        if wanted is None:
            self.patience.clock.sleep(self.get_backoff_time())
            return
        self.patience.hold(wanted, "")
        self.patience.wait()
