"""What holds a unit up, as the rules say it, from published rows: plain statistics over plain lists."""

from collections.abc import Mapping, Sequence
from statistics import fmean

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
    rows = [delivery.get((day, unit), {}) for day in starts]
    seen = {stage: [_pair(row, stage) for row in rows] for stage in STAGES}
    both = {stage: (_rise(listed), _rise(listed[:-1])) for stage, listed in seen.items()}
    known = {stage: rises for stage, rises in both.items() if None not in rises}
    clear = {stage: now for stage, (now, before) in known.items() if _is_clear(now) and _is_clear(before)}
    if not clear:
        return dict(zip(TELLS, ("none" if known else None, None, None), strict=True))
    _, stage = max((round(now[0] - now[1], 6), stage) for stage, now in clear.items())
    recent, usual, _ = clear[stage]
    return dict(zip(TELLS, (stage, int(recent + 0.5 + JUST), int(usual + 0.5 + JUST)), strict=True))


def _pair(row: Mapping[str, object], stage: str) -> tuple[float, float] | None:
    """Share and hours of a stage in one period, if it shows both."""
    share, hours = row.get(f"{stage}_share_pct"), row.get("cycle_time_hours_p50")
    return None if share is None or hours is None else (share, share * hours)


def _rise(listed: Sequence[tuple[float, float] | None]) -> tuple[float, float, bool] | None:
    """The mean share of late, the usual one, and whether its hours are half as many again."""
    recent, usual = ([one for one in part if one is not None] for part in (listed[-3:], listed[-16:-3]))
    if not listed or listed[-1] is None or len(recent) < 2 or len(usual) < 6:
        return None
    (share, hours), (usual_share, usual_hours) = (map(fmean, zip(*part, strict=True)) for part in (recent, usual))
    return share, usual_share, hours >= 1.5 * usual_hours - JUST


def _is_clear(rise: tuple[float, float, bool]) -> bool:
    recent, usual, takes_longer = rise
    return recent - usual >= 3 - JUST and takes_longer


def plainly(rows: Mapping[tuple[Day, str], dict[str, object]]) -> dict[tuple[Day, str], tuple[object, ...]]:
    """Only what is told, by period and unit."""
    return {key: tuple(row[name] for name in TELLS) for key, row in rows.items()}
