"""The published series as an attacker sees it: block by block, atoms with their people and rounded numbers.

And the attacks on it that work by statistics. Each answers with what it said and what was true (clipped, as the release
speaks of clipped amounts); none looks at the truth to say it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tests.attacks.advantage import Try
from tests.attacks.simulation import COUNT, YEAR, Simulated
from tests.attacks.vaults import Release, released


@dataclass(frozen=True)
class Atom:
    """A published number of a block, and whom the roster says it is about."""

    people: frozenset[str]
    value: int
    teams: frozenset[str]

    @property
    def each(self) -> float:
        """A head's share: what the row is there to tell."""
        return self.value / max(1, len(self.people))


@dataclass(frozen=True)
class Panel:
    """A company, what was published of one count, and the blocks attacked."""

    company: Simulated
    release: Release

    @cached_property
    def blocks(self) -> list[dict[str, Atom]]:
        """Atoms by their id, block by block, from the second year on."""
        found = []
        for block in self.company.blocks[YEAR:]:
            teams: dict[str, set[str]] = {}
            for _, start, unit, team in self.release.cells:
                if start == block.start:
                    teams.setdefault(unit, set()).add(team)
            found.append(
                {
                    unit: Atom(
                        frozenset(person for team in inside for person in block.members[team]),
                        int(self.release.rows[block.start, unit][COUNT]),
                        frozenset(inside),
                    )
                    for unit, inside in sorted(teams.items())
                }
            )
        return found

    def clip(self, at: int) -> float:
        return float(self.release.rules[COUNT, self.company.blocks[YEAR + at].iso_year].clip)

    def base(self, at: int) -> int:
        return self.release.rules[COUNT, self.company.blocks[YEAR + at].iso_year].base

    def truth(self, at: int, person: str) -> float:
        return min(self.clip(at), self.company.done(YEAR + at, person))

    def guesses(self, at: int, atom: Atom) -> dict[str, float]:
        """What anybody would say of anybody: a head's share of the row or of the company, or the clip."""
        everyone = self.blocks[at].values()
        company = sum(one.value for one in everyone) / max(1, sum(len(one.people) for one in everyone))
        return {"row": min(self.clip(at), atom.each), "company": company, "clip": self.clip(at)}


def panel(company: Simulated) -> Panel:
    return Panel(company, released(company, "team_delivery"))


def comers_and_goers(panel: Panel, window: int = 1) -> Iterator[Try]:
    """Attack 20: a row of the same teams before and after one person came, or went; the difference is theirs.

    With a window, means of so many blocks on each side, as long as nobody else came or went.
    """
    for at in range(window, len(panel.blocks) - window + 1):
        before = panel.blocks[at - window : at]
        after = panel.blocks[at : at + window]
        for unit, atom in after[0].items():
            series = [[block.get(unit) for block in side] for side in (before, after)]
            if any(one is None or one.teams != atom.teams for side in series for one in side):
                continue
            rosters = [{one.people for one in side if one} for side in series]
            if any(len(side) > 1 for side in rosters) or len(changed := rosters[0].pop() ^ atom.people) != 1:
                continue
            (person,) = changed
            there = at if person in atom.people else at - window
            truth = sum(panel.truth(there + step, person) for step in range(window)) / window
            step = sum(one.value for one in series[1] if one) - sum(one.value for one in series[0] if one)
            yield Try(truth, min(panel.clip(there), abs(step) / window), panel.guesses(there, atom))


def all_but_one(panel: Panel, blocks: int = 1) -> Iterator[Try]:
    """Attack 27: all the others of a person's atom tell each other their numbers, over so many blocks in a row."""
    homes = [{p: atom for atom in block.values() for p in atom.people} for block in panel.blocks]
    for at in range(0, len(homes) - blocks + 1, blocks):
        span = range(at, at + blocks)
        for person in homes[at]:
            if all(person in homes[step] for step in span):
                atoms = [homes[step][person] for step in span]
                others = [
                    sum(panel.truth(step, other) for other in atom.people if other != person)
                    for step, atom in zip(span, atoms, strict=True)
                ]
                truth = sum(panel.truth(step, person) for step in span)
                most = sum(panel.clip(step) for step in span)
                said = min(most, max(0.0, sum(atom.value for atom in atoms) - sum(others)))
                heads = [panel.guesses(step, atom) for step, atom in zip(span, atoms, strict=True)]
                yield Try(truth, said, {kind: sum(one[kind] for one in heads) for kind in heads[0]})


def crossing(panel: Panel, seen: float, seed: int = 0) -> Iterator[Try]:
    """Attack 35: each change is seen in version control with this chance, with its author; the row tells the rest.

    The guess is what the seen part says by itself; the attack scales it so that the atom's people add up to the row.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    for at, block in enumerate(panel.blocks):
        for atom in block.values():
            known = {
                person: int(random.binomial(panel.company.done(YEAR + at, person), seen))
                for person in sorted(atom.people)
            }
            alone = {person: min(panel.clip(at), count / seen) for person, count in known.items()}
            scale = atom.value / max(1, sum(alone.values()))
            for person, guess in alone.items():
                said = min(panel.clip(at), max(known[person], guess * scale))
                yield Try(panel.truth(at, person), said, {"seen": guess, **panel.guesses(at, atom)})


@dataclass(frozen=True)
class Regression:
    """Of the people who changed teams: mean amounts, true and as the attack and the guesses say."""

    tries: list[Try]

    @property
    def bottom_quarter(self) -> tuple[int, int]:
        """How many of those whom the attack puts into the bottom quarter belong there, and how many it puts there."""
        count = len(self.tries) // 4
        truly = sorted(range(len(self.tries)), key=lambda at: self.tries[at].truth)[:count]
        said = sorted(range(len(self.tries)), key=lambda at: self.tries[at].said)[:count]
        return len(set(truly) & set(said)), count


def regression(panel: Panel, stiffness: float) -> Regression:
    """Attack 49: each person has a pace; the rows are sums of paces; least squares, drawn towards a head's share."""
    import numpy as np

    everyone = sorted({p for block in panel.blocks for atom in block.values() for p in atom.people})
    place = {person: at for at, person in enumerate(everyone)}
    rows = [(at, atom) for at, block in enumerate(panel.blocks) for atom in block.values()]
    there = np.zeros((len(rows), len(everyone)))
    for row, (_, atom) in enumerate(rows):
        there[row, [place[person] for person in atom.people]] = 1
    values = np.array([atom.value for _, atom in rows], dtype=float)
    head = values.sum() / there.sum()
    normal = there.T @ there + stiffness * np.eye(len(everyone))
    pace = head + np.linalg.solve(normal, there.T @ (values - there @ np.full(len(everyone), head)))
    own = there.T @ np.array([atom.each for _, atom in rows]) / there.sum(axis=0)
    tries = []
    for person in everyone:
        homes = panel.company.homes[person][YEAR:]
        if len({home for home in homes if home}) > 1:
            truth = float(np.mean([panel.truth(at, person) for at, home in enumerate(homes) if home]))
            said = float(np.clip(pace[place[person]], 0, panel.clip(0)))
            tries.append(Try(truth, said, {"company": head, "row": float(own[place[person]]), "clip": panel.clip(0)}))
    return Regression(tries)


@dataclass(frozen=True)
class Rhythm:
    """Attack 42: how the series of people who stay goes with their team's row; `top` does most in the team.

    `found` and `guessed`: whether the block in which the top person did nothing is the team's lowest, and how likely a
    block drawn by lot would have been it.
    """

    top: list[float]
    others: list[float]
    found: list[bool]
    guessed: list[float]


def rhythm(panels: Iterable[Panel], least: int = 10) -> Rhythm:
    """Over all teams with a row of their own in so many blocks."""
    import numpy as np

    rhythm = Rhythm([], [], [], [])
    for panel in panels:
        for team in sorted({unit for block in panel.blocks for unit, atom in block.items() if atom.teams == {unit}}):
            series = [(at, block[team]) for at, block in enumerate(panel.blocks) if team in block]
            stayed = frozenset[str].intersection(*(atom.people for _, atom in series))
            if len(series) < least or not stayed:
                continue
            row = np.array([atom.each for _, atom in series])
            done = {p: np.array([panel.company.done(YEAR + at, p) for at, _ in series]) for p in sorted(stayed)}
            top = max(done, key=lambda p: done[p].sum())
            for person, amounts in done.items():
                if amounts.std() and row.std():
                    series_of = rhythm.top if person == top else rhythm.others
                    series_of.append(float(np.corrcoef(amounts, row)[0, 1]))
            if (done[top] == 0).sum() == 1:
                rhythm.found.append(int(row.argmin()) == int(done[top].argmin()))
                rhythm.guessed.append(1 / len(series))
    return rhythm
