"""The company on its bad days, read by every connector and written as a night writes it: what asking again can mend
costs nothing, the rest is told and read the next night. Either way the vault holds what calm days give.
"""

from datetime import UTC, date, datetime, time

import pytest
import yaml

from orchestration import reads
from orchestration.config import load
from orchestration.connections import connection, declared
from orchestration.gathering import gathered
from orchestration.tables import make_ops, make_raw
from orchestration.vault import in_memory
from orchestration.writing import write
from sources.batches import Pace
from sources.extract import extract
from sources.limits import Limits, Time
from sources.minimise import Pseudonyms
from sources.sandbox.faults import KINDS
from sources.sandbox.server import serve
from sources.sandbox.settings import Sandbox
from tests.pipeline.built import ROOT

EARLIER = date(2024, 12, 16)
UNTIL = date(2025, 1, 13)  # nine weeks: lists of more than one page
LIMITS = Limits(attempts=3, read_seconds=1)
SYSTEMS = ("github", "actions", "jira", "git", "deployments", "events")
OFTEN, ONCE = (0, 2, 5, 9, 14, 20), (1,)  # undisturbed requests before each fault
UNSEEN = {"html", "malformed"}  # lines are not asked for again: any of them may be bad
ASKED_AGAIN = [
    (name, kind)
    for name in SYSTEMS
    for kind in sorted(KINDS - {"gone", "refused"} - (UNSEEN if name == "events" else set()))
    if name != "git"  # which asks once
]
TOLD = [
    *((name, "refused", "") for name in SYSTEMS),
    ("actions", "refused", "/runs"),
    *(("events", kind, "") for kind in sorted(UNSEEN)),
    *(("git", kind, "") for kind in sorted({"cut", "down", "error", "half", *UNSEEN})),
]
GONE = (("actions", "web-shop"), ("git", "tooling"))


class Bare:
    """The tables of one system, empty."""

    def __init__(self, settings, name):
        self.settings, self.system = settings, declared(name)
        self.connection = in_memory()
        self.connection.execute("attach ':memory:' as vault")
        make_ops(self.connection)
        make_raw(self.connection, {self.system.table(one.name): one.schema for one in self.system.streams})

    def night(self, until=UNTIL):
        """What it told: failures and warnings."""
        clock = datetime.combine(until, time.min, UTC)
        known = reads.state(self.connection, self.system.name)
        pace = Pace(threads=1, limits=LIMITS, time=Time(sleep=lambda _: None))
        here = connection(self.settings, self.system.name)
        run = extract(self.system, here, known, Pseudonyms(bytes(32)), clock, pace)
        for group in gathered(self.system, run.batches):
            write(self.connection, self.system, *group)
        return [*(str(failure.error) for failure in run.failures), *run.warnings]

    @property
    def rows(self):
        tables = [self.system.table(stream.name) for stream in self.system.streams]
        return {name: self.connection.execute(f"from vault.raw.{name} order by all").fetchall() for name in tables}


@pytest.fixture(scope="module")
def world():
    with serve(Sandbox(until=UNTIL)) as world:
        yield world


@pytest.fixture(scope="module")
def settings(world, tmp_path_factory):
    """Those of the repository, at the company's port; of two repositories' many runs; with a proxy that is not there,
    as loopback needs none."""
    folder = tmp_path_factory.mktemp("deployment")
    given = yaml.safe_load((ROOT / "quorum.yaml").read_text().replace("8787", world.url.rpartition(":")[2]))
    given["systems"]["actions"]["repositories"] = ["web-shop", "edge-gateway"]
    (folder / "quorum.yaml").write_text(yaml.safe_dump(given))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("http_proxy", "http://127.0.0.1:1")
        return load(folder / "quorum.yaml", home=folder / "home")


@pytest.fixture(scope="module")
def calm(settings):
    """What each system tells and gives when nothing goes wrong."""
    bare = {name: Bare(settings, name) for name in SYSTEMS}
    return {name: (one.night(), one.rows) for name, one in bare.items()}


@pytest.fixture(autouse=True)
def over(world):
    yield
    world.faults.replace([])


def test_every_system_is_read_in_more_than_one_page(world, settings, calm):
    assert set(settings.systems) == set(SYSTEMS)
    assert [name for name, (_, tables) in calm.items() if not all(tables.values())] == []
    assert [name for name, (told, _) in calm.items() if told] == ["events"]  # its bad lines
    lists = ((world.company.changes, 50), (world.company.runs, 100), (world.company.issues, 100))
    assert all(max(map(len, listed.values())) > page for listed, page in lists)


@pytest.mark.parametrize(("name", "kind"), ASKED_AGAIN)
def test_what_is_asked_again_is_lost_nowhere_and_stands_nowhere_twice(world, settings, calm, name, kind):
    bare = Bare(settings, name)
    strikes = ONCE if kind == "slow" else OFTEN
    world.faults.replace([{"kind": kind, "after": after, "seconds": 1.5} for after in strikes])
    assert (bare.night(), bare.rows) == calm[name]


def test_news_in_pages_that_overlap_are_what_a_first_night_reads(world, settings, calm):
    bare = {name: Bare(settings, name) for name in SYSTEMS}
    world.change(until=EARLIER)
    for one in bare.values():
        one.night(EARLIER)
    world.change(until=UNTIL)
    world.faults.replace([{"kind": "duplicates"}])
    for name, one in bare.items():
        assert (one.night(), one.rows) == calm[name]


def test_what_nobody_asked_for_changes_nothing(world, settings, calm):
    world.change(canary="kanarienvogel")
    for name in SYSTEMS:
        bare = Bare(settings, name)
        assert (bare.night(), bare.rows) == calm[name]
        assert "kanarienvogel" not in repr(bare.rows)
    world.change(canary=None)


@pytest.mark.parametrize(("name", "kind", "part"), TOLD)
def test_what_fails_is_told_and_read_the_next_night(world, settings, calm, name, kind, part):
    bare = Bare(settings, name)
    world.faults.replace([{"kind": kind, "part": part}])
    assert bare.night() != calm[name][0]
    assert bare.rows != calm[name][1]
    assert (bare.night(), bare.rows) == calm[name]


@pytest.mark.parametrize(("name", "repository"), GONE)
def test_a_repository_that_is_gone_is_told_and_read_when_it_is_back(world, settings, calm, name, repository):
    bare = Bare(settings, name)
    world.faults.replace([{"kind": "gone", "name": repository}])
    assert any("not there" in line for line in bare.night())
    assert bare.rows != calm[name][1]
    world.faults.replace([])
    assert (bare.night(), bare.rows) == calm[name]
