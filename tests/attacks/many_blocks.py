"""Attacks that need many blocks: regression of the rows on rosters, and the rhythm of a team's row."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.attacks.advantage import Try
from tests.attacks.panels import Panel
from tests.attacks.simulation import YEAR


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
