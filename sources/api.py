"""The only HTTP client of the extraction: questions that only read, JSON answers, nothing of either ever logged.

A session a thread, deaf to the environment (proxies and CA are passed in); urllib3 asks again after 429, 5xx and broken
connections; what only the body tells (secondary limits, half a page, no JSON) is handled here. Redirects are followed
by hand and on the same host alone, so that the token never leaves it. A known ETag makes the question conditional; an
unchanged answer is None.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from sources.errors import (
    ForeignHost,
    Malformed,
    RateLimited,
    Refused,
    SourceError,
    TooLarge,
    TooMuch,
    Unavailable,
)
from sources.limits import Counters, Limits, Time
from sources.parsing import UNREADABLE, Parse, whole, written
from sources.patience import GATEWAY, Patience, Retries
from sources.questions import Answer, Question, refusal
from sources.reading import Connection
from sources.stream import Record

CHUNK = 256 * 1024
ASKED_AGAIN = frozenset({429, 500, 502, 503, 504})
LIMITED = frozenset({403, 429})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
HOPS = 5
Words = Mapping[str, str]


class Api:
    """Questions to one system; used by many threads at once."""

    def __init__(self, connection: Connection, limits: Limits | None = None, clock: Time | None = None) -> None:
        self.base = connection.url.rstrip("/")
        self.counters = Counters()
        self.limits = limits or Limits()
        self.patience = Patience(self.limits, clock or Time(), self.counters)
        self._connection = connection
        self._threads = threading.local()
        for name in ("urllib3", "requests"):  # urllib3 warns with the URL, and a URL names repositories
            logging.getLogger(name).setLevel(logging.CRITICAL)

    def get(
        self, path: str, template: str, params: Words | None = None, etags: Words | None = None, parse: Parse = whole
    ) -> Answer | None:
        """Ask by GET; `path` may be a paging link. None if nothing changed since the ETag kept in `etags`."""
        url = requests.Request("GET", self._url(path, template), params=params or {}).prepare().url or ""
        digest = hashlib.sha256(url.encode()).hexdigest()
        known = (etags or {}).get(digest)
        headers = {"If-None-Match": known} if known else {}
        answer = self._asked(Question("GET", url, template, headers=headers), parse)
        if answer is None and known is None:
            raise Malformed("a 304 to a question without condition", template) from None
        if answer is None:
            return None
        fresh = answer.headers.get("ETag")
        return replace(answer, etags={digest: fresh} if fresh else {})

    def post(
        self, path: str, template: str, body: Record, parse: Parse = whole, gateway_means_too_much: bool = False
    ) -> Answer:
        """Ask by POST."""
        headers = {"Content-Type": "application/json"}
        url = self._url(path, template)
        answer = self._asked(Question("POST", url, template, written(body), headers, gateway_means_too_much), parse)
        if answer is None:
            raise Malformed("a 304 to a question without condition", template) from None
        return answer

    def fetch(self, template: str) -> bytes:
        """A file, asked by GET at the connection's own address, as it comes: no JSON."""
        answer = self._asked(Question("GET", self.base, template), parse=bytes)
        if answer is None:
            raise Malformed("a 304 to a question without condition", template) from None
        content: bytes = answer.body
        return content

    def _url(self, path: str, template: str) -> str:
        if "://" not in path:
            return f"{self.base}/{path.lstrip('/')}"
        self._same_host(path, template)
        return path

    def _same_host(self, url: str, template: str) -> None:
        ours, theirs = urlsplit(self.base), urlsplit(url)
        if (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc):
            raise ForeignHost("a redirect or paging link leads to another host", template) from None

    def _asked(self, question: Question, parse: Parse) -> Answer | None:
        """Ask until there is an answer whose body can be parsed (None: unchanged), or none can be had."""
        error: SourceError = Unavailable("no answer", question.template)
        for attempt in range(self.limits.attempts):
            self.patience.wait()
            status, headers, raw = self._sent(question)
            if status == 304:
                return None
            if status == 200:
                try:
                    return Answer(parse(raw), headers)
                except UNREADABLE:
                    error = Malformed("an answer that is not JSON", question.template, status)
            elif status in LIMITED:
                self._hold(question, status, self.patience.limited(status, headers, raw, attempt))
                error = RateLimited("rate limits without end", question.template, status)
                continue
            elif status:
                raise refusal(status, question) from None
            else:
                error = Malformed("an answer that breaks off", question.template)
            self.patience.back_off(attempt)
        raise error from None

    def _hold(self, question: Question, status: int, seconds: float | None) -> None:
        if seconds is None:
            raise Refused("the API refuses", question.template, status) from None
        if status == 429:  # asked again by urllib3 already
            raise RateLimited("a rate limit at each attempt", question.template, status) from None
        self.patience.hold(seconds, question.template)

    def _sent(self, question: Question) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body; status 0 when the body broke off."""
        url = question.url
        try:
            for _ in range(HOPS):
                response = self._response(question, url)
                target = response.headers.get("Location")
                if response.status_code not in REDIRECTS or target is None:
                    body = self._body(response, question.template)
                    return (0, {}, b"") if body is None else (response.status_code, response.headers, body)
                response.close()
                url = urljoin(url, target)
                self._same_host(url, question.template)
        except RateLimited as limited:
            raise RateLimited(limited.what, question.template) from None
        except requests.exceptions.ReadTimeout:  # comes through for a large question alone: others are asked again
            raise TooMuch("no answer in time", question.template) from None
        except requests.exceptions.RequestException:
            what = "no connection, or one that breaks at each attempt"
            raise Unavailable(what, question.template) from None
        raise Unavailable("redirects without end", question.template) from None

    def _response(self, question: Question, url: str) -> requests.Response:
        session = self._session(question.gateway_means_too_much)
        self.counters.add(requests=1)
        return session.request(
            question.method,
            url,
            data=question.data,
            headers=dict(question.headers),
            timeout=(self.limits.connect_seconds, self.limits.read_seconds),
            allow_redirects=False,
            stream=True,
        )

    def _body(self, response: requests.Response, template: str) -> bytes | None:
        """The whole body; None if it breaks off."""
        end = self.patience.clock.steady() + self.limits.deadline_seconds
        chunks: list[bytes] = []
        size = 0
        try:
            with response:
                while chunk := response.raw.read1(CHUNK, decode_content=True):  # what is there: a drop is a chunk too
                    size += len(chunk)
                    chunks.append(chunk)
                    if size > self.limits.bytes:
                        raise TooLarge(f"an answer above {self.limits.bytes} bytes", template) from None
                    if self.patience.clock.steady() > end:
                        raise Unavailable("an answer slower than the deadline", template) from None
        except HTTPError:
            return None
        self.counters.add(size=size)
        return b"".join(chunks)

    def _session(self, too_much: bool) -> requests.Session:
        name = "large" if too_much else "plain"
        session: requests.Session | None = getattr(self._threads, name, None)
        if session is None:
            session = requests.Session()
            session.trust_env = False
            session.proxies = self._connection.route
            session.verify = self._connection.ca or True
            session.headers.update({"User-Agent": "quorum", "Accept": "application/json"})
            session.headers.update(self._connection.headers)
            statuses = ASKED_AGAIN - GATEWAY if too_much else ASKED_AGAIN
            session.mount(self.base, HTTPAdapter(max_retries=Retries.made(self.patience, statuses, too_much)))
            setattr(self._threads, name, session)
        return session
