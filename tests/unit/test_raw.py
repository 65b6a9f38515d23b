"""What Dagster is told of the extraction: rows and requests in bands, seconds, warnings by line; nothing else."""

import re
from datetime import date

import dagster as dg
import pytest

from orchestration.config import load
from orchestration.raw import AS_OF, raw_assets
from orchestration.redact import band
from orchestration.vault import opened
from sources.sandbox.server import serve
from sources.sandbox.settings import Sandbox
from tests.pipeline.built import ROOT

UNTIL = date(2024, 12, 2)


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """The settings, and the metadata of each asset after `raw` was materialised alone."""
    folder = tmp_path_factory.mktemp("deployment")
    with serve(Sandbox(until=UNTIL)) as world:
        text = (ROOT / "quorum.yaml").read_text().replace("8787", world.url.rpartition(":")[2])
        (folder / "quorum.yaml").write_text(text)
        settings = load(folder / "quorum.yaml", home=folder / "home")
        with dg.DagsterInstance.ephemeral() as instance:
            run = dg.materialize(raw_assets(settings, set()), instance=instance, tags={AS_OF: UNTIL.isoformat()})
    events = [event.materialization for event in run.get_asset_materialization_events()]
    told = {one.asset_key.to_user_string(): {name: v.value for name, v in one.metadata.items()} for one in events}
    return settings, told


@pytest.mark.attack(51)
def test_rows_and_requests_are_told_in_bands_and_nothing_else_but_seconds_and_warnings(night):
    _, told = night
    streams = {key: metadata for key, metadata in told.items() if key != "raw/roster"}
    needed = {"rows", "requests", "seconds"}
    assert all(needed <= set(one) <= needed | {"megabytes", "warnings"} for one in streams.values())
    assert set(told["raw/roster"]) == {"roster_units", "roster_members", "roster_accounts", "warnings"}
    counts = [value for one in told.values() for name, value in one.items() if name not in {"seconds", "warnings"}]
    assert [one for one in counts if not re.fullmatch("0|<100|[1-9][0-9]0*", one)] == []
    assert all(isinstance(one["seconds"], float) and one["seconds"] >= 0 for one in streams.values())
    assert {key for key, one in streams.items() if "warnings" in one} == {key for key in streams if "events" in key}


def test_the_bands_are_those_of_what_was_written(night):
    settings, told = night
    with opened(settings) as vault:
        for key in ("raw/github/changes", "raw/jira/issues", "raw/git/commits"):
            table = key.removeprefix("raw/").replace("/", "_")
            [count] = vault.connection.execute(f"select count(*) from vault.raw.{table}").fetchone()
            assert told[key]["rows"] == band(count)
        [units] = vault.connection.execute("select count(*) from vault.raw.roster_units").fetchone()
    assert told["raw/roster"]["roster_units"] == band(units)
