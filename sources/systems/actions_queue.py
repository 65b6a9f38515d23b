"""When the first job of a run began: by GraphQL, a question a page of runs, because by REST it is a question a run.

A job is a check run, and a run names the suite of its check runs. Jobs that were skipped or cancelled are left out:
they are dated without ever having had a machine. Where GitHub gives up on a question it is asked in halves; where it
gives up even on one suite, or the token may not read checks, nothing more is told, and the runs count all the same.
Written by GitHub's public documentation; no test holds it against its schema.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sources.api import Api
from sources.errors import Gone, Refused, TooMuch
from sources.graphql import ask
from sources.minimise import lookup

SUITES = """
query Suites($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on CheckSuite {
      id
      checkRuns(first: 100, filterBy: {checkType: ALL, conclusions: [SUCCESS, FAILURE, TIMED_OUT]}) {
        nodes { startedAt }
      }
    }
  }
}
"""


class Queue:
    """Asks for first jobs; once refused or given up, no more."""

    def __init__(self, api: Api) -> None:
        self._api = api
        base = api.base.removesuffix("/v3")  # as a server of one's own has it
        self._path = "graphql" if base == api.base else f"{base}/graphql"
        self._is_over = False

    def first_jobs(self, suites: Sequence[str]) -> Mapping[str, str]:
        """When the first job of each suite began, by the suite's id; at most a hundred of them."""
        if not suites or self._is_over:
            return {}
        try:
            data = ask(self._api, self._path, SUITES, {"ids": list(suites)}, gateway_means_too_much=True)
        except TooMuch:
            return self._in_halves(suites)
        except Refused:
            self._is_over = True
            return {}
        except Gone:
            return {}
        found = {}
        for suite in data.get("nodes") or ():
            began = [lookup(job, "startedAt") for job in lookup(suite, "checkRuns.nodes") or ()]
            times = [at for at in began if isinstance(at, str)]
            if times:
                found[str(lookup(suite, "id"))] = min(times)
        return found

    def _in_halves(self, suites: Sequence[str]) -> Mapping[str, str]:
        half = len(suites) // 2
        if half == 0:
            self._is_over = True
            return {}
        return {**self.first_jobs(suites[:half]), **self.first_jobs(suites[half:])}
