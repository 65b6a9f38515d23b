"""How much work stands in a row of its own team, seed by seed: `python -m benchmarks.own_rows [SEEDS]`.

At k 5 by four weeks, in blocks whose year has constants: of all work, and of what is safe by itself. Work is what a
table counts first (changes merged for `team_delivery`). A simulated company of 287 people in 42 teams of 3 to 12, and
the sandbox's as it tells what really happened. The oracle publishes them, which the tests hold equal to the models.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

from sources.sandbox.settings import Sandbox
from sources.sandbox.truth import write_truth
from tests import truth
from tests.attacks.simulation import COUNT, Size, simulated
from tests.oracle import TABLES, Block, Night, Table, constants

SEEDS = 5
CLOCK = date(2026, 11, 9)
SHAPES = {
    "7 groups, 8 % never work": Size(),
    "7 groups, all work": Size(idle=0),
    "4 groups, 8 % never work": Size(groups=4),
    "14 groups, 8 % never work": Size(groups=14),
}
Shares = tuple[float, float]


def main() -> None:
    """One line a company, with its seeds, their mean behind."""
    seeds = range(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
    print("in a row of its own team, of all work / of what is safe by itself; by seed, then the mean")
    counted = Table("team_delivery", (COUNT,))
    for words, size in SHAPES.items():
        made = (share(simulated(seed, size, later=13).blocks, counted) for seed in seeds)
        _say(f"team_delivery, 287 people in 42 teams, {words}", made)
    for table, shares in sandboxes(seeds).items():
        _say(f"{table}, sandbox", shares)


def sandboxes(seeds: Iterable[int]) -> dict[str, list[Shares]]:
    """By table, the sandbox's companies over two years, as they tell what really happened."""
    found: dict[str, list[Shares]] = {}
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            place = write_truth(Sandbox(seed=seed, until=CLOCK), Path(folder) / "truth")
            for table in TABLES:
                told = Table(table.name, table.quantities)
                found.setdefault(table.name, []).append(share(truth.blocks(place, table.name, CLOCK), told))
    return found


def share(blocks: list[Block], table: Table) -> Shares:
    """Of all work, and of the work of teams that are safe by themselves, what stands in rows of their own."""
    counted = [(amount, safe, own) for night in _nights(blocks, table) for amount, safe, own in _teams(night, table)]
    every = sum(amount for amount, *_ in counted)
    alone = sum(amount for amount, safe, _ in counted if safe)
    own = sum(amount for amount, _, is_own in counted if is_own)
    return float(Fraction(own, every or 1)), float(Fraction(own, alone or 1))


def _nights(blocks: list[Block], table: Table) -> Iterator[Night]:
    for at, block in enumerate(blocks):
        rules = {name: constants(blocks, name, block.iso_year) for name in table.quantities}
        if all(rules.values()):
            yield Night(table, blocks, at, rules)


def _teams(night: Night, table: Table) -> Iterator[tuple[int, bool, bool]]:
    """Of each team: its work, whether it is safe by itself, whether it stands alone."""
    did = night.block.did.get(table.quantities[0], {})
    for team in night.leaves:
        yield sum(did.get(team, {}).values()), night.is_safe([team]), night.atoms.get(team) == [team]


def _say(what: str, shares: Iterable[Shares]) -> None:
    kept = list(shares)
    mean = tuple(sum(one[at] for one in kept) / len(kept) for at in (0, 1))
    print(f"{what}: {'  '.join(f'{one[0]:.1%}/{one[1]:.1%}' for one in [*kept, mean])}", flush=True)


if __name__ == "__main__":
    main()
