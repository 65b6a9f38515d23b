"""The company's own account of what happened, as the oracle takes it: blocks that are settled at a clock.

The files say when and who; blocks are counted here, by the calendar alone. A team counts as existing in a block when
somebody was in it on the block's first day.
"""

import datetime as dt
from collections import defaultdict
from pathlib import Path

import pyarrow.parquet as pq

from tests.oracle import Block, Event, Unit

SETTLED = dt.timedelta(days=8)  # after the last day: seven full days
KINDS = {"change_merged": "team_delivery", "change_unreviewed": "team_delivery", "task_completed": "team_tasks"}


def block_start(day: dt.date) -> dt.date:
    """Four ISO weeks; the fifty-third joins the last four."""
    year, week, _ = day.isocalendar()
    return dt.date.fromisocalendar(year, min((week - 1) // 4, 12) * 4 + 1, 1)


def block_end(start: dt.date) -> dt.date:
    after = start + dt.timedelta(weeks=4)
    return (after if block_start(after) == after else after + dt.timedelta(weeks=1)) - dt.timedelta(days=1)


def blocks(folder: Path, table: str, clock: dt.date) -> list[Block]:
    """The settled blocks of one basis, oldest first."""
    members = by_block(rows(folder, "members"))
    did = quantities(folder, table)
    happened = events(folder, table)
    parents = {row["team"]: row["parent"] for row in rows(folder, "hierarchy")}
    return [
        Block(
            start=start,
            end=block_end(start),
            iso_year=start.isocalendar().year,
            units=tree(parents, members[start]),
            members=members[start],
            did={quantity: found.get(start, {}) for quantity, found in did.items()},
            events=happened.get(start, {}),
        )
        for start in sorted(members)
        if block_end(start) + SETTLED <= clock
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


def quantities(folder: Path, table: str) -> dict[str, dict[dt.date, dict[str, dict[str, int]]]]:
    found: dict = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    for row in rows(folder, "totals"):
        if row["mart"] == table:
            found[row["measure"]][row["period_start"]][row["team"]][row["person"]] = row["quantity"]
    return found


def events(folder: Path, table: str) -> dict[dt.date, dict[str, list[Event]]]:
    """One event a subject, from its rows: one for each role, and one more for whether it was a hit."""
    parts: dict[str, list[dict]] = defaultdict(list)
    for row in rows(folder, "events"):
        if KINDS[row["kind"]] == table:
            parts[row["subject"]].append(row)
    found: dict = defaultdict(lambda: defaultdict(list))
    for listed in parts.values():
        timed = next(row for row in listed if row["kind"] != "change_unreviewed")
        event = Event(
            roles={row["role"]: row["actor"] for row in listed},
            seconds=None if timed["value"] is None else int(timed["value"]),
            hit=any(row["kind"] == "change_unreviewed" and row["value"] for row in listed),
        )
        found[block_start(timed["at"].date())][timed["team"]].append(event)
    return found
