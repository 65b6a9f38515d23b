"""Incidents that are told as issues of the tracker: who opened them knows the service, and nobody the cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sources.sandbox.chance import number, stream
from sources.sandbox.deployments import Incident
from sources.sandbox.places import TEAMS
from sources.sandbox.tasks import Issue, Move

PROJECTS = {service: team.project for team in reversed(TEAMS) for service in team.repositories}


def issues(seed: int, incidents: Iterable[Incident]) -> Iterator[Issue]:
    """An issue for each such incident, given to nobody; some are closed too early, and opened again."""
    for one in incidents:
        if one.is_in_tracker:
            id = str(number(9, seed, "incident", one.id))
            issue = Issue(id, PROJECTS[one.service], "Incident", one.opened, service=one.service, resolution="Done")
            if one.resolved:
                issue.moves = list(_moves(one.opened, one.resolved, stream(seed, "incident", one.id).random() < 0.3))
            yield issue


def _moves(opened: datetime, resolved: datetime, is_reopened: bool) -> Iterator[Move]:
    states = ["In Progress", *(["Done", "In Progress"] if is_reopened else []), "Done"]
    before = "To Do"
    for place, state in enumerate(states, 1):
        at = opened + (resolved - opened) * place / len(states)
        yield Move(at.replace(microsecond=0), "status", before, state, None)
        before = state
