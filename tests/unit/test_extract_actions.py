"""GitHub Actions read through real HTTP: everything once, only what is new, whatever happens on the way."""

from dataclasses import replace

import pytest

from sources.errors import Gone, Malformed, Refused
from sources.systems import load
from tests.fake_actions import actions, run
from tests.fake_server import Reply, serving
from tests.memory_vault import PSEUDONYMS, MemoryVault

ACTIONS = load("actions")
DAY = 24


@pytest.fixture
def vault():
    return MemoryVault(ACTIONS, organisation="meridian")


def paths(server):
    return [request.path.partition("?")[0] for request in server.requests]


def attempts(vault):
    return sorted((row["run_key"], row["attempt"]) for row in vault.rows["runs"])


def key(number):
    return PSEUDONYMS.key("run", str(number))


def by_run(vault):
    return {row["run_key"]: row for row in vault.rows["runs"]}


def company(count=20, repositories=4):
    return {f"meridian/r{at}": [run(1000 * at + n) for n in range(1, count + 1)] for at in range(repositories)}


def test_a_first_night_reads_everything_once(vault):
    data = {**company(), "meridian/empty": []}
    with serving(actions(data)) as server:
        told = vault.night(server.url)
        assert told.counters.requests == len(server.requests)
    assert told.failures == []
    assert told.streams_complete == {"runs"}
    assert len(set(attempts(vault))) == len(vault.rows["runs"]) == 4 * 20


def test_a_night_without_news_is_one_question_a_repository(vault):
    data = {**company(), "meridian/empty": []}
    with serving(actions(data)) as server:
        vault.night(server.url)
        server.requests.clear()
        vault.night(server.url)
        assert sorted(paths(server)) == sorted(
            [*["/orgs/meridian/repos"] * 2, *(f"/repos/{name}/actions/runs" for name in data)]
        )
    assert len(vault.rows["runs"]) == 4 * 20


def test_listed_repositories_are_asked_for_their_default_branch_with_news_alone(vault):
    data, listed = company(3, 2), ["meridian/r0", "r1"]
    data["meridian/r0"][0].update(event="push", head_branch="main")
    with serving(actions(data)) as server:
        vault.night(server.url, repositories=listed)
        assert paths(server).count("/repos/meridian/r0") == 1
        server.requests.clear()
        vault.night(server.url, repositories=listed)
        assert len(server.requests) == 2
    assert by_run(vault)[key(1)]["is_default_branch"] is True


def test_news_are_read_down_to_a_week_before_the_newest_that_was_known(vault):
    data = {"meridian/r0": [run(n, n * DAY) for n in range(1, 41)]}
    runs = data["meridian/r0"]
    with serving(actions(data)) as server:
        vault.night(server.url)
        runs.append(run(41, 41 * DAY, conclusion="failure"))
        runs[34].update(conclusion="failure", updated_at="2024-02-20T00:00:00Z")  # done, or repeated, five days later
        runs[3].update(conclusion="failure", updated_at="2024-02-20T00:00:00Z")  # long after
        server.requests.clear()
        vault.night(server.url)
        assert paths(server).count("/repos/meridian/r0/actions/runs") == 4  # of three runs each, not of all
    failed = {row["run_key"] for row in vault.rows["runs"] if row["conclusion"] == "failure"}
    assert failed == {key(41), key(35)}
    assert len(vault.rows["runs"]) == 41


def test_a_run_is_stored_when_it_is_done(vault):
    data = {"meridian/r0": [run(1), run(2, status="in_progress", conclusion=None)]}
    with serving(actions(data)) as server:
        vault.night(server.url)
        assert attempts(vault) == [(key(1), 1)]
        data["meridian/r0"][1].update(status="completed", conclusion="cancelled", updated_at="2024-01-02T00:00:00Z")
        vault.night(server.url)
    assert by_run(vault)[key(2)]["conclusion"] == "cancelled"


def test_the_first_attempt_of_a_repeated_run_is_asked_for_once(vault):
    first = run(1, conclusion="failure")
    second = run(1, run_attempt=2, triggering_actor={"login": "bob", "type": "User"}, updated_at="2024-01-01T12:00:00Z")
    data = {"meridian/r0": [{**second, "run_attempt": 4, "attempts": {1: first, 2: second}}]}
    branch = {"run_attempt": 2, "event": "push", "head_branch": "elsewhere"}  # counts nowhere: not asked for
    data["meridian/r0"].append(run(2, 20, **branch))
    with serving(actions(data)) as server:
        vault.night(server.url)
        assert sum("attempts" in path for path in paths(server)) == 2
        data["meridian/r0"].append(run(3, 30))
        vault.night(server.url)
        assert sum("attempts" in path for path in paths(server)) == 2
    found = {row["attempt"]: row for row in vault.rows["runs"] if row["run_key"] == key(1)}
    assert sorted(found) == [1, 2, 4]
    assert (found[1]["conclusion"], found[2]["conclusion"]) == ("failure", "success")
    assert found[1]["starter_key"] == PSEUDONYMS.account("github", "ann")
    assert found[2]["starter_key"] == PSEUDONYMS.account("github", "bob")


def queued(number, *jobs, **more):
    """A run that began at 09:00 and waited for its jobs."""
    return run(number, 1, check_suite_node_id=str(number), jobs=[f"2024-01-01T09:{at}Z" for at in jobs], **more)


def test_how_long_a_run_waited_for_its_first_job_is_one_question_a_page(vault):
    again = queued(5, "40:00", run_attempt=2, updated_at="2024-01-01T10:00:00Z")
    data = {
        "meridian/r0": [
            queued(1, "02:30", "00:45"),
            queued(2),  # nothing ran
            queued(3, "20:00"),  # after its end: somebody else's
            queued(4, "00:10", event="push", head_branch="elsewhere"),  # counts nowhere: not asked for
            {**again, "attempts": {1: queued(5, "40:00", conclusion="failure")}},
            queued(6, "00:30", created_at="2024-01-01T09:01:00Z"),  # by another clock
        ]
    }
    with serving(actions(data, page=100)) as server:
        assert vault.night(server.url).failures == []
        [asked] = [request.body["variables"]["ids"] for request in server.requests if request.path == "/graphql"]
        assert sorted(asked) == ["1", "2", "3", "5", "6"]
        server.requests.clear()
        vault.night(server.url)
        assert "/graphql" not in paths(server)
    waits = {(row["run_key"], row["attempt"]): row["queue_seconds"] for row in vault.rows["runs"]}
    assert waits == {(key(1), 1): 45, (key(6), 1): -30} | {
        (key(n), at): None for n, at in ((2, 1), (3, 1), (4, 1), (5, 1), (5, 2))
    }


def test_a_token_that_may_not_read_checks_is_refused_once_and_the_runs_count(vault):
    data = {"meridian/r0": [queued(n, "00:45") for n in range(1, 5)]}
    refusal = {"data": {"nodes": [None]}, "errors": [{"type": "FORBIDDEN", "message": "Resource not accessible"}]}

    def trouble(request):
        return Reply(refusal) if request.path == "/graphql" else None

    with serving(actions(data, trouble=trouble)) as server:
        assert vault.night(server.url).failures == []
        assert paths(server).count("/graphql") == 1
    assert {row["queue_seconds"] for row in vault.rows["runs"]} == {None}
    assert len(vault.rows["runs"]) == 4


def giving_up(above):
    """A gateway that gives up on questions about more suites than so many."""

    def trouble(request):
        return Reply("", 502) if request.path == "/graphql" and len(request.body["variables"]["ids"]) > above else None

    return trouble


def test_a_question_that_is_too_large_is_asked_in_halves(vault):
    data = {"meridian/r0": [queued(n, "00:45") for n in range(1, 8)]}
    with serving(actions(data, page=100, trouble=giving_up(above=2))) as server:
        assert vault.night(server.url).failures == []
    assert [row["queue_seconds"] for row in vault.rows["runs"]] == [45] * 7


def test_where_github_gives_up_on_a_single_suite_it_is_not_asked_again_and_the_runs_count(vault):
    data = {"meridian/r0": [queued(n, "00:45") for n in range(1, 17)]}
    with serving(actions(data, page=100, trouble=giving_up(above=0))) as server:
        assert vault.night(server.url).failures == []
        assert paths(server).count("/graphql") == 5  # 16, 8, 4, 2, 1
    assert [row["queue_seconds"] for row in vault.rows["runs"]] == [None] * 16


def test_a_server_of_ones_own_is_asked_beside_its_rest(vault):
    data = {"meridian/r0": [queued(1, "00:45")]}
    answer = actions(data)

    def moved(request):
        return answer(replace(request, path=request.path.removeprefix("/api/v3").removeprefix("/api")))

    with serving(moved) as server:
        assert vault.night(f"{server.url}/api/v3").failures == []
        assert "/api/graphql" in paths(server)
    assert vault.rows["runs"][0]["queue_seconds"] == 45


def test_an_attempt_that_github_has_forgotten_is_left_out(vault):
    with serving(actions({"meridian/r0": [run(1, run_attempt=2)]})) as server:
        assert vault.night(server.url).failures == []
    assert attempts(vault) == [(key(1), 2)]


@pytest.mark.parametrize("killed_after", range(1, 9))
def test_a_killed_run_goes_on_with_nothing_lost_and_nothing_twice(vault, killed_after):
    data = company(20, 1)
    with serving(actions(data)) as server:
        vault.night(server.url, killed_after)
        data["meridian/r0"].append(run(21))  # before the next run
        assert vault.night(server.url).failures == []
    assert attempts(vault) == sorted((key(n), 1) for n in range(1, 22))


def test_news_that_were_not_read_to_their_end_are_asked_for_again(vault):
    data = company(20, 1)
    with serving(actions(data)) as server:
        vault.night(server.url)
        data["meridian/r0"] += [run(n, n) for n in range(21, 31)]
        vault.night(server.url, 1)
        vault.night(server.url)
    assert len(set(attempts(vault))) == len(vault.rows["runs"]) == 30


@pytest.mark.parametrize("cursor", ["", "no json", "[]", '{"unknown": 1}'])
def test_a_cursor_that_says_nothing_begins_at_the_beginning(vault, cursor):
    with serving(actions(company(5, 1))) as server:
        vault.night(server.url)
        vault.cursors["runs", PSEUDONYMS.scope("repository", "meridian/r0")] = cursor
        vault.rows["runs"] = []
        assert vault.night(server.url).failures == []
    assert len(vault.rows["runs"]) == 5


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ({"event": "push", "head_branch": "main"}, ("push", True)),
        ({"event": "push", "head_branch": "topic"}, ("push", False)),
        ({"event": "pull_request", "head_branch": "main"}, ("change", False)),  # of a fork
        ({"event": "merge_group", "head_branch": "gh-readonly-queue/main/pr-1"}, ("change", False)),
        ({"event": "workflow_dispatch", "head_branch": "main"}, ("manual", True)),
        ({"event": "schedule", "head_branch": "main"}, ("schedule", True)),
        ({"event": "issue_comment", "head_branch": "main"}, ("other", True)),
    ],
)
def test_what_a_run_is_of_is_told_by_its_event_and_branch(vault, more, kept):
    with serving(actions({"meridian/r0": [run(1, **more)]})) as server:
        vault.night(server.url)
    [row] = vault.rows["runs"]
    assert (row["event"], row["is_default_branch"]) == kept


@pytest.mark.parametrize(
    ("who", "is_known", "is_bot"),
    [
        ({"login": "ann", "type": "User"}, True, False),
        ({"login": "deps[bot]", "type": "Bot"}, True, True),
        ({"login": "release[bot]", "type": "User"}, True, True),
        ({"login": "ghost", "type": "User"}, False, False),
        (None, False, False),
    ],
)
def test_who_started_it_is_a_pseudonym_or_nobody(vault, who, is_known, is_bot):
    with serving(actions({"meridian/r0": [run(1, actor=who, triggering_actor=who)]})) as server:
        vault.night(server.url)
    [row] = vault.rows["runs"]
    assert (row["starter_key"] is not None, row["starter_is_bot"]) == (is_known, is_bot)
    assert "ann" not in str(row)


def test_an_old_server_tells_less(vault):
    old = run(1)
    for name in ("run_attempt", "run_started_at", "triggering_actor"):
        del old[name]
    with serving(actions({"meridian/r0": [old]})) as server:
        assert vault.night(server.url).failures == []
    [row] = vault.rows["runs"]
    assert (row["attempt"], row["started_at"]) == (1, None)
    assert row["starter_key"] == PSEUDONYMS.account("github", "ann")
    assert row["completed_at"].isoformat() == "2024-01-01T09:10:00"


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply({"message": "Resource not accessible"}, 403), Refused),
        (Reply({"message": "Not Found"}, 404), Gone),
        (Reply({"total_count": 1}), Malformed),
        (Reply({"workflow_runs": [{"id": 1}]}), Malformed),
        (Reply({"workflow_runs": [run(1, created_at="yesterday")]}), Malformed),
        (Reply({"workflow_runs": [run(1, conclusion=["x"])]}), Malformed),
    ],
)
def test_a_repository_that_answers_wrongly_fails_alone(vault, reply, error):
    def trouble(request):
        return reply if request.path.startswith("/repos/meridian/r1/actions") else None

    with serving(actions(company(3, 2), trouble=trouble)) as server:
        told = vault.night(server.url)
    [failure] = told.failures
    assert isinstance(failure.error, error)
    assert (failure.streams, len(vault.rows["runs"])) == (("runs",), 3)
    assert "r1" not in str(failure.error)


@pytest.mark.parametrize("body", [{"message": "no list"}, [{"name": "without its owner"}]])
def test_a_survey_that_is_none_fails_the_whole_reading(vault, body):
    with serving(lambda request: Reply(body)) as server:
        [failure] = vault.night(server.url).failures
    assert isinstance(failure.error, Malformed)
