"""The Jira connector over answers that real sites gave, served over HTTP in the shapes of Jira Cloud's newest API."""

import copy
import json
from pathlib import Path

import pytest

from sources.systems import load
from tests.fake_jira import jira
from tests.fake_server import serving
from tests.memory_vault import PSEUDONYMS, MemoryVault

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "data" / "recorded" / "jira"
pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason=f"no recorded answers of Jira at {RECORDED}")
FOLLOWED = {"status", "assignee"}


def recorded(name):
    return json.loads((RECORDED / name).read_text())


@pytest.fixture(scope="module")
def issues():
    """All recorded issues with their histories; recorded histories without an issue get one."""
    found = recorded("devlake_issues.json")
    for page in (1, 2):
        found += recorded(f"perceval_jira_issues_page_{page}.json")["issues"]
    loose = {}
    for entry in recorded("devlake_issue_changelogs.json"):
        loose.setdefault(str(entry["_input"]["issue_id"]), []).append(entry["data"])
    found += [{**copy.deepcopy(found[0]), "id": one, "changelog": {"histories": mine}} for one, mine in loose.items()]
    for issue in found:
        issue["histories"] = issue.pop("changelog", {}).get("histories", [])
    return found


@pytest.fixture(scope="module")
def vault(issues):
    vault = MemoryVault(load("jira"))
    with serving(jira(issues, page=20, statuses=recorded("devlake_status.json"))) as server:
        run = vault.night(server.url)
        assert run.failures == []
        assert vault.night(server.url).counters.rows == 0
    return vault


def test_every_issue_is_read_once(issues, vault):
    wanted = {PSEUDONYMS.key("issue", issue["id"]) for issue in issues}
    assert len(vault.rows["issues"]) == len(wanted) > 30
    assert set(vault.column("issues", "issue_key")) == wanted


def test_every_move_of_status_and_assignee_is_read(issues, vault):
    moves = [item for issue in issues for history in issue["histories"] for item in history["items"]]
    assert len(vault.rows["transitions"]) == sum(item["field"] in FOLLOWED for item in moves) > 50


def test_classes_are_found_in_other_languages(vault):
    assert {"story", "task", "bug", "subtask"} <= set(vault.column("issues", "issue_type"))
    assert {"done", "cancelled", None} <= set(vault.column("issues", "resolution"))
    assert {"new", "indeterminate", "done"} <= set(vault.column("transitions", "to_category"))


def test_nobody_and_no_text_is_in_a_row(issues, vault):
    texts = set()

    def gather(value, name=""):
        if isinstance(value, dict):
            for key, inner in value.items():
                gather(inner, key)
        elif isinstance(value, list):
            for inner in value:
                gather(inner, name)
        elif (
            isinstance(value, str) and name in {"displayName", "accountId", "emailAddress", "summary", "self"} and value
        ):
            texts.add(value)

    gather(issues)
    stored = str(vault.rows) + str(vault.cursors)
    assert len(texts) > 50
    assert [text for text in texts if len(text) > 3 and text in stored] == []
