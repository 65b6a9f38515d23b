"""Jira read through real HTTP: issues and their moves once, only what is new, whatever happens on the way."""

import datetime as dt
import re

import pytest

from sources.errors import BadValue, Gone, Malformed, Refused
from sources.systems import load
from sources.systems.jira_pages import LOT
from tests.fake_jira import issue, jira, move
from tests.fake_server import Reply, serving
from tests.memory_vault import PSEUDONYMS, MemoryVault

CANARY = "canary-7f3a"
JIRA = load("jira")
PAGES = 2  # of three projects
KEYS = re.compile(r'"([A-Z]+)"')
LOOK, READ = "project in ", "project = "


def company(issues=5):
    """Three projects with issues that moved once each."""
    found = [issue(at * 100 + n, key) for at, key in enumerate(("AB", "CD", "EF")) for n in range(issues)]
    for each in found:
        each["histories"] = [move(int(each["id"]), "status", "1", "3")]
    return found


def test_a_first_night_reads_everything_once():
    vault = MemoryVault(JIRA)
    with serving(jira(company(25), page=10)) as server:
        run = vault.night(server.url)
    assert run.streams_complete == {"issues", "transitions", "incidents"}
    assert sorted(vault.column("issues", "issue_key")) == sorted(vault.column("transitions", "issue_key"))
    assert len(set(vault.column("issues", "issue_key"))) == 75


def searches(server, kind):
    """The projects of each search of a kind."""
    asked = [request.body["jql"] for request in server.requests if request.path.endswith("/jql")]
    return [sorted(KEYS.findall(jql)) for jql in asked if jql.startswith(kind)]


def test_a_night_without_news_is_one_question():
    vault = MemoryVault(JIRA)
    with serving(jira(company())) as server:
        vault.night(server.url)
        assert searches(server, LOOK) == []
        assert sum(request.path.endswith("/status") for request in server.requests) == 1
        before = dict(vault.cursors)
        server.requests.clear()
        run = vault.night(server.url)
    assert searches(server, LOOK) == [["AB", "CD", "EF"]] and len(server.requests) == PAGES + 1
    assert run.counters.rows == 0 and vault.cursors == before
    assert run.streams_complete == {"issues", "transitions", "incidents"}


def test_one_project_with_news_is_read_and_quiet_ones_are_not():
    data = company()
    vault = MemoryVault(JIRA)
    with serving(jira(data)) as server:
        vault.night(server.url)
        data.append(issue(999, "CD", updated="2024-02-01T10:00:00.000+0200"))
        server.requests.clear()
        assert vault.night(server.url).counters.rows == 1
        assert searches(server, READ) == [["CD"]] * 2 and len(server.requests) == PAGES + 5  # … history, status, left
        server.requests.clear()
        assert vault.night(server.url).counters.rows == 0
        assert len(server.requests) == PAGES + 1


def test_a_project_that_a_busy_one_hides_is_looked_for_again():
    data = [*company(), *(issue(1000 + n, "GH", updated=f"2024-02-01T10:{n // 3:02d}:00+00:00") for n in range(150))]
    vault = MemoryVault(JIRA)
    with serving(jira(data)) as server:
        vault.night(server.url)
        server.requests.clear()
        assert vault.night(server.url).counters.rows == 0
        assert searches(server, LOOK) == [["AB", "CD", "EF", "GH"], ["AB", "CD", "EF"]]
        assert searches(server, READ) == []
        server.requests.clear()
        data[0]["fields"]["updated"] = "2024-01-09T10:00:00+00:00"
        assert vault.night(server.url).counters.rows == 2
    assert searches(server, READ) == [["AB"], ["AB"]]


def test_a_project_whose_order_is_in_doubt_is_read():
    at = "2024-02-01T10:00:{:02d}+00:00"  # of one minute, more than an answer holds
    data = [*company(), *(issue(1000 + n, "GH", updated=at.format(n // 3)) for n in range(150))]
    vault = MemoryVault(JIRA)
    with serving(jira(data)) as server:
        vault.night(server.url)
        server.requests.clear()
        assert vault.night(server.url).counters.rows == 0
    assert len(searches(server, LOOK)) == 1
    assert {keys[0] for keys in searches(server, READ)} == {"AB", "CD", "EF", "GH"}


@pytest.mark.parametrize("hours", [0, 2])
def test_a_late_update_at_the_same_second_is_not_lost(hours):
    at = dt.datetime.now(dt.UTC).replace(microsecond=200_000) - dt.timedelta(hours=hours, minutes=1)
    data = [issue(1, updated=at.isoformat()), issue(2, "CD")]
    late = at if hours == 0 else at + dt.timedelta(milliseconds=1)  # what is settled cannot get a second of its time
    vault = MemoryVault(JIRA)
    with serving(jira(data)) as server:
        vault.night(server.url)
        data.append(issue(3, updated=late.isoformat()))
        vault.night(server.url)
    assert len(vault.rows["issues"]) == 3


@pytest.mark.parametrize(
    "reply", [Reply(CANARY, 400), Reply({"issues": [CANARY]}), Reply({"issues": [{}]}), Reply(CANARY)]
)
def test_a_question_over_all_that_fails_costs_no_news(reply):
    data = company()
    vault = MemoryVault(JIRA)

    def trouble(request):
        return reply if request.body and LOOK in str(request.body) else None

    with serving(jira(data, trouble=trouble)) as server:
        vault.night(server.url)
        data[0]["fields"]["updated"] = "2024-02-01T10:00:00.000+0200"
        run = vault.night(server.url)
    assert run.failures == [] and run.counters.rows == 2


def test_only_news_are_taken_and_their_moves_replaced():
    data = company()
    vault = MemoryVault(JIRA)
    with serving(jira(data)) as server:
        vault.night(server.url)
        data[0]["fields"]["updated"] = "2024-02-01T10:00:00.000+0200"
        data[0]["histories"].append(move(9999, "status", "3", "2"))
        run = vault.night(server.url)
    assert run.counters.rows == 3
    assert len(vault.rows["issues"]) == 15 and len(vault.rows["transitions"]) == 16


@pytest.mark.parametrize("batches", [1, 2, 3, 5])
def test_a_killed_night_goes_on_with_nothing_lost_and_nothing_twice(batches):
    data = [*company(), *(issue(1000 + n, "GH") for n in range(2 * LOT + 50))]
    vault = MemoryVault(JIRA)
    with serving(jira(data)) as server:
        vault.night(server.url, batches=batches)
        assert len(vault.rows["issues"]) < len(data)
        vault.night(server.url)
        assert vault.night(server.url).counters.rows == 0
    keys = vault.column("issues", "issue_key")
    assert len(keys) == len(set(keys)) == len(data)
    assert len(vault.rows["transitions"]) == 15


def test_an_issue_that_search_shows_late_is_not_lost():
    now = dt.datetime.now(dt.UTC)
    late, newest = (issue(n, updated=(now - dt.timedelta(minutes=n)).isoformat()) for n in (20, 10))
    data = [newest]
    vault = MemoryVault(JIRA)
    with serving(jira(data)) as server:
        vault.night(server.url)
        data.append(late)
        vault.night(server.url)
    assert len(vault.rows["issues"]) == 2


def test_an_issue_that_moves_to_another_project_is_one_issue():
    data = [issue(1, "AB"), issue(2, "AB"), issue(3, "CD")]
    vault = MemoryVault(JIRA)
    with serving(jira(data)) as server:
        vault.night(server.url)
        data[0]["fields"] |= {"project": {"key": "CD"}, "updated": "2024-02-01T10:00:00.000+0200"}
        vault.night(server.url)
    assert len(vault.rows["issues"]) == 3


def test_an_issue_that_was_deleted_lately_is_forgotten_when_its_project_has_news():
    data = [issue(1, "AB"), issue(2, "AB"), issue(3, "AB"), issue(4, "CD")]
    data[0]["histories"] = [move(1, "status", "1", "3")]
    data[1]["fields"]["updated"] = "2023-11-01T10:00:00.000+0200"
    vault = MemoryVault(JIRA)
    with serving(jira(data)) as server:
        vault.night(server.url)
        del data[:2], data[-1]
        vault.night(server.url)
        assert len(vault.rows["issues"]) == 4
        data[0]["fields"]["updated"] = "2024-02-01T10:00:00.000+0200"
        vault.night(server.url)
    kept = {
        PSEUDONYMS.key("issue", number) for number in ("2", "3", "4")
    }  # the second is too old, nothing is new in CD
    assert set(vault.column("issues", "issue_key")) == kept and vault.rows["transitions"] == []


def test_a_list_of_what_is_left_that_lacks_what_was_read_is_not_believed():
    data = [issue(1), issue(2)]
    lists = []

    def trouble(request):
        lists.append(request.body) if (request.body or {}).get("fields") == ["id"] else None
        return Reply({"issues": []}) if (request.body or {}).get("fields") == ["id"] else None

    vault = MemoryVault(JIRA)
    with serving(jira(data, trouble=trouble)) as server:
        vault.night(server.url)
        data[0]["fields"]["updated"] = "2024-02-01T10:00:00.000+0200"
        vault.night(server.url)
    assert len(lists) == 1 and len(vault.rows["issues"]) == 2


def test_listed_projects_are_read_and_no_others():
    with serving(jira(company())) as server:
        vault = MemoryVault(JIRA)
        vault.night(server.url, projects=("CD",))
        assert not any("project/search" in request.path for request in server.requests)
    wanted = {PSEUDONYMS.key("issue", one["id"]) for one in company() if one["key"].startswith("CD-")}
    assert set(vault.column("issues", "issue_key")) == wanted != set()


def test_a_project_that_is_gone_stops_only_itself():
    vault = MemoryVault(JIRA)
    with serving(jira(company())) as server:
        run = vault.night(server.url, projects=("AB", "CANARY"))
    assert [type(failure.error) for failure in run.failures] == [Gone]
    assert "CANARY" not in str(run.failures[0].error)
    assert len(vault.rows["issues"]) == 5 and run.streams_complete == frozenset()


@pytest.mark.parametrize("where", ["/status", "/jql", "/bulkfetch"])
def test_a_rate_limit_is_waited_for(where):
    limits = [Reply("", 429, {"Retry-After": "0"})]

    def trouble(request):
        return limits.pop() if limits and request.path.partition("?")[0].endswith(where) else None

    vault = MemoryVault(JIRA)
    with serving(jira([issue(1)], trouble=trouble)) as server:
        assert vault.night(server.url).failures == []
    assert limits == []
    assert len(vault.rows["issues"]) == 1


def test_no_search_hides_in_a_projects_key():
    with serving(jira(company())) as server:
        run = MemoryVault(JIRA).night(server.url, projects=('AB" or project = "CD',))
    assert [type(failure.error) for failure in run.failures] == [Malformed]


ANYWHERE = [
    (Reply(CANARY, 401), Refused),
    (Reply(CANARY, 403), Refused),
    (Reply(CANARY, 404), Gone),
    (Reply(f"<html>{CANARY}</html>", 200), Malformed),
    (Reply(f'{{"issues": ["{CANARY}', 200), Malformed),
    (Reply({"issues": CANARY, "issueChangeLogs": CANARY}), Malformed),
]
SEARCHED = [
    (Reply({"issues": [CANARY]}), Malformed),
    (Reply({"issues": [], "nextPageToken": {"a": CANARY}}), Malformed),
    (Reply({"issues": [{"id": "1", "fields": {"updated": CANARY}}]}), Malformed),
    (Reply({"issues": [{**issue(1), "id": {"a": CANARY}}]}), BadValue),
]


@pytest.mark.parametrize(
    ("where", "reply", "error"),
    [(where, *each) for where in ("/status", "/jql", "/bulkfetch") for each in ANYWHERE]
    + [("/jql", *each) for each in SEARCHED],
)
def test_a_bad_answer_is_one_clear_error_without_a_value(where, reply, error):
    def trouble(request):
        return reply if request.path.endswith(where) else None

    vault = MemoryVault(JIRA)
    with serving(jira([issue(1)], trouble=trouble)) as server:
        run = vault.night(server.url)
    assert [type(failure.error) for failure in run.failures] == [error]
    assert CANARY not in str(run.failures) + repr(run.failures[0].error)
    assert vault.rows["issues"] == [] and vault.cursors == {}
