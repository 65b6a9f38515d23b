"""When the first job of a run began: by GraphQL, a question a page of runs, because by REST it is a question a run.

A job is a check run, and a run names the suite of its check runs. Jobs that were skipped or cancelled are left out:
they are dated without ever having had a machine. Where the token may not read checks, or GitHub gives up, nothing is
told, and the runs count all the same. Validated against GitHub's public schema.
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
    """Asks for first jobs; once refused, no more."""

    def __init__(self, api: Api) -> None:
        self._api = api
        base = api.base.removesuffix("/v3")  # as a server of one's own has it
        self._path = "graphql" if base == api.base else f"{base}/graphql"
        self._is_refused = False

    def first_jobs(self, suites: Sequence[str]) -> Mapping[str, str]:
        """When the first job of each suite began, by the suite's id; at most a hundred of them."""
        if not suites or self._is_refused:
            return {}
        try:
            data = ask(self._api, self._path, SUITES, {"ids": list(suites)})
        except Refused:
            self._is_refused = True
            return {}
        except (Gone, TooMuch):
            return {}
        found = {}
        for suite in data.get("nodes") or ():
            began = [lookup(job, "startedAt") for job in lookup(suite, "checkRuns.nodes") or ()]
            times = [at for at in began if isinstance(at, str)]
            if times:
                found[str(lookup(suite, "id"))] = min(times)
        return found
