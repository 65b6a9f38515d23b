"""The roster as the company keeps it: a YAML file that says who is where, as far as it is known at the clock."""

from __future__ import annotations

from datetime import date
from typing import Any

from sources.sandbox.people import Person, Place
from sources.sandbox.places import GROUPS, TEAMS, founded, team_start
from sources.sandbox.settings import Sandbox


def roster(settings: Sandbox, cast: list[Person]) -> dict[str, Any]:
    """The roster as data."""
    today = settings.clock.date()
    first = founded(settings.start)
    groups = [{"id": group, "name": name, "from": first.isoformat()} for group, name in GROUPS.items()]
    teams = [
        {"id": team.id, "name": team.name, "group": team.group, "from": start.isoformat()}
        for team in TEAMS
        if (start := team_start(team.id, settings.start)) <= today
    ]
    people = [_person(person, today) for person in cast if _known(person, today)]
    organisation = {"id": settings.organisation, "name": settings.organisation.capitalize()}
    return {"organisation": organisation, "groups": groups, "teams": teams, "people": people}


def text(settings: Sandbox, cast: list[Person]) -> bytes:
    """The roster as a file."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return bytes(
        yaml.dump(roster(settings, cast), Dumper=dumper, sort_keys=False, allow_unicode=True, encoding="utf-8")
    )


def _known(person: Person, today: date) -> bool:
    return person.rostered and (not person.places or person.places[0].start <= today)


def _person(person: Person, today: date) -> dict[str, Any]:
    accounts = {
        "github": [account.login for account in person.accounts],
        "jira": [tracker.account for tracker in person.trackers],
        "email": person.emails,
    }
    places = [_place(place, today) for place in person.places if place.start <= today]
    return {"person": person.id, "name": person.name.full, "accounts": accounts, "teams": places}


def _place(place: Place, today: date) -> dict[str, str]:
    """A membership; an end that is not yet known is not told."""
    said = {"team": place.unit, "from": place.start.isoformat()}
    return {**said, "to": place.end.isoformat()} if place.end and place.end <= today else said
