"""`quorum statuses` over real HTTP: a proposal from what a site answers, and nothing stored."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from orchestration.cli import quorum
from sources.reading import Connection
from sources.systems.jira_statuses import block, proposals
from tests.fake_jira import jira
from tests.fake_server import Reply, serving

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "data" / "recorded" / "jira" / "devlake_status.json"


def status(number, name, category="indeterminate"):
    return {"id": str(number), "name": name, "statusCategory": {"key": category}}


def proposed(*statuses, **lists):
    with serving(jira([], statuses=statuses)) as server:
        return proposals(Connection(server.url, {}, {"statuses": lists}))


@pytest.mark.parametrize(
    ("name", "category", "wanted"),
    [
        ("In Progress", "indeterminate", "active"),
        ("Code Review", "indeterminate", "waiting"),
        ("Ready for QA", "indeterminate", "waiting"),
        ("On Hold", "new", "waiting"),
        ("BLOCKED", "new", "waiting"),
        ("Ready for development", "new", "queue"),
        ("Backlog", "indeterminate", "queue"),
        ("Unblocked by nobody", "indeterminate", "active"),
        ("Review done", "done", "done"),
        ("Blocked", "undefined", "-"),
        ("Won't Do", "done", "cancelled"),
        ("Cancelled", "new", "queue"),
    ],
)
def test_well_known_words_decide_else_the_category(name, category, wanted):
    [one] = proposed(status(1, name, category))
    assert one.proposed == wanted


def test_what_is_listed_stays_and_one_name_of_two_classes_is_listed_by_id():
    listed = proposed(
        status(1, "Doing"), status(2, "Done", "done"), status(3, "Doing", "done"), status(4, "Odd"), waiting=["odd"]
    )
    assert block(listed) == {"active": ["1"], "waiting": ["Odd"]}
    assert {one.name: one.listed for one in listed if one.listed} == {"Odd": "waiting"}


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Run the command over the answers of a server."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUORUM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("T", "token")

    def run(answer, more=""):
        with serving(answer) as server:
            text = f"roster: r.yaml\nsystems:\n  jira:\n    url: {server.url}\n    token: T\n{more}"
            (tmp_path / "quorum.yaml").write_text(text)
            ended = CliRunner().invoke(quorum, ["statuses"])
        assert not (tmp_path / "home").exists()
        return ended, server.requests

    return run


@pytest.mark.skipif(not RECORDED.is_file(), reason="no recorded answers of Jira")
def test_recorded_statuses_become_a_list_that_the_configuration_takes(told):
    ended, requests = told(jira([], statuses=json.loads(RECORDED.read_text())))
    assert ended.exit_code == 0, ended.output
    assert [request.path for request in requests] == ["/rest/api/3/status"]
    lists = yaml.safe_load(ended.output[ended.output.rindex("statuses:") :])["statuses"]
    assert "In Progress" in lists["active"] and lists["waiting"]
    more = "    statuses: " + json.dumps(lists) + "\n"
    again, _ = told(jira([], statuses=json.loads(RECORDED.read_text())), more)
    assert " 0 to be listed" in again.output


def test_a_token_that_may_not_see_the_statuses_is_told(told):
    ended, _ = told(lambda _: Reply({"errorMessages": ["canary-7f3a"]}, 403))
    assert ended.exit_code == 1 and "canary" not in ended.output
    assert "/rest/api/3/status (status 403). Check that the token" in ended.output


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ("    statuses: {activ: [Doing]}\n", "statuses.activ is no key: the nearest valid one is `active`"),
        ("    statuses: {active: [A], waiting: [a]}\n", "a status stands in two lists, or twice in one"),
        ("    incidents: {service: components}\n", "systems.jira.incidents.types is missing"),
    ],
)
def test_a_wrong_list_is_told_by_its_place(told, more, wanted):
    ended, requests = told(jira([]), more)
    assert ended.exit_code == 2 and wanted in ended.output and requests == []
