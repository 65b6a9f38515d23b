"""What Dagster knows of Quorum, as a table of contents. Importing it does nothing; settings are read when Dagster
asks.
"""

from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from orchestration.settings import Settings


def definitions_of(settings: "Settings") -> dg.Definitions:
    """One night: extract, build, judge, publish, and say what failed."""
    from orchestration.alerts import night_failed
    from orchestration.gate import gate_assets
    from orchestration.night import night_asset
    from orchestration.raw import raw_assets
    from orchestration.releasing import release_assets
    from orchestration.transform import built_checks, dbt_assets_of, tables_of

    tables = tables_of(settings)
    raw = raw_assets(settings)
    dbt = dbt_assets_of(settings)
    gate = gate_assets(settings, tables)
    release = release_assets(settings, tables)
    night = night_asset(settings, tables, after=[*dbt.keys, *gate.keys, *release.keys])
    nightly = dg.define_asset_job("nightly", selection=dg.AssetSelection.all(), executor_def=dg.in_process_executor)
    return dg.Definitions(
        assets=[*raw, dbt, gate, release, night],
        asset_checks=[built_checks(settings, tables)],
        jobs=[nightly],
        schedules=[
            dg.ScheduleDefinition(
                name="nightly",
                job=nightly,
                cron_schedule=settings.schedule.cron,
                execution_timezone=settings.schedule.time_zone,
                default_status=dg.DefaultScheduleStatus.RUNNING,
            )
        ],
        sensors=[night_failed],
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The definitions of this deployment: quorum.yaml in the working folder, or where QUORUM_CONFIG says."""
    from orchestration.config import load

    return definitions_of(load())
