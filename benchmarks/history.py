"""dbt's build of a night over a short, a long and a very long history: `python -m benchmarks.history [CHANGES…]`.

Each history is built once (the first night), sealed, and then gets the news of one block, the same for all. Builds are
processes of their own over the encrypted vault, as in a night, without the extraction, the gate and the release. The
first build stands beside plain SQL: the marts' own numbers a team and period, by hand, without ledger, atoms,
protection or tests, in DuckDB with the same memory and threads.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from benchmarks.long_history import found, news, read_at, settled
from benchmarks.process import Measured, run
from orchestration.config import load
from orchestration.dbt_process import manifest
from orchestration.raw import schemas
from orchestration.settings import Settings
from orchestration.vault import opened

CONFIG = """
roster: roster.yaml
systems:
  github: {url: "http://127.0.0.1:1/github", organisation: acme, token: QUORUM_GITHUB_TOKEN}
  jira: {url: "http://127.0.0.1:1/jira", user: QUORUM_JIRA_USER, token: QUORUM_JIRA_TOKEN}
"""
SIZES = (100_000, 1_000_000, 10_000_000)
BUILD = """
from pathlib import Path
from orchestration.config import load
from orchestration.dbt_process import build
from orchestration.vault import opened
settings = load(Path("quorum.yaml"), Path("home"))
with opened(settings) as vault:
    key = vault.keys.vault
bad = []
build(settings, key, [], lambda node: None if node.good else bad.append(node.name))
raise SystemExit(", ".join(bad) or None)
"""
PLAIN = "from benchmarks.history import plain; plain()"
HOMES = """
create temp table blocks as
    select period_start, period_end::timestamp + interval 1 day as period_after from vault.ops.calendar;
create temp table homes as
    select account_key, person_key, unit_id as team_id
    from vault.raw.roster_accounts join vault.raw.roster_members using (person_key);
create temp table first_commits as
    select change_key, min(least(authored_at, committed_at)) as first_at from vault.raw.github_commits group by all;
create temp table first_reviews as
    select change_key, min(submitted_at) as reviewed_at, max(submitted_at) as approved_at
    from vault.raw.github_reviews group by all;
create temp table finishes as
    select issue_key, max("at") as finished_at from vault.raw.jira_transitions
    where field = 'status' and to_category = 'done' group by all;
"""
HOUR = "epoch({} - {}) / 3600"
CYCLE = HOUR.format("merged_at", "least(first_at, created_at)")
AGGREGATIONS = {
    "delivery": f"""
        select period_start, team_id, count(*), quantile_cont({CYCLE}, [0.5, 0.75, 0.9]),
            avg((reviewed_at is null)::integer), sum({HOUR.format("ready_at", "first_at")}),
            sum({HOUR.format("reviewed_at", "ready_at")}), sum({HOUR.format("approved_at", "reviewed_at")}),
            sum({HOUR.format("merged_at", "approved_at")})
        from vault.raw.github_changes
        join homes on account_key = author_key
        join blocks on merged_at >= period_start and merged_at < period_after
        left join first_commits using (change_key)
        left join first_reviews using (change_key)
        where not author_is_bot
        group by all""",
    "code_volume": """
        select period_start, team_id, sum(least(additions, 1000)), sum(least(deletions, 1000))
        from vault.raw.github_changes
        join homes on account_key = author_key
        join blocks on merged_at >= period_start and merged_at < period_after
        where not author_is_bot
        group by all""",
    "review": """
        select period_start, team_id, count(*)
        from vault.raw.github_reviews
        join vault.raw.github_changes as changes using (change_key)
        join homes on account_key = reviewer_key
        join blocks on submitted_at >= period_start and submitted_at < period_after
        where author_key <> reviewer_key and not reviewer_is_bot
        group by all""",
    "tasks": f"""
        select period_start, team_id, count(*),
            quantile_cont({HOUR.format("finished_at", "created_at")}, [0.5, 0.75, 0.9])
        from vault.raw.jira_issues
        join finishes using (issue_key)
        join homes on account_key = assignee_key
        join blocks on finished_at >= period_start and finished_at < period_after
        group by all""",
}
SEALED = """
insert into vault.ops.sealed
select table_name, period_start, '', 'benchmark' from vault.intermediate.int_periods
"""


@dataclass(frozen=True)
class Result:
    """One history's builds."""

    changes: int
    first: Measured
    by_hand: Measured
    night: Measured
    again: Measured
    gigabytes: float


def main() -> None:
    """One row a history."""
    sizes = [int(word) for word in sys.argv[1:]] or list(SIZES)
    console = Console(width=130)
    results = []
    for size in sizes:
        with TemporaryDirectory() as folder, inside(Path(folder), CONFIG) as settings:
            results.append(measured(settings, size))
            _say(console, results)


def measured(settings: Settings, changes: int) -> Result:
    """First build, plain SQL, and the night of the news, twice: the first of them parses the project anew."""
    manifest(settings)
    with opened(settings, schemas(settings)) as vault:
        vault.set_clock(settled(-2))
        found(vault.connection, changes)
        read_at(vault.connection, streams_of(settings), settled(-2))
    first, by_hand = _build(), _good(_python(PLAIN))
    with opened(settings) as vault:
        vault.connection.execute(SEALED)
        vault.set_clock(settled(-1))
        news(vault.connection, changes)
        read_at(vault.connection, streams_of(settings), settled(-1))
    return Result(changes, first, by_hand, _build(), _build(), settings.vault_file.stat().st_size / 2**30)


def plain() -> None:
    """The marts' numbers by hand, over the raw rows of the vault in the working folder."""
    settings = load(Path("quorum.yaml"), Path("home"))
    with opened(settings) as vault:
        for statement in filter(str.strip, HOMES.split(";")):
            vault.connection.execute(statement)
        for name, query in AGGREGATIONS.items():
            vault.connection.execute(f"create temp table {name} as {query}")


def streams_of(settings: Settings) -> list[tuple[str, str]]:
    """Every stream that is read, by system."""
    from orchestration.connections import declared

    return [(name, stream.name) for name in settings.systems for stream in declared(name).streams]


def _build() -> Measured:
    return _good(_python(BUILD))


def _python(program: str) -> Measured:
    root = Path(__file__).parent.parent
    return run([sys.executable, "-c", program], Path.cwd(), {**os.environ, "PYTHONPATH": str(root)})


def _good(one: Measured) -> Measured:
    if one.status:
        raise SystemExit(f"a build ended with {one.status}")
    return one


@contextmanager
def inside(folder: Path, config: str) -> Iterator[Settings]:
    """Work in a folder with this configuration."""
    before = Path.cwd()
    (folder / "quorum.yaml").write_text(config)
    os.chdir(folder)
    try:
        yield load(Path("quorum.yaml"), Path("home"))
    finally:
        os.chdir(before)


def _say(console: Console, results: list[Result]) -> None:
    table = Table(title="dbt build over a history, the night's news the same (4,000 changes)", title_justify="left")
    titles = ("changes", "vault GiB", "first s", "by hand s", "ratio", "night s", "of the first row's", "peak GiB")
    for name in titles:
        table.add_column(name, justify="right")
    for one in results:
        night, least = min(one.night.wall, one.again.wall), min(results[0].night.wall, results[0].again.wall)
        peak = max(build.peak for build in (one.first, one.night, one.again)) / 2**30
        numbers = (one.gigabytes, one.first.wall, one.by_hand.wall, one.first.wall / one.by_hand.wall, night)
        table.add_row(f"{one.changes:,}", *(f"{n:.1f}" for n in numbers), f"{night / least:.2f}", f"{peak:.2f}")
    console.print(table)


if __name__ == "__main__":
    main()
