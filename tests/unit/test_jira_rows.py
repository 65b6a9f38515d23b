"""What becomes of Jira's issues and their moves: classes, pseudonyms and times in UTC."""

import datetime as dt

import pytest

from sources.systems import load
from tests.fake_jira import issue, jira, move
from tests.fake_server import serving
from tests.memory_vault import PSEUDONYMS, MemoryVault

CANARY = "canary-7f3a"
JIRA = load("jira")


def day(number):
    """Eight in the morning of a day, as the vault keeps it."""
    return dt.datetime.fromisoformat(f"2024-01-{number:02d}T08:00:00")


def read(*issues, **options):
    """The rows of one night over these issues."""
    vault = MemoryVault(JIRA)
    with serving(jira(issues)) as server:
        run = vault.night(server.url, **options)
    assert run.failures == []
    return vault


def test_a_row_holds_classes_pseudonyms_and_utc():
    one = issue(1)
    one["histories"] = [move(7, "status", "1", "3", at=1704182400000), move(8, "assignee", None, "acc-1")]
    vault = read(one)
    ann, key = PSEUDONYMS.account("jira", "ACC-1"), PSEUDONYMS.key("issue", "1")
    assert vault.rows["issues"] == [
        {
            "issue_key": key,
            "project_key": PSEUDONYMS.scope("project", "ab"),
            "issue_type": "story",
            "status_category": "done",
            "status_class": None,
            "resolution": "done",
            "created_at": day(1),
            "resolved_at": day(2),
            "updated_at": day(2),
            "assignee_key": ann,
            "assignee_is_bot": False,
            "is_unplanned": None,
        }
    ]
    status, assignee = vault.rows["transitions"]
    assert (status["field"], status["from_category"], status["to_category"]) == ("status", "new", "done")
    assert status["at"] == day(2) and status["issue_key"] == key
    assert (assignee["from_assignee_key"], assignee["to_assignee_key"]) == (None, ann)
    assert (assignee["from_category"], assignee["to_category"]) == (None, None)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ({"name": "Bug"}, "bug"),
        ({"name": "Fehler", "untranslatedName": "Bug"}, "bug"),
        ({"name": "Sub-task", "subtask": True}, "subtask"),
        ({"name": "Anything", "subtask": True, "hierarchyLevel": -1}, "subtask"),
        ({"name": "Saga", "hierarchyLevel": 1}, "epic"),
        ({"name": CANARY, "hierarchyLevel": 0}, "other"),
        (None, "other"),
    ],
)
def test_a_type_is_told_by_rank_then_by_name(kind, wanted):
    assert read(issue(1, issuetype=kind)).column("issues", "issue_type") == [wanted]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Fixed", "done"), ("Won\u2019t Do", "cancelled"), ("Duplicate", "duplicate"), (CANARY, "other"), (None, None)],
)
def test_a_resolution_is_told_by_its_name(name, wanted):
    given = None if name is None else {"name": name}
    assert read(issue(1, resolution=given)).column("issues", "resolution") == [wanted]


def test_apps_are_machines_and_deleted_accounts_nobody():
    app = {"accountId": "app-1", "accountType": "app"}
    vault = read(issue(1, assignee=app), issue(2, assignee={"accountId": "unknown"}), issue(3, assignee=None))
    assert vault.column("issues", "assignee_is_bot") == [True, False, False]
    assert vault.column("issues", "assignee_key")[1:] == [None, None]


def test_a_status_that_is_gone_is_of_no_category():
    one = issue(1)
    one["histories"] = [move(1, "status", "77", "3")]
    assert read(one).column("transitions", "from_category") == ["undefined"]


def test_only_declared_fields_are_asked_for_and_an_unknown_one_is_nowhere():
    one = issue(1, summary=CANARY, canary_field=CANARY, customfield_1=CANARY)
    one["histories"] = [{**move(1, "status", "1", "2"), "canary": CANARY}]
    vault = MemoryVault(JIRA)
    with serving(jira([one])) as server:
        vault.night(server.url)
        asked = [request.body for request in server.requests if request.body]
    assert all(body.get("fieldIds", ["status", "assignee"]) == ["status", "assignee"] for body in asked)
    assert "summary" not in str(asked)
    assert CANARY not in str(vault.rows) + str(vault.cursors)
