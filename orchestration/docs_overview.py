"""What the docs of a release say beside dbt's descriptions: the greeting, and the tables that the publisher adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Node = dict[str, Any]

ADDED = {
    "units": (
        "The units and from when to when they stood where they stand. Grain: one row per unit and time.",
        {
            "unit_id": ("varchar", "The unit."),
            "parent_id": ("varchar", "The unit above it."),
            "unit_level": ("varchar", "org, group, team or rest."),
            "unit_name": ("varchar", "Its name."),
            "valid_from": ("date", "First day of the first period."),
            "valid_to": ("date", "Day after the last period; NULL while it stands."),
        },
    ),
    "periods": (
        "Which periods of which table are released. Grain: one row per table and period.",
        {
            "table_name": ("varchar", "The table."),
            "period_start": ("date", "First day of the period: a Monday."),
            "period_end": ("date", "Last day of the period, inclusive."),
            "release_id": ("varchar", "The release that brought it as it is; it has not changed since."),
        },
    ),
    "metric_dictionary": (
        "What every measure counts, what it leaves out, what it is no use for. Grain: one row per table and measure.",
        {
            "name": ("varchar", "The measure: a column of the table."),
            "table_name": ("varchar", "The table."),
            "unit": ("varchar", "What its numbers are of: changes, hours, percent …"),
            "question": ("varchar", "The question that it answers."),
            "formula": ("varchar", "How it is worked out."),
            "definition": ("varchar", "Where the definition comes from, and how it departs from there."),
            "counted": ("varchar", "What is counted."),
            "not_counted": ("varchar", "What is left out."),
            "limits": ("varchar", "What it does not show."),
            "source": ("varchar", "The systems whose data it rests on."),
            "protection": (
                "varchar",
                "How it is protected: by the policy in force when the release was made, and the year's constants.",
            ),
            "not_for": ("varchar", "What it must not be used for."),
        },
    ),
    "releases": (
        "The register: all releases, the newest last, each naming the one before. `quorum verify` re-checks it. "
        "Grain: one row per release.",
        {
            "release_id": ("varchar", "The day and a counter."),
            "released_on": ("date", "The day."),
            "action": ("varchar", "publish, restate or retract."),
            "reason": ("varchar", "Why something was restated or retracted: one of a few words."),
            "policy": ("varchar", "Digest of the policy it was judged by."),
            "contents": ("varchar", "Digests of what it brought, by table and first day of the period, as JSON."),
            "trees": ("varchar", "Digests of the tree of units, by first day of the period, as JSON."),
            "files": ("varchar", "SHA-256 of the release's files, by path, as JSON."),
            "previous": ("varchar", "Digest of the entry before; NULL in the first."),
            "digest": ("varchar", "SHA-256 of the entry's canonical JSON without this column."),
        },
    ),
    "movers": (
        "How many people and accounts moved with a block, in bands. Grain: one row per block.",
        {
            "period_start": ("date", "First day of the block."),
            "changed_team": ("varchar", "People who are in another team than in the block before."),
            "joined": ("varchar", "People who are in a team and were in none."),
            "left_out": ("varchar", "People who are in none and were in a team."),
            "changed_account": ("varchar", "Accounts that are another person's than in the block before."),
        },
    ),
}
OVERVIEW = """# What Quorum publishes

Welcome. These are all the tables in `quorum.duckdb` and, under the same names, in `parquet/`. They show how teams'
work flows, and never a person: **a number stands here only when a quorum of people stands behind it.**

{tables}

Start with [`{first}`](#!/model/model.quorum.{first}). The key of every team table is `(period_start, unit_id)`; a
period is four ISO weeks, or one, in the organisation's time zone. The newest period, with the names of its units:

```sql
select units.unit_name, rows.*
from {first} as rows
join units
    on units.unit_id = rows.unit_id
    and rows.period_start >= units.valid_from
    and (rows.period_start < units.valid_to or units.valid_to is null)
where rows.period_start = (select max(period_start) from {first})
order by rows.unit_level, units.unit_name
```

The search above finds tables, columns and what they mean. The round button in the corner shows what a table is made
from, by name, and what is made of it: [the manager's page](#!/exposure/exposure.quorum.report).

## How to read a row

- **`published` or `withheld`.** A withheld row has empty measures. There is one status for every reason, on purpose:
  the reason itself would tell something. An empty measure in a published row means the same.
- **Rest rows.** Where a team alone would show too little company it stands with others in `rest:<group>` (or in
  `rest:org`), as one number. `cells` says which teams stand in which row.
- **Atoms.** A row of a team, or of a rest, is an atom: published whole and never divided. Totals are sums of the
  published atoms below them, so tables add up and nothing else is in them.
- **Counts** are rounded, and each person counts up to the organisation's usual amount. **Hours** are medians on a
  ladder of steps of about a quarter. **Rates** come in steps, of 5 unless the policy is stricter: the lowest reads
  "at most 5", the highest "at least 95".
- A period is published once and does not change, unless `releases` says so, with a reason: restated or retracted.

Do not divide by heads, do not rank teams of different work against each other, and do not read a difference smaller
than the rounding.

## What each measure means

{measures}
"""


def greeting(nodes: Mapping[str, Node], twins: Sequence[str], dictionary: Sequence[Mapping[str, object]]) -> Node:
    """The page that the docs open with; `twins` are the keys of the protected models among `nodes`."""
    names = [nodes[key]["name"] for key in twins if nodes[key]["name"] != "cells"]
    first = next((name for name in ("team_delivery", *names) if name in names), "units")
    return {
        "name": "__overview__",
        "package_name": "quorum",
        "unique_id": "doc.quorum.__overview__",
        "resource_type": "doc",
        "block_contents": OVERVIEW.format(first=first, tables=_tables(nodes), measures=_measures(dictionary, names)),
    }


def _tables(nodes: Mapping[str, Node]) -> str:
    """A line a table, the teams' first: its name, which leads to its page, and what it tells."""
    tables = [node for node in nodes.values() if node["schema"] == "main"]
    return "\n".join(
        f"- [`{node['name']}`](#!/model/{node['unique_id']}): {node['description'].split('. ')[0]}."
        for node in sorted(tables, key=lambda node: (not node["name"].startswith("team_"), node["name"]))
    )


def _measures(dictionary: Sequence[Mapping[str, object]], names: Sequence[str]) -> str:
    texts = []
    for row in dictionary:
        if row["table_name"] in names:
            lines = [f"- **{key.replace('_', ' ')}**: {row[key]}" for key in row if key not in ("name", "table_name")]
            texts.append("\n".join([f"### `{row['table_name']}.{row['name']}`", *lines]))
    return "\n\n".join(texts) or "See the table `metric_dictionary`."
