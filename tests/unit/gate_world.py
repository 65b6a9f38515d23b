"""The right candidates of a small company, by brute force: what the gate must pass, for the tests to spoil.

Written from the published rules, over plain lists, sharing no code with the gate. Shares and spreads have a page of
their own, `gate_people.py`.
"""

import math
from fractions import Fraction

from tests.unit import gate_people
from tests.unit.gate_company import BLOCKS, COLUMNS, Company, put

JUDGED = BLOCKS[7:]
ROUND = [a * 10**e for e in range(8) for a in (1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8)]
HOURS = [a * 10**e / 1000 for e in range(5) for a in (100, 125, 160, 200, 250, 320, 400, 500, 630, 800)] + [10000.0]
BASES = [5] + [a * 10**e for e in range(6) for a in (10, 25, 50)]
EVENTS = {50: 10, 75: 20, 90: 50}
TABLES = {
    "team_delivery": ["changes_merged"],
    "team_code_volume": ["lines_added", "lines_deleted"],
    "team_review": ["reviews_given"],
    "team_tasks": ["tasks_completed"],
    "team_wip": ["open_items"],
    "team_dora": ["deployments"],
    "team_ci": ["runs_completed"],
}
ROLES = {
    "team_delivery": "author",
    "team_code_volume": "author",
    "team_review": "reviewer",
    "team_tasks": "assignee",
    "team_wip": "holder",
    "team_dora": "deployer",
    "team_ci": "starter",
}


def half_even(value):
    """A fraction to the nearest whole number, ties to even."""
    return round(Fraction(value))


def snap(seconds):
    """Hours on the ladder, nearest in log terms."""
    return _nearest(seconds / 3600, HOURS)


def snap_minutes(seconds):
    """Minutes on the ladder."""
    return _nearest(seconds / 60, HOURS)


def snap_lines(lines):
    """Lines on the ladder."""
    return _nearest(lines, [step for step in HOURS if step >= 1])


def _nearest(value, steps):
    best = steps[0]
    for low, high in zip(steps, steps[1:], strict=False):
        if value >= math.sqrt(low * high):
            best = high
    return best


def ranked(values, percent):
    """The value at rank ceil(n * percent / 100)."""
    return sorted(values)[math.ceil(Fraction(len(values) * percent, 100)) - 1]


def _growth(added, deleted):
    return "grows" if added > 1.25 * deleted else "shrinks" if deleted > 1.25 * added else "steady"


class World(Company):
    """A company and its candidates; `connect` puts both into a vault."""

    def __init__(self, seed=1, **shape):
        super().__init__(seed, **shape)
        self._known, self._by_period, self._made = {}, {}, {}
        for key, value in self.ledger.items():
            self._by_period.setdefault((key[1], key[2], key[3]), []).append((key[4], key[5], value))

    def constants(self, quantity, role):
        """(clip, base), from the ISO year 2025; None when there is too little of it."""
        if (quantity, role) not in self._known:
            starts = [start for start in self.periods if start.isocalendar()[0] == 2025]
            rows = [row for start in starts for row in self._by_period.get((quantity, role, start), [])]
            values = sorted(value for _, _, value in rows if value > 0)
            q75 = values[math.ceil(Fraction(3 * len(values), 4)) - 1]
            clip = next(Fraction(str(step)) for step in ROUND if step >= q75)
            base = next(base for base in BASES if base >= max(q75, 5 if self.weekly else 10))
            self._known[quantity, role] = None if len(values) < 50 else (clip, base)
        return self._known[quantity, role]

    def people(self, quantity, role, start, leaves):
        """{person: clipped} in these teams."""
        found = {}
        for team, person, value in self._by_period.get((quantity, role, start), []):
            if team in leaves and value > 0 and self.constants(quantity, role):
                clip, _ = self.constants(quantity, role)
                found[person] = found.get(person, 0) + min(Fraction(value), clip)
        return found

    def safe(self, table, start, leaves):
        for quantity in TABLES[table]:
            people = self.people(quantity, ROLES[table], start, leaves)
            if self.size(leaves) < 6 or not gate_people.hidden(people, 5):
                return False
        return True

    def atoms(self, table, start):
        """{atom: leaves}, by section 3 of the rules, at any depth."""
        whole, atoms = self._partition(table, start, "acme", self.tree)
        return atoms if whole else {}

    def _partition(self, table, start, unit, below):
        """(whether the unit is safe, its atoms)."""
        if not isinstance(below, dict):
            return self.safe(table, start, [unit]), {unit: [unit]}
        parts = {child: self._partition(table, start, child, its) for child, its in below.items()}
        bad = sorted((child for child in parts if not parts[child][0]), key=self._order)
        atoms = {atom: leaves for safe, own in parts.values() if safe for atom, leaves in own.items()}
        queue = [self.leaves(child) for child in bad]
        for child in sorted((child for child in parts if parts[child][0]), key=self._order):
            queue += [leaves for _, leaves in sorted(parts[child][1].items(), key=lambda a: (self.size(a[1]), a[0]))]
        rest = self._prefix(table, start, queue, len(bad))
        if rest is None:
            return False, {}
        kept = {atom: leaves for atom, leaves in atoms.items() if not set(leaves) & set(rest)}
        return True, kept | ({f"rest:{'org' if unit == 'acme' else unit}": rest} if rest else {})

    def _prefix(self, table, start, parts, least):
        """The shortest prefix with the first `least` parts that is safe together; [] when there is nothing to merge."""
        if not least:
            return []
        for n in range(least, len(parts) + 1):
            leaves = [leaf for part in parts[:n] for leaf in part]
            if self.safe(table, start, leaves):
                return leaves
        return None

    def _order(self, unit):
        return self.size(self.leaves(unit)), unit

    def size(self, leaves):
        return sum(self.teams[leaf] for leaf in leaves)

    def families(self, atoms):
        """{unit: its atoms} for every unit that has some; a rest counts where it was made, and above."""
        units = {atom: [atom] for atom in atoms}
        for atom in atoms:
            home = "acme" if atom == "rest:org" else atom.removeprefix("rest:")
            for unit in self.line(self.parents[home] if home in self.teams else home):
                units.setdefault(unit, []).append(atom)
        return units

    def candidate(self, table, start):
        """(rows, cells) of a table and period."""
        atoms = self.atoms(table, start)
        families = self.families(atoms)
        columns = [self._additive(table, quantity, start, atoms, families) for quantity in TABLES[table]]
        case = (self, start, atoms, families, columns[0])
        if table == "team_delivery":
            columns += [self._percentile((self.delivery, 5, (3, 4, 10), percent), *case[1:]) for percent in EVENTS]
            columns += [
                self._percentile((self.delivery, 13, (3,), percent, snap_lines), *case[1:]) for percent in (50, 90)
            ]
            columns += [self._percentile((self.delivery, at, (3, 4), 50), *case[1:]) for at in (7, 8)]
            rates = ((6, (3, 4)), (14, (3, 10)), (15, (3, 4, 11)), (16, (3, 12)), (9, (3,)))
            columns += [self._rate((self.delivery, *rate), *case[1:]) for rate in rates]
            columns += gate_people.shares(*case)
        if table == "team_code_volume":
            columns.append({unit: _growth(added, columns[1][unit]) for unit, added in columns[0].items()})
        if table == "team_tasks":
            for at in (4, 5):
                columns += [self._percentile((self.tasks, at, (3,), percent), *case[1:]) for percent in EVENTS]
            columns += [self._rate((self.tasks, at, (3,)), *case[1:]) for at in (6, 7, 8)]
            columns += gate_people.shares(*case, stages=gate_people.TASKS)
        if table == "team_dora":
            columns += [self._percentile((self.dora, 6, (4, 5), percent), *case[1:]) for percent in EVENTS]
            columns += [self._percentile((self.dora, *at, 50), *case[1:]) for at in ((12, (4, 5)), (11, (5, 13, 14)))]
            columns += [
                self._rate((self.dora, at, (role,)), *case[1:]) for at, role in ((8, 5), (9, 5), (7, 4), (10, 5))
            ]
        if table == "team_wip":
            columns += [self._percentile((self.wip, 4, (3,), percent), *case[1:]) for percent in (50, 75)]
            columns += [self._rate((self.wip, at, (3,)), *case[1:]) for at in (5, 6)]
        if table == "team_ci":
            columns += [self._percentile((self.runs, 8, (3,), percent), *case[1:]) for percent in EVENTS]
            columns += [self._percentile((self.runs, 10, (3,), percent, snap_minutes), *case[1:]) for percent in EVENTS]
            columns.append(self._percentile((self.runs, 9, (3, 5), 50), *case[1:]))
            columns += [self._rate((self.runs, 6, (3,)), *case[1:]), self._rate((self.runs, 7, (3, 4)), *case[1:])]
        if table == "team_review":
            columns += [self._percentile((self.reviews, 5, (3, 4), percent), *case[1:]) for percent in (50, 75)]
            columns.append(self._rate((self.reviews, 6, (3, 4)), *case[1:]))
            columns.append(gate_people.spread(*case))
        rows = []
        for unit, level in self.grid():
            status = "published" if unit in families else "withheld"
            head = (start, self.end(start), unit, level, status, self.band(unit, atoms))
            rows.append((*head, *(column.get(unit) for column in columns)))
        return rows, [(table, start, atom, leaf) for atom, leaves in atoms.items() for leaf in leaves]

    def _additive(self, table, quantity, start, atoms, families):
        own = {}
        for atom, leaves in atoms.items():
            _, base = self.constants(quantity, ROLES[table])
            own[atom] = base * half_even(sum(self.people(quantity, ROLES[table], start, leaves).values()) / base)
        return {unit: sum(own[a] for a in mine) for unit, mine in families.items()}

    def _percentile(self, what, start, atoms, families, counts):
        rows, at, roles, percent, step = (*what, snap)[:5]
        values, pools = {}, {}
        for atom, leaves in atoms.items():
            pool = [r for r in rows if r[0] == start and r[1] in leaves and r[at] is not None]
            if counts[atom] >= EVENTS[percent] and all(self._sides(pool, at, role, percent) for role in roles):
                pools[atom], values[atom] = pool, step(ranked([r[at] for r in pool], percent))
        for unit, mine in gate_people.pooled(atoms, families, pools).items():
            values[unit] = step(ranked([r[at] for a in mine for r in pools[a]], percent))
        return values

    def _sides(self, pool, at, role, percent):
        middle = ranked([r[at] for r in pool], percent)
        carried = [r for r in pool if r[role] is not None]
        people = [r[role] for r in carried]
        below = {r[role] for r in carried if r[at] <= middle}
        above = {r[role] for r in carried if r[at] >= middle}
        alone = max((people.count(p) for p in people), default=0)
        sides = [above] if percent > 50 else [below, above]
        enough = len(set(people)) >= 5 and all(len(s) >= 3 for s in sides) and 2 * alone <= len(people)
        return enough or not people

    def _rate(self, what, start, atoms, families, counts):
        rows, at, roles = what
        values, pools = {}, {}
        for atom, leaves in atoms.items():
            pool = [r for r in rows if r[0] == start and r[1] in leaves and r[at] is not None]
            sides = [[r[role] for r in pool if r[at] is flag and r[role]] for role in roles for flag in (True, False)]
            tallies = [{person: side.count(person) for person in side} for side in sides]
            if counts[atom] >= 20 and all(gate_people.hidden(t, 4) or (i > 1 and not t) for i, t in enumerate(tallies)):
                pools[atom], values[atom] = pool, self._share(pool, at)
        for unit, mine in gate_people.pooled(atoms, families, pools).items():
            values[unit] = self._share([r for a in mine for r in pools[a]], at)
        return values

    def _share(self, pool, at):
        return min(95, max(5, 5 * half_even(Fraction(20 * sum(r[at] for r in pool), len(pool)))))

    def grid(self):
        units = [(unit, level) for unit, _, level in self.units()]
        return [*units, *((f"rest:{group}", "rest") for group in self.groups), ("rest:org", "rest")]

    def band(self, unit, atoms):
        n = self.size(atoms.get(unit, []) if unit.startswith("rest:") else self.leaves(unit))
        return "under 6" if n < 6 else "6-9" if n < 10 else "10-19" if n < 20 else "20-49" if n < 50 else "50+"

    def connect(self, *tables):
        """The company in a vault, with the candidates of these tables (all: none named), all right."""
        db = self.vault()
        for table in tables or COLUMNS:
            for start in self.judged:
                if (table, start) not in self._made:
                    self._made[table, start] = self.candidate(table, start)
                rows, cells = self._made[table, start]
                put(db, f"protected.{table}", rows)
                put(db, "protected.cells", cells)
        return db
