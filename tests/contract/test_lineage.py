"""The lineage guard over the project itself: it passes as it is, and no break that an analyst could add does."""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.lineage import examine_lineage, unused_places
from orchestration.config import load
from orchestration.dbt_compiler import FIRST, LATER
from orchestration.dbt_manifest import fingerprint
from orchestration.lineage import OWN, breaks, compiled, declared_kinds, hidden
from orchestration.release_tables import NOTE
from orchestration.tables import make_ops
from sources.minimise import Pseudonyms
from sources.roster import Roster
from sources.systems import names

Models = dict[str, str]
PROJECT = Path(__file__).parents[2] / "dbt_project"
MART = "vault.marts.mart_delivery"
MEMBERS = "vault.intermediate.int_members"
UNITS = "vault.intermediate.int_units"
LEDGER = "vault.intermediate.int_ledger"
DECIDES = "a person decides in"
ROSTER = "int_members.person_key ← stg_roster__members.person_key ← raw.roster_members.person_key (person): "
PERSON = ("x ← mart_delivery.author_key", ROSTER)
DECIDER = ("author_key ← mart_delivery.author_key", ROSTER)
CHANGE = ("x ← mart_delivery.change_key", "← stg_github__changes.change_key ← raw.github_changes.change_key (key): ")
MERGED = ("x ← int_changes.merged_at", "← stg_github__changes.merged_at ← raw.github_changes.merged_at (time): ")


@pytest.fixture(scope="session")
def models(manifest: dict[str, Any]) -> Models:
    return compiled(manifest)


@pytest.fixture(scope="session")
def declared() -> dict[str, str]:
    return declared_kinds(names())


@pytest.mark.parametrize("target", ["all", "git", "github_jira", "github_deployments", "jira_deployments", "later"])
def test_the_project_shows_nobody_and_nobody_decides_but_where_it_is_listed(
    dbt_targets: Path, declared: dict[str, str], target: str
) -> None:
    models = compiled(json.loads((dbt_targets / target / "manifest.json").read_text()))
    assert "\n".join(map(str, examine_lineage(models, declared))) == ""


def test_every_listed_place_is_used(models: Models, declared: dict[str, str]) -> None:
    assert unused_places(models, declared) == ()


def test_the_tables_that_no_stream_declares_are_those_of_vault_and_publisher() -> None:
    roster = Roster((), (), (), frozenset(), ()).tables(Pseudonyms(bytes(32)))
    tables = {f"raw.{name}": set(table.column_names) for name, table in roster.items()}
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as vault")
        make_ops(connection)
        connection.execute(NOTE)
        rows = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where not internal"
        )
        for schema, table, column in rows.fetchall():
            tables.setdefault(f"{'temp' if schema == 'main' else schema}.{table}", set()).add(column)
    assert {table: set(columns) - tables[table] for table, columns in OWN.items()} == dict.fromkeys(OWN, set())
    assert {table for table in roster if set(OWN[f"raw.{table}"]) != tables[f"raw.{table}"]} == set()


@pytest.mark.parametrize(
    ("column", "also", "way"),
    [
        ("m.author_key as x", "", PERSON),
        (f"(select max(author_key) from {MART}) as x", "", PERSON),
        ("md5(m.author_key) as x", "", PERSON),
        ("'by ' || m.author_key as x", "", PERSON),
        ("'see ' || m.change_key as x", "", CHANGE),
        (
            "u.x",
            f"join (select unit_id as x from {UNITS} union all select author_key from {MART}) as u on true",
            PERSON,
        ),
        ("first_value(m.author_key) over (order by t.unit_id) as x", "", PERSON),
        ("l.x", ", lateral (select m.author_key as x) as l", PERSON),
        ("{'who': m.author_key}.who as x", "", PERSON),
        ("l.who[1] as x", f"join (select list(author_key) as who from {MART}) as l on true", PERSON),
        ("m.* exclude (period_start, team_id)", "", DECIDER),
        ("c.merged_at as x", "join vault.intermediate.int_changes as c on true", MERGED),
        ("m.cycle_seconds as x", "", ("x ← mart_delivery.cycle_seconds", "(duration): ")),
        ("max(v.value) over () as x", f"join {LEDGER} as v on true", ("x ← int_ledger.value", "(quantity): ")),
        ("1 as one", "where m.author_key = 'a'", (*DECIDER, f"{DECIDES} `where, by value`")),
        ("1 as one", f"join {MEMBERS} as p on p.person_key = m.author_key", (*DECIDER, f"{DECIDES} `join`")),
        ("row_number() over (partition by m.author_key) as x", "", (*DECIDER, f"{DECIDES} `partition`")),
        ("r.title as x", "join vault.raw.github_changes as r on true", (": cannot be traced: ",)),
        ("to_json(m) as x", "", (": cannot be traced: ",)),
    ],
)
def test_what_an_analyst_adds_to_a_protected_model_is_refused_with_its_way(
    models: Models, declared: dict[str, str], column: str, also: str, way: tuple[str, ...]
) -> None:
    sql = f"with t as ({models['protected.cells']}) select t.*, {column} from t join {MART} as m on true {also}"
    found = examine_lineage(models | {"protected.cells": sql}, declared)
    told = [str(one) for one in found if "protected.cells" in one.tables]
    assert any(line.startswith("cells") and all(part in line for part in way) for line in told), told


def test_a_protected_model_of_many_ctes_hides_nothing(models: Models, declared: dict[str, str]) -> None:
    own, added = models["protected.team_delivery"], "(select min(author_key) from vault.marts.mart_delivery) as author"
    spoilt = own.replace("bands.size_band\n", f"bands.size_band, {added}\n", 1)
    assert spoilt != own
    found = examine_lineage(models | {"protected.team_delivery": spoilt}, declared)
    way = [step.partition(".")[0] for step in found[0].path]
    assert (way[:2], way[-3:]) == (
        ["team_delivery", "mart_delivery"],
        ["int_members", "stg_roster__members", "raw"],
    )
    assert [one.tables for one in found] == [("protected.team_delivery",)]


@pytest.mark.parametrize(
    ("model", "sql", "reached"),
    [
        ("staging.stg_github__changes", "select * from ({sql}) where author_key <> 'a'", "protected.team_delivery"),
        ("marts.mart_delivery", "select * from ({sql}) where author_key in ('a', 'b')", "protected.team_delivery"),
        ("marts.mart_delivery", "select * from ({sql}) where reviewer_key <> author_key", "protected.team_delivery"),
        ("marts.mart_tasks", "select * from ({sql}) order by assignee_key limit 9", "protected.team_tasks"),
        ("intermediate.int_ledger", "select * from ({sql}) where person_key > 'a'", "protected.cells"),
        (
            "intermediate.int_units",
            "select t.* replace (p.person_key as unit_name) from ({sql}) as t, vault.intermediate.int_members as p",
            "main.units",
        ),
    ],
)
def test_a_break_far_from_the_release_names_the_tables_that_it_reaches(
    models: Models, declared: dict[str, str], model: str, sql: str, reached: str
) -> None:
    found = examine_lineage(models | {model: sql.format(sql=models[model])}, declared)
    assert any(reached in one.tables for one in found)


def test_text_has_a_closed_list_or_stays(models: Models, declared: dict[str, str]) -> None:
    cells = models["protected.cells"]
    assert declared["raw.jira_issues.issue_type"] == "category"
    for column, refused in (("issue_type", False), ("summary", True)):
        sql = f"with t as ({cells}) select t.*, i.{column} as x from t join vault.raw.jira_issues as i on true"
        found = examine_lineage(models | {"protected.cells": sql}, declared | {"raw.jira_issues.summary": "text"})
        assert [one.column for one in found] == ["x"] * refused


def test_no_model_is_another_one_where_the_guard_cannot_look(tmp_path: Path) -> None:
    """Compiled text is the whole text: no branch on target, environment or state, no undeclared variable."""
    assert hidden(PROJECT) == {}
    (tmp_path / "dbt_project.yml").write_text("vars: {depth: 1}")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "sly.sql").write_text(
        '{% if target.name == "vault" and var("tonight") %} select 1 {% endif %}'
    )
    assert hidden(tmp_path) == {"sly.sql": {"target.name", "tonight"}}


def test_the_gate_reads_what_only_later_nights_run(dbt_targets: Path, tmp_path: Path) -> None:
    settings = load(Path(__file__).parents[2] / "quorum.yaml", home=tmp_path)
    folder = settings.work / "dbt"
    for name, target in ((FIRST, "all"), (LATER, "later")):
        (folder / name).mkdir(parents=True)
        shutil.copy(dbt_targets / target / "manifest.json", folder / name)
    (folder / "fingerprint").write_text(fingerprint(settings))
    assert breaks(settings) == ()
    manifest = json.loads((folder / LATER / "manifest.json").read_text())
    node = manifest["nodes"]["model.quorum.team_delivery"]
    node["compiled_code"] = f"select t.*, m.author_key as x from ({node['compiled_code']}) as t, {MART} as m"
    (folder / LATER / "manifest.json").write_text(json.dumps(manifest))
    assert [(one.table, one.column) for one in breaks(settings)] == [("team_delivery", "x")]
