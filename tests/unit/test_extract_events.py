"""Deployments and incidents reach the vault as pseudonyms, times and words of closed lists; a bad line costs itself."""

import json

import pytest

from sources.errors import Gone, Malformed
from sources.systems import load
from sources.systems.events_lines import schema
from tests.memory_vault import PSEUDONYMS, MemoryVault

CANARY = "canary-7f3a"
EVENTS = load("events")
DEPLOYED = {
    "type": "deployment",
    "id": "d1",
    "service": "Shop",
    "status": "success",
    "finished_at": "2026-11-27T15:00:00+01:00",
    "repository": "Acme/Shop",
    "sha": "A" * 40,
    "changes": ["ACME/shop#12"],
    "by": "github:Ann-A",
    "note": CANARY,
}
OPENED = {"type": "incident", "id": "i1", "service": "shop", "opened_at": "2026-11-27T15:00:00Z", "caused_by": "d1"}


def written(folder, *lines):
    path = folder / "events.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return [str(path)]


def night(vault, files):
    run = vault.night(files=files)
    assert run.failures == [] and run.streams_complete == {"deployments", "deployed_changes", "incidents"}
    return run


def test_a_line_becomes_a_row_that_names_nobody(tmp_path):
    vault = MemoryVault(EVENTS)
    night(vault, written(tmp_path, DEPLOYED, OPENED))
    [deployed] = vault.rows["deployments"]
    assert deployed["deployer_key"] == PSEUDONYMS.account("github", "ann-a")
    assert deployed["repository_key"] == PSEUDONYMS.scope("repository", "acme/shop")
    assert deployed["commit_key"] == PSEUDONYMS.key("commit", "a" * 40)
    assert deployed["service_key"] == vault.rows["incidents"][0]["service_key"]
    assert (deployed["environment"], deployed["status"]) == ("production", "success")
    assert str(deployed["finished_at"]) == "2026-11-27 14:00:00"
    [named] = vault.rows["deployed_changes"]
    assert named["change_key"] == PSEUDONYMS.key("change", "acme/shop#12")
    assert vault.rows["incidents"][0]["caused_by_key"] == deployed["deployment_key"] == named["deployment_key"]
    assert CANARY not in repr(vault.rows)


def test_a_machine_is_nobody_and_staging_is_another_environment(tmp_path):
    vault = MemoryVault(EVENTS)
    machine = {**DEPLOYED, "by": "github:deployer[bot]", "environment": "Staging"}
    night(vault, written(tmp_path, machine, {**DEPLOYED, "id": "d2", "environment": "PROD"}))
    first, second = vault.rows["deployments"]
    assert (first["deployer_key"], first["environment"], second["environment"]) == (None, "other", "production")


def test_a_later_line_replaces_an_earlier_one_and_an_unchanged_file_is_no_news(tmp_path):
    vault = MemoryVault(EVENTS)
    resolved = {**OPENED, "resolved_at": "2026-11-27T16:00:00Z"}
    night(vault, written(tmp_path, DEPLOYED, OPENED, resolved))
    assert [str(row["resolved_at"]) for row in vault.rows["incidents"]] == ["2026-11-27 16:00:00"]
    assert night(vault, written(tmp_path, DEPLOYED, OPENED, resolved)).counters.rows == 0
    night(vault, written(tmp_path, DEPLOYED, {**DEPLOYED, "changes": []}))
    assert vault.rows["deployed_changes"] == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"type": "deployment", "id": "half', "no JSON"),
        ("[1]", "not as the schema says in `type`"),
        ({"type": "rollout", "id": "r", "service": "s"}, "not as the schema says in `type`"),
        ({**DEPLOYED, "version": 2}, "of a later version of the schema than 1"),
        ({**DEPLOYED, "finished_at": "2026-02-31T10:00:00Z"}, "not as the schema says in `finished_at`"),
        ({**DEPLOYED, "finished_at": "2026-02-28T10:00:00"}, "not as the schema says in `finished_at`"),
        ({**DEPLOYED, "sha": CANARY}, "not as the schema says in `sha`"),
        ({**DEPLOYED, "by": CANARY}, "not as the schema says in `by`"),
        ({**DEPLOYED, "changes": [CANARY]}, "not as the schema says in `changes`"),
    ],
)
def test_a_bad_line_is_told_by_its_number_and_the_rest_is_loaded(tmp_path, line, told):
    vault = MemoryVault(EVENTS)
    run = night(vault, written(tmp_path, DEPLOYED, "", line, OPENED))
    assert run.warnings == [f"file 1 of systems.events.files: 1 line left out, {told}: 3"]
    assert len(vault.rows["deployments"]) == len(vault.rows["incidents"]) == 1


def test_a_file_without_a_usable_line_is_none(tmp_path):
    run = MemoryVault(EVENTS).night(files=written(tmp_path, "<html>", f"<body>{CANARY}</body>", "</html>"))
    [failure] = run.failures
    assert isinstance(failure.error, Malformed) and CANARY not in str(failure.error)
    assert run.streams_complete == frozenset()


def test_a_file_that_is_not_there_fails_alone(tmp_path):
    vault = MemoryVault(EVENTS)
    run = vault.night(files=[str(tmp_path / CANARY), *written(tmp_path, DEPLOYED)])
    [failure] = run.failures
    assert isinstance(failure.error, Gone) and CANARY not in str(failure.error)
    assert set(failure.streams) == {"deployments", "deployed_changes", "incidents"}
    assert len(vault.rows["deployments"]) == 1


def test_the_schema_that_is_printed_is_the_one_that_is_checked():
    found = json.loads(schema())
    assert set(found["$defs"]) == {"Deployment", "Incident"}
    assert found["$defs"]["Deployment"]["required"] == ["id", "service", "type", "status", "finished_at"]
