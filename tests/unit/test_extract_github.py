"""GitHub read through real HTTP: everything once, only what is new, whatever happens on the way."""

import datetime as dt

import pytest

from sources.errors import Gone
from sources.systems import load
from sources.systems.github_pages import LARGEST
from tests.fake_github import change, commit, company, github, review
from tests.fake_server import Reply, serving
from tests.memory_vault import PSEUDONYMS, MemoryVault

GITHUB = load("github")


@pytest.fixture
def vault():
    return MemoryVault(GITHUB, organisation="meridian")


def key(number, repository="meridian/r0"):
    return PSEUDONYMS.key("change", f"{repository}#{number}")


def test_a_first_night_reads_everything_once(vault):
    nested = {"reviews": [review(n) for n in range(7)], "commits": [commit(n) for n in range(5)]}
    data = {**company(120), "meridian/empty": [], "meridian/deep": [change(1, **nested)]}
    with serving(github(data)) as server:
        run = vault.night(server.url)
        assert run.counters.requests == len(server.requests)
    assert run.failures == []
    assert run.streams_complete == {"repositories", "changes", "reviews", "commits"}
    assert len(vault.rows["repositories"]) == 5
    assert len(set(vault.column("changes", "change_key"))) == len(vault.rows["changes"]) == 3 * 120 + 1
    assert (len(vault.rows["reviews"]), len(vault.rows["commits"])) == (7, 5)
    assert set(vault.column("reviews", "change_key")) == {key(1, "meridian/deep")}
    assert run.counters.rows == sum(map(len, vault.rows.values()))


def test_a_night_without_news_asks_for_the_repositories_alone(vault):
    data = {**company(120), "meridian/empty": []}
    with serving(github(data)) as server:
        vault.night(server.url)
        before, asked = {name: len(rows) for name, rows in vault.rows.items()}, len(server.requests)
        run = vault.night(server.url)
        assert len(server.requests) - asked == 2  # the fake tells of two repositories a page
    assert run.failures == []
    assert {name: len(rows) for name, rows in vault.rows.items()} == before
    assert run.streams_complete == {stream.name for stream in GITHUB.streams}


def test_a_repository_with_news_is_asked_for_them_alone(vault):
    data = company(3)
    with serving(github(data)) as server:
        vault.night(server.url)
        data["meridian/r1"][0].update(updatedAt="2024-02-10T00:00:00Z", additions=99)
        asked = len(server.requests)
        vault.night(server.url)
        names = [request.body["variables"].get("name") for request in server.requests[asked:]]
    assert names == [None, None, "r1"]
    assert vault.column("changes", "additions").count(99) == 1


def test_the_first_change_of_an_empty_repository_is_news(vault):
    data = {"meridian/r0": []}
    with serving(github(data)) as server:
        vault.night(server.url)
        data["meridian/r0"].append(change(1))
        vault.night(server.url)
        asked = len(server.requests)
        vault.night(server.url)
        assert len(server.requests) - asked == 1
        data["meridian/r0"].clear()  # all taken away: nothing to read
        vault.night(server.url)
        assert len(server.requests) - asked == 2
    assert vault.column("changes", "change_key") == [key(1)]


def test_a_change_updated_in_the_second_of_the_newest_is_not_lost(vault):
    last = "2024-02-29T23:30:00Z"  # less than the overlap before the night
    data = {"meridian/r0": [change(1, updatedAt=last)]}
    with serving(github(data)) as server:
        vault.night(server.url)
        data["meridian/r0"].append(change(2, updatedAt=last))
        for asked in (2, 1):  # once more, and then no more
            vault.clock += dt.timedelta(days=1)
            server.requests.clear()
            vault.night(server.url)
            assert len(server.requests) == asked
    assert sorted(vault.column("changes", "change_key")) == sorted([key(1), key(2)])


def test_only_what_is_new_is_read_and_replaces_what_was(vault):
    data = company(120, 1)
    changes = data["meridian/r0"]
    changes[4]["reviews"] = [review(1), review(2)]
    with serving(github(data)) as server:
        vault.night(server.url)
        changes[4].update(updatedAt="2024-02-10T00:00:00Z", additions=99, reviews=[])
        changes.append(change(121, updatedAt="2024-02-11T00:00:00Z"))
        asked = len(server.requests)
        vault.night(server.url)
        assert len(server.requests) - asked == 2
    found = {row["change_key"]: row for row in vault.rows["changes"]}
    assert len(found) == len(vault.rows["changes"]) == 121
    assert found[key(5)]["additions"] == 99
    assert vault.rows["reviews"] == []


@pytest.mark.parametrize("killed_after", range(1, 7))
def test_a_killed_run_goes_on_with_nothing_lost_and_nothing_twice(vault, killed_after):
    data = company(LARGEST * 3 + 1, 1)
    data["meridian/r0"][2]["reviews"] = [review(1)]
    with serving(github(data)) as server:
        vault.night(server.url, killed_after)
        data["meridian/r0"][0].update(updatedAt="2024-02-10T00:00:00Z", additions=99)  # before the next run
        run = vault.night(server.url)
    assert run.failures == []
    found = {row["change_key"]: row for row in vault.rows["changes"]}
    assert len(found) == len(vault.rows["changes"]) == LARGEST * 3 + 1
    assert found[key(1)]["additions"] == 99
    assert len(vault.rows["reviews"]) == 1


@pytest.mark.parametrize("cursor", ["", "no json", "[]", '{"unknown": 1}'])
def test_a_cursor_that_says_nothing_begins_at_the_beginning(vault, cursor):
    vault.cursors["changes", PSEUDONYMS.scope("repository", "meridian/r0")] = cursor
    with serving(github(company(3, 1))) as server:
        assert vault.night(server.url).failures == []
    assert len(vault.rows["changes"]) == 3


def test_many_news_are_followed_over_pages_and_the_cursor_moves_at_the_end(vault):
    data = company(200, 1)
    with serving(github(data)) as server:
        vault.night(server.url)
        first = dict(vault.cursors)
        for each in data["meridian/r0"][:150]:
            each.update(updatedAt="2024-02-10T00:00:00Z", additions=99)
        vault.night(server.url, 2)
        assert vault.cursors == first
        vault.night(server.url)
        assert vault.cursors != first
    assert vault.column("changes", "additions").count(99) == 150
    assert len(vault.rows["changes"]) == 200


@pytest.mark.parametrize(
    "refusal",
    [
        Reply("", 502),
        {"errors": [{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": "…"}]},
        {"data": None, "errors": [{"message": "Something went wrong while executing your query on …"}]},
    ],
)
def test_a_page_too_large_is_asked_for_smaller(vault, refusal):
    def trouble(request):
        return refusal if request.body["variables"].get("first", 0) > 20 else None

    with serving(github(company(60, 1), trouble=trouble)) as server:
        assert vault.night(server.url).failures == []
    assert len(vault.rows["changes"]) == 60


def test_listed_repositories_are_asked_for_one_by_one_and_one_that_is_gone_fails_alone(vault):
    listed = ["meridian/r0", "r1", "meridian/gone"]
    with serving(github(company())) as server:
        for more in (6, 4):  # on the second night nothing is new, and what is gone is asked for again
            before = len(server.requests)
            run = vault.night(server.url, repositories=listed)
            assert [type(failure.error) for failure in run.failures] == [Gone]
            assert "gone" not in str(run.failures[0].error).replace("Gone", "")
            assert len(server.requests) - before == more
    assert len(vault.rows["repositories"]) == 2
    assert len(vault.rows["changes"]) == 6


def test_a_repository_that_cannot_be_seen_is_gone(vault):
    def trouble(request):
        return {"data": {"repository": None}} if "name" in request.body["variables"] else None

    with serving(github(company(1, 1), trouble=trouble)) as server:
        assert [type(failure.error) for failure in vault.night(server.url).failures] == [Gone]
