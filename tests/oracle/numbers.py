"""The arithmetic of the rules: the ladder, clips and bases, rounding, who hides whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.model import Block

DOMINANCE, P_PERCENT = Fraction(1, 2), Fraction(1, 5)
LADDER = [
    Fraction(m) / 100 * Fraction(10) ** e
    for e in range(-2, 9)
    for m in (100, 125, 160, 200, 250, 320, 400, 500, 630, 800)
]
BASES = [step * 10**e for e in range(1, 9) for step in (1, Fraction(5, 2), 5)]
BANDS = ((50, "50+"), (20, "20-49"), (10, "10-19"), (6, "6-9"), (0, "under 6"))


@dataclass(frozen=True)
class Constants:
    """The clip of one person's quantity in one period, and the base that atoms are rounded to."""

    clip: Fraction
    base: int


def constants(blocks: Iterable[Block], quantity: str, year: int) -> Constants | None:
    """Of the year before: p75 of what a person did for a team in a period, if fifty such figures exist."""
    before = [block for block in blocks if block.iso_year == year - 1]
    values = [
        value
        for block in before
        for people in block.did.get(quantity, {}).values()
        for value in people.values()
        if value > 0
    ]
    if len(values) < 50:
        return None
    p75 = nearest_rank(values, Fraction(3, 4))
    bases = BASES if before[0].block is None else [5, *BASES]
    return Constants(next(step for step in LADDER if step >= p75), int(next(base for base in bases if base >= p75)))


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


def snapped(amount: int, unit: str = "hours") -> float:
    """So many of a unit, on the ladder up to 10,000 of it: up from the geometric middle of two steps."""
    many = Fraction(amount, {"hours": 3600, "minutes": 60, "lines": 1}[unit])
    lowest = Fraction(1) if unit == "lines" else Fraction(1, 10)
    steps = [step for step in LADDER if lowest <= step <= 10_000]
    place = 0
    while place + 1 < len(steps) and many * many >= steps[place] * steps[place + 1]:
        place += 1
    return float(steps[place])


def nearest_rank(values: list[int], quantile: Fraction) -> int:
    """The percentile that is somebody's value: the least with at least this share at or below it."""
    rank = -(-quantile * len(values) // 1)
    return sorted(values)[int(rank) - 1]


def middle(values: list[int]) -> int:
    """The median that is somebody's value: the lower one of two."""
    return nearest_rank(values, Fraction(1, 2))


def band(people: int) -> str:
    """A roster's size as readers see it."""
    return next(name for floor, name in BANDS if people >= floor)


def hundred(parts: list[Fraction]) -> list[int]:
    """Parts of a whole as steps of 5 that add to 100: floors, then a step more for the largest remainders."""
    whole = sum(parts)
    exact = [20 * part / whole for part in parts]
    steps = [int(share) for share in exact]
    for place in sorted(range(len(parts)), key=lambda at: (steps[at] - exact[at], at))[: 20 - sum(steps)]:
        steps[place] += 1
    return [5 * step for step in steps]


def trend(first: int, second: int) -> str:
    """Which of two is the larger, by more than a quarter of the other."""
    quarter = Fraction(5, 4)
    return "grows" if first > quarter * second else "shrinks" if second > quarter * first else "steady"


def spread(shares: Iterable[Fraction]) -> str:
    """The Gini coefficient in a word."""
    ranked = sorted(shares)
    n = len(ranked)
    gini = sum(((2 * at - n - 1) * share for at, share in enumerate(ranked, 1)), Fraction()) / (n * sum(ranked))
    return "even" if gini < Fraction(3, 10) else "mixed" if gini < Fraction(1, 2) else "concentrated"
