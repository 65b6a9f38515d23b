"""What holds a unit up, as the rules say it, from published rows: plain statistics over plain lists."""

from collections.abc import Mapping, Sequence
from math import sqrt
from statistics import fmean, pstdev

from tests.oracle.model import Day
from tests.oracle.published import Rows

STAGES = ("coding", "pickup", "review", "merge_wait", "unreviewed_wait", "unapproved_review")
HEAD = ("period_start", "period_end", "unit_id", "unit_level", "status", "size_band")
TELLS = ("bottleneck", "bottleneck_share_pct", "usual_share_pct")
JUST = 1e-9  # what is just clear is clear


def bottlenecks(delivery: Rows) -> Rows:
    """The rows of `team_bottlenecks`, from those of `team_delivery`."""
    starts = sorted({start for start, _ in delivery})
    return {
        (start, unit): {name: row[name] for name in HEAD} | _told(delivery, starts[: starts.index(start) + 1], unit)
        for (start, unit), row in delivery.items()
    }


def _told(delivery: Rows, starts: Sequence[Day], unit: str) -> dict[str, object]:
    shares = {stage: [delivery.get((day, unit), {}).get(f"{stage}_share_pct") for day in starts] for stage in STAGES}
    both = {stage: (_rise(listed), _rise(listed[:-1])) for stage, listed in shares.items()}
    known = {stage: rises for stage, rises in both.items() if None not in rises}
    clear = {stage: now for stage, (now, before) in known.items() if _is_clear(now) and _is_clear(before)}
    if not clear:
        return dict(zip(TELLS, ("none" if known else None, None, None), strict=True))
    _, stage = max((round(now[0] * now[2], 6), stage) for stage, now in clear.items())
    recent, usual, _ = clear[stage]
    return dict(zip(TELLS, (stage, int(recent + 0.5 + JUST), int(usual + 0.5 + JUST)), strict=True))


def _rise(listed: Sequence[float | None]) -> tuple[float, float, float] | None:
    """The mean of late, the usual one, and how many standard errors lie between them."""
    recent, usual = ([one for one in part if one is not None] for part in (listed[-3:], listed[-16:-3]))
    if not listed or listed[-1] is None or len(recent) < 2 or len(usual) < 6:
        return None
    error = max(pstdev(usual), 2.5) * sqrt(1 / len(recent) + 1 / len(usual))
    return fmean(recent), fmean(usual), (fmean(recent) - fmean(usual)) / error


def _is_clear(rise: tuple[float, float, float]) -> bool:
    recent, usual, errors = rise
    return recent - usual >= 4 - JUST and errors >= 1.8 - JUST


def plainly(rows: Mapping[tuple[Day, str], dict[str, object]]) -> dict[tuple[Day, str], tuple[object, ...]]:
    """Only what is told, by period and unit."""
    return {key: tuple(row[name] for name in TELLS) for key, row in rows.items()}
