"""What Dagster knows of Quorum, as a table of contents. Importing it does nothing; settings are read when Dagster
asks.
"""

from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

    from orchestration.settings import Settings


def definitions_of(settings: "Settings") -> dg.Definitions:
    """One night: extract, build, judge, publish, and say what failed; beside it the weekly drill and the audit."""
    from orchestration import audit, drill
    from orchestration.alerts import night_failed
    from orchestration.doubts_check import doubts_check
    from orchestration.gate import gate_assets
    from orchestration.night import night_asset
    from orchestration.raw import raw_assets
    from orchestration.releasing import release_assets
    from orchestration.transform import built_checks, dbt_assets_of, tables_of

    tables = tables_of(settings)
    met: set[str] = set()  # accounts seen at the door this run: the gate looks for them, nobody writes them down
    raw = raw_assets(settings, met)
    dbt = dbt_assets_of(settings)
    gate = gate_assets(settings, tables, met)
    release = release_assets(settings, tables, met)
    night = night_asset(settings, tables, after=[*dbt.keys, *gate.keys, *release.keys])
    apart = dg.AssetSelection.assets(drill.DRILL, audit.AUDIT)
    nightly = _job("nightly", dg.AssetSelection.all() - apart)
    drilling = _job(drill.JOB, dg.AssetSelection.assets(drill.DRILL))
    auditing = _job(audit.JOB, dg.AssetSelection.assets(audit.AUDIT))
    return dg.Definitions(
        assets=[*raw, dbt, gate, release, night, drill.drill_asset(settings, tables), audit.audit_asset(settings)],
        asset_checks=[built_checks(settings, tables), doubts_check(settings)],
        jobs=[nightly, drilling, auditing],
        schedules=[
            _schedule(settings, nightly, settings.schedule.cron),
            _schedule(settings, drilling, drill.SUNDAY),
            _schedule(settings, auditing, audit.MONTHLY),
        ],
        sensors=[night_failed],
        executor=dg.in_process_executor,
    )


def _job(name: str, selection: dg.AssetSelection) -> "UnresolvedAssetJobDefinition":
    return dg.define_asset_job(name, selection=selection, executor_def=dg.in_process_executor)


def _schedule(settings: "Settings", job: "UnresolvedAssetJobDefinition", cron: str) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name=job.name,
        job=job,
        cron_schedule=cron,
        execution_timezone=settings.schedule.time_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The definitions of this deployment: quorum.yaml in the working folder, or where QUORUM_CONFIG says."""
    from orchestration.config import load

    return definitions_of(load())
