"""The made-up company's server: it speaks as the vendors do, and misbehaves when it is told to."""

import subprocess
from datetime import date

import pytest
import requests

from sources.roster import parse_roster
from sources.sandbox.commits import old_addresses
from sources.sandbox.dialects.events import BAD
from sources.sandbox.guard import CANARY_FIELD
from sources.sandbox.places import ALONE, EMPTY
from sources.sandbox.server import serve
from sources.sandbox.settings import Sandbox

SETTINGS = Sandbox(until=date(2025, 2, 3))
PULLS = """query($first: Int!, $after: String, $field: IssueOrderField = CREATED_AT, $down: OrderDirection = ASC) {
  rateLimit { cost remaining resetAt }
  repository(owner: "meridian", name: "web-shop") {
    pullRequests(first: $first, after: $after, orderBy: {field: $field, direction: $down}) {
      totalCount pageInfo { endCursor hasNextPage }
      nodes { ...Change author { __typename login ... on User { name } } }
    }
  }
}
fragment Change on PullRequest { id: number updatedAt reviews(first: 2) { totalCount nodes { state } } }"""

REPOSITORIES = """query($first: Int!, $after: String) { organization(login: "meridian") {
  repositories(first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage } nodes {
    nameWithOwner isEmpty pullRequests(first: 1, orderBy: {field: UPDATED_AT, direction: DESC}) { nodes { updatedAt } }
  } }
} }"""


@pytest.fixture(scope="module")
def world():
    with serve(SETTINGS) as world:
        yield world


@pytest.fixture(autouse=True)
def calm(world):
    yield
    world.faults.replace([])


@pytest.fixture
def session():
    with requests.Session() as session:
        session.trust_env = False
        yield session


def ask(world, session, query, **variables):
    answer = session.post(f"{world.url}/github/graphql", json={"query": query, "variables": variables}, timeout=10)
    return answer.json()


def pages(world, session, **variables):
    after, found = None, []
    while True:
        data = ask(world, session, PULLS, after=after, **variables)["data"]["repository"]["pullRequests"]
        found += data["nodes"]
        if not data["pageInfo"]["hasNextPage"]:
            return found, data["totalCount"]
        after = data["pageInfo"]["endCursor"]


def search(world, session, jql, **more):
    url = f"{world.url}/jira/rest/api/3/search/jql"
    return session.post(url, json={"jql": jql, "fields": ["updated"], **more}, timeout=10)


@pytest.mark.parametrize("down", ["ASC", "DESC"])
@pytest.mark.parametrize("field", ["CREATED_AT", "UPDATED_AT"])
def test_pages_of_changes_are_complete_and_in_order(world, session, field, down):
    found, total = pages(world, session, first=17, field=field, down=down)
    assert len({one["id"] for one in found}) == len(found) == total == len(world.company.changes["web-shop"])
    if field == "UPDATED_AT":
        times = [one["updatedAt"] for one in found]
        assert times == sorted(times, reverse=down == "DESC")


def test_an_unknown_field_is_an_error_as_github_words_it(world, session):
    answer = ask(world, session, '{ repository(owner: "meridian", name: "web-shop") { secrets } }')
    assert answer["errors"][0]["message"] == "Field 'secrets' doesn't exist on type 'Repository'"


def test_too_many_at_once_is_refused(world, session):
    assert "exceeds the `first` limit" in ask(world, session, PULLS, first=101)["errors"][0]["message"]
    inner = "headRepository { pullRequests(first: 100) { nodes { reviews(first: 100) { nodes { id } } } } }"
    outer = f"pullRequests(first: 100) {{ nodes {{ {inner} }} }}"
    deep = f'{{ repository(owner: "meridian", name: "web-shop") {{ {outer} }} }}'
    assert ask(world, session, deep)["errors"][0]["type"] == "MAX_NODE_LIMIT_EXCEEDED"


def test_a_repository_that_is_not_there_is_told_as_github_tells_it(world, session):
    world.faults.replace([{"kind": "gone", "system": "github", "name": "web-shop"}])
    answer = ask(world, session, PULLS, first=1)
    assert answer["errors"][0]["type"] == "NOT_FOUND"
    listed = ask(world, session, REPOSITORIES, first=100)["data"]["organization"]["repositories"]
    assert "meridian/web-shop" not in {one["nameWithOwner"] for one in listed["nodes"]}
    assert session.get(f"{world.url}/github/repos/meridian/web-shop", timeout=5).status_code == 404


def test_repositories_are_paged_and_tell_their_newest_update(world, session):
    first = ask(world, session, REPOSITORIES, first=7)["data"]["organization"]["repositories"]
    second = ask(world, session, REPOSITORIES, first=7, after=first["pageInfo"]["endCursor"])
    rest = second["data"]["organization"]["repositories"]
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    found = {one["nameWithOwner"]: one for one in first["nodes"] + rest["nodes"]}
    assert len(found) == first["totalCount"] == 13
    [newest] = found["meridian/web-shop"]["pullRequests"]["nodes"]
    assert newest["updatedAt"] == max(one["updatedAt"] for one in pages(world, session, first=100)[0])
    assert [name for name, one in found.items() if one["isEmpty"]] == [f"meridian/{EMPTY}"]


def test_an_organisation_that_is_not_there_is_told_as_github_tells_it(world, session):
    answer = ask(world, session, REPOSITORIES.replace("meridian", "somebody"), first=1)
    assert (answer["data"], answer["errors"][0]["type"]) == ({"organization": None}, "NOT_FOUND")


def test_issues_are_found_by_project_and_moment(world, session):
    token, found = None, []
    while True:
        body = search(world, session, 'project = "RNT" ORDER BY updated ASC', nextPageToken=token, maxResults=60).json()
        found += body["issues"]
        token = body.get("nextPageToken")
        if body["isLast"]:
            break
    assert len({one["id"] for one in found}) == len(world.company.issues["RNT"])
    times = [one["fields"]["updated"] for one in found]
    assert times == sorted(times)
    since = times[len(times) // 2][:16].replace("T", " ")
    later = search(world, session, f'project in (RNT) and updated >= "{since}" order by updated', maxResults=100).json()
    assert all(one["fields"]["updated"][:16].replace("T", " ") >= since for one in later["issues"])


@pytest.mark.parametrize(
    "jql", ["", "assignee = me", 'updated >= "yesterday"', "project = NONE", "project = RNT or project = PAY"]
)
def test_a_query_that_jira_would_not_take_is_refused(world, session, jql):
    assert search(world, session, jql).status_code == 400


def test_histories_come_in_bulk(world, session):
    issues = world.company.issues["PAY"][:40]
    url = f"{world.url}/jira/rest/api/3/changelog/bulkfetch"
    asked = {"issueIdsOrKeys": [issue.key for issue in issues], "fieldIds": ["status"], "maxResults": 25}
    token, found = None, 0
    while True:
        body = session.post(url, json={**asked, "nextPageToken": token}, timeout=5).json()
        found += sum(len(log["changeHistories"]) for log in body["issueChangeLogs"])
        token = body.get("nextPageToken")
        if token is None:
            break
    assert found == sum(move.field == "status" for issue in issues for move in issue.moves)


def test_git_clones_the_lines_that_the_company_wrote(world, tmp_path):
    address = f"{world.url}/git/meridian/{ALONE}.git"
    environment = {"PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1", "no_proxy": "127.0.0.1"}
    subprocess.run(["git", "clone", "-q", "--bare", address, str(tmp_path / "it")], check=True, env=environment)
    words = ["git", "-C", str(tmp_path / "it"), "log", "--no-merges", "--numstat", "--format=%aE"]
    lines = subprocess.run(words, check=True, env=environment, capture_output=True, text=True).stdout.splitlines()
    counts = [line.split("\t") for line in lines if "\t" in line and ".mailmap" not in line]
    commits = world.company.commits[ALONE]
    assert sum(int(count[0]) for count in counts) == sum(commit.additions for commit in commits)
    assert sum(int(count[1]) for count in counts) == sum(commit.deletions for commit in commits)
    assert not set(old_addresses(world.company.people)) & set(lines)


@pytest.mark.parametrize(("token", "status"), [("bad", 401), ("forbidden", 403), ("any", 200)])
def test_tokens_are_looked_at(world, session, token, status):
    asked = {"query": REPOSITORIES, "variables": {"first": 1}}
    bearer = session.post(
        f"{world.url}/github/graphql", json=asked, headers={"Authorization": f"Bearer {token}"}, timeout=5
    )
    basic = session.get(f"{world.url}/jira/rest/api/3/status", auth=("me", token), timeout=5)
    assert (bearer.status_code, basic.status_code) == (status, status)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("primary_limit", 403),
        ("secondary_limit", 403),
        ("jira_limit", 429),
        ("error", 500),
        ("down", 503),
        ("html", 200),
        ("timeout", 502),
        ("refused", 403),
    ],
)
def test_a_fault_answers_so_often_as_it_is_told_to(world, session, kind, status):
    session.post(f"{world.url}/faults", json=[{"kind": kind, "times": 1, "after": 1}], timeout=5)
    url = f"{world.url}/jira/rest/api/3/status"
    answers = [session.get(url, timeout=5) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, status, 200]
    assert answers[1].content != answers[0].content


@pytest.mark.parametrize("kind", ["cut", "half"])
def test_a_connection_breaks(world, session, kind):
    world.faults.replace([{"kind": kind}])
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        _ = session.get(f"{world.url}/jira/rest/api/3/status", timeout=5).content
    assert session.get(f"{world.url}/jira/rest/api/3/status", timeout=5).ok


def test_an_answer_is_slow(world, session):
    url = f"{world.url}/jira/rest/api/3/status"
    right = session.get(url, timeout=5).content
    world.faults.replace([{"kind": "slow", "seconds": 0.3}])
    answer = session.get(url, timeout=5)
    assert answer.content == right and answer.elapsed.total_seconds() >= 0.3


def test_json_is_malformed(world, session):
    world.faults.replace([{"kind": "malformed"}])
    answer = session.get(f"{world.url}/jira/rest/api/3/status", timeout=5)
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_pages_overlap(world, session):
    world.faults.replace([{"kind": "duplicates", "times": None}])
    found, total = pages(world, session, first=20)
    assert len(found) > total == len({one["id"] for one in found})


def runs(world, session, repository="web-shop", **asked):
    """The pages of runs that the links lead through."""
    url, found = f"{world.url}/github/repos/meridian/{repository}/actions/runs", []
    while url:
        answer = session.get(url, params={"per_page": 100, **asked} if not found else {}, timeout=10)
        found.append(answer.json()["workflow_runs"])
        url = answer.links.get("next", {}).get("url")
    return found


def test_runs_come_newest_first_and_links_lead_through_all_of_them(world, session):
    found = [run for page in runs(world, session) for run in page]
    assert len(found) == len({run["id"] for run in found}) == len(world.company.runs["web-shop"]) > 200
    assert [run["created_at"] for run in found] == sorted((run["created_at"] for run in found), reverse=True)
    until = found[50]["created_at"]
    assert [run for page in runs(world, session, created=f"<={until}") for run in page] == found[50:]
    world.faults.replace([{"kind": "duplicates", "times": None}])
    assert sum(map(len, runs(world, session))) > len(found)


def test_a_run_is_told_by_its_last_attempt_and_the_earlier_ones_one_by_one(world, session):
    run = next(run for page in runs(world, session) for run in page if run["run_attempt"] == 2)
    first = session.get(f"{run['url']}/attempts/1", timeout=10).json()
    assert (first["id"], first["created_at"], first["run_attempt"]) == (run["id"], run["created_at"], 1)
    assert first["updated_at"] < run["run_started_at"]
    assert session.get(f"{run['url']}/attempts/3", timeout=10).status_code == 404


def test_an_answer_that_has_not_changed_is_not_given_again(world, session):
    url = f"{world.url}/github/repos/meridian/web-shop/actions/runs"
    etag = session.get(url, timeout=10).headers["ETag"]
    again = session.get(url, headers={"If-None-Match": etag}, timeout=10)
    assert (again.status_code, again.content) == (304, b"")
    assert session.get(url, params={"page": 2}, headers={"If-None-Match": etag}, timeout=10).status_code == 200


def test_an_unknown_fault_is_refused_by_name(world, session):
    answer = session.post(f"{world.url}/faults", json=[{"kind": "plague"}], timeout=5)
    assert answer.status_code == 422
    assert "plague" in answer.json()["message"]


def test_the_clock_moves_on():
    with serve(Sandbox(until=date(2024, 12, 2))) as world, requests.Session() as session:
        session.trust_env = False
        before = ask(world, session, PULLS, first=1)["data"]["repository"]["pullRequests"]["totalCount"]
        session.post(f"{world.url}/clock", json={"until": "2024-12-09"}, timeout=10)
        assert ask(world, session, PULLS, first=1)["data"]["repository"]["pullRequests"]["totalCount"] > before


def test_the_canary_sings_in_every_kind_of_answer():
    bird = "kanarienvogel"
    with serve(Sandbox(until=date(2024, 12, 2), canary=bird)) as world, requests.Session() as session:
        session.trust_env = False
        answer = ask(world, session, PULLS, first=3)
        node = answer["data"]["repository"]["pullRequests"]["nodes"][0]
        assert node[CANARY_FIELD] == answer[CANARY_FIELD] == node["author"][CANARY_FIELD] == bird
        assert runs(world, session)[0][0][CANARY_FIELD] == bird
        assert search(world, session, "project = RNT").json()["issues"][0]["fields"][CANARY_FIELD] == bird
        lines = session.get(f"{world.url}/events.jsonl", timeout=10).content.splitlines()
        silent = [line for line in lines if bird.encode() not in line]
        assert len(lines) > 10 and silent == [BAD[0]]  # which is no JSON
        roster = session.get(f"{world.url}/roster.yaml", timeout=10).content
        assert bird.encode() in roster and parse_roster(roster).units
        references = session.get(f"{world.url}/git/meridian/{ALONE}.git/info/refs", timeout=10).text
        assert f"refs/tags/{bird}" in references
