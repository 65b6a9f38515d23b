"""Write the vault anew when it has grown above its live size: a checkpoint alone never shrinks a DuckDB file.

The new file is written beside the old one and takes its place by one rename, so a kill leaves the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.keys import obtain
from orchestration.vault import attach, connect, locked, take, told, without_remains

if TYPE_CHECKING:
    import duckdb

    from orchestration.settings import Settings

BLOAT = 1.5  # times its live size
SMALL = 32 * 2**20  # bytes below which it is not worth it


def rewrite(settings: Settings) -> bool:
    """Write the file anew when it has grown above its live size: a checkpoint alone never shrinks it."""
    path = settings.vault_file
    with locked(settings), told(path):
        keys = obtain(settings)
        connection = connect(settings)
        try:
            attach(connection, path, keys)
            connection.execute("checkpoint vault")
            if not _bloated(connection):
                return False
            fresh = without_remains(settings)
            attach(connection, fresh, keys, alias="fresh")
            connection.execute("copy from database vault to fresh")
            connection.execute("checkpoint fresh")  # closing swallows a failed one, and leaves the rows in the log
        finally:
            connection.close()
        take(fresh, path)
        return True


def _bloated(connection: duckdb.DuckDBPyConnection) -> bool:
    row = connection.execute(
        "select block_size * total_blocks, block_size * used_blocks from pragma_database_size() "
        "where database_name = 'vault'"
    ).fetchone()
    return row is not None and row[0] > SMALL and row[0] > BLOAT * row[1]
