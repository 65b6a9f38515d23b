"""What ought to be published, worked out the slow and obvious way from what really happened.

The second opinion on the whole pipeline: it shares no line, no query and no constant with the models or the gate,
knows nothing of databases, and prefers loops over cleverness. Given a company (units, members, contributions, events),
`publish` returns every row and cell that a reader of one table may see. Exact arithmetic throughout: a tie is a tie.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

K, MARGIN, HISTORY, AGE = 5, 1, 6, 3
DOMINANCE, P_PERCENT = Fraction(1, 2), Fraction(1, 5)
LADDER = [
    Fraction(m) / 100 * Fraction(10) ** e
    for e in range(-2, 9)
    for m in (100, 125, 160, 200, 250, 320, 400, 500, 630, 800)
]
BASES = [step * 10**e for e in range(1, 9) for step in (1, Fraction(5, 2), 5)]
BANDS = ((50, "50+"), (20, "20-49"), (10, "10-19"), (6, "6-9"), (0, "under 6"))
Day = dt.date
Person = str


@dataclass(frozen=True)
class Unit:
    """A node of the tree in one block."""

    level: str
    parent: str | None


@dataclass(frozen=True)
class Event:
    """Something that took time or went one way: who stood in which role, seconds, whether it is in the numerator."""

    roles: Mapping[str, Person]
    seconds: int | None = None
    hit: bool = False


@dataclass(frozen=True)
class Block:
    """Four ISO weeks as they were: the tree, who was where, who did what (unclipped, zeros kept), what happened."""

    start: Day
    end: Day
    iso_year: int
    units: Mapping[str, Unit]
    members: Mapping[str, frozenset[Person]]
    did: Mapping[str, Mapping[str, Mapping[Person, int]]] = field(
        default_factory=dict
    )  # quantity -> team -> person -> value
    events: Mapping[str, list[Event]] = field(default_factory=dict)  # team -> events


@dataclass(frozen=True)
class Timing:
    """A measure of events: a median of durations, or a rate of hits; and whose conduct it shows."""

    name: str
    kind: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One basis: its additive quantities (the first one counts the events, where there are any) and its timings."""

    name: str
    quantities: tuple[str, ...]
    timings: tuple[Timing, ...] = ()


TABLES = (
    Table(
        "team_delivery",
        ("changes_merged",),
        (
            Timing("cycle_time_hours_p50", "p50", ("author", "reviewer")),
            Timing("unreviewed_rate_pct", "rate", ("author", "reviewer")),
        ),
    ),
    Table("team_code_volume", ("lines_added", "lines_deleted")),
    Table("team_tasks", ("tasks_completed",), (Timing("lead_time_hours_p50", "p50", ("assignee",)),)),
)


@dataclass(frozen=True)
class Constants:
    """The clip of one person's quantity in one block, and the base that atoms are rounded to."""

    clip: Fraction
    base: int


def constants(blocks: Iterable[Block], quantity: str, year: int) -> Constants | None:
    """Of the year before: p75 of what a person did in a block, if fifty such figures exist."""
    values = sorted(
        value
        for block in blocks
        if block.iso_year == year - 1
        for people in block.did.get(quantity, {}).values()
        for value in people.values()
        if value > 0
    )
    if len(values) < 50:
        return None
    p75 = values[-(-3 * len(values) // 4) - 1]
    return Constants(next(step for step in LADDER if step >= p75), int(next(base for base in BASES if base >= p75)))


def is_even_handed(shares: Iterable[Fraction | int], at_least: int) -> bool:
    """Enough people; nobody has more than half; three of them cannot pin a fourth."""
    ranked = sorted((share for share in shares if share > 0), reverse=True)
    total = sum(ranked)
    if len(ranked) < at_least:
        return False
    return ranked[0] <= DOMINANCE * total and total - sum(ranked[:3]) >= P_PERCENT * ranked[0]


def half_even(value: Fraction, base: int) -> int:
    """Nearest multiple of the base; Python's round() of a Fraction is exact and takes ties to the even quotient."""
    return round(Fraction(value) / base) * base


def snapped(seconds: int) -> float:
    """Hours, on the ladder from 0.1 to 10,000: up from the geometric middle of two steps."""
    hours = Fraction(seconds, 3600)
    steps = [step for step in LADDER if Fraction(1, 10) <= step <= 10_000]
    place = 0
    while place + 1 < len(steps) and hours * hours >= steps[place] * steps[place + 1]:
        place += 1
    return float(steps[place])


def middle(values: list[int]) -> int:
    """The median that is somebody's value: the lower one of two."""
    return sorted(values)[-(-len(values) // 2) - 1]


class Night:
    """One table in one block, from the blocks up to it. Leaves, then groups, then the organisation."""

    def __init__(self, table: Table, blocks: list[Block], at: int, rules: Mapping[str, Constants | None]) -> None:
        self.table, self.block, self.rules = table, blocks[at], rules
        self.earlier = blocks[:at]
        units = self.block.units
        self.org = next(name for name, unit in units.items() if unit.level == "org")
        self.groups = sorted(name for name, unit in units.items() if unit.level == "group")
        self.leaves = {
            g: sorted(n for n, u in units.items() if u.level == "team" and u.parent == g) for g in self.groups
        }
        self.recent = {
            person
            for block in self.earlier[-HISTORY:]
            for quantity in table.quantities
            for people in block.did.get(quantity, {}).values()
            for person in people
        }
        self.below: dict[str, str] = {}  # atom -> the group whose row it adds to; rest:org adds to none
        self.atoms = self.partition()

    def size(self, leaves: Iterable[str]) -> int:
        return sum(len(self.block.members.get(leaf, ())) for leaf in leaves)

    def clipped(self, quantity: str, leaves: Iterable[str]) -> list[Fraction]:
        rule = self.rules[quantity]
        done = self.block.did.get(quantity, {})
        return [min(Fraction(v), rule.clip) for leaf in leaves for v in done.get(leaf, {}).values()] if rule else []

    def is_safe(self, leaves: list[str]) -> bool:
        live = [leaf for leaf in leaves if self.block.members.get(leaf, frozenset()) & self.recent]
        if len(live) < 2 and not any(self.is_old(leaf) for leaf in live):
            return False
        if sum(len(self.block.members.get(leaf, frozenset()) & self.recent) for leaf in leaves) < K + MARGIN:
            return False
        return all(is_even_handed(self.clipped(quantity, leaves), K) for quantity in self.table.quantities)

    def is_old(self, leaf: str) -> bool:
        return sum(leaf in block.units for block in self.earlier) >= AGE - 1

    def prefix(self, ordered: list[list[str]], needed: int) -> int | None:
        """How many from the left: all that must be in, and then the fewest that make it safe together."""
        for length in range(needed, len(ordered) + 1):
            if self.is_safe([leaf for leaves in ordered[:length] for leaf in leaves]):
                return length
        return None

    def within(self, group: str) -> dict[str, list[str]] | None:
        """The atoms of a group by themselves, or None: the group is unsafe as it stands."""
        leaves = self.leaves[group]
        unsafe = [leaf for leaf in leaves if not self.is_safe([leaf])]
        ordered = sorted(leaves, key=lambda leaf: (leaf not in unsafe, self.size([leaf]), leaf))
        if not unsafe:
            return {leaf: [leaf] for leaf in leaves}
        cut = self.prefix([[leaf] for leaf in ordered], len(unsafe))
        if cut is None:
            return None
        return {f"rest:{group}": ordered[:cut]} | {leaf: [leaf] for leaf in ordered[cut:]}

    def partition(self) -> dict[str, list[str]]:
        by_size = sorted(
            (group for group in self.groups if self.leaves[group]), key=lambda g: (self.size(self.leaves[g]), g)
        )
        inside = {group: self.within(group) for group in by_size}
        queue: list[tuple[str | None, str, list[str]]] = [
            (None, group, self.leaves[group]) for group in by_size if inside[group] is None
        ]
        needed = len(queue)
        for group in by_size:
            own = inside[group] or {}
            queue += [(atom, group, own[atom]) for atom in sorted(own, key=lambda a: (self.size(own[a]), a))]
        cut = self.prefix([leaves for _, _, leaves in queue], needed) if needed else 0
        if cut is None:
            return {}
        atoms = {atom: leaves for atom, _, leaves in queue[cut:] if atom}
        self.below = {atom: group for atom, group, _ in queue[cut:] if atom}
        if cut:
            atoms["rest:org"] = [leaf for _, _, leaves in queue[:cut] for leaf in leaves]
        return atoms

    def count(self, quantity: str, atom: str) -> int:
        rule = self.rules[quantity]
        assert rule, "an atom without constants"
        return half_even(sum(self.clipped(quantity, self.atoms[atom]), Fraction()), rule.base)

    def events(self, atom: str) -> list[Event]:
        return [event for leaf in self.atoms[atom] for event in self.block.events.get(leaf, [])]

    def timing(self, timing: Timing, atom: str) -> float | int | None:
        events, rounded = self.events(atom), self.count(self.table.quantities[0], atom)
        if timing.kind == "p50":
            events = [event for event in events if event.seconds is not None]
            if rounded < 10 or not events or not all(self.shows_no_one(events, role) for role in timing.roles):
                return None
        elif rounded < 20 or not self.both_sides_hold(events, timing.roles):
            return None
        return pooled(timing, events)

    def shows_no_one(self, events: list[Event], role: str) -> bool:
        half = middle([event.seconds or 0 for event in events])
        carried = [event for event in events if role in event.roles]
        people = Counter(event.roles[role] for event in carried)
        low = {event.roles[role] for event in carried if (event.seconds or 0) <= half}
        high = {event.roles[role] for event in carried if (event.seconds or 0) >= half}
        return not carried or (
            len(people) >= K and min(len(low), len(high)) >= 3 and 2 * max(people.values()) <= len(carried)
        )

    def both_sides_hold(self, events: list[Event], roles: tuple[str, ...]) -> bool:
        for role in roles:
            for side in (True, False):
                people = Counter(event.roles[role] for event in events if event.hit is side and role in event.roles)
                exempt = not people and role != roles[0]
                if not exempt and not is_even_handed(people.values(), 4):
                    return False
        return True

    def counts(self, atoms: list[str]) -> dict[str, object]:
        return {quantity: sum(self.count(quantity, atom) for atom in atoms) for quantity in self.table.quantities}

    def own_row(self, atom: str) -> dict[str, object]:
        if atom not in self.atoms:
            return self.withheld()
        return (
            {"status": "published"} | self.counts([atom]) | {t.name: self.timing(t, atom) for t in self.table.timings}
        )

    def parent_row(self, unit: str) -> dict[str, object]:
        """Sums of what its atoms show; a timing from those atoms alone that show theirs, two at least."""
        atoms = [atom for atom in self.atoms if unit in (self.org, self.below.get(atom))]
        if not atoms:
            return self.withheld()
        row = {"status": "published"} | self.counts(atoms)
        for timing in self.table.timings:
            known = [atom for atom in atoms if self.timing(timing, atom) is not None]
            events = [event for atom in known for event in self.events(atom)]
            row[timing.name] = pooled(timing, events) if len(known) > 1 else None
        return row

    def withheld(self) -> dict[str, object]:
        return {"status": "withheld"} | dict.fromkeys([*self.table.quantities, *(t.name for t in self.table.timings)])

    def rows(self) -> dict[str, dict[str, object]]:
        """The full grid: every unit there is and every rest there could be."""
        everyone = [leaf for leaves in self.leaves.values() for leaf in leaves]
        grid = [(self.org, "org", everyone), ("rest:org", "rest", self.atoms.get("rest:org", []))]
        for group in self.groups:
            grid += [(group, "group", self.leaves[group]), *((leaf, "team", [leaf]) for leaf in self.leaves[group])]
            grid.append((f"rest:{group}", "rest", self.atoms.get(f"rest:{group}", [])))
        found = {}
        for unit, level, leaves in grid:
            head = {"period_end": self.block.end, "unit_level": level, "size_band": band(self.size(leaves))}
            found[unit] = head | (self.parent_row(unit) if level in ("org", "group") else self.own_row(unit))
        return found


def band(people: int) -> str:
    """A roster's size as readers see it."""
    return next(name for floor, name in BANDS if people >= floor)


def pooled(timing: Timing, events: list[Event]) -> float | int:
    """The value that these events show together."""
    if timing.kind == "p50":
        return snapped(middle([event.seconds for event in events if event.seconds is not None]))
    return min(95, max(5, half_even(Fraction(100 * sum(event.hit for event in events), len(events)), 5)))


Rows = dict[tuple[Day, str], dict[str, object]]
Cells = set[tuple[str, Day, str, str]]


def publish(
    table: Table, blocks: list[Block], given: Mapping[tuple[str, int], Constants | None] | None = None
) -> tuple[Rows, Cells]:
    """Every row and cell of a table over these blocks; constants may be given where the past is not at hand."""
    rows: Rows = {}
    cells: Cells = set()
    seen: dict[str, dict[int, Constants | None]] = defaultdict(dict)
    for at, block in enumerate(blocks):
        for quantity in table.quantities:
            known = (given or {}).get((quantity, block.iso_year)) or constants(blocks, quantity, block.iso_year)
            seen[quantity].setdefault(block.iso_year, known)
        night = Night(table, blocks, at, {quantity: seen[quantity][block.iso_year] for quantity in table.quantities})
        rows |= {
            (block.start, unit): {"period_start": block.start, "unit_id": unit} | row
            for unit, row in night.rows().items()
        }
        cells |= {(table.name, block.start, atom, leaf) for atom, leaves in night.atoms.items() for leaf in leaves}
    return rows, cells
