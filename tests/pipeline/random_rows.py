"""The facts of random companies as the rows that the models read."""

import duckdb
import pyarrow as pa

from tests.oracle import Event, Table, by_role
from tests.pipeline.random_companies import TABLE, Company

EVENTS = {  # by table: who stands in an event, and what is known of it, in the order of the mart's columns
    "team_delivery": (
        ("author", "reviewer", "merger", "asker", "reverted"),
        (
            "seconds",
            "hit",
            "change_pickup",
            "change_review",
            "change_size",
            "change_large",
            "change_self_merged",
            "change_another_round",
            "change_revert",
        ),
    ),
    "team_review": (("reviewer", "author"), ("review_first", "review_commented")),
    "team_tasks": (("assignee",), ("seconds", "task_cycle", "task_bug", "task_reopened", "task_unplanned")),
    "team_dora": (
        ("author", "deployer", "mender", "responder"),
        (
            "shipped_lead",
            "shipped_wait",
            "shipped_linked",
            "deployment_failed",
            "deployment_rework",
            "deployment_told",
            "recovery_time",
        ),
    ),
}
RELATIONS = {
    "staging.stg_ops__calendar": "period_start date, period_end date, iso_year integer, block integer, "
    "block_start date",
    "intermediate.int_periods": "table_name varchar, period_start date, period_end date, iso_year integer",
    "intermediate.int_units": "period_start date, unit_id varchar, parent_id varchar, unit_level varchar",
    "intermediate.int_members": "period_start date, team_id varchar, person_key varchar",
    "intermediate.int_ledger": "table_name varchar, quantity varchar, role varchar, period_start date, "
    "team_id varchar, person_key varchar, value bigint",
    "intermediate.int_constants": "table_name varchar, quantity varchar, role varchar, iso_year integer, clip double, "
    "base bigint",
    "marts.mart_delivery": "period_start date, team_id varchar, author_key varchar, reviewer_key varchar, "
    "merger_key varchar, asker_key varchar, reverted_key varchar, cycle_seconds bigint, is_unreviewed boolean, "
    "pickup_seconds bigint, review_seconds bigint, changed_lines bigint, is_large boolean, is_self_merged boolean, "
    "is_another_round boolean, is_revert boolean",
    "marts.mart_review": "period_start date, team_id varchar, reviewer_key varchar, author_key varchar, "
    "first_review_seconds bigint, is_commented boolean",
    "marts.mart_tasks": "period_start date, team_id varchar, assignee_key varchar, lead_seconds bigint, "
    "cycle_seconds bigint, is_bug boolean, is_reopened boolean, is_unplanned boolean",
    "marts.mart_dora": "period_start date, team_id varchar, author_key varchar, deployer_key varchar, "
    "mender_key varchar, responder_key varchar, lead_seconds bigint, wait_seconds bigint, "
    "is_linked boolean, is_failed boolean, is_rework boolean, is_told boolean, recovery_seconds bigint",
}


def fill(connection: duckdb.DuckDBPyConnection, companies: list[Company]) -> None:
    """The rows that the models read, in a database attached as `vault`."""
    rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in RELATIONS}
    for one in companies:
        for name, blocks in one.blocks.items():
            for (quantity, year), rule in one.rules[name].items():
                of, role = _line(TABLE[name], quantity)
                rows["intermediate.int_constants"].append((name, of, role, year, float(rule.clip), rule.base))
            for block in blocks:
                rows["intermediate.int_periods"].append((name, block.start, block.end, block.iso_year))
                rows["intermediate.int_ledger"] += [
                    (name, *_line(TABLE[name], quantity), block.start, team, person, value)
                    for quantity, teams in block.did.items()
                    for team, done in teams.items()
                    for person, value in done.items()
                ]
                if name in EVENTS:
                    roles, facts = EVENTS[name]
                    rows[name.replace("team_", "marts.mart_")] += [
                        (block.start, team, *map(e.roles.get, roles), *(_fact(e, fact) for fact in facts))
                        for team, found in block.events.items()
                        for e in found
                    ]
        for block in next(iter(one.blocks.values())):
            rows["intermediate.int_units"] += [(block.start, n, u.parent, u.level) for n, u in block.units.items()]
            rows["intermediate.int_members"] += [
                (block.start, leaf, person) for leaf, found in block.members.items() for person in found
            ]
            rows["staging.stg_ops__calendar"].append((block.start, block.end, block.iso_year, 1, block.home))
    for schema in {name.split(".")[0] for name in RELATIONS} | {"protected"}:
        connection.execute(f"create schema vault.{schema}")
    for name, content in rows.items():
        connection.execute(f"create table vault.{name}({RELATIONS[name]})")
        kinds_of = [column.split() for column in RELATIONS[name].split(", ")]
        columns = dict(zip((column for column, _ in kinds_of), zip(*content, strict=True), strict=True))
        connection.register("given", pa.table({column: pa.array(values) for column, values in columns.items()}))
        connection.execute(f"insert into vault.{name} select * from given")
    connection.unregister("given")


def _fact(event: Event, name: str) -> int | bool | None:
    return getattr(event, name) if name in ("seconds", "hit") else event.facts.get(name)


def _line(table: Table, quantity: str) -> tuple[str, str]:
    """A quantity and the role of the people it is counted for, as the ledger has them."""
    for stage in table.stages:
        for role in stage.others:
            if quantity == by_role(stage.quantity, role):
                return stage.quantity, role
    roles = {
        "team_review": "reviewer",
        "team_tasks": "assignee",
        "team_wip": "holder",
        "team_dora": "deployer",
        "team_ci": "starter",
    }
    return quantity, roles.get(table.name, "author")
