"""The gate: proves, by its own code and from the ledger, that a table may leave the vault.

It knows nothing of Dagster and nothing of what dbt decided. It is handed a DuckDB connection on which the vault is
attached as `vault`, recomputes what the rules of disclosure say, and answers with counts: never with a value.
"""
