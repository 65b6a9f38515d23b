"""Attacks 10 to 13: whoever may look at logs, artefacts and Dagster's storage, on a night that goes wrong.

An error may quote the record that it choked on. Here every error does, at the door of every source and in the gate.
"""

import logging
import traceback
from dataclasses import replace
from datetime import date

import dagster as dg
import pytest

from expectations.suites import assess
from expectations.verdict import Finding
from orchestration.config import load
from orchestration.instance import instance
from orchestration.raw import AS_OF, raw_assets
from orchestration.redact import redacted
from sources import minimise as door
from sources.minimise import Pseudonyms, minimise
from sources.sandbox.server import serve
from sources.sandbox.settings import Sandbox
from sources.stream import Kind
from sources.systems import load as system
from sources.systems import names
from sources.values import Values
from tests.pipeline.built import ROOT, TOKENS
from tests.pipeline.leaks import found, needles

CANARY = "zelda.quorvath"
UNTIL = date(2024, 12, 2)
STREAMS = [(name, stream) for name in sorted(names()) for stream in system(name).streams]
JUNK = (CANARY, f"2026-01-{CANARY}", [CANARY], {CANARY: CANARY}, f"9{CANARY}", 10**40)


class Anything(dict):
    """A record that has whatever is asked for."""

    def __init__(self, junk):
        super().__init__()
        self.junk = junk

    def __missing__(self, key):
        return self.junk

    def get(self, key, default=None):
        return super().get(key, self.junk)

    def __contains__(self, key):
        return True


def spoilt(stream, junk):
    """A record in which every path leads to this."""
    record = Anything(junk)
    for column in stream.columns:
        for path in filter(None, (column.path, *(account.path for account in column.accounts))):
            *way, last = path.split(".")
            at = record
            for step in way:
                at = at.setdefault(step, Anything(junk)) if isinstance(at, dict) else {}
            at[last] = junk
    return record


@pytest.mark.attack(13)
@pytest.mark.parametrize(("name", "stream"), [pytest.param(n, s, id=f"{n}.{s.name}") for n, s in STREAMS])
def test_a_malformed_record_is_refused_without_its_words(name, stream, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    said, refused = [], 0
    stream = replace(stream, keep=None)  # also what would be dropped
    for junk in JUNK:
        try:
            with redacted():
                values = Values([spoilt(stream, junk)], Values([spoilt(stream, junk)]))
                said.append(str(minimise(stream, values, Pseudonyms(bytes(32))).to_pylist()))
        except Exception as error:  # noqa: BLE001 whatever it is, it may not quote
            refused += 1
            said += traceback.format_exception(error)
    out = capfd.readouterr()
    assert refused
    for text in (*said, out.out, out.err, caplog.text):
        assert CANARY not in text.casefold()


@pytest.mark.attack(10, 11, 12, 13)
def test_an_exception_at_the_door_of_every_source_leaves_nothing_in_dagsters_storage(tmp_path, monkeypatch, capfd):
    def quoting(column, values, pseudonyms):
        raise RuntimeError(f"could not convert {CANARY}: {values!r}")

    for name, value in TOKENS.items():
        monkeypatch.setenv(name, value)
    with serve(Sandbox(until=UNTIL)) as world:
        text = (ROOT / "quorum.yaml").read_text().replace("8787", world.url.rpartition(":")[2])
        (tmp_path / "quorum.yaml").write_text(text)
        settings = load(tmp_path / "quorum.yaml", home=tmp_path / "home")
        monkeypatch.setitem(door.MAKERS, Kind.KEY, quoting)
        with instance(settings) as storage:
            run = dg.materialize(
                raw_assets(settings, set()), instance=storage, tags={AS_OF: UNTIL.isoformat()}, raise_on_error=False
            )
    failed = {check.asset_key.path[1] for check in run.get_asset_check_evaluations() if not check.passed}
    assert failed == set(settings.systems)
    out = capfd.readouterr()
    assert CANARY not in out.out + out.err
    vault, key = settings.home / "vault", settings.home / "key"
    assert found([tmp_path], needles([CANARY]), leave_out=[vault, key]) == []


@pytest.mark.attack(11)
def test_great_expectations_is_given_counts_alone(capfd):
    """What it keeps, prints or says in a traceback is made of these four fields, none of which could hold a value."""
    findings = [Finding("detectors.identifier", "team_delivery", "(unregistered)", 3)]
    assert Finding.__slots__ == ("rule", "table", "column", "count")
    assert assess(findings, ("detectors", "shape")) == {"detectors": False, "shape": False}
    out = capfd.readouterr()
    assert "value" not in out.out.casefold() + out.err.casefold()
