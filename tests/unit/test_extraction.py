"""The extraction itself, over a GitHub: who fails fails alone, nobody is asked in vain, and memory stays bounded."""

import dataclasses
import gc
import threading
import time

import pytest

from sources import extract as extract_module
from sources.batches import Pace, State
from sources.errors import Gone, Malformed, Refused, Stumbled, Unavailable
from sources.extract import extract
from sources.limits import Counters
from sources.reading import Connection, Page, Scope
from sources.systems import load
from tests.fake_github import change, company, github
from tests.fake_server import Reply, serving
from tests.memory_vault import CLOCK, PSEUDONYMS, MemoryVault

CANARY = "canary-7f3a"
GITHUB = load("github")
UNNAMED = {"nameWithOwner": 7, "x": CANARY, "pullRequests": {"nodes": []}}
NOT_FOUND = {"type": "NOT_FOUND", "path": ["organization"], "message": f"Could not resolve to {CANARY}"}


@pytest.fixture
def vault():
    return MemoryVault(GITHUB, organisation="meridian")


def test_a_repository_that_fails_keeps_nothing_of_the_others_back(vault):
    def trouble(request):
        return Reply("", 502) if request.body["variables"].get("name") == "r1" else None

    with serving(github(company(), trouble=trouble)) as server:
        run = vault.night(server.url)
    [failure] = run.failures
    assert isinstance(failure.error, Unavailable)
    assert failure.streams == ("changes", "reviews", "commits")
    assert failure.scope_key == PSEUDONYMS.scope("repository", "meridian/r1")
    assert run.streams_complete == {"repositories"}
    assert len(vault.rows["changes"]) == 6


def test_an_unknown_token_is_not_tried_on_every_repository(vault):
    def trouble(request):
        return Reply({"message": CANARY}, 401) if "name" in request.body["variables"] else None

    with serving(github(company(1, 40), trouble=trouble)) as server:
        run = vault.night(server.url)
        assert len(server.requests) < 40
    assert {type(failure.error) for failure in run.failures} == {Refused}
    assert len(run.failures) == 40
    assert "changes" not in run.streams_complete


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (Reply({"message": CANARY}, 401), Refused),
        (Reply({"message": CANARY}, 404), Gone),
        (Reply({"message": CANARY}), Malformed),
        (Reply({"data": {"organization": {"repositories": {"nodes": [UNNAMED]}}}}), Malformed),
        (Reply({"data": {"organization": {"repositories": CANARY}}}), Malformed),
        (Reply({"data": {"organization": None}}), Gone),
        (Reply({"data": {"organization": None}, "errors": [NOT_FOUND]}), Gone),
        (Reply("<html>", headers={"Content-Type": "text/html"}), Malformed),
    ],
)
def test_a_survey_that_fails_is_a_failure_of_the_system(vault, broken, error):
    with serving(lambda _: broken) as server:
        run = vault.night(server.url)
    [failure] = run.failures
    assert isinstance(failure.error, error)
    assert failure.scope_key is None
    assert run.streams_complete == frozenset()
    assert CANARY not in str(failure.error)


def test_a_fault_in_the_reader_is_told_by_place_and_type_alone():
    class Faulty:
        counters = Counters()

        def survey(self):
            yield Page(scopes=[Scope("meridian/r0"), Scope("meridian/r1")])

        def read(self, scope, cursor):
            raise RuntimeError(CANARY)

    system = dataclasses.replace(GITHUB, reader=lambda *_: Faulty())
    run = extract(system, Connection(""), State(), PSEUDONYMS, CLOCK)
    assert list(run.batches) == []
    assert [type(failure.error) for failure in run.failures] == [Stumbled, Stumbled]
    assert "RuntimeError at test_extraction.py" in str(run.failures[0].error)
    assert CANARY not in str(run.failures)


def test_a_slow_writer_slows_the_reading_and_leaving_early_ends_it(monkeypatch):
    monkeypatch.setattr(extract_module, "WAITING", 4)
    collecting = gc.get_threshold()
    with serving(github(company(1, 40))) as server:
        connection = Connection(server.url, {}, {"organisation": "meridian"})
        run = extract(GITHUB, connection, State(), PSEUDONYMS, CLOCK, Pace(threads=8))
        batches = run.batches
        next(batch for batch in batches if batch.stream == "changes")
        time.sleep(0.5)
        assert len(server.requests) <= 20 + 1 + 4 + 8  # survey, taken, waiting, one in each thread's hands
        batches.close()
        for thread in threading.enumerate():
            if thread.name.startswith("quorum-"):
                thread.join(5)
                assert not thread.is_alive()
    assert run.streams_complete == frozenset()
    assert gc.get_threshold() == collecting


def test_the_largest_scopes_are_begun_first():
    sizes = {"meridian/r0": 1, "meridian/r1": 9, "meridian/r2": 4}
    with serving(github({name: [change(number) for number in range(size)] for name, size in sizes.items()})) as server:
        connection = Connection(server.url, {}, {"organisation": "meridian"})
        list(extract(GITHUB, connection, State(), PSEUDONYMS, CLOCK, Pace(threads=1)).batches)
        asked = [request.body["variables"].get("name") for request in server.requests]
    assert asked == [None, None, "r1", "r2", "r0"]


def test_progress_is_told_batch_by_batch():
    told = []
    with serving(github(company(1, 2))) as server:
        connection = Connection(server.url, {}, {"organisation": "meridian"})
        pace = Pace(progress=lambda rows, requests: told.append((rows, requests)))
        run = extract(GITHUB, connection, State(), PSEUDONYMS, CLOCK, pace)
        assert len(list(run.batches)) == len(told) == 3
    assert told[-1] == (4, run.counters.requests)
