"""Whether the bottleneck finder finds what was planted: hits and false alarms, beside three rival rules.

    python -m benchmarks.bottlenecks [COMPANIES]

Each company of the sandbox is made with one stage of some of its teams slowed down from a day on. Shares are those that
would be published of a team by itself: clipped as the oracle clips, from twenty changes on, a stage from five people
with none above half, in steps of five; a stage that fails joins the others. So is the median of the cycle time: from
five people with three on each side and none above half, on the ladder. A hit: the stage is named in a period that
lies wholly after the day. A false alarm: a period of a team without a plant in which any stage is named.
"""

from __future__ import annotations

import math
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import click

from expectations.bottlenecks import EARLIER, ENOUGH, NONE, Period, held_up, rise
from expectations.ladder import rungs
from sources.sandbox.chance import block_start, stream
from sources.sandbox.clips import Given, clipped
from sources.sandbox.company import Company
from sources.sandbox.oracle import merged
from sources.sandbox.places import TEAMS
from sources.sandbox.settings import STAGES, Plant, Sandbox

COMPANIES = 24
SINCE = date(2026, 3, 23)
UNTIL = date(2026, 11, 9)
FACTORS = (4.0, 8.0, 16.0)
LARGE = [team.id for team in TEAMS if team.people >= 7 and team.pace >= 0.9]
Rule = Callable[[Sequence[Period]], list[str | None]]
Shares = dict[str, int | None]


def largest(history: Sequence[Period]) -> list[str | None]:
    """What vendors show: the stage with the largest share."""
    listed = [one.shares for one in history]
    return [max((s for s in one if one[s] is not None), key=lambda s: one[s] or 0, default=None) for one in listed]


def largest_change(history: Sequence[Period]) -> list[str | None]:
    """The stage that rose most since the period before, by a step at least."""
    found: list[str | None] = [None]
    listed = [one.shares for one in history]
    for before, now in zip(listed, listed[1:], strict=False):
        rises = {s: v - b for s, v in now.items() if v is not None and (b := before.get(s)) is not None}
        best = max(rises, key=lambda s: rises[s], default=None)
        found.append(best if best and rises[best] >= 5 else NONE if rises else None)
    return found


def median_and_mad(history: Sequence[Period]) -> list[str | None]:
    """The rule as it is usually written: share times robust z above the own median, first in two periods running."""
    listed = [one.shares for one in history]
    ranked = [_first_ranked(listed[:at], one) for at, one in enumerate(listed)]
    return [
        None if now is None or before is None else now if now == before else NONE
        for before, now in zip((None, *ranked), ranked, strict=False)
    ]


def _first_ranked(earlier: Sequence[Mapping[str, int | None]], now: Mapping[str, int | None]) -> str | None:
    """The stage of the largest share x max(0, z), z = (share - median) / (1.4826 MAD); NONE where no share rose."""
    ranks: dict[str, tuple[float, int]] = {}
    for stage, share in now.items():
        usual = [known for one in earlier[-EARLIER:] if (known := one.get(stage)) is not None]
        if share is not None and len(usual) >= ENOUGH:
            middle = statistics.median(usual)
            mad = 1.4826 * statistics.median(abs(one - middle) for one in usual)
            ranks[stage] = (
                share * max(0.0, (share - middle) / mad if mad else math.inf if share > middle else 0.0),
                share,
            )
    best = max(ranks, key=lambda stage: ranks[stage], default=None)
    return NONE if best is not None and ranks[best][0] == 0 else best


RULES: dict[str, Rule] = {
    "longer than the team's own usual": held_up,
    "share x robust z, as written": median_and_mad,
    "largest stage": largest,
    "largest change": largest_change,
}


@dataclass(slots=True)
class Score:
    """What a rule found."""

    planted: int = 0
    shown: int = 0  # of those, whose stage is published often enough to be told
    hits: int = 0
    wrong: int = 0  # planted teams for which another stage was named
    quiet: int = 0  # periods of teams without a plant in which the rule could tell
    alarms: int = 0


def plants(seed: int) -> tuple[Plant, ...]:
    """A stage each for half of the teams that are large enough."""
    rng = stream(seed, "plants")
    chosen = rng.sample(LARGE, len(LARGE) // 2)
    return tuple(Plant(stage=rng.choice(STAGES), team=team, since=SINCE, factor=rng.choice(FACTORS)) for team in chosen)


def published(company: Company) -> dict[str, dict[date, Period]]:
    """By team and period what a team by itself would show."""
    cycles: dict[tuple[str, date], list[tuple[int, str]]] = defaultdict(list)
    given = []
    for change in merged(company):
        whole = sum(map(int, change.stages.values()))
        cycles[change.team, block_start(change.at.date())].append((whole, change.author))
        given += [Given("", stage, change.team, change.at, change.author, int(s)) for stage, s in change.stages.items()]
    people: dict[tuple[str, date], dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for _, stage, team, week, person, seconds in clipped(given):
        mine = people[team, block_start(week)][stage]
        mine[person] = mine.get(person, 0.0) + seconds
    found: dict[str, dict[date, Period]] = defaultdict(dict)
    for (team, block), stages in sorted(people.items()):
        if len(cycles[team, block]) >= 20:
            found[team][block] = Period(_shares(stages), _median(sorted(cycles[team, block])))
    return found


def _median(cycles: list[tuple[int, str]]) -> float | None:
    """The lower median in hours, from seconds with their authors, least first."""
    middle = (len(cycles) - 1) // 2
    authors = [author for _, author in cycles]
    each = Counter(authors)
    sides = [{author for seconds, author in cycles if seconds <= cycles[middle][0]}, {*authors[middle:]}]
    if len(each) < 5 or min(map(len, sides)) < 3 or 2 * max(each.values()) > len(cycles):
        return None
    return max((step for begins, step in rungs("hours") if begins <= cycles[middle][0]), default=0.0)


def _shares(stages: dict[str, dict[str, float]]) -> Shares:
    whole = sum(sum(mine.values()) for mine in stages.values())
    shown: Shares = {}
    for stage in (*STAGES, "unreviewed_wait", "unapproved_review"):
        mine = stages.get(stage, {})
        total = sum(mine.values())
        safe = len([value for value in mine.values() if value]) >= 5 and max(mine.values()) <= total / 2
        shown[stage] = 5 * round(20 * total / whole) if safe and whole else None
    return shown


def measured(companies: int) -> dict[str, Score]:
    """The scores of all rules over so many companies."""
    scores = {name: Score() for name in RULES}
    for seed in range(1, companies + 1):
        planted = {plant.team: plant.stage for plant in plants(seed)}
        company = Company(Sandbox(seed=seed, until=UNTIL, plants=plants(seed)))
        for team, periods in published(company).items():
            if team in LARGE:
                history = [periods[start] for start in sorted(periods)]
                after = [at for at, start in enumerate(sorted(periods)) if start >= SINCE + timedelta(days=28)]
                for name, rule in RULES.items():
                    told = rule(history)
                    stage = planted.get(team)
                    _count(scores[name], stage, [told[at] for at in after])
                    if stage:
                        scores[name].shown += any(rise(history[: at + 1], stage) for at in after)
        click.echo(f"\r{seed} of {companies} companies", err=True, nl=False)
    return scores


def _count(score: Score, stage: str | None, told: Sequence[str | None]) -> None:
    named = [one for one in told if one not in (None, NONE)]
    if stage is None:
        score.quiet += sum(one is not None for one in told)
        score.alarms += len(named)
        return
    score.planted += 1
    score.hits += stage in named
    score.wrong += any(one != stage for one in named)


def rows(scores: dict[str, Score]) -> Iterator[str]:
    """The table, as Markdown."""
    yield "| rule | planted teams | hits | of those whose stage is shown | another named | quiet | false alarms |"
    yield "|---|---|---|---|---|---|---|"
    for name, one in scores.items():
        planted, shown, quiet = max(one.planted, 1), max(one.shown, 1), max(one.quiet, 1)
        rates = f"{one.hits / planted:.2f} | {one.hits / shown:.2f} ({one.shown}) | {one.wrong / planted:.2f}"
        yield f"| {name} | {one.planted} | {rates} | {one.quiet} | {one.alarms / quiet:.3f} |"


if __name__ == "__main__":
    click.echo("\n".join(rows(measured(int(sys.argv[1]) if len(sys.argv) > 1 else COMPANIES))))
