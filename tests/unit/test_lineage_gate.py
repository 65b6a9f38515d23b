"""What the gate is told of breaks, what it does with them, and what it is given to examine."""

from datetime import date

import pytest

from expectations.lineage import Break, Place, examine_lineage, refused, ways
from expectations.lineage.places import Use
from expectations.measures import TABLES
from expectations.verdict import Check, Finding, Judgement, Verdict
from orchestration.lineage import compiled

TABLE, OTHER = (table.name for table in TABLES[:2])


def broken(column="ada", tables=(f"protected.{TABLE}",), path=("raw.c.author_key",)):
    return Break(TABLE, column, (f"{TABLE}.{column}", *path), "person", "is never shown", tables)


def judgement(table=TABLE):
    verdict = Verdict(table, date(2026, 1, 1), "c", "e", "p", "r", passed=True, findings=())
    return Judgement(table, (verdict,), (Check("shape", passed=True, findings=()),))


def test_a_break_refuses_every_period_and_tells_no_strange_name():
    got = refused(judgement(), [broken()])
    told = Finding("lineage", TABLE, "(unregistered)", 1)
    assert not got.passed
    assert [verdict.passed for verdict in got.verdicts] == [False]
    assert got.verdicts[0].findings == (told,)
    assert got.checks[-1] == Check("lineage", passed=False, findings=(told,))


def test_without_a_break_the_judgement_stands_with_one_check_more():
    got = refused(judgement(), [])
    assert got.passed
    assert got.verdicts == judgement().verdicts
    assert [check.rule for check in got.checks] == ["shape", "lineage"]


@pytest.mark.parametrize(
    ("tables", "concerned"),
    [
        ((f"protected.{TABLE}",), (TABLE,)),
        ((f"protected.{OTHER}",), (OTHER,)),
        (("protected.cells",), (TABLE, OTHER)),
        (("main.units",), (TABLE, OTHER)),
        (("protected.people",), (TABLE, OTHER)),
        ((), ()),
    ],
)
def test_what_is_published_beside_all_tables_concerns_each(tables, concerned):
    found = [broken(tables=tables)]
    assert tuple(name for name in (TABLE, OTHER) if not refused(judgement(name), found).passed) == concerned


def test_a_way_is_told_with_the_names_that_are_declared():
    found = [broken("changes_merged", path=("mart.lovelace", "raw.c.author_key"))]
    assert ways(found, TABLE, ["raw.c.author_key"]) == (
        f"{TABLE}.changes_merged ← mart.(unregistered) ← raw.c.author_key (person)",
    )


def test_a_place_is_a_pattern_but_for_the_clause():
    place = Place("team_*", "*_people", "*_key", "group", "…")
    assert place.allows(Use("team_x", "p50_people", "author_key", "group"))
    assert not place.allows(Use("team_x", "p50_people", "author_key", "where"))
    assert not place.allows(Use("team_x", "", "author_key", "group"))


def node(**more):
    config = {"pre-hook": [], "post-hook": [], "sql_header": None} | more.pop("config", {})
    return {
        "resource_type": "model",
        "schema": "protected",
        "alias": "cells",
        "compiled_code": "select 'a' as unit_id",
        "config": config,
    } | more


@pytest.mark.parametrize(
    ("model", "refusals"),
    [
        (node(), 0),
        (node(config={"post-hook": [{"sql": "update vault.protected.cells set unit_id = 'a'"}]}), 1),
        (node(config={"pre-hook": [{"sql": "set variable a = 'b'"}]}), 1),
        (node(config={"sql_header": "create macro m(a) as md5(a);"}), 1),
        (node(resource_type="operation", alias="on-run-end", compiled_code="drop table vault.protected.cells"), 1),
        (node(compiled_code="", raw_code="{{ config() }} select 1 as one"), 1),
        (node(resource_type="test", compiled_code="select from"), 0),
    ],
)
def test_what_runs_beside_a_model_is_examined_with_it(model, refusals):
    models = compiled({"nodes": {"one": model}})
    assert {"main.units", "main.movers"} <= set(models)
    found = examine_lineage({name: sql for name, sql in models.items() if not name.startswith("main.")}, {}, ())
    assert len(found) == refusals
