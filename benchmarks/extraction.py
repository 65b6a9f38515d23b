"""Extraction against its bare bound, and what a night without news asks for.

Each system is read into a fresh vault and then drained: the same requests with as many threads, answers thrown away.
Both in turn, a few times; medians. The company is a process of its own on loopback, so its time to answer is in both;
once as fast as it can, and once with every answer held back as long as one from the other side of the world.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.drain import Asked, drain, recorded
from orchestration.config import load
from orchestration.connections import connection, declared
from orchestration.gathering import gathered
from orchestration.raw import schemas
from orchestration.reads import state
from orchestration.settings import Settings
from orchestration.vault import opened
from orchestration.writing import write
from sources.extract import Pace, extract
from sources.minimise import Pseudonyms

PORT = 8797
CLOCK = datetime(2026, 11, 9, tzinfo=UTC)
ROUNDS = 3
LATENCIES = (0.0, 0.08)  # seconds
SYSTEMS = ("github", "jira")
CONFIG = """
roster: http://127.0.0.1:{port}/roster.yaml
systems:
  github: {{url: "http://127.0.0.1:{port}/github", organisation: meridian, token: QUORUM_GITHUB_TOKEN}}
  jira: {{url: "http://127.0.0.1:{port}/jira", user: QUORUM_JIRA_USER, token: QUORUM_JIRA_TOKEN}}
sandbox: {{port: {port}}}
"""


@dataclass(frozen=True)
class Read:
    """One reading of one system."""

    seconds: float
    asked: list[Asked]
    rows: int
    scopes: int


@dataclass(frozen=True)
class Figures:
    """What came of a system."""

    system: str
    wall: float
    bound: float
    first: int
    quiet: int
    rows: int
    scopes: int
    items: int

    @property
    def ratio(self) -> float:
        """How many times the bare bound."""
        return self.wall / self.bound


def measured() -> Iterator[Figures]:
    """All systems that speak HTTP."""
    with tempfile.TemporaryDirectory() as folder, company():
        place = Path(folder)
        (place / "quorum.yaml").write_text(CONFIG.format(port=PORT))
        for latency in LATENCIES:
            _hold_back(latency)
            for system in SYSTEMS:
                yield _figures(place / f"{latency:.2f}", place / "quorum.yaml", system)


def _hold_back(seconds: float) -> None:
    import requests

    fault = {"kind": "slow", "times": None, "seconds": seconds}
    requests.post(f"http://127.0.0.1:{PORT}/faults", json=[fault] if seconds else [], timeout=5).raise_for_status()


def _figures(place: Path, config: Path, system: str) -> Figures:
    threads = Pace().threads
    walls, bounds = [], []
    for at in range(ROUNDS):
        settings = load(config, place / f"{system}-{at}")
        first = read(settings, system)
        walls.append(first.seconds)
        bounds.append(drain(first.asked, threads))
    quiet = read(settings, system)
    with opened(settings) as vault:
        items = _count(vault.connection, "github_changes" if system == "github" else "jira_issues")
    wall, bound = statistics.median(walls), statistics.median(bounds)
    return Figures(
        f"{system}, {place.name} s", wall, bound, len(first.asked), len(quiet.asked), first.rows, first.scopes, items
    )


def read(settings: Settings, name: str) -> Read:
    """Read a system into its vault, from where the vault stands."""
    system = declared(name)
    with opened(settings, schemas(settings)) as vault, recorded() as asked:
        known = state(vault.connection, name)
        begun = time.perf_counter()
        pseudonyms = Pseudonyms(vault.keys.pseudonyms)
        run = extract(system, connection(settings, name), known, pseudonyms, CLOCK)
        rows = 0
        for group in gathered(system, run.batches):
            write(vault.connection, system, *group)
            rows += sum(batch.rows for batch in group)
        seconds = time.perf_counter() - begun
        if run.failures:
            raise SystemExit(f"{name}: {run.failures[0].error}")
        query = "select count(distinct scope_key) from vault.ops.cursors where system = ?"
        scopes = vault.connection.execute(query, [name]).fetchone()[0]
    return Read(seconds, list(asked), rows, scopes)


def _count(connection: object, table: str) -> int:
    return connection.execute(f"select count(*) from vault.raw.{table}").fetchone()[0]


@contextmanager
def company() -> Iterator[None]:
    """The made-up company of the default seed, in a process of its own."""
    words = ["sandbox", "serve", "--port", str(PORT), "--until", CLOCK.date().isoformat()]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, "-m", "orchestration", *words], stdout=quiet, stderr=quiet)
    try:
        _await(process)
        yield
    finally:
        process.terminate()
        process.wait()


def _await(process: "subprocess.Popen[bytes]") -> None:
    import requests

    while process.poll() is None:
        try:
            requests.get(f"http://127.0.0.1:{PORT}/healthz", timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the company does not start")
