"""The clip of a year is snapped from the nearest rank ceil(q n), whatever n and q."""

import datetime as dt
import math
import random
from fractions import Fraction

import duckdb
import pytest

from expectations.constants import constants
from expectations.ladder import clip_hundredths
from expectations.measures import table_named
from expectations.policy import Policy
from expectations.scope import Case


def clips(values, policy):
    """{year: clip in hundredths} of tasks completed, by the gate."""
    db = duckdb.connect()
    db.execute("attach ':memory:' as vault")
    db.execute("create schema vault.intermediate")
    db.execute(
        "create table vault.intermediate.int_ledger as "
        "select 'team_tasks' as table_name, 'tasks_completed' as quantity, 'assignee' as role, "
        "date '2025-06-16' as period_start, unnest(?) as value",
        [values],
    )
    db.execute("create temp table gate_periods as select 2026::bigint as iso_year")
    constants(Case(db, table_named("team_tasks"), policy, (dt.date(2026, 1, 26),)))
    return dict(db.execute("select iso_year, clip from gate_constants").fetchall())


@pytest.mark.parametrize("quantile", [0.5, 0.6, 0.7, 0.75])
def test_it_is_the_nearest_rank(quantile):
    rng = random.Random(7)
    for n in (50, 51, 52, 53, 60, 70, 100, 101, 333):
        values = [rng.choice([0, -1]) for _ in range(5)] + [rng.randint(1, 10 ** rng.randint(1, 6)) for _ in range(n)]
        rank = math.ceil(Fraction(str(quantile)) * n)
        wanted = clip_hundredths(sorted(value for value in values if value > 0)[rank - 1])
        assert clips(values, Policy(clip_quantile=quantile)) == {2026: wanted}


def test_there_is_none_below_fifty_person_periods():
    assert clips([3] * 49 + [0] * 50, Policy()) == {}
