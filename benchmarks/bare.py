"""What a night in Dagster and dbt costs before it does anything: as many empty assets in process, and one `dbt parse`.

Run as a process of its own (`python -m benchmarks.bare ASSETS WORK`), because a night is one as well: both pay for
their imports. `WORK` keeps dbt's partial parse, as a home does between nights.
"""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent / "dbt_project"


def main(assets: int, work: Path) -> None:
    """An in-process job of empty assets on an instance of its own, then dbt in a process of its own."""
    import dagster as dg

    def empty(number: int) -> dg.AssetsDefinition:
        @dg.asset(name=f"empty_{number}")
        def nothing() -> None:
            pass

        return nothing

    definitions = dg.Definitions(
        assets=[empty(number) for number in range(assets)],
        jobs=[dg.define_asset_job("bare", executor_def=dg.in_process_executor)],
    )
    storage = work / "dagster"
    storage.mkdir(parents=True, exist_ok=True)
    with dg.DagsterInstance.local_temp(str(storage)) as instance:
        done = definitions.get_job_def("bare").execute_in_process(instance=instance)
    if not done.success:
        raise SystemExit(1)
    dbt = [sys.executable, "-m", "dbt.cli.main", "--quiet", "parse", "--target", "static"]
    where = [
        "--project-dir",
        str(PROJECT),
        "--profiles-dir",
        str(PROJECT),
        "--target-path",
        str(work / "target"),
        "--log-path",
        str(work),
    ]
    subprocess.run([*dbt, *where], check=True, capture_output=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
