"""A run that failed is logged: one line with what `night` said, for whoever reads the daemon's log. No webhook is
called.
"""

import dagster as dg


@dg.run_failure_sensor(name="night_failed", default_status=dg.DefaultSensorStatus.RUNNING, minimum_interval_seconds=60)
def night_failed(context: dg.RunFailureSensorContext) -> None:
    """Say which run failed, and why."""
    errors = [event.event_specific_data for event in context.get_step_failure_events()]
    reasons = [error.error.message.strip() for error in errors if isinstance(error, dg.StepFailureData) and error.error]
    context.log.error(
        "run %s of %s failed: %s", context.dagster_run.run_id, context.dagster_run.job_name, "; ".join(reasons)
    )
