"""The rows and cells of a table that readers may see."""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from tests.oracle.model import Block, Day, Event, Table
from tests.oracle.numbers import Constants, band, constants, half_even, trend
from tests.oracle.partition import Night
from tests.oracle.people import alone, load, load_spread, shares
from tests.oracle.timings import may_show, pooled

Rows = dict[tuple[Day, str], dict[str, object]]
Cells = set[tuple[str, Day, str, str]]


class Page:
    """One table in one period, row by row."""

    def __init__(self, night: Night) -> None:
        self.night, self.table = night, night.table

    def count(self, quantity: str, atom: str) -> int:
        rule = self.night.rules[quantity]
        assert rule, "an atom without constants"
        done = self.night.by_person(quantity, self.night.atoms[atom])
        return half_even(sum(done.values(), Fraction()), rule.base)

    def events(self, atom: str) -> list[Event]:
        return [event for leaf in self.night.atoms[atom] for event in self.night.block.events.get(leaf, [])]

    def row(self, atoms: list[str], needed: int) -> dict[str, object]:
        """Sums of what these atoms show; the rest from those alone that show theirs, so many at least."""
        if not atoms:
            return {"status": "withheld"} | dict.fromkeys(self.table.columns)
        first = self.table.quantities[0]
        rounded = {atom: self.count(first, atom) for atom in atoms}
        found: dict[str, object] = {"status": "published"}
        for quantity in self.table.quantities:
            found[quantity] = sum(self.count(quantity, atom) for atom in atoms)
        for timing in self.table.timings:
            known = [atom for atom in atoms if may_show(timing, self.events(atom), rounded[atom])]
            events = [event for atom in known for event in self.events(atom)]
            found[timing.name] = pooled(timing, events) if len(known) >= needed else None
        if self.table.stages:
            own = {atom: shown for atom in atoms if (shown := alone(self.night, atom, rounded[atom]))}
            common = [stage for stage in self.table.stages if all(stage in shown for shown in own.values())]
            found |= shares(self.night, list(own), common if len(own) >= needed else [])
        if self.table.spread:
            loads = [given for atom in atoms if (given := load(self.night, atom))]
            found[self.table.spread] = load_spread(loads) if len(loads) >= needed else None
        if self.table.trend:
            found[self.table.trend] = trend(*(found[quantity] for quantity in self.table.quantities[:2]))
        return found

    def rows(self) -> dict[str, dict[str, object]]:
        """The full grid: every unit there is and every rest there could be."""
        night = self.night
        rests = ["rest:org", *(f"rest:{group}" for group in night.groups)]
        grid = [(name, unit.level, night.under(name)) for name, unit in night.units.items()]
        grid += [(rest, "rest", night.atoms.get(rest, [])) for rest in rests]
        found = {}
        for unit, level, leaves in grid:
            head = {"period_end": night.block.end, "unit_level": level, "size_band": band(night.size(leaves))}
            if level in ("org", "group"):
                found[unit] = head | self.row(night.standing(unit), 2)
            else:
                found[unit] = head | self.row([unit] if unit in night.atoms else [], 1)
        return found


def publish(
    table: Table, blocks: list[Block], given: Mapping[tuple[str, int], Constants | None] | None = None
) -> tuple[Rows, Cells]:
    """Every row and cell of a table over these periods; constants may be given where the past is not at hand."""
    rows: Rows = {}
    cells: Cells = set()
    seen: dict[str, dict[int, Constants | None]] = defaultdict(dict)
    for at, block in enumerate(blocks):
        for quantity in table.ledger:
            if block.iso_year not in seen[quantity]:
                known = (given or {}).get((quantity, block.iso_year))
                seen[quantity][block.iso_year] = known or constants(blocks, quantity, block.iso_year)
        night = Night(table, blocks, at, {quantity: seen[quantity][block.iso_year] for quantity in table.ledger})
        rows |= {
            (block.start, unit): {"period_start": block.start, "unit_id": unit} | row
            for unit, row in Page(night).rows().items()
        }
        cells |= {(table.name, block.start, atom, leaf) for atom, leaves in night.atoms.items() for leaf in leaves}
    return rows, cells
