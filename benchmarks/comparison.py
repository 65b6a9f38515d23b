"""Merging against suppression: what is kept, what the auditor finds, how long it takes.

One count of simulated companies of three sizes, in blocks of four weeks. Every way gets the same work, clipped in the
same way, and the same rules of safety. The auditor's linear programs read what each would publish. `--acro PYTHON`
names an interpreter of a virtual environment into which acro was installed; without it, acro is left out.
"""

import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks import rivals
from expectations.attacker.audit import RULE, audit
from expectations.policy import Policy
from tests.attacks.simulation import COUNT, YEAR, Simulated, Size, simulated
from tests.attacks.vaults import Release, released, vault
from tests.oracle import Block, Cells, Night, Rows, half_even
from tests.pipeline.test_atoms_sql import compiled

SIZES = (Size(), Size(1400, 200, 33), Size(7000, 1000, 166))
BLOCKS = (13, 3, 1)
WAYS = {"unsafe left out": rivals.unsafe, "greedy": rivals.greedy, "integer program": rivals.optimal}
FINDINGS = ("interval", "colluders", "all_but_one")


@dataclass(frozen=True)
class Kept:
    """One way at one size. Shares of the teams, of the work in a row of its own team, of the work in some total."""

    way: str
    teams: float
    own: float
    represented: float
    findings: tuple[int, ...]
    seconds: float


def compared(size: Size, blocks: int, acro: str | None, seed: int = 1) -> Iterator[Kept]:
    """Each way on the company of one size."""
    company = simulated(seed, size, later=blocks)
    merged = released(company, "team_delivery")
    yield judged("merging", company, merged, merged, merging(company, merged))
    for way in (*WAYS, "safe, best"):
        begun = time.perf_counter()
        rival = suppressed(company, merged, way)
        yield judged(way, company, merged, rival, time.perf_counter() - begun)
    if acro:
        seconds, rival = by_acro(company, merged, acro)
        yield judged("acro", company, merged, rival, seconds)


def merging(company: Simulated, merged: Release) -> float:
    """Seconds of the model that chooses the atoms, for the blocks compared; what they are is the oracle's to say."""
    with tempfile.TemporaryDirectory() as folder, vault(company, [merged]) as connection:
        model = compiled(Path(folder), {"flat": {"depth": 1}})["flat"]["int_atoms"]
        connection.execute("create schema vault.staging")
        calendar = "select *, period_start as block_start from vault.ops.calendar"
        connection.execute(f"create table vault.staging.stg_ops__calendar as {calendar}")
        connection.execute(
            "create table vault.intermediate.int_quantities as select ? as table_name, ? as quantity",
            [merged.table.name, COUNT],
        )
        connection.execute(
            "create table vault.intermediate.int_periods as select ? as table_name, period_start, period_end, iso_year "
            "from vault.ops.calendar semi join vault.protected.cells using (period_start)",
            [merged.table.name],
        )
        begun = time.perf_counter()
        connection.execute(model).fetchall()
        return time.perf_counter() - begun


def suppressed(company: Simulated, merged: Release, way: str) -> Release:
    """What a rival publishes: exact, with full totals; the safe one rounded, its totals those of what it shows."""
    rows: Rows = {}
    cells: Cells = set()
    for at in range(YEAR, len(company.blocks)):
        tree, block = tree_of(company, merged, at), company.blocks[at]
        gone = WAYS[way](tree) if way in WAYS else rivals.safe(tree)
        base = merged.rules[COUNT, block.iso_year].base if way not in WAYS else 0
        shown = {
            team: half_even(amount, base) if base else amount for team, amount in tree.sums.items() if team not in gone
        }
        counted = shown if base else tree.sums
        totals = {group: sum(counted.get(team, 0) for team in teams) for group, teams in tree.groups.items()}
        numbers = {**shown, **{group: total for group, total in totals.items() if group not in gone}}
        if shown or not base:
            numbers["org"] = sum(totals.values())
        rows |= {(block.start, unit): {COUNT: float(value)} for unit, value in numbers.items()}
        cells |= {(merged.table.name, block.start, team, team) for team in shown}
    return Release(merged.table, rows, cells, merged.rules)


def tree_of(company: Simulated, merged: Release, at: int) -> rivals.Tree:
    """One block as a rival takes it; safe is what is safe for the oracle."""
    block = company.blocks[at]
    night = Night(merged.table, company.blocks, at, {COUNT: merged.rules[COUNT, block.iso_year]})
    groups: dict[str, list[str]] = {}
    for team, unit in block.units.items():
        if unit.level == "team" and unit.parent:
            groups.setdefault(unit.parent, []).append(team)
    sums = {
        team: sum(night.by_person(COUNT, [team]).values(), Fraction()) for teams in groups.values() for team in teams
    }
    return rivals.Tree(groups, sums, night.is_safe)


def judged(way: str, company: Simulated, merged: Release, release: Release, seconds: float) -> Kept:
    """Shares kept, and the auditor's findings of each kind."""
    teams = own = represented = every = count = Fraction()
    for block in company.blocks[YEAR:]:
        clip = merged.rules[COUNT, block.iso_year].clip
        own_rows = {team for _, start, unit, team in release.cells if start == block.start and unit == team}
        for team in (name for name, unit in block.units.items() if unit.level == "team"):
            amount = sum((min(Fraction(v), clip) for v in block.did[COUNT].get(team, {}).values()), Fraction())
            teams, count = teams + (team in own_rows), count + 1
            every += amount
            own += amount * (team in own_rows)
            represented += amount * stands(release, block, team)
    with vault(company, [release]) as connection:
        found = audit(connection, Policy())
    kinds = tuple(sum(one.count for one in found if one.rule == f"{RULE}.{kind}") for kind in FINDINGS)
    return Kept(way, float(teams / count), float(own / every), float(represented / every), kinds, seconds)


def stands(release: Release, block: Block, team: str) -> bool:
    """Whether a team's work is in a published number: an atom's, or a total that is no sum of atoms."""
    start = block.start
    if any(cell[1] == start and cell[3] == team for cell in release.cells):
        return True
    values: Mapping[tuple[date, str], Mapping[str, Any]] = release.rows
    total = values.get((start, "org"), {}).get(COUNT)
    shown = {unit for _, at, unit, _ in release.cells if at == start}
    return total is not None and abs(float(total) - sum(float(values[start, unit][COUNT]) for unit in shown)) > 0.001


def by_acro(company: Simulated, merged: Release, python: str) -> tuple[float, Release]:
    """acro's two tables, as a release."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        with path.open("w", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(("group", "team", "block", "amount"))
            for block in company.blocks[YEAR:]:
                clip = merged.rules[COUNT, block.iso_year].clip
                for team, people in block.did[COUNT].items():
                    for value in people.values():
                        lines.writerow((block.units[team].parent, team, block.start, min(float(value), float(clip))))
        script = Path(__file__).with_name("acro_rival.py")
        done = subprocess.run([python, str(script), str(path)], capture_output=True, text=True, check=True, cwd=folder)
    answer = json.loads(done.stdout.splitlines()[-1])
    starts = {block.start.isoformat(): block.start for block in company.blocks}
    rows: Rows = {}
    cells: Cells = set()
    for level, found in answer["tables"].items():
        for unit, start, value in found:
            name = "org" if unit == "All" else unit
            if name != "org" or level == "group":
                rows[starts[start], name] = {COUNT: value}
            if level == "team" and name != "org":
                cells.add((merged.table.name, starts[start], name, name))
    return answer["seconds"], Release(merged.table, rows, cells, merged.rules)


COLUMNS = ("way", "teams with a row", "work in its own row", "in a total", "interval", "colluders", "all but one", "s")


def main() -> None:
    """A table a size."""
    acro = sys.argv[sys.argv.index("--acro") + 1] if "--acro" in sys.argv else None
    for size, blocks in zip(SIZES, BLOCKS, strict=True):
        print(f"\n{size.people} people, {size.teams} teams, {size.groups} groups; {blocks} blocks")
        print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS))
        for one in compared(size, blocks, acro):
            shares = " | ".join(f"{share:.1%}" for share in (one.teams, one.own, one.represented))
            print(f"| {one.way} | {shares} | {' | '.join(map(str, one.findings))} | {one.seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
