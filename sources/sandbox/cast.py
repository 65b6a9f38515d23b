"""The cast: who is in which team, and the people that every privacy tool must be tried on.

Movers (on block boundaries and in mid-block), joiners, leavers, people on a group or in no team, a product owner, one
with three accounts, one in no roster, one whom the roster misplaces, one who does nearly all, one who deletes a module.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sources.sandbox.chance import DAY, blocks_after, stream
from sources.sandbox.names import DOMAIN, Name, names, plain
from sources.sandbox.people import Account, Person, Place, Tracker, account_of, person_of, tracker_of
from sources.sandbox.places import BY_ID, DIRECT, TEAMS, YOUNG, YOUNG_AFTER, founded, team_start
from sources.sandbox.settings import Sandbox

OWNERS = {("runtime", 0), ("payments", 0), ("checkout", 0), ("search", 0), ("accounts", 0)}  # who never merge
TRAITS = {
    ("runtime", 1): "three accounts",
    ("storage", 1): "deletes a module",
    ("ledger", 1): "does nearly all",
    ("search", 3): "many commits",
    ("payments", 3): "much discussed",
    ("build", 2): "old address",
    ("build", 3): "no-reply address",
}
MOVES = (  # team, place in it, to, blocks after the beginning, days after that block's start
    ("runtime", 5, "storage", 3, 0), ("payments", 6, "checkout", 4, 11), ("storage", 7, "build", 6, 0),
    ("accounts", 4, "support-tools", 7, 9), ("insights", 5, "accounts", 8, 0), ("search", 6, "payments", 11, 17),
    ("support-tools", 5, "insights", 12, 0), ("build", 6, "runtime", 14, 13), ("runtime", 9, "telemetry", 16, 0),
    ("payments", 9, "search", 19, 5), ("checkout", 3, YOUNG, YOUNG_AFTER, 0), ("checkout", 4, YOUNG, YOUNG_AFTER, 0),
    ("checkout", 5, YOUNG, YOUNG_AFTER, 0), ("checkout", 6, YOUNG, YOUNG_AFTER, 0),
    ("payments", 7, YOUNG, YOUNG_AFTER, 0), ("storage", 8, "platform", 13, 0),
)  # fmt: skip
JOINS = (  # team, place in it, days after the beginning
    ("runtime", 14, 63), ("runtime", 15, 240), ("storage", 11, 150), ("payments", 13, 100), ("payments", 12, 336),
    ("checkout", 10, 196), ("accounts", 9, 410), ("support-tools", 7, 290), ("insights", 7, 75), ("search", 7, 520),
)  # fmt: skip
LEAVES = (
    ("runtime", 12, 500), ("storage", 9, 364), ("payments", 10, 260), ("checkout", 8, 600), ("accounts", 7, 310),
    ("build", 7, 448), ("insights", 3, 640), ("support-tools", 4, 130),
)  # fmt: skip
UNROSTERED, MISPLACED, UNPLACED = "storage", ("payments", "onboarding"), 2
FEW = 60  # names kept for whoever is invented later


def people(settings: Sandbox) -> list[Person]:
    """Everybody, in an order that never changes."""
    supply = iter(names(settings.seed, sum(team.people for team in TEAMS) + FEW))
    cast = [person for team in TEAMS for person in _team(settings, team.id, supply)]
    first = founded(settings.start)
    for unit, team in DIRECT.items():
        for _ in range(team.people):
            cast.append(_paced(settings, person_of(settings.seed, next(supply), unit, first), unit))
    cast += _strays(settings, supply)
    return cast


def bots(seed: int) -> list[Account]:
    """Machines: an app that updates dependencies, a user that releases, an app that reviews."""
    return [
        account_of(seed, "quaxdeps", "quaxdeps", f"quaxdeps[bot]@{DOMAIN}", person=None, kind="Bot"),
        account_of(seed, "zymrelease[bot]", "zymrelease", f"zymrelease[bot]@{DOMAIN}", person=None),
        account_of(seed, "kritwyrm", "kritwyrm", f"kritwyrm[bot]@{DOMAIN}", person=None, kind="Bot"),
    ]


def machine(seed: int) -> Tracker:
    """The machine that moves issues on Jira."""
    return tracker_of(seed, "Autzwerk for Jira", f"autzwerk@{DOMAIN}", person=None, kind="app")


def _team(settings: Sandbox, team: str, supply: Iterator[Name]) -> Iterator[Person]:
    """The people of a team, those who move or leave included."""
    first = founded(settings.start)
    start = team_start(team, settings.start)
    joins = {(unit, at): days for unit, at, days in JOINS}
    leaves = {(unit, at): days for unit, at, days in LEAVES}
    moves = {(unit, at): (to, blocks_after(first, blocks) + DAY * days) for unit, at, to, blocks, days in MOVES}
    for at in range(BY_ID[team].people):
        key = (team, at)
        begins = first + DAY * joins[key] if key in joins else start
        ends = first + DAY * leaves[key] if key in leaves else None
        person = _paced(settings, person_of(settings.seed, next(supply), team, begins, ends), team)
        if key in moves:
            to, day = moves[key]
            person.places = [Place(team, begins, day), Place(to, day)]
            person.works_in = list(person.places)
            person.traits.add("moves")
        if key in OWNERS:
            person.changes, person.reviews, person.issues = 0.0, 0.0, 0.25
            person.traits.add("product owner")
        _gifted(settings, person, key)
        yield person


def _paced(settings: Sandbox, person: Person, unit: str) -> Person:
    """How much this person does in a common week."""
    rng = stream(settings.seed, "pace", person.id)
    team = BY_ID.get(unit) or DIRECT[unit]
    person.changes = team.pace * (0.35 + rng.gammavariate(3.0, 0.24))
    person.issues = team.pace * (0.25 + rng.gammavariate(3.0, 0.17))
    person.reviews = 0.2 + rng.gammavariate(2.0, 0.5)
    person.size = rng.lognormvariate(0.0, 0.35)
    if unit in {"build", "platform"}:
        person.commits = 0.5 + rng.gammavariate(3.0, 0.15)
    return person


def _gifted(settings: Sandbox, person: Person, key: tuple[str, int]) -> None:
    """Give a person what makes them special."""
    trait = TRAITS.get(key)
    if key[0] == "ledger":
        person.changes, person.issues = (6.0, 3.2) if trait else (0.22, 0.18)
    if trait is None:
        return
    person.traits.add(trait)
    login = person.name.login
    if trait == "three accounts":
        work, tracked = f"{login}-wrk", f"ops.{plain(person.name.family)}@{DOMAIN}"
        person.accounts += [
            account_of(settings.seed, other, person.name.full, f"{other}@{DOMAIN}", person=person.id)
            for other in (work, f"{login}-xt")
        ]
        person.emails += [account.email for account in person.accounts[1:]]
        person.trackers.append(tracker_of(settings.seed, person.name.full, tracked, person=person.id))
    if trait == "no-reply address":
        address = f"{person.accounts[0].number}+{login}@users.noreply.github.com"
        person.accounts[0] = replace(person.accounts[0], email=address)


def _strays(settings: Sandbox, supply: Iterator[Name]) -> Iterator[Person]:
    """Who works in one place and stands in another, or nowhere."""
    first: date = founded(settings.start)
    for _ in range(UNPLACED):
        person = _paced(settings, person_of(settings.seed, next(supply), None, first), "product")
        person.works_in = [Place("product", first)]
        person.traits.add("in no team")
        yield person
    hidden = _paced(settings, person_of(settings.seed, next(supply), UNROSTERED, first), UNROSTERED)
    hidden.rostered = settings.roster_fix
    hidden.changes, hidden.reviews = 1.4, 1.5
    hidden.traits.add("in no roster")
    yield hidden
    team, said = MISPLACED
    lost = _paced(settings, person_of(settings.seed, next(supply), team, first), team)
    lost.traits.add("misplaced")
    if not settings.roster_fix:
        lost.places = [Place(said, first)]
    yield lost
