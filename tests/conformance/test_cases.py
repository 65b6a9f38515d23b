"""Every case of the kit, run over the models as dbt compiles them; and what the kit itself must not let pass."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from expectations.measures import Kind
from expectations.policy import Policy
from orchestration.cli import quorum
from orchestration.conformance.case import read_cases
from orchestration.conformance.kit import below_marts, judged
from orchestration.conformance.measured import WORKED_OUT
from orchestration.doubts import KNOWN as KINDS
from orchestration.errors import ConfigError
from orchestration.rehearsal import compiled
from tests.attacks.laboratory import models

HERE = Path(__file__).parent
CASES = [case for file in sorted((HERE / "cases").glob("*.yaml")) for case in read_cases(file)]
PAGE = HERE.parents[1] / "docs" / "conformance.md"
SMALLEST = """
cases:
  - name: smallest
    says: One change.
    people: {ann: checkout}
    events:
      - {kind: change_opened, at: 2026-03-30T09:00Z, change: c1, by: ann}
      - {kind: change_merged, at: 2026-03-30T10:00Z, change: c1, by: ann}
    expect:
      - {table: team_delivery, team: checkout, period: 2026-03-30, changes_merged: 1}
"""


@pytest.fixture(scope="module")
def over():
    return below_marts(models(Policy()))


@pytest.fixture(scope="module")
def found(over):
    """What differs, by case: all are run once."""
    return {case.name: differences for case, differences in judged(CASES, over)}


@pytest.fixture
def written(tmp_path):
    def write(old="", new=""):
        assert old in SMALLEST
        path = tmp_path / "cases.yaml"
        path.write_text(SMALLEST.replace(old, new) if old else SMALLEST)
        return read_cases(path)

    return write


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_holds(case, found):
    assert found[case.name] == []


def test_every_doubt_is_planted():
    assert {name for case in CASES for name in case.doubts or ()} == set(KINDS)


@pytest.mark.slow  # dbt compiles once more
def test_without_events_incidents_of_the_tracker_are_doubted_all_the_same():
    [case] = [case for case in CASES if case.name == "incidents_of_the_tracker_alone"]
    alone = compiled(["--vars", json.dumps({"systems": ["github", "deployments", "jira"]})])
    assert list(judged([case], below_marts(alone))) == [(case, [])]


def test_every_case_has_a_name_of_its_own():
    names = [case.name for case in CASES]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ("changes_merged: 1", "changes_merged: 2", "changes_merged"),
        ("changes_merged: 1", "changes_merged: null", "changes_merged"),
        ("changes_merged: 1", "cycle_seconds: [1h, 1h]", "cycle_seconds"),
        ("changes_merged: 1", "cycle_seconds: [59m59s]", "cycle_seconds"),
        ("changes_merged: 1", "cycle_time_hours_p50: 1h1s", "cycle_time_hours_p50"),
        ("changes_merged: 1", "pickup_hours_p50: 0", "pickup_hours_p50"),
        ("team: checkout, p", "team: search, p", "changes_merged"),
        ("period: 2026-03-30", "period: 2026-04-06", "changes_merged"),
        ("- {table: team_delivery, team: checkout, period: 2026-03-30, changes_merged: 1}", "{refused: x}", "refused"),
        ("people: {ann: checkout}", "people: {ann: [{team: a}, {team: b}]}", "refused"),
        ("    events:", "    doubts: {machine: 1}\n    events:", "machine"),
        ("people: {ann: checkout}", "doubts: {}\n    people: {bob: checkout}", "changes_merged"),
    ],
)
def test_what_is_not_so_differs(written, over, old, new, value):
    [(_, found)] = judged(written(old, new), over)
    assert found[0].value == value


def test_what_is_not_listed_is_nothing(written, over):
    [(_, found)] = judged(
        written("period: 2026-03-30, changes_merged: 1", "period: 2026-04-06, changes_merged: 0"), over
    )
    assert [(one.value, one.expected, one.found) for one in found] == [("events", 0, 1)]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("kind: change_opened", "kind: change_openned", "cases.0.events.0.kind"),
        (
            "by: ann}\n      - {kind: change_merged",
            "by: ann, colour: red}\n      - {kind: change_merged",
            "cases.0.events.0",
        ),
        ("2026-03-30T09:00Z", "2026-03-30T09:00", "cases.0.events.0.at"),
        ("    says: One change.\n", "", "cases.0.required"),
        ("table: team_delivery", "table: team_people", "team_people"),
        ("at: 2026-03-30T09:00Z", "at: 2026-02-30T09:00Z", "no calendar"),
    ],
)
def test_a_file_out_of_form_is_refused_by_place(written, old, new, place):
    with pytest.raises(ConfigError, match=place):
        written(old, new)


def test_a_value_that_no_table_has_is_refused(written, over):
    with pytest.raises(ConfigError, match="no such value"):
        list(judged(written("changes_merged: 1", "changes: 1"), over))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("10:00Z, change: c1", "10:00Z, change: c2"),
        (
            "kind: change_merged, at: 2026-03-30T10:00Z, change: c1, by: ann",
            "kind: review_dismissed, at: 2026-03-30T10:00Z, change: c1, review: r1",
        ),
    ],
)
def test_an_event_of_a_thing_that_was_never_begun_is_refused(written, old, new):
    with pytest.raises(ConfigError, match="case smallest: .* never"):
        written(old, new)


def test_every_kind_of_measure_can_be_worked_out():
    assert set(WORKED_OUT) == set(Kind) - {Kind.STAGE, Kind.DERIVED}, "those rest on published values"


@pytest.mark.slow  # dbt compiles once more
def test_the_command_ends_with_1_and_shows_what_differs(written, tmp_path):
    written("changes_merged: 1", "changes_merged: 7")
    ended = CliRunner().invoke(quorum, ["conformance", str(tmp_path / "cases.yaml")])
    assert ended.exit_code == 1
    assert "0 of 1 cases hold" in ended.output


def test_the_command_refuses_a_file_out_of_form_with_2(tmp_path):
    path = tmp_path / "cases.yaml"
    path.write_text("cases: []")
    ended = CliRunner().invoke(quorum, ["conformance", str(path)])
    assert ended.exit_code == 2
    assert "docs/conformance.md" in ended.output


def test_the_page_tells_every_kind_of_event():
    schema = yaml.safe_load((HERE.parents[1] / "orchestration" / "conformance" / "schema.json").read_text())
    kinds = schema["$defs"]["event"]["properties"]["kind"]["enum"]
    assert [kind for kind in kinds if f"`{kind}`" not in PAGE.read_text()] == []
