"""The HTTP client against a real server that misbehaves in every way known."""

import logging
import threading
import time
from email.utils import formatdate

import pytest

from sources.api import Api
from sources.errors import (
    ForeignHost,
    Gone,
    Malformed,
    RateLimited,
    Refused,
    SourceError,
    TooLarge,
    TooMuch,
    Unavailable,
)
from sources.graphql import ask
from sources.limits import Limits, Time
from sources.reading import Connection
from tests.fake_server import Reply, serving

CANARY = "canary-7f3a"
NOW = 1_700_000_000.0


class Sleeper:
    """A clock that runs on by what is slept."""

    def __init__(self):
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)

    def now(self):
        return NOW + sum(self.slept)

    @property
    def time(self):
        return Time(now=self.now, sleep=self.sleep)


def api(server, sleeper=None, **limits):
    connection = Connection(server.url, {"Authorization": f"bearer {CANARY}"})
    return Api(connection, Limits(**limits), (sleeper or Sleeper()).time)


def in_turn(*replies):
    """Answers one after the other, the last for ever."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def test_an_answer_is_read_and_counted():
    with serving(in_turn({"a": 1})) as server:
        client = api(server)
        assert client.get("x", "/x").body == {"a": 1}
        assert (client.counters.requests, client.counters.bytes) == (1, 8)
        assert server.requests[0].headers["Authorization"] == f"bearer {CANARY}"


def test_the_environment_is_not_looked_at(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with serving(in_turn([])) as server:
        assert api(server).get("x", "/x").body == []


def test_loopback_is_reached_without_the_proxy_that_is_asked_for_all_else():
    with serving(in_turn([])) as server:
        for address in (server.url, "http://api.example"):
            proxies = {"http": "http://127.0.0.1:1" if address == server.url else server.url}
            assert Api(Connection(address, proxies=proxies), Limits(), Sleeper().time).get("x", "/x").body == []


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply({"message": CANARY}, 401), Refused),
        (Reply({"message": CANARY}, 403), Refused),
        (Reply({"message": CANARY}, 404), Gone),
        (Reply({"message": CANARY}, 410), Gone),
        (Reply({"message": CANARY}, 422), Malformed),
        (Reply({"message": CANARY}, 500), Unavailable),
        (Reply(f'{{"x": "{CANARY}', 200), Malformed),
        (Reply(f'{{"x": "{CANARY}', 200, missing=50), Malformed),
        (Reply(f"<html>{CANARY}</html>", 200, {"Content-Type": "text/html"}), Malformed),
        (Reply("", 302, {"Location": f"http://127.0.0.1:9/{CANARY}"}), ForeignHost),
        (Reply("", 302, {"Location": "/again"}), Unavailable),
        (Reply([CANARY] * 100), TooLarge),
        (Reply({"message": CANARY}, 429, {"Retry-After": "4000"}), RateLimited),
        (Reply({"message": CANARY}, 429, {"Retry-After": "1"}), RateLimited),
    ],
)
def test_each_failure_has_its_type_and_betrays_nothing(reply, error):
    with serving(in_turn(reply)) as server, pytest.raises(SourceError) as raised:
        api(server, bytes=1000).get(f"repos/{CANARY}?q={CANARY}", "/repos/{repository}")
    assert type(raised.value) is error
    assert CANARY not in str(raised.value)
    assert "/repos/{repository}" in str(raised.value)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_nobody_listens():
    with serving(in_turn({})) as server:
        pass
    with pytest.raises(Unavailable):
        api(server).get("x", "/x")


def test_a_broken_answer_is_asked_for_again():
    with serving(in_turn(Reply('{"a"', missing=9), Reply('{"a"'), Reply("", 503), {"a": 1})) as server:
        client = api(server)
        assert client.get("x", "/x").body == {"a": 1}
        assert client.counters.requests == len(server.requests) == 4


@pytest.mark.parametrize(
    ("status", "headers", "body", "waits"),
    [
        (429, {"Retry-After": "7"}, {}, 7),
        (503, {"Retry-After": formatdate(NOW + 30, usegmt=True)}, {}, 30),
        (429, {}, {}, 60),
        (403, {"Retry-After": "7"}, {"message": "slow down"}, 7),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW) + 90)}, {}, 91),
        (429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW) + 90)}, {}, 91),
        (403, {}, {"message": "You have exceeded a secondary rate limit."}, 60),
    ],
)
def test_a_rate_limit_is_waited_for(status, headers, body, waits):
    sleeper = Sleeper()
    with serving(in_turn(Reply(body, status, headers), {"a": 1})) as server:
        assert api(server, sleeper).get("x", "/x").body == {"a": 1}
    assert sum(sleeper.slept) == pytest.approx(waits)


def test_a_limit_without_end_gives_up():
    with serving(in_turn(Reply({"message": "secondary rate limit"}, 403))) as server, pytest.raises(RateLimited):
        api(server, longest_wait_seconds=100).get("x", "/x")


def test_an_unchanged_answer_is_none():
    def answer(request):
        if request.headers.get("If-None-Match") == '"v1"':
            return Reply(b"", 304)
        return Reply({"a": 1}, headers={"ETag": '"v1"'})

    with serving(answer) as server:
        client = api(server)
        first = client.get("x", "/x", {"q": CANARY})
        assert client.get("x", "/x", {"q": CANARY}, etags=first.etags) is None
        assert client.get("y", "/y", etags=first.etags).body == {"a": 1}
    assert CANARY not in str(first.etags) + repr(first)


def test_a_redirect_on_the_same_host_is_followed():
    def answer(request):
        return {"a": 1} if request.path == "/new" else Reply("", 301, {"Location": "/new"})

    with serving(answer) as server:
        assert api(server).get("old", "/old").body == {"a": 1}


def test_a_paging_link_to_another_host_is_refused():
    with serving(in_turn({})) as server, pytest.raises(ForeignHost):
        api(server).get("http://example.org/x", "/x")


def test_nothing_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    with serving(in_turn(Reply("", 503), Reply("", 429, {"Retry-After": "1"}), {})) as server:
        api(server).get(CANARY, "/x")
    assert CANARY not in caplog.text


@pytest.mark.parametrize(
    ("errors", "error"),
    [
        ([{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": CANARY}], TooMuch),
        ([{"message": f"Something went wrong while executing your query. {CANARY}"}], TooMuch),
        ([{"type": "NOT_FOUND", "message": CANARY}], Gone),
        ([{"type": "FORBIDDEN", "message": CANARY}], Refused),
        ([{"message": f'Parse error on "{CANARY}"'}], Malformed),
        ({"message": CANARY}, Malformed),
        ([{"type": "RATE_LIMITED", "message": CANARY}], RateLimited),
    ],
)
def test_a_graphql_error_in_a_good_answer_has_its_type(errors, error):
    with serving(in_turn({"data": None, "errors": errors})) as server, pytest.raises(SourceError) as raised:
        ask(api(server, longest_wait_seconds=200), "graphql", "query", {"name": CANARY})
    assert type(raised.value) is error
    assert CANARY not in str(raised.value)


def test_a_graphql_rate_limit_is_waited_for():
    limited = Reply({"errors": [{"type": "RATE_LIMITED"}]}, headers={"Retry-After": "5"})
    sleeper = Sleeper()
    with serving(in_turn(limited, {"data": {"a": 1}})) as server:
        assert ask(api(server, sleeper), "graphql", "query", {}) == {"a": 1}
    assert sleeper.slept == [5]


@pytest.mark.parametrize("body", [[], {"data": None}, {}, "text"])
def test_a_graphql_answer_without_data_is_refused(body):
    with serving(in_turn(body)) as server, pytest.raises(Malformed):
        ask(api(server), "graphql", "query", {})


def test_a_graphql_limit_without_end_gives_up():
    with serving(in_turn({"errors": [{"type": "RATE_LIMITED"}]})) as server, pytest.raises(RateLimited):
        ask(api(server, attempts=2), "graphql", "query", {})


def test_trouble_of_graphql_is_the_systems():
    with serving(in_turn({"errors": [{"type": "SERVICE_UNAVAILABLE"}]})) as server, pytest.raises(Unavailable):
        ask(api(server), "graphql", "query", {})


def test_no_answer_in_time_is_a_question_too_large_or_a_system_in_trouble():
    late = threading.Event()

    def answer(_):
        late.wait(5)
        return {}

    with serving(answer) as server:
        client = api(server, read_seconds=0.05, attempts=2)
        with pytest.raises(TooMuch):
            ask(client, "graphql", "query", {}, gateway_means_too_much=True)
        assert client.counters.requests == 1
        with pytest.raises(Unavailable):
            client.get("x", "/x")
        assert client.counters.requests == 3
        late.set()


def test_an_answer_that_drips_past_the_deadline_is_left():
    begun = time.monotonic()
    with serving(lambda _: Reply([1] * 20, pause=0.05)) as server, pytest.raises(Unavailable, match="deadline"):
        Api(Connection(server.url), Limits(deadline_seconds=0.2, read_seconds=5)).get("x", "/x")
    assert time.monotonic() - begun < 2


def test_a_304_nobody_asked_for_is_refused():
    with serving(in_turn(Reply(b"", 304), Reply(b"", 304))) as server:
        for ask in (lambda: api(server).post("x", "/x", {}), lambda: api(server).get("x", "/x")):
            with pytest.raises(Malformed):
                ask()


def test_a_date_that_is_none_is_no_date():
    sleeper = Sleeper()
    with serving(in_turn(Reply({}, 429, {"Retry-After": "soon"}), {"a": 1})) as server:
        assert api(server, sleeper).get("x", "/x").body == {"a": 1}
    assert sleeper.slept == [60]


def test_a_gateway_that_gives_up_says_that_the_question_was_too_large():
    with serving(in_turn(Reply("", 502))) as server, pytest.raises(TooMuch):
        ask(api(server), "graphql", "query", {}, gateway_means_too_much=True)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_gives_up_on_a_question_that_cannot_shrink_is_asked_again(status):
    with serving(in_turn(Reply("", status), {"data": {"a": 1}})) as server:
        assert ask(api(server), "graphql", "query", {}) == {"a": 1}
    with serving(in_turn(Reply("", status))) as server, pytest.raises(Unavailable):
        ask(api(server, attempts=2), "graphql", "query", {})


def test_a_connection_that_is_cut_before_any_answer_is_asked_again():
    with serving(in_turn(Reply(cut=True), Reply(cut=True), {"a": 1})) as server:
        assert api(server).get("x", "/x").body == {"a": 1}
    with serving(in_turn(Reply(cut=True), Reply(cut=True), {"a": 1})) as server:
        assert api(server).post("x", "/x", {"q": 1}).body == {"a": 1}
        assert [request.body for request in server.requests] == [{"q": 1}] * 3
    with serving(in_turn(Reply(cut=True))) as server, pytest.raises(Unavailable):
        api(server, attempts=2).post("x", "/x", {})
