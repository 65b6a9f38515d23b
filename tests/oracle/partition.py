"""Which atoms one table has in one period: from the leaves up, whatever the depth of the tree."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from tests.oracle.model import Block, Table
from tests.oracle.numbers import Constants, is_even_handed

K, MARGIN, HISTORY, AGE = 5, 1, 6, 3


class Night:
    """One table in one period, from the periods up to it."""

    def __init__(self, table: Table, blocks: list[Block], at: int, rules: Mapping[str, Constants | None]) -> None:
        self.table, self.block, self.rules = table, blocks[at], rules
        self.units = self.block.units
        self.org = next(name for name, unit in self.units.items() if unit.level == "org")
        self.groups = sorted(name for name, unit in self.units.items() if unit.level == "group")
        self.leaves = sorted(name for name, unit in self.units.items() if unit.level == "team")
        earlier = [block for block in blocks if block.home < self.block.home]
        self.past = {leaf: {block.home for block in earlier if leaf in block.units} for leaf in self.leaves}
        history = sorted({block.home for block in earlier})[-HISTORY:]
        self.recent = {
            person
            for block in earlier
            if block.home in history
            for quantity in table.quantities
            for people in block.did.get(quantity, {}).values()
            for person in people
        }
        self.origin: dict[str, str] = {}  # atom -> the unit whose row it adds to first
        self.atoms = self.within(self.org) or {}

    def under(self, unit: str) -> list[str]:
        """The leaves below a unit."""
        return [leaf for leaf in self.leaves if unit in self.above(leaf)]

    def above(self, unit: str) -> list[str]:
        """The unit and all that it hangs on, up to the root."""
        found, at = [], unit if unit in self.units else None
        while at is not None:
            found.append(at)
            at = self.units[at].parent
        return found

    def size(self, leaves: Iterable[str]) -> int:
        return sum(len(self.block.members.get(leaf, ())) for leaf in leaves)

    def roster(self, leaves: Iterable[str]) -> int:
        """The people on the roster who contributed lately."""
        return sum(len(self.block.members.get(leaf, frozenset()) & self.recent) for leaf in leaves)

    def by_person(self, quantity: str, leaves: Iterable[str]) -> dict[str, Fraction]:
        """What each person counts for: what they did in each of these leaves, up to the clip."""
        rule = self.rules.get(quantity)
        found: dict[str, Fraction] = {}
        for leaf in leaves if rule else ():
            for person, value in self.block.did.get(quantity, {}).get(leaf, {}).items():
                found[person] = found.get(person, Fraction()) + min(value, rule.clip)
        return found

    def is_safe(self, leaves: list[str]) -> bool:
        live = [leaf for leaf in leaves if self.roster([leaf])]
        if len(live) < 2 and not any(len(self.past[leaf]) >= AGE - 1 for leaf in live):
            return False
        if self.roster(leaves) < K + MARGIN:
            return False
        return all(is_even_handed(self.by_person(quantity, leaves).values(), K) for quantity in self.table.quantities)

    def within(self, unit: str) -> dict[str, list[str]] | None:
        """The atoms of a unit by themselves, or None: it is unsafe as it stands."""
        if self.units[unit].level == "team":
            self.origin[unit] = unit
            return {unit: [unit]} if self.is_safe([unit]) else None
        children = [name for name, below in self.units.items() if below.parent == unit and self.under(name)]
        by_size = sorted(children, key=lambda child: (self.size(self.under(child)), child))
        inside = {child: self.within(child) for child in by_size}
        queue: list[tuple[str | None, list[str]]] = [
            (None, self.under(child)) for child in by_size if inside[child] is None
        ]
        needed = len(queue)
        for child in by_size:
            own = inside[child] or {}
            queue += [(atom, own[atom]) for atom in sorted(own, key=lambda a: (self.size(own[a]), a))]
        cut = self.prefix([leaves for _, leaves in queue], needed) if needed else 0
        if cut is None:
            return None
        atoms = {atom: leaves for atom, leaves in queue[cut:] if atom}
        if cut:
            rest = "rest:org" if unit == self.org else f"rest:{unit}"
            self.origin[rest] = unit
            atoms[rest] = [leaf for _, leaves in queue[:cut] for leaf in leaves]
        return atoms

    def prefix(self, ordered: list[list[str]], needed: int) -> int | None:
        """How many from the left: all that must be in, and then the fewest that make it safe together."""
        for length in range(needed, len(ordered) + 1):
            if self.is_safe([leaf for leaves in ordered[:length] for leaf in leaves]):
                return length
        return None

    def standing(self, unit: str) -> list[str]:
        """The atoms that a unit's row is the sum of."""
        return [atom for atom in self.atoms if unit in self.above(self.origin[atom])]
