"""The auditor's figures: what remains to attackers, what the audit costs.

Companies are simulated; the oracle publishes them, which the tests hold equal to the models.
"""

import time
from collections.abc import Iterator, Sequence

from expectations.attacker.audit import audit
from expectations.policy import Policy
from tests.attacks.advantage import advantage, wilson
from tests.attacks.many_blocks import regression, rhythm
from tests.attacks.panels import Panel, all_but_one, comers_and_goers, crossing, panel
from tests.attacks.simulation import COUNT, YEAR, Size, simulated
from tests.attacks.vaults import Release, naive, vault
from tests.oracle import Table, constants

QUANTITIES = (COUNT, "tasks_completed")


def main() -> None:
    """All of it."""
    print("(a) attacks by statistics: advantage over the best guess, with Wilson bounds")
    for line in attacks():
        print("  " + line, flush=True)
    print("(b) the audit")
    for line in costs():
        print("  " + line, flush=True)


def attacks(seeds: int = 20) -> list[str]:
    """Section by section of the attacks on series."""
    restless = [panel(simulated(seed, later=26)) for seed in range(seeds)]
    calm = [panel(simulated(seed, Size(moving=0.01), later=13)) for seed in range(seeds)]
    steady = [panel(simulated(seed, Size(moving=0.01, away=0.01, steady=True), later=13)) for seed in range(seeds)]
    told = []
    for name, panels in (("people vary", calm), ("everybody does the same in every block", steady)):
        for window in (1, 2):
            score = advantage(one for panel in panels for one in comers_and_goers(panel, window))
            told.append(f"20 one comes or goes, {window} blocks, {name}: {score}")
    for blocks in (1, 13):
        told.append(
            f"27 all but one, {blocks} blocks: {advantage(o for p in restless for o in all_but_one(p, blocks))}"
        )
    for seen in (0.5, 0.8, 1.0):
        told.append(f"35 {seen:.0%} seen elsewhere: {advantage(o for p in restless for o in crossing(p, seen))}")
    return [*told, *leaving(calm), *(paces(restless, stiffness) for stiffness in (1.0, 4.0, 8.0, 16.0))]


def leaving(panels: Sequence[Panel]) -> list[str]:
    """Attack 42."""
    found = rhythm(panels)
    top, others = (sum(one) / len(one) for one in (found.top, found.others))
    right, chance = sum(found.found) / len(found.found), sum(found.guessed) / len(found.guessed)
    return [
        f"42 correlation with the row: {top:.3f} of the top person ({len(found.top)}), {others:.3f} of the others",
        f"42 the top person's block away is the row's lowest: {right:.1%}, by lot {chance:.1%} ({len(found.found)})",
    ]


def paces(panels: Sequence[Panel], stiffness: float) -> str:
    """Attack 49, for one strength of the prior."""
    tried = [regression(one, stiffness) for one in panels]
    right, placed = (sum(one.bottom_quarter[at] for one in tried) for at in (0, 1))
    low, high = wilson(right, placed)
    score = advantage(one for company in tried for one in company.tries)
    return f"49 paces, prior {stiffness:g}: bottom quarter {right / placed:.1%} ({low:.1%} to {high:.1%}); {score}"


def costs() -> Iterator[str]:
    """Seconds of the full audit and of one period's, over two years of 200 teams and one block of 2,000.

    What is published is a rounded row for every team: more programs than after merging, and no waiting for the oracle.
    """
    for size, blocks in ((Size(1400, 200, 33, quantities=QUANTITIES), 26), (Size(14000, 2000, 333), 1)):
        made = simulated(1, size, later=blocks)
        years = sorted({block.iso_year for block in made.blocks[YEAR:]})
        releases = []
        for table, quantity in {"team_delivery": COUNT, "team_tasks": "tasks_completed"}.items():
            if quantity in size.quantities:
                found = {(quantity, year): constants(made.blocks, quantity, year) for year in years}
                rules = {key: rule for key, rule in found.items() if rule}
                empty = Release(Table(table, (quantity,)), {}, set(), rules)
                releases.append(naive(made, empty, max(rule.base for rule in rules.values())))
        with vault(made, releases) as connection:
            for what, periods in (("all periods", None), ("the last one", [made.blocks[-1].start])):
                begun = time.perf_counter()
                audit(connection, Policy(), periods)
                seconds = time.perf_counter() - begun
                yield f"{size.teams} teams, {len(releases)} columns, {blocks} blocks, {what}: {seconds:.1f} s"


if __name__ == "__main__":
    main()
