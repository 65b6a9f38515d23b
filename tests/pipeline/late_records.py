"""Raw rows as they trickle in over some nights: late, changed afterwards, deleted; by a seed."""

import datetime as dt
from dataclasses import dataclass

import duckdb

ALWAYS = "timestamp '2000-01-01'"  # of what has no time of its own
KEYS = {
    "github_changes": ("change_key", "coalesce(merged_at, created_at)"),
    "github_reviews": ("review_key", "submitted_at"),
    "github_commits": ("commit_key", "committed_at"),
    "jira_issues": ("issue_key", "created_at"),
    "jira_transitions": ("transition_key", '"at"'),
    "actions_runs": ("run_key", "completed_at"),
    "git_commits": ("commit_key", "committed_at"),
    "events_deployments": ("deployment_key", "finished_at"),
    "events_deployed_changes": ("change_key", ALWAYS),
    "events_incidents": ("incident_key", "opened_at"),
    "deployments_deployments": ("deployment_key", "finished_at"),
    "deployments_change_services": ("change_key", ALWAYS),
    "jira_incidents": ("issue_key", "opened_at"),
}
EARLIER = {  # what a record said before it was changed
    "github_changes": "merged_at - interval 40 day as merged_at, additions + 7 as additions",
    "github_reviews": "'commented' as state, submitted_at + interval 3 hour as submitted_at",
    "github_commits": "authored_at - interval 5 day as authored_at",
    "jira_issues": "'other' as resolution, created_at - interval 9 day as created_at",
    "jira_transitions": "'indeterminate' as to_category",
    "actions_runs": "'cancelled' as conclusion",
    "git_commits": "additions + 7 as additions",
    "events_deployments": "'failure' as status",
    "events_deployed_changes": "change_key || '?' as change_key",
    "events_incidents": "null as resolved_at",
    "deployments_deployments": "'other' as environment",
    "deployments_change_services": "service_key || '?' as service_key",
    "jira_incidents": "null as resolved_at",
}
NUMBER = "cast(change_key[2:] as integer)"
SPREAD = (
    # Every other change is of a repository with two services, of which GitHub tells; machines write there, too.
    f"update vault.raw.github_changes set repository_key = 'g', author_is_bot = {NUMBER} % 13 = 0, "
    f"is_revert = {NUMBER} % 5 = 0 where {NUMBER} % 2 = 1",
    "insert into vault.raw.deployments_services values "
    "('g', 'g', true, 'deployments'), ('g', 'a', false, 'deployments'), ('g', 'b', false, 'deployments')",
    "insert into vault.raw.deployments_change_services select change_key, unnest(case "
    f"{NUMBER} % 3 when 0 then ['a', 'b'] when 1 then ['a'] else ['b'] end) from vault.raw.github_changes "
    f"where repository_key = 'g' and {NUMBER} % 5 > 0",
    # One of the services goes out three weeks after the other.
    "insert into vault.raw.deployments_deployments by name with found as "
    "(select *, cast(deployment_key[2:] as integer) as n from vault.raw.events_deployments) "
    "select deployment_key, 'deployments' as told_by, ['a', 'b', 'g'][1 + n // 2 % 3] as service_key, "
    "'g' as repository_key, commit_key, environment, status, "
    "finished_at + case when n // 2 % 3 = 1 then interval 21 day else interval 0 day end as finished_at "
    "from found where n % 2 = 1",
    "delete from vault.raw.events_deployments where cast(deployment_key[2:] as integer) % 2 = 1",
    # Some are triggered by people, mend another, or name their changes; some incidents are long, some are Jira's.
    "update vault.raw.events_deployments as d set deployer_key = c.author_key from vault.raw.github_changes as c "
    f"where c.merge_commit_key = d.commit_key and {NUMBER} % 8 = 0",
    "update vault.raw.events_deployments set fixes_key = 'd' || (cast(deployment_key[2:] as integer) - 6) "
    "where cast(deployment_key[2:] as integer) % 18 = 6",
    "insert into vault.raw.events_deployed_changes select deployment_key, unnest(["
    "'c' || deployment_key[2:], 'c' || (cast(deployment_key[2:] as integer) - 2)]) "
    "from vault.raw.events_deployments where cast(deployment_key[2:] as integer) % 4 = 0",
    "update vault.raw.events_incidents set resolved_at = resolved_at + interval 25 day "
    "where cast(incident_key[2:] as integer) % 3 = 0",
    "insert into vault.raw.jira_incidents select 'j' || deployment_key, service_key, "
    "finished_at + interval 1 hour, finished_at + interval 30 day from vault.raw.deployments_deployments "
    "where cast(deployment_key[2:] as integer) % 9 < 3",
    # What git alone tells of.
    "insert into vault.raw.git_commits by name select 'z' || commit_key as commit_key, 'alone' as repository_key, "
    "changes.author_key, commits.author_is_bot, authored_at, committed_at, false as is_merge, "
    "hash(commit_key) % 90 as additions, hash(commit_key) % 40 as deletions from vault.raw.github_commits as commits "
    "join vault.raw.github_changes as changes using (change_key) where cast(change_key[2:] as integer) % 3 = 0",
)


def spread(connection: duckdb.DuckDBPyConnection) -> None:
    """Have every system tell of a part of what a made-up company does."""
    for statement in SPREAD:
        connection.execute(statement)


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
