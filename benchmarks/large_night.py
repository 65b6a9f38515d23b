"""A whole night of a large company on which a block is published: `python -m benchmarks.large_night [TEAMS [BLOCKS]]`.

The company of `long_history`, 2,000 teams unless told, with a roster file that names everybody. The first night
publishes a history of 26 blocks; then a block is over, and that night is measured: the job `nightly` as a process, over
the encrypted vault, without the steps that read systems. What those would take is reckoned, from the rows of a working
day and a rate of RESULTS.md (a). Seconds are walls and, beside them, those of processors, of dbt's process too; a peak
is that of the night's own process while a step ran.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.history import inside, streams_of
from benchmarks.long_history import LAST, MEMBERS, ROWS, a_block_of, found, news, read_at, settled
from benchmarks.process import run
from orchestration.config import load
from orchestration.raw import schemas
from orchestration.vault import opened

if TYPE_CHECKING:
    import duckdb

    from orchestration.settings import Settings

CONFIG = """
roster: roster.yaml
systems:
  github: {url: "http://127.0.0.1:1/github", organisation: acme, token: QUORUM_GITHUB_TOKEN}
  actions: {url: "http://127.0.0.1:1/github", organisation: acme, token: QUORUM_GITHUB_TOKEN}
  jira: {url: "http://127.0.0.1:1/jira", user: QUORUM_JIRA_USER, token: QUORUM_JIRA_TOKEN}
  events: {files: [events.jsonl]}
"""
ROWS_A_SECOND = 9_000  # the slower of both systems of RESULTS.md (a), with no latency
NIGHT = "from benchmarks.large_night import night; night()"
TOLD = Path("told.json")
GIB = 2**20  # KiB


Spent = tuple[float, float]  # wall and processor seconds


def now() -> Spent:
    """Both clocks of this process; children count when they have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.monotonic(), sum(one.ru_utime + one.ru_stime for one in used)


def less(after: Spent, before: Spent) -> Spent:
    """What was spent between."""
    return after[0] - before[0], after[1] - before[1]


class Clocks:
    """Listens to a night: seconds of each step and of each table's judgement, and the peak memory of each step."""

    def __init__(self) -> None:
        self.told: dict[str, Spent] = {}
        self.peaks: dict[str, float] = {}
        self._begun: dict[str, Spent] = {}
        self._part, self._since = "", (0.0, 0.0)

    def step(self, name: str, done: int | None = None, total: int | None = None, note: str = "") -> None:
        """A step has begun or has come further: to a table, or to the next node."""
        self._close()
        if name not in self._begun:
            self._begun[name] = now()
            Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        self._part, self._since = f"{name} {note}" if note and name == "gate" else "", now()

    def end(self, name: str, note: str = "") -> None:
        """A step has ended."""
        self._close()
        self.told[name] = less(now(), self._begun.get(name, now()))
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        self.peaks[name] = int(status.partition("VmHWM:")[2].split()[0]) / GIB

    def _close(self) -> None:
        if self._part:
            self.told[self._part] = less(now(), self._since)
        self._part = ""


def main() -> None:
    """Found the company, publish its history, and measure the night of one block more."""
    teams, blocks = (int(word) for word in [*sys.argv[1:], *("2000", "26")[len(sys.argv) - 1 :]])
    with TemporaryDirectory() as folder, inside(Path(folder), CONFIG) as settings:
        Path("roster.yaml").write_text(roster(teams), encoding="utf-8")
        changes = blocks * a_block_of(teams)
        with _vault(settings, -2) as connection:
            found(connection, changes, teams, blocks)
        _say(f"the first night of {teams} teams, {teams * MEMBERS} people, {changes} changes", _night())
        with _vault(settings, -1) as connection:
            before = _rows(connection)
            news(connection, changes, teams)
            day = (_rows(connection) - before) / (LAST.period_end - LAST.period_start).days * 7 / 5
        begun = now()
        _read_roster(settings)
        reckoned = day / ROWS_A_SECOND
        reading = {"roster read": less(now(), begun), "a day's news, reckoned": (reckoned, reckoned)}
        _say(f"the night of a block of {a_block_of(teams)} changes, {day:.0f} rows on a working day", _night(), reading)


def night() -> None:
    """One night in this process; what it took is left in the working folder."""
    from orchestration.definitions import definitions_of
    from orchestration.instance import instance
    from orchestration.nightly import JOB, QUIET
    from orchestration.progress import told_to

    settings, clocks = load(Path("quorum.yaml"), Path("home")), Clocks()
    definitions = definitions_of(settings)
    job = definitions.resolve_job_def(JOB)
    keys = [key for key in job.asset_layer.executable_asset_keys if key.path[0] != "raw"]
    with instance(settings) as store, told_to(clocks):
        result = job.execute_in_process(instance=store, raise_on_error=False, run_config=QUIET, asset_selection=keys)
    with opened(settings) as vault:
        from orchestration.night import faults
        from orchestration.transform import tables_of

        wrong = faults(vault.connection, settings, tables_of(settings))
    told = {"spent": clocks.told, "peaks": clocks.peaks, "faults": wrong, "green": result.success}
    TOLD.write_text(json.dumps(told))


def roster(teams: int) -> str:
    """Everybody with a name, a login, an address and an account of Jira, in JSON, which is YAML."""
    since = "2015-01-05"
    groups = [{"id": f"g{i}", "name": f"Group {i}", "from": since} for i in range(teams // 10)]
    units = [{"id": f"t{i}", "name": f"Team {i}", "group": f"g{i % len(groups)}", "from": since} for i in range(teams)]
    people = [
        {
            "person": f"person-{i:05}",
            "name": f"{word(i)} {word(i * 7919 + 13)}".title(),
            "accounts": {
                "github": [f"{word(i)}-{word(i + 101)}{i}"],
                "jira": [f"712020:{i * 2654435761 % 2**32:08x}-{i:04x}-4a11-8b22-{i * 40503:012x}"],
                "email": [f"{word(i)}.{word(i * 7919 + 13)}{i}@acme.example"],
            },
            "teams": [{"team": f"t{i % teams}", "from": since}],
        }
        for i in range(teams * MEMBERS)
    ]
    organisation = {"id": "acme", "name": "Acme"}
    return json.dumps({"organisation": organisation, "groups": groups, "teams": units, "people": people})


def word(number: int) -> str:
    """A made-up word of eight letters."""
    parts = [number * 2654435761 >> shift for shift in (2, 9, 15, 21)]
    return "".join("bdfgklmnprstvz"[part % 14] + "aeiou"[part // 14 % 5] for part in parts)


@contextmanager
def _vault(settings: Settings, block: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """The vault, at the night on which this block is due."""
    with opened(settings, schemas(settings)) as vault:
        vault.set_clock(settled(block))
        yield vault.connection
        read_at(vault.connection, streams_of(settings), settled(block))


def _rows(connection: duckdb.DuckDBPyConnection) -> int:
    counts = [connection.execute(f"select count(*) from vault.raw.{table}").fetchone() for table in ROWS]
    return sum(int(row[0]) for row in counts if row)


def _read_roster(settings: Settings) -> None:
    from orchestration.roster_file import read_roster
    from sources.minimise import Pseudonyms

    read_roster(settings).tables(Pseudonyms(bytes(32)))


def _night() -> dict[str, Spent]:
    """A night as a process: what each step took."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    measured = run([sys.executable, "-c", NIGHT], Path.cwd(), environment)
    if measured.status:
        raise SystemExit(f"a night ended with {measured.status}")
    told = json.loads(TOLD.read_text())
    if not told["green"]:
        raise SystemExit("\n".join(told["faults"]))
    peaks = ", ".join(f"{step} {peak:.2f}" for step, peak in told["peaks"].items())
    print(f"peak GiB: {peaks}; with dbt beside it {measured.peak / 2**30:.2f}")
    return {"night": (measured.wall, measured.cpu), **told["spent"]}


def _say(title: str, night: dict[str, Spent], reading: dict[str, Spent] | None = None) -> None:
    """What each part took, and its share of the night with what was reckoned."""
    print(title)
    added = list((reading or {}).values())
    wall, cpu = (night["night"][at] + sum(one[at] for one in added) for at in (0, 1))
    for name, spent in (night | (reading or {})).items():
        shares = f"{spent[0]:.1f} s ({spent[0] / wall:.1%}), of CPU {spent[1]:.1f} s ({spent[1] / cpu:.1%})"
        print(f"  {name}: {shares}", flush=True)


if __name__ == "__main__":
    main()
