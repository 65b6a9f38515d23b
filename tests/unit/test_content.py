"""The canonical content depends on what stands in the cells, and on nothing else."""

import datetime as dt

import duckdb
import pytest

from expectations.content import contents, relation_content

ONE = dt.date(2026, 1, 26)
ROWS = [("2026-01-26", "aa", 10, 1.5), ("2026-01-26", "bb", None, None), ("2025-12-29", "aa", 20, 0.1)]


@pytest.fixture
def db():
    connection = duckdb.connect()
    connection.execute("create table t(period_start date, unit_id varchar, n bigint, x double)")
    connection.execute("create table cells(table_name varchar, period_start date, unit_id varchar, team_id varchar)")
    connection.executemany("insert into t values (?, ?, ?, ?)", ROWS)
    connection.execute("insert into cells values ('t', '2026-01-26', 'aa', 'aa'), ('u', '2026-01-26', 'bb', 'bb')")
    return connection


def digest(db, relation="t"):
    return contents(db, relation, "cells", "t")[ONE]


def test_order_of_rows_and_columns_does_not_matter(db):
    db.execute("create table shuffled as select x, n, unit_id, period_start from t order by n")
    assert digest(db, "shuffled") == digest(db)


@pytest.mark.parametrize(
    "change",
    [
        "update t set n = 20 where period_start = '2026-01-26' and unit_id = 'aa'",
        "update t set n = 0 where n is null",
        "update t set x = 1.5000000000000002 where x = 1.5",
        "insert into t select * from t",
        "alter table t add column y int default 0",
        "alter table t alter n type integer",
        "update cells set unit_id = 'rest:g' where table_name = 't'",
    ],
)
def test_every_change_of_the_period_changes_it(db, change):
    before = digest(db)
    db.execute(change)
    assert digest(db) != before


def test_a_measure_that_is_added_later_leaves_what_was_sealed_as_it_was(db):
    before = digest(db)
    db.execute("alter table t add column y int")
    db.execute("update t set y = 1 where period_start = '2025-12-29'")
    assert digest(db) == before
    db.execute("update t set y = 1 where unit_id = 'aa'")
    assert digest(db) != before


@pytest.mark.parametrize(
    "change",
    ["update t set n = 30 where period_start = '2025-12-29'", "update cells set unit_id = 'x' where table_name = 'u'"],
)
def test_other_periods_and_tables_do_not_change_it(db, change):
    before = digest(db)
    db.execute(change)
    assert digest(db) == before


def test_only_the_periods_asked_for_are_given(db):
    assert set(contents(db, "t", "cells", "t")) == {ONE, dt.date(2025, 12, 29)}
    assert set(contents(db, "t", "cells", "t", [ONE])) == {ONE}


def test_a_whole_relation_has_one_digest(db):
    before = relation_content(db, "t")
    db.execute("create table same as select * from t order by random()")
    assert relation_content(db, "same") == before


def test_text_that_looks_like_a_boundary_is_not_one(db):
    db.execute("create table a as select 'x\",\"y' as p, 'z' as q")
    db.execute("create table b as select 'x' as p, 'y\",\"z' as q")
    assert relation_content(db, "a") != relation_content(db, "b")
