"""dbt's build of a night over a short, a long and a very long history: `python -m benchmarks.history [CHANGES…]`.

Each history is built once (the first night), sealed, and then gets the news of one block, the same for all. Builds are
processes of their own over the encrypted vault, as in a night, without the extraction, the gate and the release. The
first build stands beside the same aggregations by hand (benchmarks/by_hand.py), in DuckDB with the same memory and
threads. Seconds of the clock, and of the processor behind them: other work on the machine moves the first alone.
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

from benchmarks.by_hand import work_out
from benchmarks.long_history import found, news, read_at, settled
from benchmarks.process import Measured, run
from orchestration.config import load
from orchestration.dbt_manifest import manifest
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
build(settings, key, [], lambda node: None if node.good else bad.append(f"{node.name} {node.fault or node.status}"))
raise SystemExit(", ".join(bad) or None)
"""
PLAIN = "from benchmarks.history import plain; plain()"
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
    """The same aggregations by hand, over the raw rows of the vault in the working folder."""
    with opened(load(Path("quorum.yaml"), Path("home"))) as vault:
        work_out(vault.connection)


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
        raise SystemExit(f"a build ended with {one.status}: {one.last_words}")
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
    table = Table(
        title="dbt build over a history, the night's news the same (4,000 changes); seconds, and CPU seconds",
        title_justify="left",
    )
    titles = ("changes", "vault GiB", "first", "by hand", "ratio", "night", "of the first row's", "peak GiB")
    for name in titles:
        table.add_column(name, justify="right")
    least = min(results[0].night, results[0].again, key=_wall)
    for one in results:
        night = min(one.night, one.again, key=_wall)
        peak = max(build.peak for build in (one.first, one.night, one.again)) / 2**30
        table.add_row(
            f"{one.changes:,}",
            f"{one.gigabytes:.1f}",
            _seconds(one.first),
            _seconds(one.by_hand),
            _ratio(one.first, one.by_hand),
            _seconds(night),
            _ratio(night, least),
            f"{peak:.2f}",
        )
    console.print(table)


def _wall(one: Measured) -> float:
    return one.wall


def _seconds(one: Measured) -> str:
    return f"{one.wall:.1f} ({one.cpu:.1f})"


def _ratio(one: Measured, other: Measured) -> str:
    return f"{one.wall / other.wall:.1f} ({one.cpu / other.cpu:.1f})"


if __name__ == "__main__":
    main()
