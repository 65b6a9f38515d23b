"""Extraction as Dagster assets: `raw/roster`, and one multi-asset a system with `raw/<system>/<stream>`.

A system that is down does not raise: what was read stays, its check `read` fails, its tables wait and the others go
on. A roster that cannot be used does raise: without it nobody can be protected, and nothing is built or published.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import dagster as dg

from orchestration import reads
from orchestration.clock import midnight
from orchestration.connections import connection, declared
from orchestration.errors import ConfigError
from orchestration.gathering import gathered
from orchestration.progress import listener, since
from orchestration.publish import repair
from orchestration.redact import band, redacted
from orchestration.roster_file import read_roster
from orchestration.vault import Vault, opened, told
from orchestration.writing import replace_all, write
from sources.errors import SourceError
from sources.limits import Counters
from sources.minimise import Pseudonyms

if TYPE_CHECKING:
    import pyarrow as pa

    from orchestration.settings import Settings
    from sources.extract import Extraction
    from sources.stream import System

AS_OF = "quorum/as_of"  # the run's tag that holds the clock
ROSTER_KEY = dg.AssetKey(["raw", "roster"])
MEGABYTE = 10**6  # in bytes, even a band would tell one person's change on a quiet night
SHOWN = 5  # warnings on the terminal; all of them stand beside the asset
Step = Iterator[dg.MaterializeResult[None]]


def raw_assets(settings: "Settings", met: set[str]) -> list[dg.AssetsDefinition]:
    """The roster and the systems that quorum.yaml names; `met` gathers the accounts seen at the door, in memory."""
    return [_roster(settings), *(_system(settings, declared(name), met) for name in settings.systems)]


def schemas(settings: "Settings") -> dict[str, "pa.Schema"]:
    """The tables of `raw`, by name."""
    from sources.roster import Roster

    roster = Roster((), (), (), frozenset(), ()).tables(Pseudonyms(bytes(32)))
    found = {name: table.schema for name, table in roster.items()}
    for name in settings.systems:
        system = declared(name)
        found.update({system.table(stream.name): stream.schema for stream in system.streams})
    return found


def clock_of(context: dg.AssetExecutionContext) -> datetime:
    """The clock of a run: its tag, else the day on which the run was made."""
    tag = context.run.tags.get(AS_OF)
    if tag:
        return midnight(datetime.fromisoformat(tag).date())
    record = context.instance.get_run_record_by_id(context.run_id)
    made = record.create_timestamp if record else datetime.now(UTC)
    return midnight(made.astimezone(UTC).date())


def _roster(settings: "Settings") -> dg.AssetsDefinition:
    @dg.multi_asset(
        name="raw_roster",
        group_name="raw",
        specs=[dg.AssetSpec(ROSTER_KEY, description="Who is in which team, from when to when: pseudonymous.")],
    )
    def roster(context: dg.AssetExecutionContext) -> Step:
        with redacted(), opened(settings, schemas(settings)) as vault:
            listener().step("raw/roster")
            begin(vault, context)
            repair(vault.connection, settings.published)
            tables, warnings = _read_roster(settings, vault)
            listener().end("raw/roster", "; ".join(["read", *warnings[:SHOWN]]))
            yield dg.MaterializeResult(
                asset_key=ROSTER_KEY,
                metadata={
                    **{name: band(table.num_rows) for name, table in tables.items()},
                    "warnings": listed(warnings),
                },
            )

    return roster


def listed(warnings: Sequence[str]) -> dg.MarkdownMetadataValue:
    """Warnings as the UI shows them."""
    return dg.MetadataValue.md("\n".join(f"- {line}" for line in warnings) or "none")


def begin(vault: Vault, context: dg.AssetExecutionContext) -> datetime:
    """Move the clock to this run's; an earlier one is refused."""
    clock = clock_of(context)
    if vault.clock != clock:
        vault.set_clock(clock)
    return clock


def _pseudonyms(settings: "Settings", vault: Vault) -> Pseudonyms:
    return Pseudonyms(vault.keys.pseudonyms, dict(settings.bots))


def _read_roster(settings: "Settings", vault: Vault) -> tuple[dict[str, "pa.Table"], list[str]]:
    """The roster's tables, written, and its warnings: rows and kinds, no names."""
    clock = vault.clock or midnight(datetime.now(UTC).date())
    try:
        roster = read_roster(settings)
        tables = roster.tables(_pseudonyms(settings, vault))
    except SourceError as error:
        reads.record(vault.connection, clock, [reads.Read(reads.ROSTER, reads.ROSTER, str(error))])
        raise
    with told(settings.vault_file):
        replace_all(vault.connection, tables)
        reads.record(vault.connection, clock, [reads.Read(reads.ROSTER, reads.ROSTER)])
    return tables, [str(warning) for warning in roster.warnings]


def _system(settings: "Settings", system: "System", met: set[str]) -> dg.AssetsDefinition:
    keys = {stream.name: dg.AssetKey(["raw", system.name, stream.name]) for stream in system.streams}

    @dg.multi_asset(
        name=f"raw_{system.name}",
        group_name="raw",
        specs=[dg.AssetSpec(key, kinds={system.name}) for key in keys.values()],
        check_specs=[
            dg.AssetCheckSpec("read", asset=key, description="The stream was read to its end.") for key in keys.values()
        ],
    )
    def stream(context: dg.AssetExecutionContext) -> Step:
        with redacted(), opened(settings, schemas(settings)) as vault:
            begun = time.monotonic()
            clock = begin(vault, context)
            taken = _extracted(settings, system, vault, clock, met)
            reads.record(vault.connection, clock, taken.reads)
            seconds = round(since(begun), -1)  # tens: the time that a system takes follows what people did
            for name, key in keys.items():
                yield dg.MaterializeResult(
                    asset_key=key,
                    metadata={
                        "rows": band(taken.rows[name]),
                        "requests": band(taken.counters.requests),
                        "megabytes": band(taken.counters.bytes // MEGABYTE),
                        "seconds": seconds,
                        **({"warnings": listed(taken.warnings)} if taken.warnings else {}),
                    },
                    check_results=[
                        dg.AssetCheckResult(check_name="read", asset_key=key, passed=name not in taken.failed)
                    ],
                )

    return stream


@dataclass(frozen=True, slots=True)
class Taken:
    """What a system gave, and how the reading of each stream ended."""

    reads: list[reads.Read]
    rows: Counter[str] = field(default_factory=Counter)
    counters: Counters = field(default_factory=Counters)
    warnings: tuple[str, ...] = ()

    @property
    def failed(self) -> set[str]:
        """The streams that were not read to their end."""
        return {read.stream for read in self.reads if read.reason}


def _extracted(settings: "Settings", system: "System", vault: Vault, clock: datetime, met: set[str]) -> Taken:
    """Read a system and write what it gives, page by page."""
    from sources.batches import Pace
    from sources.extract import extract

    step = f"raw/{system.name}"
    pace = Pace(progress=lambda rows, asked: listener().step(step, note=f"{band(rows)} rows, {band(asked)} requests"))
    listener().step(step)
    pseudonyms = _pseudonyms(settings, vault)
    known = reads.state(vault.connection, system.name)
    try:
        run = extract(system, connection(settings, system.name), known, pseudonyms, clock.replace(tzinfo=UTC), pace)
    except (ConfigError, SourceError) as error:
        listener().end(step, "failed")
        return Taken([reads.Read(system.name, stream.name, str(error)) for stream in system.streams])
    rows: Counter[str] = Counter()
    with told(settings.vault_file):
        for group in gathered(system, run.batches):
            write(vault.connection, system, *group)
            for batch in group:
                rows.update({name: table.num_rows for name, table in batch.tables.items()})
    met |= pseudonyms.accounts()
    note = f"{band(rows.total())} rows, {band(run.counters.requests)} requests"
    told_of = [*(["failed"] if run.failures else []), *run.warnings[:SHOWN]]
    listener().end(step, "; ".join([note, *told_of]))
    return Taken(_ended(system, run), rows, run.counters, tuple(run.warnings))


def _ended(system: "System", run: "Extraction") -> list[reads.Read]:
    reasons: dict[str, str] = {}
    for failure in run.failures:
        for name in failure.streams:
            reasons.setdefault(name, str(failure.error))
    return [reads.Read(system.name, stream.name, reasons.get(stream.name, "")) for stream in system.streams]
