"""A run that failed is logged: one line with what failed, for whoever reads the daemon's log. No webhook is called."""

import dagster as dg


@dg.run_failure_sensor(name="night_failed", default_status=dg.DefaultSensorStatus.RUNNING, minimum_interval_seconds=60)
def night_failed(context: dg.RunFailureSensorContext) -> None:
    """Say which run failed, and why."""
    reasons = [f"{event.step_key}: {reason(event)}" for event in context.get_step_failure_events()]
    context.log.error(
        "run %s of %s failed: %s", context.dagster_run.run_id, context.dagster_run.job_name, "; ".join(reasons)
    )


def reason(event: dg.DagsterEvent) -> str:
    """What a step raised, without the words that Dagster puts around it."""
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    text = error.message.strip() if error else "failed"
    return text.partition(": ")[2] or text
