"""The merging in SQL equals the rule done by hand, in many small random companies at once.

The macro is compiled once by dbt and run once by DuckDB: every company has years and unit ids of its own, so that one
query judges them all. The other side is written from the rule alone, with sets, fractions and trial: no running sums,
no cascade, no window.
"""

import json
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
QUANTITIES = {"one": ["done"], "two": ["added", "deleted"]}
COMPANIES, BLOCKS, GAP = 60, 9, 7
INLINE = "{{ atoms('periods', 'units', 'members', 'ledger', 'constants', 'quantities', 'calendar') }}"

RELATIONS = {
    "calendar": "period_start date",
    "periods": "table_name varchar, period_start date, iso_year integer",
    "units": "period_start date, unit_id varchar, parent_id varchar, unit_level varchar",
    "members": "period_start date, team_id varchar, person_key varchar",
    "ledger": "table_name varchar, quantity varchar, period_start date, team_id varchar, person_key varchar, "
    "value bigint",
    "constants": "table_name varchar, quantity varchar, iso_year integer, clip double",
    "quantities": "table_name varchar, quantity varchar",
}


@dataclass(slots=True)
class Company:
    """One made-up organisation: its blocks in order, and per block who is where and who did what."""

    blocks: list[date]
    year: int
    units: dict[date, dict[str, str]] = field(default_factory=dict)  # block -> leaf -> group
    members: dict[date, dict[str, str]] = field(default_factory=dict)  # block -> person -> leaf
    ledger: dict[tuple[str, str, date], dict[str, int]] = field(
        default_factory=dict
    )  # table, quantity, block -> person -> value
    clips: dict[tuple[str, str], float] = field(default_factory=dict)


def _company(number: int) -> Company:
    rng = random.Random(number)
    first = date(2000, 1, 3) + timedelta(days=28 * number * (BLOCKS + GAP))
    company = Company([first + timedelta(days=28 * i) for i in range(BLOCKS)], 3000 + number)
    groups = {f"g{number}.{g}": rng.choice([1, 1, 2, 3, 4]) for g in range(rng.choice([1, 2, 3, 4]))}
    leaves = {f"t{number}.{g[-1]}{t}": g for g, n in groups.items() for t in range(n)}
    born = {leaf: rng.choice([0, 0, 0, 0, 3, 5, 6, 7]) for leaf in leaves}
    sizes = rng.choice([[0, 2, 4, 6, 6, 7, 8, 9], [6, 7], [6], [3, 9]])
    people = {f"p{number}.{leaf}.{i}": leaf for leaf in leaves for i in range(rng.choice(sizes))}
    idle = {person for person in people if rng.random() < rng.choice([0.02, 0.15])}
    gone = {person: rng.choice([1, 2, 3]) if rng.random() < 0.1 else BLOCKS for person in people}
    scale = {person: rng.choice([1, 1, 1, 1, 2, 8]) for person in people}
    for table, quantities in QUANTITIES.items():
        for quantity in quantities:
            if rng.random() < 0.97:
                company.clips[table, quantity] = rng.choice([2.5, 3.2, 5.0, 8.0, 63.0])
    for place, block in enumerate(company.blocks):
        company.units[block] = {leaf: group for leaf, group in leaves.items() if born[leaf] <= place}
        for person, leaf in list(people.items()):
            if rng.random() < 0.02:
                people[person] = rng.choice(list(leaves)) if rng.random() < 0.5 else leaf
        company.members[block] = {p: leaf for p, leaf in people.items() if leaf in company.units[block]}
        for table, quantities in QUANTITIES.items():
            away = rng.choice([0.03, 0.1, 0.3])
            for person in company.members[block]:
                if person not in idle and place < gone[person] and rng.random() > away:
                    for quantity in quantities:
                        amount = rng.choice([0, 1, 1, 2, 2, 3, 4]) * scale[person]
                        company.ledger.setdefault((table, quantity, block), {})[person] = amount
    return company


def _is_safe(company: Company, table: str, block: date, leaves: list[str]) -> bool:
    """Whether these leaves may stand behind one number: the rule, word by word."""
    place = company.blocks.index(block)
    people = {person for person, leaf in company.members[block].items() if leaf in leaves}
    recent: set[str] = set()
    for earlier in company.blocks[max(0, place - 6) : place]:
        for quantity in QUANTITIES[table]:
            recent |= set(company.ledger.get((table, quantity, earlier), {}))
    live = {company.members[block][person] for person in people & recent}
    if len(live) < 2 and not any(sum(leaf in company.units[b] for b in company.blocks[:place]) >= 2 for leaf in live):
        return False
    for quantity in QUANTITIES[table]:
        if (table, quantity) not in company.clips:
            return False
        clip = Fraction(str(company.clips[table, quantity]))
        ledger = company.ledger.get((table, quantity, block), {})
        values = sorted((min(Fraction(v), clip) for p, v in ledger.items() if p in people and v > 0), reverse=True)
        total = sum(values, Fraction(0))
        if len(people & recent) < 6 or len(values) < 5 or values[0] * 2 > total:
            return False
        if (total - sum(values[:3])) * 5 < values[0]:
            return False
    return True


def _shortest(company: Company, table: str, block: date, parts: list[list[str]], least: int) -> int | None:
    for length in range(least, len(parts) + 1):
        if _is_safe(company, table, block, [leaf for part in parts[:length] for leaf in part]):
            return length
    return None


def _atoms(company: Company, table: str, block: date) -> dict[str, str | None]:
    """Leaf to atom, by trial."""
    sizes = Counter(company.members[block].values())
    units = company.units[block]
    unsafe_groups: list[tuple[int, str, list[str]]] = []
    kept: list[tuple[int, str, list[tuple[int, str, list[str]]]]] = []
    for group in set(units.values()):
        leaves = [leaf for leaf in units if units[leaf] == group]
        size = sum(sizes[leaf] for leaf in leaves)
        flags = {leaf: _is_safe(company, table, block, [leaf]) for leaf in leaves}
        leaves.sort(key=lambda leaf: (flags[leaf], sizes[leaf], leaf))
        unsafe = sum(not flag for flag in flags.values())
        cut = _shortest(company, table, block, [[leaf] for leaf in leaves], unsafe) if unsafe else 0
        if cut is None:
            unsafe_groups.append((size, group, leaves))
            continue
        atoms = [(sizes[leaf], leaf, [leaf]) for leaf in leaves[cut:]]
        if cut:
            atoms.append((sum(sizes[leaf] for leaf in leaves[:cut]), f"rest:{group}", leaves[:cut]))
        kept.append((size, group, sorted(atoms)))
    parts = [part for _, _, part in sorted(unsafe_groups)]
    names = ["" for _ in parts]
    for _, _, atoms in sorted(kept):
        parts += [part for _, _, part in atoms]
        names += [name for _, name, _ in atoms]
    cut = _shortest(company, table, block, parts, len(unsafe_groups)) if unsafe_groups else 0
    if cut is None:
        return dict.fromkeys(units)
    return {leaf: "rest:org" if i < cut else names[i] for i, part in enumerate(parts) for leaf in part}


@pytest.fixture(scope="module")
def merging(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The SQL of the macro, compiled by dbt over plain table names."""
    target = tmp_path_factory.mktemp("dbt")
    dbt = [sys.executable, "-m", "dbt.cli.main", "--quiet", "--no-send-anonymous-usage-stats"]
    place = [
        "--project-dir",
        PROJECT,
        "--profiles-dir",
        PROJECT,
        "--target",
        "static",
        "--target-path",
        target,
        "--log-path",
        target,
    ]
    done = subprocess.run(
        [*dbt, "compile", "--inline", INLINE, "--output", "json", *place], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)["compiled"]


def _fill(connection: duckdb.DuckDBPyConnection, companies: list[Company]) -> None:
    for name, columns in RELATIONS.items():
        connection.execute(f"create table {name}({columns})")
    rows: dict[str, list[tuple[object, ...]]] = {
        name: [] for name in ("periods", "units", "members", "ledger", "constants")
    }
    for company in companies:
        for block in company.blocks:
            rows["periods"] += [(table, block, company.year) for table in QUANTITIES]
            rows["units"] += [(block, leaf, group, "team") for leaf, group in company.units[block].items()]
            rows["units"] += [(block, group, "org", "group") for group in set(company.units[block].values())]
            rows["members"] += [(block, leaf, person) for person, leaf in company.members[block].items()]
        for (table, quantity, block), values in company.ledger.items():
            teams = company.members[block]
            rows["ledger"] += [
                (table, quantity, block, teams[person], person, value) for person, value in values.items()
            ]
        rows["constants"] += [(*key, company.year, clip) for key, clip in company.clips.items()]
    rows["quantities"] = [(table, quantity) for table, names in QUANTITIES.items() for quantity in names]
    last = date(2000, 1, 3) + timedelta(days=28 * COMPANIES * (BLOCKS + GAP))
    rows["calendar"] = [(date(2000, 1, 3) + timedelta(days=d),) for d in range(0, (last - date(2000, 1, 3)).days, 28)]
    for name, content in rows.items():
        columns = [f"unnest(${i + 1})" for i in range(len(content[0]))]
        connection.execute(
            f"insert into {name} select {', '.join(columns)}", [list(column) for column in zip(*content, strict=True)]
        )


def test_the_merging_in_sql_is_the_rule_done_by_hand(merging: str) -> None:
    companies = [_company(number) for number in range(COMPANIES)]
    connection = duckdb.connect()
    _fill(connection, companies)
    merged = {(table, block, team): atom for table, block, team, atom in connection.execute(merging).fetchall()}
    expected = {
        (table, block, team): atom
        for company in companies
        for table in QUANTITIES
        for block in company.blocks
        for team, atom in _atoms(company, table, block).items()
    }
    assert merged == expected
    kinds = Counter("own" if atom == key[2] else atom and atom.split(".")[0][:6] for key, atom in expected.items())
    assert kinds["own"] > 100 and kinds["rest:g"] > 100 and kinds["rest:o"] > 100 and kinds[None] > 100, kinds
