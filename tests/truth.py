"""The company's own account of what happened, as the oracle takes it: periods that are settled at a clock.

The files say when and who; blocks and weeks are counted here, by the calendar alone. A team counts as existing in a
block when somebody was in it on the block's first day.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from tests.oracle import Block, Event, Unit

SETTLED = dt.timedelta(days=8)  # after the last day: seven full days
WEEK = dt.timedelta(weeks=1)
KINDS = {
    "change_merged": "team_delivery",
    "change_unreviewed": "team_delivery",
    "change_pickup": "team_delivery",
    "change_review": "team_delivery",
    "change_size": "team_delivery",
    "change_large": "team_delivery",
    "change_self_merged": "team_delivery",
    "change_another_round": "team_delivery",
    "change_revert": "team_delivery",
    "review_given": "team_review",
    "review_first": "team_review",
    "review_commented": "team_review",
    "task_completed": "team_tasks",
    "task_cycle": "team_tasks",
    "task_bug": "team_tasks",
    "task_reopened": "team_tasks",
    "task_unplanned": "team_tasks",
    "item_open": "team_wip",
    "item_task": "team_wip",
    "item_idle": "team_wip",
    "change_shipped": "team_dora",
    "shipped_lead": "team_dora",
    "shipped_wait": "team_dora",
    "shipped_linked": "team_dora",
    "deployment": "team_dora",
    "deployment_rework": "team_dora",
    "deployment_failed": "team_dora",
    "deployment_told": "team_dora",
    "recovery": "team_dora",
    "recovery_time": "team_dora",
    "run_completed": "team_ci",
    "run_success": "team_ci",
    "run_rerun": "team_ci",
    "run_queue": "team_ci",
    "run_green": "team_ci",
}
TIMED = (
    "change_merged",
    "review_given",
    "task_completed",
    "item_open",
    "change_shipped",
    "deployment",
    "recovery",
    "run_completed",
)
STOCKS = ("team_wip",)  # what is open at the end of each week: a period has that of its last


def block_start(day: dt.date) -> dt.date:
    """Four ISO weeks; the fifty-third joins the last four."""
    year, week, _ = day.isocalendar()
    return dt.date.fromisocalendar(year, min((week - 1) // 4, 12) * 4 + 1, 1)


def week_start(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def block_end(start: dt.date) -> dt.date:
    after = start + 4 * WEEK
    return (after if block_start(after) == after else after + WEEK) - dt.timedelta(days=1)


def spans(block: dt.date, weekly: bool) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last day of each period of a block."""
    if not weekly:
        yield block, block_end(block)
        return
    start = block
    while start <= block_end(block):
        yield start, start + WEEK - dt.timedelta(days=1)
        start += WEEK


def blocks(folder: Path, table: str, clock: dt.date, weekly: bool = False) -> list[Block]:
    """The settled periods of one basis, oldest first, from that in which anything was done."""
    members = by_block(rows(folder, "members"))
    did = quantities(folder, table, weekly)
    happened = events(folder, table, weekly)
    parents = {row["team"]: row["parent"] for row in rows(folder, "hierarchy")}
    first = min(start for found in did.values() for start in found)
    return [
        Block(
            start=start,
            end=end,
            iso_year=start.isocalendar().year,
            units=tree(parents, members[block]),
            members=members[block],
            did={quantity: found.get(start, {}) for quantity, found in did.items()},
            events=happened.get(start, {}),
            block=block if weekly else None,
        )
        for block in sorted(members)
        for start, end in spans(block, weekly)
        if start >= first and end + SETTLED <= clock
    ]


def rows(folder: Path, name: str) -> list[dict]:
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


def by_block(listed: list[dict]) -> dict[dt.date, dict[str, frozenset[str]]]:
    found: dict[dt.date, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in listed:
        found[row["period_start"]][row["team"]].add(row["person"])
    return {start: {team: frozenset(people) for team, people in teams.items()} for start, teams in found.items()}


def tree(parents: dict[str, str | None], members: dict[str, frozenset[str]]) -> dict[str, Unit]:
    """The organisation, all groups, and the teams with somebody in them."""
    groups = {parent for parent in parents.values() if parent and parents[parent] is not None}
    found = {}
    for name, parent in parents.items():
        if parent is None:
            found[name] = Unit("org", None)
        elif name in groups:
            found[name] = Unit("group", parent)
        elif name in members:
            found[name] = Unit("team", parent)
    return found


def quantities(folder: Path, table: str, weekly: bool) -> dict[str, dict[dt.date, dict[str, dict[str, int]]]]:
    found: dict = defaultdict(lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(int))))
    for row in rows(folder, "totals"):
        if row["mart"] == table and counts(table, row["week"], weekly):
            start = row["week"] if weekly else block_start(row["week"])
            found[row["measure"]][start][row["team"]][row["person"]] += row["quantity"]
    return found


def counts(table: str, week: dt.date, weekly: bool) -> bool:
    """Whether a week's figures are a period's."""
    return weekly or table not in STOCKS or block_start(week + WEEK) == week + WEEK


def events(folder: Path, table: str, weekly: bool) -> dict[dt.date, dict[str, list[Event]]]:
    """One event a subject, from its rows: one for each role, one for whether it was a hit, one for each other fact."""
    parts: dict[str, list[dict]] = defaultdict(list)
    for row in rows(folder, "events"):
        if KINDS[row["kind"]] == table:
            parts[row["subject"]].append(row)
    found: dict = defaultdict(lambda: defaultdict(list))
    for listed in parts.values():
        timed = next(row for row in listed if row["kind"] in TIMED)
        event = Event(
            roles={row["role"]: row["actor"] for row in listed},
            seconds=None if timed["value"] is None else int(timed["value"]),
            hit=any(row["kind"] == "change_unreviewed" and row["value"] for row in listed),
            facts={
                row["kind"]: None if row["value"] is None else int(row["value"])
                for row in listed
                if row["kind"] not in (*TIMED, "change_unreviewed")
            },
        )
        period = week_start if weekly else block_start
        if not counts(table, week_start(timed["at"].date()), weekly):
            continue
        found[period(timed["at"].date())][timed["team"]].append(event)
    return found
