"""Shares and spreads of a small company by brute force, and the two rules that everything else leans on too."""

from fractions import Fraction

from tests.unit.gate_company import SHOWS, STAGES, STATUSES

CHANGES = {stage: ("author", *SHOWS.get(stage, ())) for stage in STAGES}
TASKS = dict.fromkeys(STATUSES, ("assignee",))
UNNAMED = {"queued"}  # stands among the others alone


def hidden(people, least):
    """Whether these contributions ({person: amount}) hide each of the people behind them."""
    values = sorted((value for value in people.values() if value > 0), reverse=True)
    total = sum(values)
    return len(values) >= least and 2 * values[0] <= total and 5 * sum(values[3:]) >= values[0]


def pooled(atoms, families, own):
    """{parent: its atoms with a value of their own}, two at least."""
    found = {unit: [a for a in mine if a in own] for unit, mine in families.items() if unit not in atoms}
    return {unit: mine for unit, mine in found.items() if len(mine) >= 2}


def shares(world, start, atoms, families, counts, stages=CHANGES):
    """A column for each named stage and one for the others, {unit: percent}; `stages` gives each one's roles."""
    own = {}
    for atom, leaves in atoms.items():
        found = _alone(world, start, leaves, stages) if counts[atom] >= 20 else None
        if found:
            own[atom] = found
    rows = {atom: _steps(alone, other, stages) for atom, (alone, other) in own.items()}
    for unit, mine in pooled(atoms, families, own).items():
        together = [stage for stage in stages if all(stage in own[a][0] for a in mine)]
        if together:
            alone = {stage: sum(own[a][0][stage] for a in mine) for stage in together}
            others = [own[a][1] for a in mine if own[a][1] is not None]
            others += [hours for a in mine for stage, hours in own[a][0].items() if stage not in together]
            rows[unit] = _steps(alone, sum(others) if others else None, stages)
    named = [stage for stage in stages if stage not in UNNAMED]
    return [{unit: row[stage] for unit, row in rows.items() if stage in row} for stage in (*named, "other")]


def _alone(world, start, leaves, stages):
    """({stage: hours} of those that stand alone, hours of the others or None); None when none stands alone."""
    people = {
        (stage, role): world.people(f"{stage}_seconds", role, start, leaves)
        for stage, roles in stages.items()
        for role in roles
    }
    safe = {stage: _together(people, [stage]) for stage in stages}
    alone = [stage for stage in stages if safe[stage] and stage not in UNNAMED]
    other = [stage for stage in stages if stage not in alone]
    while other and alone and not _together(people, other):
        other.append(alone.pop())
    if not alone or (other and not _together(people, other)):
        return None
    hours = {stage: sum(people[stage, roles[0]].values()) for stage, roles in stages.items()}
    return {stage: hours[stage] for stage in alone}, sum(hours[stage] for stage in other) if other else None


def _together(people, stages):
    first = next(iter(people))[1]
    sums = {}
    for (stage, role), amounts in people.items():
        for person, amount in amounts.items() if stage in stages else ():
            mine = sums.setdefault(role, {})
            mine[person] = mine.get(person, 0) + amount
    return first in sums and all(hidden(mine, 5) for mine in sums.values())


def _steps(alone, other, stages):
    """Largest remainder in steps of 5: {stage: percent}."""
    parts = [(stage, alone[stage]) for stage in stages if stage in alone]
    parts += [] if other is None else [("other", other)]
    total = sum(hours for _, hours in parts)
    exact = {name: Fraction(20 * hours, 1) / total for name, hours in parts}
    steps = {name: int(value) for name, value in exact.items()}
    order = sorted(exact, key=lambda name: steps[name] - exact[name])
    for name in order[: 20 - sum(steps.values())]:
        steps[name] += 1
    return {name: 5 * step for name, step in steps.items()}


def spread(world, start, atoms, families, counts):
    """{unit: band} of the Gini coefficient of reviews given."""
    del counts
    own = {}
    for atom, leaves in atoms.items():
        people = world.people("reviews_given", "reviewer", start, leaves)
        if len(people) >= 10 and world.size(leaves) >= 11:
            own[atom] = people
    bands = {atom: _band(list(people.values())) for atom, people in own.items()}
    for unit, mine in pooled(atoms, families, own).items():
        bands[unit] = _band([value for a in mine for value in own[a].values()])
    return bands


def _band(values):
    x, n = sorted(values), len(values)
    gini = Fraction(sum((2 * i - n - 1) * Fraction(v) for i, v in enumerate(x, start=1))) / (n * sum(x))
    return "even" if gini < Fraction(3, 10) else "mixed" if gini < Fraction(1, 2) else "concentrated"
