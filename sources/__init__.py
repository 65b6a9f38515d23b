"""The door: what is read from a company's systems, and what becomes of it before the first byte is written.

The declarations live in `sources.systems`; the one verb is `sources.extract.extract`. Nothing here knows Dagster,
DuckDB or the gate.
"""
