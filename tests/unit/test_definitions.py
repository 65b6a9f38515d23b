"""What Dagster is told: the job, its schedule, the sensor that logs, a check for each rule; nothing of it runs here."""

from pathlib import Path

import dagster as dg
import pytest

from expectations.attacker.audit import RULE as AUDITED
from expectations.gate import checks_of
from expectations.lineage import RULE as LINEAGE
from orchestration.alerts import night_failed
from orchestration.config import load
from orchestration.definitions import definitions_of

LEDGERED = ("team_delivery", "team_code_volume", "team_review", "team_tasks", "team_wip", "team_dora", "team_ci")
TABLES = (*LEDGERED, "team_bottlenecks")
CONFIG = """
roster: roster.yaml
systems:
  github: {url: http://127.0.0.1:1, organisation: acme}
  jira: {url: http://127.0.0.1:1}
  git: {repositories: [/nowhere]}
  events: {files: [/nowhere]}
  actions: {url: http://127.0.0.1:1, organisation: acme}
schedule: {at: "03:30", time_zone: Europe/Berlin}
"""


@pytest.fixture(scope="module")
def definitions(tmp_path_factory) -> dg.Definitions:
    folder: Path = tmp_path_factory.mktemp("deployment")
    (folder / "quorum.yaml").write_text(CONFIG)
    return definitions_of(load(folder / "quorum.yaml", home=folder / "home"))


def test_the_night_is_scheduled_in_the_configured_time_zone_and_runs_by_default(definitions):
    schedule = next(one for one in definitions.schedules if one.name == "nightly")
    assert (schedule.job_name, schedule.cron_schedule, schedule.execution_timezone) == (
        "nightly",
        "30 3 * * *",
        "Europe/Berlin",
    )
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING


def test_every_asset_is_there_and_every_rule_of_every_table_is_a_check(definitions):
    graph = definitions.resolve_asset_graph()
    keys = {key.to_user_string() for key in graph.executable_asset_keys}
    assert {f"{layer}/{table}" for table in TABLES for layer in ("protected", "verdict", "published")} <= keys
    assert {"raw/roster", "raw/github/reviews", "raw/jira/transitions", "raw/git/commits", "raw/actions/runs"} <= keys
    assert {"docs", "report", "night", "drill", "audit"} <= keys
    checks = {(check.asset_key.to_user_string(), check.name) for check in graph.asset_check_keys}
    rules = {(f"verdict/{table}", rule) for table in TABLES for rule in (*checks_of(table), LINEAGE, AUDITED)}
    assert rules <= checks
    assert {table for table in TABLES if (f"verdict/{table}", "threshold") in checks} == set(LEDGERED)
    assert ("raw/github/changes", "read") in checks


def test_drill_and_audit_are_jobs_of_their_own_and_no_part_of_the_night(definitions):
    assert {one.name: one.job_name for one in definitions.schedules} == {
        n: n for n in ("nightly", "weekly_drill", "monthly_audit")
    }
    definitions.get_repository_def().load_all_definitions()  # as the UI does: names must be unique
    night = definitions.resolve_job_def("nightly").asset_layer.selected_asset_keys
    assert not {dg.AssetKey("drill"), dg.AssetKey("audit")} & set(night)


def test_a_run_that_failed_is_logged_with_its_reason(definitions, capfd):
    assert night_failed in definitions.sensors
    assert night_failed.default_status is dg.DefaultSensorStatus.RUNNING

    @dg.op
    def night():
        raise RuntimeError("the night is red: jira")

    @dg.job
    def nightly():
        night()

    with dg.DagsterInstance.ephemeral() as instance:
        ended = nightly.execute_in_process(instance=instance, raise_on_error=False)
        event = next(event for event in ended.all_events if event.is_run_failure)
        context = dg.build_run_status_sensor_context("night_failed", event, instance, ended.dagster_run)
        capfd.readouterr()
        night_failed(context.for_run_failure())
    assert "of nightly failed: night: the night is red: jira" in capfd.readouterr().err
