"""A company as the door leaves it: `raw` and `ops` of the vault, keys instead of names."""

import datetime as dt
from typing import TYPE_CHECKING

import pyarrow as pa

from orchestration import placements
from orchestration.tables import make_ops, make_raw, set_clock
from sources.minimise import Pseudonyms
from sources.roster import Roster
from sources.systems import load

if TYPE_CHECKING:
    import duckdb

    from tests.attacks.companies import Company

Rows = list[dict[str, object]]
SYSTEMS = ("github", "jira", "git", "actions", "events", "deployments")
ALWAYS = dt.date(2015, 1, 5)
DIRECT = ":direct"


def write(company: "Company", connection: "duckdb.DuckDBPyConnection") -> None:
    """All tables that the models read, whole."""
    systems = {name: load(name) for name in SYSTEMS}
    schemas = {name: table.schema for name, table in Roster((), (), (), frozenset(), ()).tables(_nobody()).items()}
    for system in systems.values():
        schemas |= {system.table(stream.name): stream.schema for stream in system.streams}
    make_ops(connection)
    make_raw(connection, schemas)
    as_of = dt.datetime.combine(company.blocks[-1].period_end + dt.timedelta(days=company.asked_after), dt.time())
    set_clock(connection, as_of)
    _insert(
        connection,
        "ops.reads",
        [_read(system.name, s.name, as_of) for system in systems.values() for s in system.streams],
    )
    seals = company.released.items()
    _insert(connection, "ops.sealed", [{"table_name": name, "period_start": start} for name, start in seals])
    answers = _github(company) | _actions(company) | _events(company) | _jira(company)
    for table, rows in (_roster(company) | answers).items():
        _insert(connection, f"raw.{table}", rows)
    placements.keep(connection)


def _nobody() -> Pseudonyms:
    return Pseudonyms(bytes(32))


def _insert(connection: "duckdb.DuckDBPyConnection", table: str, rows: Rows) -> None:
    if rows:
        connection.register("given", pa.Table.from_pylist(rows))
        connection.execute(f"insert into vault.{table} by name from given")
        connection.unregister("given")


def _read(system: str, stream: str, through: dt.datetime) -> dict[str, object]:
    return {"system": system, "stream": stream, "read_through": through, "status": "ok", "reason": None, "at": through}


def _roster(company: "Company") -> dict[str, Rows]:
    units: Rows = [_unit(company.root, None, "org", ALWAYS)]
    for group, teams in company.groups.items():
        units.append(_unit(group, company.above.get(group, company.root), "group", ALWAYS))
        for team in (name for name in teams if not name.endswith(DIRECT)):
            born = company.born.get(team)
            units.append(_unit(team, group, "team", ALWAYS if born is None else company.blocks[born].period_start))
    members: Rows = []
    for person, team in company.people.items():
        begin, now = company.joined.get(person, ALWAYS), team
        for mover, to, day in sorted(company.moves, key=lambda move: move[2]):
            if mover == person and now is not None:
                members.append(_member(person, now, begin, day))
                begin, now = day, to
        if now is not None:
            members.append(_member(person, now, begin, None))
    accounts: Rows = [{"account_key": person, "person_key": person} for person in company.people]
    accounts += [{"account_key": account, "person_key": person} for account, person in company.accounts.items()]
    return {"roster_units": units, "roster_members": members, "roster_accounts": accounts}


def _unit(unit: str, parent: str | None, level: str, begin: dt.date) -> dict[str, object]:
    return {
        "unit_id": unit,
        "parent_id": parent,
        "unit_level": level,
        "unit_name": unit,
        "valid_from": begin,
        "valid_to": None,
    }


def _member(person: str, team: str, begin: dt.date, end: dt.date | None) -> dict[str, object]:
    return {"person_key": person, "unit_id": team.removesuffix(DIRECT), "valid_from": begin, "valid_to": end}


def _github(company: "Company") -> dict[str, Rows]:
    changes: Rows = []
    reviews: Rows = []
    commits: Rows = []
    for number, change in enumerate(company.changes):
        key, began = f"c{number}", change.merged_at - dt.timedelta(hours=change.hours)
        opened = began + (change.merged_at - began) / 4
        who = {"author_key": change.author, "author_is_bot": False}
        here = {"change_key": key, "repository_key": "r"}
        changes.append(
            here
            | who
            | {"merged_by_key": change.author, "merged_by_is_bot": False, "is_draft": False, "is_base_default": True}
            | {"created_at": opened, "ready_at": opened, "merged_at": change.merged_at, "closed_at": change.merged_at}
            | {"additions": change.additions, "deletions": change.deletions}
            | {"is_revert": False, "reverts_key": None, "merge_commit_key": f"m{number}"}
        )
        commit = {"commit_key": f"k{number}", "author_is_bot": False, "authored_at": began, "committed_at": began}
        commits.append({"change_key": key} | commit)
        if change.reviewer is not None:
            seen = opened + (change.merged_at - opened) / 2
            by = {"reviewer_key": change.reviewer, "reviewer_is_bot": False, "state": "approved", "submitted_at": seen}
            reviews.append({"change_key": key, "review_key": f"v{number}"} | by)
    return {
        "github_repositories": [{"repository_key": "r"}],
        "github_changes": changes,
        "github_reviews": reviews,
        "github_commits": commits,
    }


def _actions(company: "Company") -> dict[str, Rows]:
    """Runs after each merge, and on three of four changes: every fifth fails, every third of these is repeated."""
    runs: Rows = []
    for number, change in enumerate(company.changes):
        for event, at in (
            ("change", change.merged_at - dt.timedelta(hours=change.hours) / 2),
            ("push", change.merged_at),
        ):
            place = 2 * number + (event == "push")
            if event == "change" and number % 4 == 1:
                continue
            here = {
                "run_key": f"w{place}",
                "repository_key": "r",
                "workflow_key": "w",
                "event": event,
                "created_at": at,
            }
            here |= {"starter_key": change.author, "starter_is_bot": False, "is_default_branch": event == "push"}
            for attempt in (1, 2) if place % 15 == 0 else (1,):
                began = at + dt.timedelta(hours=attempt - 1)
                ended = began + dt.timedelta(minutes=5 + place % 50)
                conclusion = "failure" if place % 5 == 0 and attempt == 1 else "success"
                times = {"started_at": began, "completed_at": ended}
                runs.append(here | times | {"attempt": attempt, "conclusion": conclusion})
    return {"actions_runs": runs}


def _events(company: "Company") -> dict[str, Rows]:
    """A machine deploys two of three changes soon after their merge, unless somebody does; every seventh breaks
    something, told or not. What is deployed beside them is another service's.

    Not each change by itself: then deployments would be changes, the same work published in two partitions, which the
    gate refuses as an identity.
    """
    deployments: Rows = []
    incidents: Rows = []
    for number, change in enumerate(company.changes):
        if number % 3 == 2 and not change.deployer:
            continue
        at = change.merged_at + dt.timedelta(hours=2)
        here = {"deployment_key": f"d{number}", "service_key": f"s{number % 3}", "repository_key": "r"}
        here |= {"commit_key": f"m{number}", "fixes_key": None, "started_at": None}
        here |= {"deployer_key": change.deployer}
        deployments.append(here | {"environment": "production", "status": "success", "finished_at": at})
        if number % 7 == 0:
            told = {"incident_key": f"n{number}", "service_key": f"s{number % 3}"}
            told |= {"caused_by_key": f"d{number}" if number % 2 else None, "opened_at": at}
            incidents.append(told | {"resolved_at": at + dt.timedelta(hours=1 + number % 9)})
    deployments += _by_hand(company)
    return {"events_deployments": deployments, "events_deployed_changes": [], "events_incidents": incidents}


def _by_hand(company: "Company") -> Rows:
    here = {"service_key": "s3", "repository_key": None, "commit_key": None, "started_at": None}
    here |= {"environment": "production", "status": "success"}
    rows: Rows = []
    for number, one in enumerate(company.deployments):
        key = f"e{number}"
        rows.append(
            here | {"deployment_key": key, "fixes_key": None, "deployer_key": one.deployer, "finished_at": one.at}
        )
        if one.mender:
            again = one.at + dt.timedelta(hours=one.hours)
            rows.append(
                here | {"deployment_key": f"{key}m", "fixes_key": key, "deployer_key": one.mender, "finished_at": again}
            )
    return rows


def _jira(company: "Company") -> dict[str, Rows]:
    issues: Rows = []
    transitions: Rows = []
    for number, task in enumerate(company.tasks):
        here = {"issue_key": f"i{number}"}
        began = task.done_at - dt.timedelta(hours=task.hours)
        issues.append(
            here
            | {"issue_type": "task", "status_category": "done", "resolution": "done", "created_at": began}
            | {"resolved_at": task.done_at, "updated_at": task.done_at, "assignee_key": task.assignee}
            | {"assignee_is_bot": False}
        )
        for step, (before, after, at) in enumerate(
            (("new", "indeterminate", began + (task.done_at - began) / 3), ("indeterminate", "done", task.done_at))
        ):
            transitions.append(
                here
                | {"transition_key": f"i{number}.{step}", "field": "status", "at": at}
                | {"from_category": before, "to_category": after, "from_assignee_key": None, "to_assignee_key": None}
            )
    incidents = _answered(company, issues)
    return {"jira_issues": issues, "jira_transitions": transitions, "jira_incidents": incidents}


def _answered(company: "Company", issues: Rows) -> Rows:
    """The incidents of what was deployed by hand, and an issue for each."""
    rows: Rows = []
    for number, one in enumerate(company.deployments):
        if one.responder:
            end = one.at + dt.timedelta(hours=one.hours)
            here = {"issue_key": f"n{number}"}
            rows.append(here | {"service_key": "s3", "opened_at": one.at, "resolved_at": end})
            issues.append(
                here
                | {
                    "project_key": "j",
                    "issue_type": "other",
                    "status_category": "done",
                    "resolution": "done",
                    "created_at": one.at,
                }
                | {"resolved_at": end, "updated_at": end, "assignee_key": one.responder, "assignee_is_bot": False}
            )
    return rows
