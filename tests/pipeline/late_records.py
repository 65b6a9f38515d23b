"""Raw rows as they trickle in over some nights: late, changed afterwards, deleted; by a seed."""

import datetime as dt
from dataclasses import dataclass

import duckdb

KEYS = {
    "github_changes": ("change_key", "updated_at"),
    "github_reviews": ("review_key", "submitted_at"),
    "github_commits": ("commit_key", "committed_at"),
    "jira_issues": ("issue_key", "created_at"),
    "jira_transitions": ("transition_key", '"at"'),
    "actions_runs": ("run_key", "completed_at"),
}
EARLIER = {  # what a record said before it was changed
    "github_changes": "merged_at - interval 40 day as merged_at, additions + 7 as additions",
    "github_reviews": "'commented' as state, submitted_at + interval 3 hour as submitted_at",
    "github_commits": "authored_at - interval 5 day as authored_at",
    "jira_issues": "'other' as resolution, created_at - interval 9 day as created_at",
    "jira_transitions": "'indeterminate' as to_category",
    "actions_runs": "'cancelled' as conclusion",
}


@dataclass(frozen=True, slots=True)
class Trickle:
    """Which rows are there on which night, counted from 0: a tenth late, a tenth changed, a tenth deleted."""

    connection: duckdb.DuckDBPyConnection  # the vault, in which all rows stand
    seed: int
    nights: int

    def keep(self) -> None:
        """Put all rows aside."""
        for table in KEYS:
            self.connection.execute(f"create temp table whole_{table} as select * from vault.raw.{table}")

    def arrive(self, night: int, clock: dt.datetime) -> None:
        """Make `raw` what it is on a night."""
        for table, (key, at) in KEYS.items():
            chance = f"hash({key}, {self.seed}) % 100"
            turn = f"(1 + hash({key}, {self.seed}, 'night') % {self.nights - 1})"
            there = (
                f"{at} <= timestamp '{clock}' and not ({chance} < 10 and {turn} > {night}) "
                f"and not ({chance} >= 90 and {turn} <= {night})"
            )
            is_old = f"({chance} >= 10 and {chance} < 20 and {turn} > {night})"
            self.connection.execute(f"delete from vault.raw.{table}")
            for replaced, which in ((f"replace ({EARLIER[table]})", is_old), ("", f"not {is_old}")):
                self.connection.execute(
                    f"insert into vault.raw.{table} by name "
                    f"select * {replaced} from whole_{table} where {there} and {which}"
                )
