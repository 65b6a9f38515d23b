"""The made-up company beside a night: started and ended with it, or taken as it is found; no other program is."""

import json
from contextlib import closing
from datetime import date
from http.client import HTTPConnection
from itertools import cycle

import pytest

from orchestration.config import load
from orchestration.errors import ConfigError
from orchestration.sandbox_process import sandbox
from sources.sandbox.server import serve
from sources.sandbox.settings import Sandbox
from tests.fake_server import Reply, serving
from tests.pipeline.built import free_port

START, DAY, LATER = date(2024, 11, 11), date(2024, 11, 18), date(2024, 11, 25)


@pytest.fixture
def settings(tmp_path):
    def of(port):
        (tmp_path / "quorum.yaml").write_text(
            f"roster: roster.yaml\nsystems: {{git: {{repositories: [/nowhere]}}}}\nsandbox: {{port: {port}}}\n"
        )
        return load(tmp_path / "quorum.yaml", home=tmp_path / "home")

    return of


def clock(port):
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as line:
        line.request("GET", "/healthz")
        return json.load(line.getresponse())["clock"]


def test_it_starts_at_the_nights_clock_and_ends_with_the_night(settings):
    port = free_port()
    with sandbox(settings(port), DAY) as awaited:
        awaited()
        assert clock(port) == "2024-11-18T00:00:00"
    with pytest.raises(ConnectionRefusedError):
        clock(port)


def test_one_that_listens_is_taken_moved_to_the_nights_clock_and_left_running(settings):
    with serve(Sandbox(start=START, until=DAY)) as world:
        port = int(world.url.rpartition(":")[2])
        with sandbox(settings(port), LATER) as awaited:
            awaited()
            assert clock(port) == "2024-11-25T00:00:00"
        assert clock(port) == "2024-11-25T00:00:00"


def test_another_program_on_the_port_is_not_taken_for_the_company(settings):
    replies = cycle([{"status": "ok"}, ["sandbox"], Reply("well"), Reply({"sandbox": "meridian"}, 404)])
    with serving(lambda _: next(replies)) as server:
        port = int(server.url.rpartition(":")[2])
        with sandbox(settings(port), DAY) as awaited, pytest.raises(ConfigError, match="is something else there"):
            awaited()
    assert len(server.requests) > 4 and {request.path for request in server.requests} == {"/healthz"}


def test_a_company_that_does_not_move_is_told(settings):
    def answer(request):
        return {"sandbox": "meridian"} if request.method == "GET" else Reply("", 500)

    with serving(answer) as server:
        port = int(server.url.rpartition(":")[2])
        with pytest.raises(ConfigError, match="does not move to 2024-11-18"), sandbox(settings(port), DAY):
            pass
