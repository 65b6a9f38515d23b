"""The published series as an attacker sees it: block by block, atoms with their people and rounded numbers.

And the attacks on it that work by statistics. Each answers with what it said and what was true (clipped, as the release
speaks of clipped amounts); none looks at the truth to say it.
"""

from collections.abc import Iterator
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
