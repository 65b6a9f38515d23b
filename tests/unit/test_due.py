"""dbt builds when a period is due, or what it builds from is another; on all other nights everything stays."""

from datetime import date

import duckdb
import pytest

from expectations.policy import Policy
from orchestration.config import load
from orchestration.due import due, remember, same_roster
from orchestration.tables import make_ops

LAST, NEXT = date(2026, 10, 5), date(2026, 11, 2)  # blocks; the first ends on 1 November and is settled on the 9th
NIGHT, SETTLED, BEGUN = date(2026, 11, 20), date(2026, 12, 7), date(2026, 11, 30)
FROZEN = ("int_units", "int_members", "int_accounts")


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "quorum.yaml").write_text(
        "roster: r.yaml\nsystems: {github: {url: http://127.0.0.1:1, organisation: acme}}\n"
    )
    return load(tmp_path / "quorum.yaml", home=tmp_path / "home")


@pytest.fixture
def vault(settings):
    """Built whole on the night on which the last block was sealed."""
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as vault")
        make_ops(connection)
        connection.execute("create schema vault.intermediate")
        for name in FROZEN:
            connection.execute(
                f"create table vault.intermediate.{name} as select * from (values (?), (?))", [LAST, NEXT]
            )
            connection.execute(f"alter table vault.intermediate.{name} rename col0 to period_start")
        for name in ("roster_units", "roster_members", "roster_accounts"):
            connection.execute(f"create table vault.raw.{name} as select 'a' as key")
        for node in ("model.quorum.team_delivery", "model.quorum.int_units", "test.quorum.grain_team_delivery.1"):
            connection.execute("insert into vault.ops.builds values (?, 'success')", [node])
        connection.execute("insert into vault.ops.sealed values ('team_delivery', ?, '', 'r')", [LAST])
        remember(connection, settings, whole=True)
        yield connection


def test_a_night_on_which_no_period_closes_has_nothing_to_build(vault, settings):
    assert not due(vault, settings, NIGHT)
    assert same_roster(vault)


@pytest.mark.parametrize("day", [BEGUN, SETTLED], ids=["a block has begun", "a block has settled"])
def test_a_new_day_may_bring_something(vault, settings, day):
    assert due(vault, settings, day)


@pytest.mark.parametrize(
    "change",
    [
        "delete from vault.ops.builds",
        "update vault.ops.builds set status = 'error: Conversion Error' where node like 'model%int%'",
        "update vault.ops.builds set status = 'skipped' where node like 'test%'",
        "delete from vault.ops.sealed",
        "update vault.ops.built set project = 'another'",
        "delete from vault.intermediate.int_accounts where period_start = '2026-11-02'",
    ],
)
def test_whatever_is_missing_or_another_is_built(vault, settings, change):
    vault.execute(change)
    assert due(vault, settings, NIGHT)


def test_another_policy_is_built(vault, settings):
    assert due(vault, settings.model_copy(update={"policy": Policy(k=7)}), NIGHT)


def test_a_roster_that_changed_is_built(vault):
    vault.execute("insert into vault.raw.roster_members values ('b')")
    assert not same_roster(vault)


def test_after_some_models_alone_the_next_night_builds(vault, settings):
    remember(vault, settings, whole=False)
    assert due(vault, settings, NIGHT)
