"""What a site's words mean by the rules of quorum.yaml: classes of statuses, unplanned work, incidents of services."""

import datetime as dt

import pytest

from sources.systems import load
from tests.fake_jira import issue, jira, move
from tests.fake_server import serving
from tests.memory_vault import PSEUDONYMS, MemoryVault

CANARY = "canary-7f3a"
STATUSES = [
    {"id": "1", "name": "Open", "statusCategory": {"key": "new"}},
    {"id": "2", "name": "Doing", "statusCategory": {"key": "indeterminate"}},
    {"id": "3", "name": "Finished", "statusCategory": {"key": "done"}},
    {"id": "4", "name": "In Review", "statusCategory": {"key": "indeterminate"}},
    {"id": "5", "name": CANARY, "statusCategory": {"key": "indeterminate"}},
]
LISTS = {"active": ["doing"], "waiting": ["IN REVIEW "]}
INCIDENT = {"name": "Incident", "hierarchyLevel": 0}
RULE = {"types": ["incident"], "service": "components"}


def read(*issues, **options):
    """The rows of one night over these issues, in which no name of a status stands."""
    vault = MemoryVault(load("jira"))
    with serving(jira(issues, statuses=STATUSES)) as server:
        run = vault.night(server.url, **options)
    assert run.failures == []
    assert CANARY not in str(vault.rows) + str(vault.cursors)
    return vault


def passage(old, new, **options):
    one = issue(1)
    one["histories"] = [move(1, "status", old, new), move(2, "assignee", None, "acc-1")]
    status, assignee = read(one, **options).rows["transitions"]
    assert (assignee["from_class"], assignee["to_class"], assignee["is_mapped"]) == (None, None, None)
    return status["from_class"], status["to_class"], status["is_mapped"]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("2", "4", ("active", "waiting", True)),
        ("1", "2", ("queue", "active", True)),
        ("4", "3", ("waiting", "done", True)),
        ("1", "5", ("queue", "active", False)),
        ("77", "2", (None, "active", False)),
    ],
    ids=["listed", "a new one needs no line", "nor a done one", "not listed: by its category", "deleted"],
)
def test_a_status_has_the_class_of_its_list_or_of_its_category(old, new, wanted):
    assert passage(old, new, statuses=LISTS) == wanted


def test_a_status_may_be_listed_by_its_id():
    assert passage("5", "2", statuses={"waiting": ["5"]}) == ("waiting", "active", False)


@pytest.mark.parametrize("lists", [{}, {"active": ["Doing"]}])
def test_without_a_status_that_waits_nothing_has_a_class(lists):
    assert passage("2", "4", statuses=lists) == (None, None, None)


def test_a_cancelled_status_needs_no_other_list():
    now = {"id": "3", "name": "Done", "statusCategory": {"key": "done"}}
    vault = read(issue(1, status=now), statuses={"cancelled": ["done"]})
    assert vault.column("issues", "status_class") == ["cancelled"]


def test_an_issue_has_the_class_of_its_status():
    now = {"id": "4", "name": "In Review", "statusCategory": {"key": "indeterminate"}}
    vault = read(issue(1, status=now), issue(2), statuses=LISTS)
    assert vault.column("issues", "status_class") == ["waiting", "done"]


@pytest.mark.parametrize(
    ("rule", "fields", "wanted"),
    [
        ({"labels": ["Unplanned"]}, {"labels": ["x", "unplanned "]}, True),
        ({"labels": ["Unplanned"]}, {"labels": [CANARY]}, False),
        ({"labels": ["Unplanned"]}, {"labels": None}, False),
        ({"types": ["hotfix"]}, {"issuetype": {"name": "Hotfix"}}, True),
        ({"types": ["hotfix"]}, {"issuetype": None}, False),
        ({}, {"labels": ["unplanned"]}, None),
    ],
)
def test_unplanned_is_told_by_lists_alone(rule, fields, wanted):
    assert read(issue(1, **fields), unplanned=rule).column("issues", "is_unplanned") == [wanted]


def test_labels_are_asked_for_only_where_there_is_a_list():
    with serving(jira([issue(1)], statuses=STATUSES)) as server:
        MemoryVault(load("jira")).night(server.url)
        MemoryVault(load("jira")).night(server.url, unplanned={"labels": ["x"]}, incidents=RULE)
        asked = [set(request.body["fields"]) for request in server.requests if "fields" in (request.body or {})]
    assert [{"labels", "components"} & fields for fields in asked] == [set(), {"labels", "components"}]


def services(one, rule=RULE):
    return sorted(read(one, incidents=rule).column("incidents", "service_key"))


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("components", [{"name": "Web-Shop"}, {"name": "search"}], ["web-shop", "search"]),
        ("components", [], []),
        ("customfield_1", "web-shop", ["web-shop"]),
        ("customfield_1", {"value": "web-shop"}, ["web-shop"]),
        ("customfield_1", [{"value": "web-shop"}, "search"], ["web-shop", "search"]),
        ("customfield_1", {"id": 7}, []),
        ("customfield_1", None, []),
    ],
)
def test_an_incident_meets_the_deployments_of_its_service(field, value, wanted):
    one = issue(1, issuetype=INCIDENT, **{field: value})
    assert services(one, {**RULE, "service": field}) == sorted(PSEUDONYMS.scope("service", name) for name in wanted)


def test_what_was_no_incident_is_none():
    shop = [{"name": "shop"}]
    assert services(issue(1, components=shop)) == []
    assert services(issue(1, issuetype=INCIDENT, components=shop, resolution={"name": "Duplicate"})) == []
    assert read(issue(1, issuetype=INCIDENT, components=shop)).rows["incidents"] == []


@pytest.mark.parametrize(
    ("days", "status", "wanted"), [((2, 3, 5), "3", 5), ((2, 3), "2", None), ((), "3", 9)], ids=str
)
def test_the_last_resolution_of_an_incident_counts(days, status, wanted):
    now = next(one for one in STATUSES if one["id"] == status)
    one = issue(1, issuetype=INCIDENT, components=[{"name": "shop"}], status=now, resolutiondate="2024-01-09T08:00:00Z")
    turns = [("2", "3") if place % 2 == 0 else ("3", "2") for place in range(len(days))]
    one["histories"] = [
        move(at, "status", *turn, at=f"2024-01-{day:02d}T08:00:00.000+0000")
        for at, (day, turn) in enumerate(zip(days, turns, strict=True))
    ]
    [row] = read(one, incidents=RULE).rows["incidents"]
    assert row["opened_at"] == dt.datetime.fromisoformat("2024-01-01T08:00:00")
    assert row["resolved_at"] == (wanted and dt.datetime.fromisoformat(f"2024-01-{wanted:02d}T08:00:00"))


def test_an_issue_that_is_no_incident_any_more_takes_its_row_along():
    one = issue(1, issuetype=INCIDENT, components=[{"name": "shop"}])
    vault = MemoryVault(load("jira"))
    with serving(jira([one], statuses=STATUSES)) as server:
        vault.night(server.url, incidents=RULE)
        assert len(vault.rows["incidents"]) == 1
        one["fields"] |= {"issuetype": {"name": "Task"}, "updated": "2024-02-20T10:00:00.000+0200"}
        vault.night(server.url, incidents=RULE)
    assert vault.rows["incidents"] == []
