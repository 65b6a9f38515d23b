"""The truth of the made-up company agrees with what anybody can count in the answers of its server."""

from collections import Counter
from datetime import date, timedelta

import pyarrow.parquet as pq
import pytest
import requests
import yaml

from sources.sandbox.chance import block_start, midnight
from sources.sandbox.clips import Given, clipped, step
from sources.sandbox.places import REPOSITORIES
from sources.sandbox.server import serve
from sources.sandbox.settings import Sandbox
from sources.sandbox.truth import write_truth

SETTINGS = Sandbox(until=date(2025, 2, 10))
TEAM = "payments"
QUERY = """query($name: String!, $after: String) { repository(owner: "meridian", name: $name) {
  pullRequests(first: 100, after: $after) { pageInfo { endCursor hasNextPage }
    nodes { mergedAt additions author { login __typename } } } } }"""


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    return write_truth(SETTINGS, tmp_path_factory.mktemp("truth"))


def rows(truth, name):
    return pq.read_table(truth / f"{name}.parquet").to_pylist()


def test_truth_equals_a_count_over_the_server_s_answers(truth):
    counted = Counter()
    with serve(SETTINGS) as world, requests.Session() as session:
        session.trust_env = False
        roster = yaml.safe_load(session.get(f"{world.url}/roster.yaml", timeout=10).content)
        for repository in REPOSITORIES:
            after, more = None, True
            while more:
                asked = {"query": QUERY, "variables": {"name": repository, "after": after}}
                answer = session.post(f"{world.url}/github/graphql", json=asked, timeout=10).json()
                found = answer["data"]["repository"]["pullRequests"]
                after, more = found["pageInfo"]["endCursor"], found["pageInfo"]["hasNextPage"]
                for one in found["nodes"]:
                    if one["mergedAt"] and one["author"]:
                        counted[one["author"]["login"], block(one["mergedAt"])] += 1
    homes = {
        (login, start)
        for person in roster["people"]
        for login in person["accounts"]["github"]
        for place in person["teams"]
        for start in {start for _, start in counted}
        if place["team"] == TEAM and place["from"] <= start < place.get("to", "9999")
    }
    naive = sum(count for key, count in counted.items() if key in homes)
    told = [row for row in rows(truth, "events") if row["kind"] == "change_merged" and row["role"] == "author"]
    assert naive == sum(row["team"] == TEAM for row in told) > 50


def test_the_truth_of_runs_equals_a_count_over_the_server_s_answers(truth):
    """Of one person, who is in one team all the time: first attempts that ended one way or the other."""
    told = [row for row in rows(truth, "events") if row["kind"] == "run_success" and row["role"] == "starter"]
    who = Counter(row["actor"] for row in told if row["team"] == TEAM).most_common(1)[0][0]
    counted = Counter()
    with serve(SETTINGS) as world, requests.Session() as session:
        session.trust_env = False
        logins = {one.login for person in world.company.people if person.id == who for one in person.accounts}
        for repository in REPOSITORIES:
            url = f"{world.url}/github/repos/meridian/{repository}/actions/runs?per_page=100"
            while url:
                answer = session.get(url, timeout=10)
                for run in answer.json()["workflow_runs"]:
                    first = run
                    if run["run_attempt"] > 1:
                        first = session.get(f"{run['url']}/attempts/1", timeout=10).json()
                    mine = run["actor"] and run["actor"]["login"] in logins
                    on = run["event"] == "pull_request" or run["head_branch"] == "main" and run["event"] != "schedule"
                    if mine and on and first["conclusion"] in ("success", "failure", "timed_out", "startup_failure"):
                        counted[first["conclusion"] == "success"] += 1
                url = answer.links.get("next", {}).get("url")
    mine = [row for row in told if row["actor"] == who]
    assert counted == Counter(bool(row["value"]) for row in mine)
    assert min(counted.values()) > 1


def block(moment: str) -> str:
    day = date.fromisoformat(moment[:10])
    year, week, _ = day.isocalendar()
    return date.fromisocalendar(year, (min(week, 52) - 1) // 4 * 4 + 1, 1).isoformat()


def flows(truth, name):
    """All but what is open: that is in `totals` at the end of every week, in `contributions` of every block."""
    return [row for row in rows(truth, name) if row["measure"] != "open_items"]


def test_contributions_never_exceed_the_totals_they_come_from(truth):
    totals = [row for row in flows(truth, "totals") if " by " not in row["measure"]]
    given = {(row["measure"], row["team"], row["person"]): 0 for row in totals}
    for row in totals:
        given[row["measure"], row["team"], row["person"]] += row["quantity"]
    clipped_sums = Counter()
    for row in flows(truth, "contributions"):
        assert row["period"].weekday() == 0
        clipped_sums[row["measure"], row["team"], row["person"]] += row["quantity"]
    assert clipped_sums.keys() == given.keys()
    assert all(clipped_sums[key] <= given[key] + 1e-9 for key in given)
    assert any(clipped_sums[key] < given[key] for key in given)


def test_everybody_who_contributes_is_a_member_of_the_block(truth):
    members = {(row["period_start"].isoformat(), row["team"], row["person"]) for row in rows(truth, "members")}
    assert {
        (block(row["period"].isoformat()), row["team"], row["person"]) for row in rows(truth, "contributions")
    } <= members


def test_the_stages_of_all_changes_add_up_to_their_cycles(truth):
    stages = [
        row for row in rows(truth, "totals") if row["measure"].endswith("_seconds") and row["mart"] == "team_delivery"
    ]
    cycles = [row for row in rows(truth, "events") if row["kind"] == "change_merged" and row["role"] == "author"]
    stages = [row for row in stages if " by " not in row["measure"]]
    assert len({row["measure"] for row in stages}) == 6
    assert sum(row["quantity"] for row in stages) == sum(row["value"] or 0 for row in cycles) > 0


def test_who_reviewed_or_merged_for_a_team_may_be_of_another(truth):
    members = {(row["period_start"], row["team"], row["person"]) for row in rows(truth, "members")}
    reviewing = [row for row in rows(truth, "totals") if " by " in row["measure"]]
    inside = sum((block_start(row["week"]), row["team"], row["person"]) in members for row in reviewing)
    assert 0 < inside < len(reviewing)


def test_identifiers_are_all_that_exist(truth):
    lines = (truth / "identifiers.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 1000
    assert "zymrelease[bot]" in lines


def test_units_form_a_tree(truth):
    parents = {row["team"]: row["parent"] for row in rows(truth, "hierarchy")}
    assert parents["platform:direct"] == "platform"
    assert parents["platform"] == "meridian"
    assert parents["meridian"] is None
    assert all(row["team"] in parents for row in rows(truth, "contributions"))


def test_the_clip_takes_from_the_last_weeks_of_a_block():
    monday = midnight(date(2025, 1, 6))  # the second week of a block
    before = [Given("m", "q", "t", midnight(date(2024, 12, 2)), f"p{at}", 3) for at in range(50)]
    now = [Given("m", "q", "t", monday + timedelta(days=7 * week), "p0", 2) for week in range(3)]
    told = {row[3]: row[5] for row in clipped([*before, *now]) if row[3].year == 2025}
    assert list(told.values()) == [2.0, 3.2 - 2.0, 0.0]


def test_too_few_persons_make_no_constant():
    before = [Given("m", "q", "t", midnight(date(2024, 12, 2)), f"p{at}", 3) for at in range(49)]
    now = Given("m", "q", "t", midnight(date(2025, 1, 6)), "p0", 99)
    assert max(row[5] for row in clipped([*before, now])) == 99.0


@pytest.mark.parametrize(("value", "rung"), [(1, 1.0), (3, 3.2), (9, 10.0), (10, 10.0), (11, 12.5), (801, 1000.0)])
def test_the_ladder_is_climbed_upwards(value, rung):
    assert step(value) == rung
