"""The wiring: thin; the only place that knows Dagster, the environment and the disk."""
