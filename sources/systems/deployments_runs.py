"""How the runs of one workflow are read: by REST, newest first, under the same address each night.

By its ETag one question tells that nothing has happened. Else links are followed down to `AGAIN` before the newest run
that was known, as a run ends, or is done again, days after its creation; the first night to the oldest one. What was
reached is told with the last page, so that a killed night asks again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sources.api import Api
from sources.paging import LinkHeader
from sources.stream import Json
from sources.systems.actions_answers import moment, runs_of, runs_parsed
from sources.systems.deployments_walk import AGAIN

RUNS = "/repos/{repository}/actions/workflows/{file}/runs"
LARGEST: Mapping[str, str] = {"per_page": "100"}
LINKS = LinkHeader()


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs at an address, with the ETags that are known."""

    api: Api
    path: str
    etags: Mapping[str, str]

    def pages(self, known: str | None) -> Iterator[tuple[list[Json], str | None, Mapping[str, str]]]:
        """Each page; with the last when the newest run was created, and the ETag of the first. None without news."""
        floor = moment(known) - AGAIN if known else None
        path, newest = self.path, known
        answer = self.api.get(path, RUNS, LARGEST, self.etags if known else None, runs_parsed)
        etags = answer.etags if answer else {}
        while answer is not None:
            runs = runs_of(answer.body)
            newest = max([*filter(None, [newest]), *(run["created_at"] for run in runs)], key=moment, default=None)
            following = LINKS.after(answer.links, path)
            is_below = floor is not None and bool(runs) and moment(runs[-1]["created_at"]) < floor
            if following is None or is_below:
                yield runs, newest, etags
                return
            yield runs, None, {}
            path, answer = following, self.api.get(following, RUNS, parse=runs_parsed)
