"""What GitHub really answered, served again over HTTP: shapes by GraphQL, errors and limits as they came.

The recorded pull requests, reviews and commits are REST; `as_graphql` puts their values where GraphQL has them, and
changes none. The folder lies beside the checkout; where it is absent these tests skip.
"""

import datetime as dt
import json
import re
from collections import Counter
from email.utils import formatdate
from pathlib import Path

import pytest

from sources.api import Api
from sources.batches import Pace, State
from sources.errors import Gone, Malformed, RateLimited, Refused, Unavailable
from sources.extract import extract
from sources.limits import Limits, Time
from sources.minimise import Pseudonyms
from sources.reading import Connection
from sources.systems import load
from tests.fake_github import github
from tests.fake_server import Reply, serving

RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "recorded" / "github"
pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="no recorded answers: ../shared/data/recorded/github is absent"
)
PSEUDONYMS = Pseudonyms(b"k" * 32)
NOW = 1_800_000_000.0
NO_WAIT = Time(sleep=lambda _: None)
HOP = {"transfer-encoding", "content-length", "content-encoding", "connection", "keep-alive", "link"}


def recorded(name):
    return json.loads((RECORDED / name).read_text(encoding="utf-8"))


def answered(name, path):
    """The bodies of the good exchanges whose path ends like this."""
    return [each["body"] for each in recorded(name) if each["request"]["path"].endswith(path) and each["status"] == 200]


def actor(user):
    return user and {"__typename": user.get("type", "User"), "login": user["login"]}


def as_graphql(pull, reviews=(), commits=()):
    return {
        "number": pull["number"],
        "createdAt": pull["created_at"],
        "updatedAt": pull["updated_at"],
        "mergedAt": pull["merged_at"],
        "closedAt": pull["closed_at"],
        "isDraft": pull.get("draft", False),
        "additions": pull.get("additions"),
        "deletions": pull.get("deletions"),
        "title": pull["title"],
        "baseRefName": pull["base"]["ref"],
        "headRefName": pull["head"]["ref"],
        "author": actor(pull["user"]),
        "mergedBy": actor(pull.get("merged_by")),
        "reviews": [
            {
                "id": f"R{each['id']}",
                "state": each["state"],
                "submittedAt": each["submitted_at"],
                "author": actor(each["user"]),
            }
            for each in reviews
        ],
        "commits": [{"commit": as_commit(each)} for each in commits],
        "timelineItems": [],
    }


def as_commit(commit):
    author = commit["commit"]["author"]
    return {
        "oid": commit["sha"],
        "authoredDate": author["date"],
        "committedDate": commit["commit"]["committer"]["date"],
        "author": {"email": author["email"], "user": commit["author"] and {"login": commit["author"]["login"]}},
    }


@pytest.fixture(scope="module")
def company():
    """Recorded pull requests by repository, with the reviews and commits recorded for them."""
    by_number = {"devlake_pull_reviews.json": {}, "devlake_pull_commits.json": {}}
    for name, found in by_number.items():
        for each in recorded(name):
            found.setdefault(each["_input"]["Number"], []).append(each["data"])
    reviews, commits = by_number.values()
    ants = recorded("devlake_pulls_list.json")
    odd = answered("hub4j_reviews_user_null.json", "/pulls/1") + answered("hub4j_pr_author_null.json", "/pulls/2")
    [anonymous] = answered("hub4j_reviews_user_null.json", "/reviews")
    bots = [each["data"] for each in recorded("devlake_reviews_bot.json")]
    nobodys = next(body for body in answered("hub4j_commits_author_null.json", "per_page=100") if body)
    return {
        "panjf2000/ants": [
            as_graphql(each, reviews.get(each["number"], ()), commits.get(each["number"], ())) for each in ants
        ],
        "hub4j-test-org/github-api": [as_graphql(each, anonymous if each["number"] == 1 else ()) for each in odd],
        "test/repo": [as_graphql(each, bots, nobodys) for each in recorded("devlake_pulls_bot.json")],
        "didot/PyGithub": [as_graphql(each) for each in answered("pygithub_draft_ready.json", "/pulls/2")],
    }


@pytest.fixture(scope="module")
def vault(company):
    """The rows that the connector makes of them, and the run."""
    system = load("github")
    with serving(github(company)) as server:
        connection = Connection(server.url, {}, {"organisation": "any"})
        clock = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        pace = Pace(limits=Limits(attempts=2), time=NO_WAIT)
        run = extract(system, connection, State(), PSEUDONYMS, clock, pace)
        rows = {stream.name: {} for stream in system.streams}
        for batch in run.batches:
            for name, table in batch.tables.items():
                key = system.stream(name).key
                rows[name].update({tuple(row[column] for column in key): row for row in table.to_pylist()})
    assert run.failures == []
    return {name: list(found.values()) for name, found in rows.items()}


def test_every_recorded_change_review_and_commit_arrives_once(company, vault):
    numbers = {(name, each["number"]) for name, changes in company.items() for each in changes}
    assert len(vault["changes"]) == len(numbers)
    reviews = {each["id"] for changes in company.values() for change in changes for each in change["reviews"]}
    assert {row["review_key"] for row in vault["reviews"]} == {PSEUDONYMS.key("review", each) for each in reviews}
    assert len(vault["reviews"]) == len(reviews) >= 33
    commits = {
        (name, change["number"], each["commit"]["oid"])
        for name, changes in company.items()
        for change in changes
        for each in change["commits"]
    }
    assert len(vault["commits"]) == len(commits) >= 31


def test_times_and_states_are_those_recorded(company, vault):
    found = {row["change_key"]: row for row in vault["changes"]}
    for name, changes in company.items():
        for change in changes:
            row = found[PSEUDONYMS.key("change", f"{name}#{change['number']}".lower())]
            for column, was in (("created_at", "createdAt"), ("merged_at", "mergedAt"), ("closed_at", "closedAt")):
                assert (row[column] and f"{row[column].isoformat()}Z") == change[was]
            assert (row["additions"], row["is_draft"]) == (change["additions"], change["isDraft"])
            assert row["ready_at"] == (None if change["isDraft"] else row["created_at"])
    states = Counter(row["state"] for row in vault["reviews"])
    assert states["approved"] > 0
    assert set(states) <= {"approved", "changes_requested", "commented", "dismissed"}


def test_machines_and_deleted_accounts_are_told_apart(company, vault):
    change = {row["change_key"]: row for row in vault["changes"]}
    renovate = change[PSEUDONYMS.key("change", "test/repo#999")]
    assert renovate["author_is_bot"]
    assert renovate["author_key"] == PSEUDONYMS.account("github", "renovate[bot]")
    assert not change[PSEUDONYMS.key("change", "test/repo#1000")]["author_is_bot"]
    deleted = change[PSEUDONYMS.key("change", "hub4j-test-org/github-api#2")]
    assert (deleted["author_key"], deleted["author_is_bot"]) == (None, False)
    assert any(row["reviewer_key"] is None and row["state"] == "approved" for row in vault["reviews"])
    assert any(row["reviewer_is_bot"] for row in vault["reviews"])


def test_no_name_title_or_address_of_theirs_is_left(company, vault):
    text = json.dumps(company)
    plain = set(re.findall(r'"(?:login|email|title|headRefName|oid|id)": "([^"]{6,})"', text)) | set(company)
    held = json.dumps(vault, default=str)
    assert len(plain) > 50
    assert [each for each in plain if each in held] == []


def replayed(name):
    """A server that gives the recorded refusals and what came after them, in turn."""
    exchanges = recorded(f"errors/{name}")
    first = next(at for at, each in enumerate(exchanges) if each["status"] >= 300)
    left = exchanges[first:]

    def answer(_):
        each = left.pop(0) if len(left) > 1 else left[0]
        headers = {key: value for key, value in each["headers"].items() if key.lower() not in HOP}
        for key, value in headers.items():
            if "{{" in value:  # the recorder's placeholder for a moment soon after now
                headers[key] = formatdate(NOW + 5, usegmt=True) if key.lower() in {"date", "retry-after"} else "1"
        body = each.get("body")
        return Reply(body if isinstance(body, str | list | dict) else b"", each["status"], headers)

    return answer


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("hub4j_403_insufficient.json", Refused),
        ("hub4j_404_release.json", Gone),
        ("octokit_422_errors.json", Malformed),
        ("pygithub_2FARequired.json", Refused),
        ("pygithub_AuthenticatedRateLimitExceeded.json", RateLimited),
        ("pygithub_BadAuthentication.json", Refused),
        ("pygithub_BadCredentials.json", Refused),
        ("pygithub_BadUserAgent.json", Refused),
        ("pygithub_InvalidInput.json", Malformed),
        ("pygithub_NonJsonDataReturnedByGithub.json", Unavailable),
        ("pygithub_RaisesRetryErrorAfterMaxRetries.json", Unavailable),
        ("pygithub_RateLimitExceeded.json", RateLimited),
        ("pygithub_UnknownObject.json", Gone),
        ("hub4j_abuse_WaitStuck.json", RateLimited),
    ],
)
def test_a_recorded_refusal_has_its_type_and_shows_nothing_of_it(name, error):
    with serving(replayed(name)) as server:
        api = Api(Connection(server.url), Limits(attempts=2, longest_wait_seconds=300), NO_WAIT)
        with pytest.raises(error) as raised:
            api.get("any/thing", "/any/{thing}")
    said = {
        each["body"]["message"]
        for each in recorded(f"errors/{name}")
        if isinstance(each.get("body"), dict) and "message" in each["body"]
    }
    assert all(message not in str(raised.value) for message in said)


@pytest.mark.parametrize(
    "name",
    [
        "hub4j_abuse_Fail.json",
        "hub4j_abuse_Wait_Secondary_Limits.json",
        "hub4j_abuse_Wait_Secondary_Limits_Body_Marker_Only.json",
        "hub4j_abuse_Wait_Secondary_Limits_Too_Many_Requests.json",
        "hub4j_abuse_Wait_Secondary_Limits_Too_Many_Requests_Date_Retry_After.json",
        "hub4j_abuse_Wait_Secondary_Limits_Too_Many_Requests_No_Retry_After.json",
        "hub4j_ratelimit_Fail.json",
        "hub4j_ratelimit_Wait.json",
        "hub4j_ratelimit_Wait_Missing_Date_Header.json",
        "pygithub_ReturnsRepoAfter3Retries.json",
    ],
)
def test_a_recorded_limit_is_waited_for(name):
    slept = []
    with serving(replayed(name)) as server:
        api = Api(Connection(server.url), Limits(), Time(now=lambda: NOW, sleep=slept.append))
        answer = api.get("any/thing", "/any/{thing}")
    assert "full_name" in answer.body
    assert slept
