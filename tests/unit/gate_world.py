"""A small company and its right candidates, by brute force: what the gate must pass, for the tests to spoil.

Plain loops over plain dictionaries, written from the published rules and sharing no code with the gate.
"""

import datetime as dt
import math
import random
from fractions import Fraction

import duckdb

FIRST = dt.date(2025, 6, 16)
BLOCKS = [FIRST + dt.timedelta(weeks=4 * i) for i in range(7)] + [dt.date(2025, 12, 29), dt.date(2026, 1, 26)]
JUDGED = BLOCKS[7:]
TEAMS = {"g1": {"aa": 9, "bb": 8, "cc": 3}, "g2": {"dd": 10, "ee": 9}, "gx": {"xx": 2}}
LEVELS = {team: group for group, teams in TEAMS.items() for team in teams}
ROUND = [a * 10**e for e in range(8) for a in (1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8)]
HOURS = [a * 10**e / 1000 for e in range(5) for a in (100, 125, 160, 200, 250, 320, 400, 500, 630, 800)] + [10000.0]
BASES = [a * 10**e for e in range(6) for a in (10, 25, 50)]
EVENTS = {50: 10, 75: 20, 90: 50}
TABLES = {
    "team_delivery": ["changes_merged"],
    "team_code_volume": ["lines_added", "lines_deleted"],
    "team_tasks": ["tasks_completed"],
}
DDL = """
create schema vault.ops; create schema vault.intermediate; create schema vault.marts; create schema vault.protected;
create table vault.ops.clock(as_of timestamp);
create table vault.ops.calendar(period_start date, period_end date, iso_year int, block int);
create table vault.ops.sealed(table_name varchar, period_start date, digest varchar, release_id varchar);
create table vault.intermediate.int_units(period_start date, unit_id varchar, parent_id varchar, unit_level varchar,
    unit_name varchar);
create table vault.intermediate.int_members(period_start date, team_id varchar, person_key varchar);
create table vault.intermediate.int_ledger(table_name varchar, quantity varchar, role varchar, period_start date,
    team_id varchar, person_key varchar, value bigint);
create table vault.marts.mart_delivery(period_start date, team_id varchar, change_key varchar, author_key varchar,
    reviewer_key varchar, cycle_seconds bigint, is_unreviewed boolean);
create table vault.marts.mart_code_volume(period_start date, team_id varchar, contribution_key varchar,
    author_key varchar, lines_added bigint, lines_deleted bigint);
create table vault.marts.mart_tasks(period_start date, team_id varchar, task_key varchar, assignee_key varchar,
    lead_seconds bigint);
create table vault.protected.cells(table_name varchar, period_start date, unit_id varchar, team_id varchar);
create table vault.protected.team_delivery(period_start date, period_end date, unit_id varchar, unit_level varchar,
    status varchar, size_band varchar, changes_merged bigint,
    cycle_time_hours_p50 double, cycle_time_hours_p75 double, cycle_time_hours_p90 double,
    unreviewed_rate_pct smallint);
create table vault.protected.team_code_volume(period_start date, period_end date, unit_id varchar, unit_level varchar,
    status varchar, size_band varchar, lines_added bigint, lines_deleted bigint);
create table vault.protected.team_tasks(period_start date, period_end date, unit_id varchar, unit_level varchar,
    status varchar, size_band varchar, tasks_completed bigint, lead_time_hours_p50 double,
    lead_time_hours_p75 double, lead_time_hours_p90 double);
"""


def half_even(value):
    """A fraction to the nearest whole number, ties to even."""
    return round(Fraction(value))


def snap(seconds):
    """Hours on the ladder, nearest in log terms."""
    hours = seconds / 3600
    best = HOURS[0]
    for low, high in zip(HOURS, HOURS[1:], strict=False):
        if hours >= math.sqrt(low * high):
            best = high
    return best


def ranked(values, percent):
    """The value at rank ceil(n * percent / 100)."""
    return sorted(values)[math.ceil(Fraction(len(values) * percent, 100)) - 1]


class World:
    """People, work and candidates; `connect` puts them into a vault."""

    def __init__(self, seed=1):
        rng = random.Random(seed)
        self.members = {team: [f"{team}-p{i}" for i in range(n)] for g in TEAMS.values() for team, n in g.items()}
        self.delivery, self.code, self.tasks = [], [], []
        for start in BLOCKS:
            for team, people in self.members.items():
                for person in people:
                    self._work(rng, start, team, person)
        self.ledger = self._ledger()

    def _work(self, rng, start, team, person):
        others = [p for p in self.members[team] if p != person]
        for i in range(rng.choice([2, 3, 4, 5, 6])):
            unreviewed = rng.random() < 0.4
            reviewer = None if unreviewed else rng.choice(others)
            seconds = None if rng.random() < 0.1 else int(math.exp(rng.gauss(11, 1.2)))
            self.delivery.append((start, team, f"{start}{person}{i}", person, reviewer, seconds, unreviewed))
            self.code.append((start, team, f"{start}{person}{i}", person, rng.randint(1, 400), rng.randint(0, 200)))
        for i in range(rng.choice([1, 2, 3, 4])):
            self.tasks.append((start, team, f"{start}{person}{i}", person, int(math.exp(rng.gauss(12, 1)))))

    def _ledger(self):
        sums = {}
        for start, team, _, person, *_ in self.delivery:
            key = ("team_delivery", "changes_merged", "author", start, team, person)
            sums[key] = sums.get(key, 0) + 1
        for start, team, _, person, added, deleted in self.code:
            for quantity, value in (("lines_added", added), ("lines_deleted", deleted)):
                key = ("team_code_volume", quantity, "author", start, team, person)
                sums[key] = sums.get(key, 0) + value
        for start, team, _, person, _ in self.tasks:
            key = ("team_tasks", "tasks_completed", "assignee", start, team, person)
            sums[key] = sums.get(key, 0) + 1
        return sums

    def constants(self, quantity):
        values = sorted(
            v for k, v in self.ledger.items() if k[1] == quantity and k[3].year == 2025 and k[3] < JUDGED[0]
        )
        q75 = values[math.ceil(0.75 * len(values)) - 1]
        clip = next(Fraction(str(step)) for step in ROUND if step >= q75)
        return clip, next(base for base in BASES if base >= q75)

    def clipped(self, quantity, start, leaves):
        """Clipped values per person, largest first."""
        clip, _ = self.constants(quantity)
        rows = [v for k, v in self.ledger.items() if k[1] == quantity and k[3] == start and k[4] in leaves]
        return sorted((min(Fraction(v), clip) for v in rows if v > 0), reverse=True)

    def safe(self, table, start, leaves):
        roster = self.size(leaves)
        for quantity in TABLES[table]:
            values = self.clipped(quantity, start, leaves)
            total = sum(values)
            fine = roster >= 6 and len(values) >= 5 and 2 * values[0] <= total
            if not (fine and 5 * (total - sum(values[:3])) >= values[0]):
                return False
        return True

    def atoms(self, table, start):
        """{atom: leaves}, by section 3 of the rules, over three levels."""
        found, bad, good = {}, [], []
        for group, teams in TEAMS.items():
            order = sorted(teams, key=lambda t: (self.safe(table, start, [t]), teams[t], t))
            unsafe = [t for t in order if not self.safe(table, start, [t])]
            rest = self._prefix(table, start, [[t] for t in order], len(unsafe))
            if rest is None:
                bad.append((self.size(list(teams)), group, list(teams)))
                continue
            own = {t: [t] for t in teams if t not in rest}
            if rest:
                own[f"rest:{group}"] = rest
            good.append((self.size(list(teams)), group, own))
        queue = [leaves for _, _, leaves in sorted(bad)]
        for _, _, own in sorted(good, key=lambda g: g[:2]):
            queue += [own[a] for a in sorted(own, key=lambda a: (self.size(own[a]), a))]
        top = self._prefix(table, start, queue, len(bad))
        if top is None:
            return {}
        for _, _, own in good:
            found |= {a: leaves for a, leaves in own.items() if not set(leaves) & set(top)}
        return found | ({"rest:org": top} if top else {})

    def size(self, leaves):
        return sum(len(self.members[leaf]) for leaf in leaves)

    def _prefix(self, table, start, parts, least):
        """The shortest prefix with the first `least` parts that is safe together; [] when there is nothing to merge."""
        if not least:
            return []
        for n in range(least, len(parts) + 1):
            leaves = [leaf for part in parts[:n] for leaf in part]
            if self.safe(table, start, leaves):
                return leaves
        return None

    def rounded(self, quantity, start, leaves):
        _, base = self.constants(quantity)
        return base * half_even(sum(self.clipped(quantity, start, leaves)) / base)

    def families(self, atoms):
        """{unit: its atoms} for every unit that has some."""
        units = {atom: [atom] for atom in atoms}
        for group in TEAMS:
            mine = [a for a, leaves in atoms.items() if a != "rest:org" and LEVELS[leaves[0]] == group]
            if mine:
                units[group] = mine
        return units | ({"acme": list(atoms)} if atoms else {})

    def candidate(self, table, start):
        """(rows, cells) of a table and period."""
        atoms = self.atoms(table, start)
        families = self.families(atoms)
        columns = [self._additive(quantity, start, atoms, families) for quantity in TABLES[table]]
        if table == "team_delivery":
            for percent in EVENTS:
                columns.append(
                    self._percentile((self.delivery, 5, (3, 4), percent), start, atoms, families, columns[0])
                )
            columns.append(self._rate(start, atoms, families, columns[0]))
        if table == "team_tasks":
            for percent in EVENTS:
                columns.append(self._percentile((self.tasks, 4, (3,), percent), start, atoms, families, columns[0]))
        end = start + dt.timedelta(days=27)
        rows = []
        for unit, level in self.grid():
            status = "published" if unit in families else "withheld"
            rows.append((start, end, unit, level, status, self.band(unit, atoms), *(c.get(unit) for c in columns)))
        return rows, [(table, start, atom, leaf) for atom, leaves in atoms.items() for leaf in leaves]

    def _additive(self, quantity, start, atoms, families):
        own = {atom: self.rounded(quantity, start, leaves) for atom, leaves in atoms.items()}
        return {unit: sum(own[a] for a in mine) for unit, mine in families.items()}

    def _percentile(self, what, start, atoms, families, counts):
        rows, at, roles, percent = what
        values, pools = {}, {}
        for atom, leaves in atoms.items():
            pool = [r for r in rows if r[0] == start and r[1] in leaves and r[at] is not None]
            if counts[atom] >= EVENTS[percent] and all(self._sides(pool, at, role, percent) for role in roles):
                pools[atom], values[atom] = pool, snap(ranked([r[at] for r in pool], percent))
        for unit, family in families.items():
            mine = [a for a in family if a in pools]
            if unit not in atoms and len(mine) >= 2:
                values[unit] = snap(ranked([r[at] for a in mine for r in pools[a]], percent))
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

    def _rate(self, start, atoms, families, counts):
        values, pools = {}, {}
        for atom, leaves in atoms.items():
            pool = [r for r in self.delivery if r[0] == start and r[1] in leaves]
            sides = [[r[role] for r in pool if r[6] is flag and r[role]] for role in (3, 4) for flag in (True, False)]
            if counts[atom] >= 20 and all(self._hidden(s) or (i > 1 and not s) for i, s in enumerate(sides)):
                pools[atom], values[atom] = pool, self._share(pool)
        for unit, family in families.items():
            mine = [a for a in family if a in pools]
            if unit not in atoms and len(mine) >= 2:
                values[unit] = self._share([r for a in mine for r in pools[a]])
        return values

    def _hidden(self, people):
        counts = sorted((people.count(p) for p in set(people)), reverse=True)
        return len(counts) >= 4 and 2 * counts[0] <= len(people) and 5 * sum(counts[3:]) >= counts[0]

    def _share(self, pool):
        return min(95, max(5, 5 * half_even(Fraction(20 * sum(r[6] for r in pool), len(pool)))))

    def grid(self):
        teams = [(team, "team") for team in LEVELS]
        rests = [(f"rest:{group}", "rest") for group in TEAMS]
        return [("acme", "org"), *((group, "group") for group in TEAMS), *teams, *rests, ("rest:org", "rest")]

    def band(self, unit, atoms):
        leaves = (
            atoms.get(unit, [])
            if unit.startswith("rest:")
            else [leaf for leaf, group in LEVELS.items() if unit in (leaf, group, "acme")]
        )
        n = self.size(leaves)
        return "under 6" if n < 6 else "6-9" if n < 10 else "10-19" if n < 20 else "20-49" if n < 50 else "50+"

    def connect(self, *tables):
        """A connection with the world in a vault; the candidates of these tables, all right."""
        db = duckdb.connect()
        db.execute("attach ':memory:' as vault")
        db.execute(DDL)

        def put(name, rows):
            lines = ["(" + ", ".join(map(_sql, row)) + ")" for row in rows]
            if lines:
                db.execute(f"insert into vault.{name} values " + ", ".join(lines))

        put("ops.clock", [("2026-03-10 00:00:00",)])
        put(
            "ops.calendar",
            [(s, s + dt.timedelta(days=27), 2026 if s in JUDGED else 2025, i) for i, s in enumerate(BLOCKS)],
        )
        for start in BLOCKS:
            units = [("acme", None, "org", "Acme"), *((g, "acme", "group", g.upper()) for g in TEAMS)]
            units += [(team, group, "team", f"Team {team}") for team, group in LEVELS.items()]
            put("intermediate.int_units", [(start, *unit) for unit in units])
            put("intermediate.int_members", [(start, t, p) for t, people in self.members.items() for p in people])
        put("intermediate.int_ledger", [(*key, value) for key, value in self.ledger.items()])
        put("marts.mart_delivery", self.delivery)
        put("marts.mart_code_volume", self.code)
        put("marts.mart_tasks", self.tasks)
        for table in tables or TABLES:
            for start in JUDGED:
                rows, cells = self.candidate(table, start)
                put(f"protected.{table}", rows)
                put("protected.cells", cells)
        return db


def _sql(value):
    if value is None or isinstance(value, bool | int | float):
        return "null" if value is None else str(value)
    return f"'{value}'"
