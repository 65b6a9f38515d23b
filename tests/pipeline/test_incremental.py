"""Marts after any nights equal one rebuild from scratch, whatever came late, was changed or deleted, and wherever a
night was killed between two steps. A sealed period stays as it was, and changes nothing in those that are open: the
rebuild knows of no seal.
"""

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examined
from hypothesis import strategies as st

from expectations.measures import TABLES
from orchestration.config import load
from orchestration.dbt_manifest import manifest
from orchestration.dbt_process import build
from orchestration.raw import schemas
from orchestration.settings import Settings
from orchestration.vault import Vault, opened
from tests.attacks.companies import Company, steady, teams
from tests.pipeline.built import TOKENS
from tests.pipeline.late_records import Trickle, spread

NIGHTS = 4
CONFIG = """
roster: roster.yaml
systems:
  github: {url: "http://127.0.0.1:1/github", organisation: acme, token: QUORUM_GITHUB_TOKEN}
  actions: {url: "http://127.0.0.1:1/github", organisation: acme, token: QUORUM_GITHUB_TOKEN}
  jira: {url: "http://127.0.0.1:1/jira", user: QUORUM_JIRA_USER, token: QUORUM_JIRA_TOKEN}
  git: {repositories: ["http://127.0.0.1:1/git/alone.git"]}
  events: {files: ["http://127.0.0.1:1/events.jsonl"]}
  deployments: {url: "http://127.0.0.1:1/github", organisation: acme, token: QUORUM_GITHUB_TOKEN, read: deployments}
"""
Hashes = dict[tuple[str, dt.date], tuple[int, int]]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Iterator[Settings]:
    """A deployment that is never read from: its raw rows are put there."""
    folder = tmp_path_factory.mktemp("incremental")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in TOKENS.items():
            patch.setenv(name, value)
        (folder / "quorum.yaml").write_text(CONFIG)
        yield load(folder / "quorum.yaml", folder / "home")


def test_nights_of_late_changed_and_deleted_records_equal_a_rebuild(home):
    tables = told_alike(home, seed=11, sealed={1}, killed={3: 0.4})
    assert tables == {table.name for table in TABLES if table.mart}


@pytest.mark.slow
@examined(max_examples=5, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10**6),
    sealed=st.sets(st.integers(0, NIGHTS - 3)),  # a block closes after the last of them
    killed=st.dictionaries(st.integers(0, NIGHTS - 1), st.floats(0.05, 0.95), max_size=2),
)
def test_any_nights_equal_a_rebuild(home, seed, sealed, killed):
    told_alike(home, seed, sealed, killed)


def told_alike(settings: Settings, seed: int, sealed: set[int], killed: dict[int, float]) -> set[str]:
    """The tables that had rows to compare.

    `sealed`: the nights after which all candidates are sealed; `killed`: how far a night got the first time.
    """
    order = models(settings)
    shutil.rmtree(settings.home, ignore_errors=True)
    company = made(seed)
    kept: Hashes = {}
    for night in range(NIGHTS):
        clock = clock_of(company, night)
        with arrived(settings, company, seed, night, clock) as vault:
            key = vault.keys.vault
        if night in killed:
            build(settings, key, order[: int(killed[night] * len(order))], lambda node: None)
        assert [node.name for node in build(settings, key, [], lambda node: None) if not node.good] == []
        if night in sealed:
            with opened(settings) as vault:
                candidates = "select table_name, period_start, '', 'r' from vault.intermediate.int_periods"
                kept = hashes(vault) | kept  # as it was when it was first sealed
                vault.connection.execute(f"insert into vault.ops.sealed {candidates}")
    with opened(settings) as vault:
        found = hashes(vault)
        seals = vault.connection.execute("select * from vault.ops.sealed").fetchall()
    fresh = settings.model_copy(update={"home": settings.home.with_name("fresh")})
    shutil.rmtree(fresh.home, ignore_errors=True)
    with arrived(fresh, company, seed, NIGHTS - 1, clock_of(company, NIGHTS - 1)) as vault:
        key = vault.keys.vault
    build(fresh, key, [], lambda node: None)
    with opened(fresh) as vault:
        anew = hashes(vault)
    through = {table: max(start for name, start, *_ in seals if name == table) for table, *_ in seals}
    shut = {(table, start) for table, start in found.keys() | anew.keys() if start <= through.get(table, dt.date.min)}
    assert {at: one for at, one in found.items() if at not in shut} == {
        at: one for at, one in anew.items() if at not in shut
    }
    assert {at: one for at, one in found.items() if at in shut} == {at: one for at, one in kept.items() if at in shut}
    return {table for table, _ in anew.keys() - shut}


def made(seed: int) -> Company:
    """Twenty-four people in four teams, one of whom moves; three blocks of a year after the first."""
    tree = {"ga": teams(aa=6, ab=6), "gb": teams(ba=6, bb=6)}
    company = Company(tree, later=4, seed=seed)
    company.moves.append(("aa-1", "bb", company.blocks[-3].period_start + dt.timedelta(days=3)))
    company.work(steady(1, 3))
    return company


def clock_of(company: Company, night: int) -> dt.datetime:
    """The nights go over the last three blocks, half a block apart."""
    return dt.datetime.combine(company.blocks[-4].period_end, dt.time()) + dt.timedelta(days=9 + 18 * night)


@contextmanager
def arrived(settings: Settings, company: Company, seed: int, night: int, clock: dt.datetime) -> Iterator[Vault]:
    """The vault with what has come by that night, read until its clock."""
    with opened(settings, schemas(settings)) as vault:
        connection = vault.connection
        for (table,) in connection.execute(RAW).fetchall():
            connection.execute(f"delete from vault.raw.{table}")
        connection.execute("delete from vault.ops.reads")
        connection.execute("delete from vault.ops.clock")
        company.write(connection)
        spread(connection)
        trickle = Trickle(connection, seed, NIGHTS)
        trickle.keep()
        trickle.arrive(night, clock)
        vault.connection.execute("delete from vault.ops.clock")
        vault.set_clock(clock)
        connection.execute("update vault.ops.reads set read_through = ?", [clock])
        yield vault


RAW = "select table_name from duckdb_tables() where database_name = 'vault' and schema_name = 'raw'"


def hashes(vault: Vault) -> Hashes:
    """Number and sum of the rows' hashes of each mart, by period."""
    found: Hashes = {}
    there = {name for (name,) in vault.connection.execute(MARTS).fetchall()}
    for table in TABLES:
        if table.mart in there:
            query = (
                f"select period_start, count(*), sum(hash(m)::hugeint) from vault.marts.{table.mart} as m group by 1"
            )
            rows = vault.connection.execute(query).fetchall()
            found |= {(table.name, start): (count, total) for start, count, total in rows}
    return found


MARTS = "select table_name from duckdb_tables() where database_name = 'vault' and schema_name = 'marts'"


def models(settings: Settings) -> list[str]:
    """The names of the models, parents first: a night may be killed after any of them."""
    nodes = json.loads(Path(manifest(settings)).read_text())["nodes"]
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    parents = {key: [one for one in node["depends_on"]["nodes"] if one in models] for key, node in models.items()}
    return [models[key]["name"] for key in TopologicalSorter(parents).static_order()]
