"""What holds a unit up: dbt's SQL, the gate's finder and the oracle find the same in any published history."""

import datetime as dt
import random
from pathlib import Path

import duckdb
import pytest

from expectations.bottlenecks import WINDOW, Period, bottleneck
from tests.oracle.bottlenecks import HEAD, STAGES, TELLS, bottlenecks, plainly
from tests.pipeline.test_atoms_sql import compiled

FIRST = dt.date(2024, 1, 1)
PERIODS = [FIRST + dt.timedelta(weeks=4 * at) for at in range(30)]
SHARES = [f"{stage}_share_pct" for stage in STAGES]
HOURS = "cycle_time_hours_p50"
COLUMNS = [*SHARES, HOURS]
STEPS = (1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 8.0, 10.0, 12.5, 16.0)
DDL = f"""
create schema vault.intermediate; create schema vault.protected;
create table vault.intermediate.int_periods (table_name varchar, period_start date, period_end date);
create table vault.intermediate.int_shown (period_start date, is_reissued boolean);
create table vault.protected.team_delivery (period_start date, period_end date, unit_id varchar, unit_level varchar,
    status varchar, size_band varchar, {", ".join(f"{name} smallint" for name in SHARES)}, {HOURS} double);
create table vault.intermediate.int_reissued as
    select * exclude (period_end) from vault.protected.team_delivery limit 0;
"""


def history(unit: str):
    """Shares in steps of five, and hours on the ladder, that drift, jump, stay, and are told or not."""
    luck = random.Random(unit)
    begins, hides = luck.choice([0, 0, 0, 12, 20]), luck.choice([0, 0.1, 0.4])
    level = {stage: luck.choice([0, 5, 10, 20, 30]) for stage in STAGES}
    step = luck.randint(2, 9)
    for at, start in enumerate(PERIODS):
        if at < begins:
            continue
        if luck.random() < 0.15:
            for stage in luck.sample(STAGES, luck.choice([1, 2])):
                level[stage] = max(0, min(90, level[stage] + 5 * luck.randint(-3, 5)))
        if luck.random() < 0.1:
            step = luck.randint(2, 9)
        is_out = luck.random() < 0.05
        hours = None if is_out or luck.random() < hides / 4 else STEPS[step + luck.choice([-1, 0, 0, 0, 1])]
        shares = {
            f"{stage}_share_pct": None
            if is_out or luck.random() < hides
            else max(0, min(95, usual + 5 * luck.choice([-1, 0, 0, 0, 1])))
            for stage, usual in level.items()
        }
        head = (start, start + dt.timedelta(days=27), unit, "team", "withheld" if is_out else "published", "6-9")
        yield dict(zip(HEAD, head, strict=True)) | shares | {HOURS: hours}


@pytest.fixture(scope="module")
def delivery():
    return {(row["period_start"], row["unit_id"]): row for at in range(90) for row in history(f"u{at:03}")}


def by_dbt(sql: str, delivery):
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as vault")
        connection.execute(DDL)
        marks = ", ".join("?" * (len(HEAD) + len(COLUMNS)))
        rows = [[row[name] for name in (*HEAD, *COLUMNS)] for row in delivery.values()]
        connection.executemany(f"insert into vault.protected.team_delivery values ({marks})", rows)
        for start in PERIODS:
            end = start + dt.timedelta(days=27)
            connection.execute("insert into vault.intermediate.int_shown values (?, false)", [start])
            connection.execute(
                "insert into vault.intermediate.int_periods values ('team_bottlenecks', ?, ?)", [start, end]
            )
        found = connection.execute(f"select {', '.join((*HEAD, *TELLS))} from ({sql})").fetchall()
    listed = [dict(zip((*HEAD, *TELLS), row, strict=True)) for row in found]
    assert len(listed) == len(delivery)
    return {(row["period_start"], row["unit_id"]): row for row in listed}


def by_gate(delivery):
    found = {}
    for start, unit in delivery:
        window = [one for one in PERIODS if one <= start][-WINDOW:]
        rows = [delivery.get((one, unit), {}) for one in window]
        told = bottleneck(
            [Period({stage: row.get(f"{stage}_share_pct") for stage in STAGES}, row.get(HOURS)) for row in rows]
        )
        found[start, unit] = (told.stage, told.recent, told.usual) if told else (None, None, None)
    return found


def test_three_ways_of_finding_find_the_same(delivery, tmp_path: Path):
    expected = bottlenecks(delivery)
    named = [row["bottleneck"] for row in expected.values()]
    assert {*named} == {None, "none", *STAGES}
    assert min(named.count(word) for word in {*named}) >= 5
    assert by_gate(delivery) == plainly(expected)
    assert by_dbt(compiled(tmp_path, {"all": {}})["all"]["team_bottlenecks"], delivery) == expected
