"""What the vault calls people and their accounts: the keys that must not leave it, either."""

from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KEYS = {
    "vault.intermediate.int_ledger": "person_key",
    "vault.intermediate.int_members": "person_key",
    "vault.intermediate.int_accounts": "account_key",
    "vault.raw.roster_members": "person_key",
    "vault.raw.roster_accounts": "account_key",
}


def pseudonyms(connection: "DuckDBPyConnection") -> list[str]:
    """Every key of a person or an account; none where a table cannot be asked, which other rules refuse."""
    found: set[str] = set()
    for relation, column in KEYS.items():
        try:
            rows = connection.execute(f"select distinct {column} from {relation}").fetchall()
        except duckdb.Error:
            continue
        found.update(key for (key,) in rows if key)
    return sorted(found)
