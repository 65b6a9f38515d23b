"""What a made-up company is made from; the same settings give the same company, byte for byte."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

DEFAULT_LENGTH = timedelta(weeks=104)


STAGES = ("coding", "pickup", "review", "merge_wait")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A stage of a team's changes that takes so many times as long from a day on: something for the finder to find."""

    stage: str
    team: str
    since: date
    factor: float

    @classmethod
    def parsed(cls, text: str) -> Plant:
        """A plant as it is written: stage=review,team=search,from=2026-01-05,factor=4."""
        pairs = dict(part.partition("=")[::2] for part in text.split(","))
        if set(pairs) != {"stage", "team", "from", "factor"} or pairs["stage"] not in STAGES:
            message = f"write stage=…,team=…,from=YYYY-MM-DD,factor=…; stages are {', '.join(STAGES)}"
            raise ValueError(message)
        return cls(
            stage=pairs["stage"],
            team=pairs["team"],
            since=date.fromisoformat(pairs["from"]),
            factor=float(pairs["factor"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """Settings of one company.

    `until` is the clock: only what happened strictly before it exists, and a later clock only appends. `canary` is a
    word that stands in every answer where nobody asked for it: in an unknown field of every JSON object, in a comment
    of the roster, as a tag of git. `late` puts changes into long closed periods that become visible only with it (True:
    three days near the start; or the days themselves). `roster_fix` serves the repaired roster: the misplaced person
    moved, the missing one added, as if it had always been so. `plants` slow down stages of some teams.
    """

    seed: int = 7
    start: date = date(2024, 11, 11)
    until: date | datetime | None = None
    organisation: str = "meridian"
    canary: str | None = None
    late: bool | tuple[date, ...] = False
    roster_fix: bool = False
    plants: tuple[Plant, ...] = ()

    def slowness(self, stage: str, team: str, day: date) -> float:
        """How many times as long as usual a stage takes for a team on a day."""
        factors = (one.factor for one in self.plants if (one.stage, one.team) == (stage, team) and one.since <= day)
        return math.prod(factors)

    @property
    def clock(self) -> datetime:
        """The end of history, UTC, without a zone."""
        until = self.until if self.until is not None else self.start + DEFAULT_LENGTH
        if isinstance(until, datetime):
            return until.astimezone(UTC).replace(tzinfo=None) if until.tzinfo else until
        return datetime.combine(until, time.min)  # UTC throughout, without a zone

    @property
    def late_days(self) -> tuple[date, ...]:
        """The days on which late changes were merged."""
        if self.late is False:
            return ()
        days = (
            self.late
            if isinstance(self.late, tuple)
            else tuple(self.start + timedelta(days=days) for days in (100, 101, 160))
        )
        return tuple(day for day in days if day < self.clock.date())
