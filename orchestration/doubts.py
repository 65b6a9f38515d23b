"""What is doubtful in the records, and what no number of people counts: each kind with its words, said once, here.

dbt counts (`int_doubts`); a night tells it in its summary and beside the asset, in bands, and is not stopped by it.
A count is of records of a whole stream: it names no person, no team and no thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.redact import band

if TYPE_CHECKING:
    import duckdb

MODEL = "int_doubts"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A kind of doubt: what is so, what comes of it, what to do; `is_apart` where nothing is wrong."""

    name: str
    what: str
    then: str
    remedy: str
    is_apart: bool = False


DOUBTS = (
    Doubt(
        "machine",
        "by machines",
        "counted apart: in no number of people; a deployment counts for who wrote the newest change in it",
        "Nothing. A person among them has an account that looks like a machine's.",
        is_apart=True,
    ),
    Doubt(
        "nobody",
        "by deleted or anonymous accounts, or assigned to nobody",
        "in no number",
        "Nothing: many people may stand behind one such account.",
        is_apart=True,
    ),
    Doubt(
        "before_roster",
        "from before the roster begins",
        "in no number: nobody had a team then",
        "Where older periods are wanted, say in the roster since when its people are where they are.",
        is_apart=True,
    ),
    Doubt(
        "in_no_roster",
        "by accounts in no roster",
        "in no number",
        "Add the accounts to the people they belong to, or leave them out if they are not yours.",
    ),
    Doubt(
        "in_no_team",
        "by people who had no team on the first day of their four weeks",
        "in no number",
        "Look at the dates of memberships; newcomers count from their first whole four weeks on.",
    ),
    Doubt(
        "in_the_future",
        "with a time after the clock",
        "in no number until then; a length that ends before it begins is left out",
        "Look at the clock of the machine that wrote them.",
    ),
    Doubt(
        "long_ago",
        "with a time more than 30 years ago",
        "a first commit counts for 90 days at most; whatever else lies there is in no period",
        "Look at the clock of the machine that wrote them, or at what an import has left empty.",
    ),
    Doubt(
        "merged_before_opened",
        "merged before they were opened",
        "their times are taken as they are",
        "Look at how they were imported.",
    ),
    Doubt(
        "size_unknown",
        "without the number of their lines",
        "in no size and in no sum of lines; they are counted as merged",
        "Nothing: it is asked for again when the change is updated.",
    ),
    Doubt(
        "commits_after_merge",
        "with no commit from before their merge",
        "no cycle time and no stages; they are counted as merged",
        "Look at the clocks of those who commit, or at a history that was rewritten after the merge.",
    ),
    Doubt(
        "commits_long_before",
        "begun more than 90 days before they were opened",
        "the first commit counts as 90 days before",
        "Nothing, unless they are many: then look for wrong clocks.",
        is_apart=True,
    ),
    Doubt(
        "reviewed_before_ready",
        "first reviewed while they were drafts",
        "no wait for a review; the time as a draft is writing",
        "Nothing.",
        is_apart=True,
    ),
    Doubt(
        "finished_before_created",
        "finished before they were created",
        "no lead time; they are counted as finished",
        "Look at how they were imported.",
    ),
    Doubt(
        "finished_before_started",
        "finished before work on them began",
        "no cycle time; they are counted as finished",
        "Look at the automation that moves them.",
    ),
    Doubt(
        "moves_contradict",
        "moved out of a status more often than into it, or the other way round",
        "in no share of time; they are counted as finished",
        "Look at how they were imported, or at what the tracker leaves out of their history.",
    ),
    Doubt(
        "status_without_class",
        "in a status of no category",
        "neither in progress nor finished",
        "Give every status of the workflow a category, in Jira.",
    ),
    Doubt(
        "moved_without_class",
        "between statuses of which one has no class",
        "their tasks are in no share of time",
        "`quorum statuses` proposes what to list under `systems.jira.statuses`.",
    ),
    Doubt(
        "holds_no_change",
        "in which no change is known",
        "their changes have no lead time; by a machine, they count for nobody",
        "Tell repository and sha of a commit on the default branch that was merged there, or the changes in them.",
    ),
    Doubt(
        "deployed_before_merged",
        "that ended before what they hold was merged",
        "these changes have no wait for the deployment",
        "Look at the clock of the machine that deploys.",
    ),
    Doubt(
        "not_deployed",
        "merged where there are deployments, and in none of them",
        "no lead time until one holds them",
        "Nothing, unless they are many: then look whether deployments tell repository and sha.",
        is_apart=True,
    ),
    Doubt(
        "before_first_deployment",
        "merged before the first deployment known of what they touch",
        "no lead time: they were in production already, or nobody can tell",
        "Nothing.",
        is_apart=True,
    ),
    Doubt(
        "recovered_before_deployed",
        "mended before the deployment ended that failed",
        "no time to recover",
        "Look at the times of the incident, and at which deployment is said to have caused it.",
    ),
    Doubt(
        "service_never_deployed",
        "of a service that was never deployed",
        "blamed on no deployment, unless they name one",
        "Call the service the same in deployments and incidents.",
    ),
    Doubt(
        "blamed_on_nothing",
        "of no cause told, and no deployment of their service in the day before",
        "blamed on no deployment",
        "Nothing. Where the cause is known, name the deployment in `caused_by`.",
        is_apart=True,
    ),
    Doubt(
        "cause_unknown",
        "that name a deployment nobody knows",
        "blamed on no deployment",
        "Use the id of the deployment in `caused_by`.",
    ),
    Doubt(
        "resolved_before_opened",
        "resolved before they were opened",
        "their times are taken as they are",
        "Look at the times of the system that tells them.",
    ),
    Doubt(
        "open_for_long",
        "open for more than 30 days",
        "the failure is not over, and has no time to recover",
        "Tell the incident again with `resolved_at`, if it is over.",
    ),
    Doubt(
        "ended_before_started",
        "that ended before they started",
        "no duration; they are counted as completed",
        "Look at the clocks of the machines that run them.",
    ),
    Doubt(
        "begun_before_created",
        "whose first job began before they were created",
        "no wait for a machine; they are counted as completed",
        "Look at the clocks of the machines that run them.",
    ),
    Doubt(
        "given_up",
        "cancelled or skipped",
        "in no number: neither a success nor a failure",
        "Nothing.",
        is_apart=True,
    ),
)
KNOWN = {doubt.name: doubt for doubt in DOUBTS}


@dataclass(frozen=True, slots=True)
class Count:
    """How many records of a stream are doubtful in one way."""

    doubt: Doubt
    stream: str
    records: int


def counts(connection: duckdb.DuckDBPyConnection) -> list[Count]:
    """What the last build of dbt counted, in the order of DOUBTS; nothing where it has not been built."""
    there = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'vault' and schema_name = 'intermediate' "
        "and table_name = ?",
        [MODEL],
    ).fetchone()
    if there is None:
        return []
    rows = connection.execute(f"select doubt, stream, records from vault.intermediate.{MODEL}").fetchall()
    places = list(KNOWN)
    rows.sort(key=lambda row: (places.index(row[0]), row[1]))
    return [Count(KNOWN[doubt], stream, records) for doubt, stream, records in rows]


def by_kind(found: Sequence[Count], number: Callable[[int], str]) -> Iterator[tuple[Doubt, str]]:
    """Each kind that there is, with its counts by stream, as numbers are to be told."""
    for doubt in DOUBTS:
        told = [f"{number(one.records)} of {one.stream}" for one in found if one.doubt is doubt]
        if told:
            yield doubt, ", ".join(told)


def lines(found: Sequence[Count]) -> Iterator[str]:
    """One line a kind, for whoever watches a night: counts in bands."""
    return (f"{doubt.what}: {told}; {doubt.then}" for doubt, told in by_kind(found, band))
