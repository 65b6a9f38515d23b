"""What others do with an unsafe cell: leave it out, and enough of its neighbours that it cannot be subtracted.

Small versions for one additive table of a tree (organisation = sum of groups, group = sum of teams), as the handbook
describes them: the same rules of safety as merging, exact numbers, totals over everything. `safe` is what they would
need to withstand the auditor: rounded numbers, totals of what is shown, and neighbours enough that all that is left out
of a group would be safe together; of all such choices the one that loses least (tried out, as the groups are small).
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

SAFETY_RANGE = Fraction(3, 10)  # tau-ARGUS protects a cell that breaks the threshold by such a share of it


@dataclass(frozen=True)
class Tree:
    """One period: the teams of each group, the sum of each team, and whether a set of teams is safe together."""

    groups: Mapping[str, list[str]]
    sums: Mapping[str, Fraction]
    is_safe: Callable[[list[str]], bool]

    def total(self, teams: list[str]) -> Fraction:
        """What they did together."""
        return sum((self.sums[team] for team in teams), Fraction())


def unsafe(tree: Tree) -> set[str]:
    """Primary suppression: teams and groups that are unsafe by themselves."""
    groups = {group for group, teams in tree.groups.items() if not tree.is_safe(teams)}
    return groups | {team for teams in tree.groups.values() for team in teams if not tree.is_safe([team])}


def greedy(tree: Tree) -> set[str]:
    """sdcTable's simple heuristic: while one cell of a sum is missing, leave out its smallest neighbour too."""
    gone = unsafe(tree)
    cells = {**tree.sums, **{group: tree.total(teams) for group, teams in tree.groups.items()}}
    sums = [(None, list(tree.groups)), *((group, teams) for group, teams in tree.groups.items())]
    moved = True
    while moved:
        moved = False
        for whole, parts in sums:
            missing = [cell for cell in (whole, *parts) if cell in gone]
            left = [part for part in parts if part not in gone and cells[part]]
            if len(missing) == 1 and left:
                gone.add(min(left, key=lambda part: (cells[part], part)))
                moved = True
    return gone


def optimal(tree: Tree) -> set[str]:
    """tau-ARGUS's modular way: sum by sum, from the top, the cheapest cells by an integer program.

    A missing cell must be able to lie its safety range above the truth: the other missing cells of the sum can give
    that much away, as nothing is below zero (Fischetti and Salazar 2001, for one equation).
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    gone = unsafe(tree)
    cells = {**tree.sums, **{group: tree.total(teams) for group, teams in tree.groups.items()}}
    for whole, parts in [(None, list(tree.groups)), *tree.groups.items()]:
        amounts = np.array([float(cells[part]) for part in parts])
        fixed = [at for at, part in enumerate(parts) if part in gone]
        rows, least = [], []
        for at in fixed if whole not in gone else []:
            rows.append([0.0 if other == at else float(amounts[other]) for other in range(len(parts))])
            least.append(float(SAFETY_RANGE * cells[parts[at]]))
        if whole in gone:
            rows.append(amounts.tolist())
            least.append(float(SAFETY_RANGE * cells[whole]))
        if not rows:
            continue
        known = np.array([float(at in fixed) for at in range(len(parts))])
        solved = milp(
            amounts,
            integrality=np.ones(len(parts)),
            bounds=Bounds(known, np.ones(len(parts))),
            constraints=LinearConstraint(np.array(rows), np.array(least), np.inf),
        )
        chosen = np.ones(len(parts)) if solved.x is None else solved.x
        gone |= {part for at, part in enumerate(parts) if chosen[at] > 0.5}
    return gone


def safe(tree: Tree) -> set[str]:
    """The best that withstands the auditor, leaving out and never showing what is left out together."""
    gone: set[str] = set()
    for group, teams in tree.groups.items():
        needed = [team for team in teams if not tree.is_safe([team])]
        others = [team for team in teams if team not in needed]
        choices = (
            [*needed, *more]
            for size in range(len(others) + 1)
            for more in itertools.combinations(others, size)
            if needed and tree.is_safe([*needed, *more])
        )
        gone |= {*min(choices, key=lambda left: (tree.total(left), left), default=teams)} if needed else set()
        gone |= {group} if all(team in gone for team in teams) else set()
    return gone
