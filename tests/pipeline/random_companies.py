"""Small random companies, as the oracle takes them; tests/pipeline/random_rows.py has the same facts as rows.

Every company has years, days and unit ids of its own, so that one query judges them all.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle import TABLES, Block, Constants, Event, Table, Unit, by_role

FIRST = date(2000, 1, 3)
BLOCKS, GAP = 8, 7  # between two companies lies more than anybody's history
CLIPS = (Fraction(5, 2), Fraction(16, 5), Fraction(5), Fraction(8), Fraction(63))
TABLE = {table.name: table for table in TABLES}
OTHERS = ("rerunner", "breaker", "mender", "responder")

Rules = dict[tuple[str, int], Constants | None]


@dataclass
class Company:
    """One organisation: its periods by table, and the constants of its one year."""

    blocks: dict[str, list[Block]]
    rules: dict[str, Rules]


def company(number: int, depth: int, weekly: bool) -> Company:
    """A company of which everything is random but its number."""
    rng = random.Random(f"{number} {depth} {weekly}")
    first = FIRST + timedelta(weeks=4 * number * (BLOCKS + GAP))
    units, leaves = _tree(rng, number, depth)
    born = {leaf: rng.choice([0, 0, 0, 0, 3, 5, 6, 7]) for leaf in leaves}
    sizes = rng.choice([[0, 2, 4, 6, 6, 7, 8, 9], [6, 7], [6, 9, 14], [3, 9, 12]])
    people = {f"p{number}.{leaf}.{i}": leaf for leaf in leaves for i in range(rng.choice(sizes))}
    idle = {person for person in people if rng.random() < rng.choice([0.02, 0.15])}
    gone = {person: rng.choice([1, 2, 3]) if rng.random() < 0.1 else BLOCKS for person in people}
    scale = {person: rng.choice([1, 1, 1, 1, 2, 8]) for person in people}
    made: dict[str, list[Block]] = defaultdict(list)
    for place in range(BLOCKS):
        for person in people:
            if rng.random() < 0.01:
                people[person] = rng.choice(leaves)
        alive = {name: unit for name, unit in units.items() if unit.level != "team" or born[name] <= place}
        homes = {person: leaf for person, leaf in people.items() if leaf in alive}
        active = [person for person in homes if person not in idle and place < gone[person]]
        members = defaultdict(set)
        for person, leaf in homes.items():
            members[leaf].add(person)
        start = first + timedelta(weeks=4 * place)
        for week in range(4 if weekly else 1):
            at = start + timedelta(weeks=week)
            end = at + timedelta(weeks=1 if weekly else 4, days=-1)
            for name, table in TABLE.items():
                did, events = _work(rng, table, active, homes, scale)
                made[name].append(
                    Block(
                        start=at,
                        end=end,
                        iso_year=3000 + number,
                        units=alive,
                        members={leaf: frozenset(found) for leaf, found in members.items()},
                        did=did,
                        events=events,
                        block=start if weekly else None,
                    )
                )
    return Company(made, {name: _rules(rng, TABLE[name], 3000 + number, weekly) for name in TABLE})


def _tree(rng: random.Random, number: int, depth: int) -> tuple[dict[str, Unit], list[str]]:
    """A tree in which teams hang at any depth but the root itself."""
    units = {f"o{number}": Unit("org", None)}
    inner = [f"o{number}"]
    leaves: list[str] = []
    for level in range(1, depth + 1):
        below = []
        for parent in inner:
            for child in range(rng.choice([1, 2, 3, 4] if level == 1 else [0, 1, 2])):
                name = f"g{number}.{level}{parent.partition('.')[2]}{child}"
                units[name] = Unit("group", parent)
                below.append(name)
                for team in range(rng.choice([1, 1, 2, 3, 4] if level == depth else [0, 1, 2])):
                    leaves.append(f"t{number}.{name.partition('.')[2]}x{team}")
                    units[leaves[-1]] = Unit("team", name)
        inner = below
    if not leaves:
        leaves.append(f"t{number}.x")
        units[leaves[0]] = Unit("team", next(name for name, unit in units.items() if unit.level == "group"))
    return units, leaves


Did = dict[str, dict[str, dict[str, int]]]
Part = tuple[str, str, int]


def _work(
    rng: random.Random, table: Table, active: list[str], homes: dict[str, str], scale: dict[str, int]
) -> tuple[Did, dict[str, list[Event]]]:
    """Who did what in one period."""
    did: Did = {quantity: defaultdict(lambda: defaultdict(int)) for quantity in table.ledger}
    events: dict[str, list[Event]] = defaultdict(list)
    away = rng.choice([0.03, 0.1, 0.3])
    critics = active if rng.random() < 0.7 else active[:3]
    for person in active:
        if rng.random() < away:
            continue
        for quantity in table.quantities:
            did[quantity][homes[person]][person] = rng.choice([0, 1, 1, 2, 2, 3, 4]) * scale[person]
        if table.timings:
            for _ in range(did[table.quantities[0]][homes[person]][person]):
                event, parts = MAKERS.get(table.name, _plain)(rng, table, person, critics)
                events[homes[person]].append(event)
                for quantity, who, seconds in parts:
                    did[quantity][homes[person]][who] += seconds
    return {quantity: {team: dict(found) for team, found in teams.items()} for quantity, teams in did.items()}, events


def _event(rng: random.Random, table: Table, person: str, critics: list[str]) -> tuple[Event, list[Part]]:
    """One thing that took time, and its stages, which add up to it."""
    is_read = rng.random() < 0.7
    reviewer = rng.choice([*critics, "unrostered"]) if is_read and rng.random() < 0.95 else None
    roles = {"author": person} | ({"reviewer": reviewer} if reviewer else {})
    luck = random.Random(rng.random())
    more = {"merger": person, "asker": reviewer, "reverted": luck.choice(critics)}
    roles |= {role: who for role, who in more.items() if who and luck.random() < 0.7}
    seconds = rng.choice([None, *(int(3600 * 2 ** rng.gauss(3, 2)) for _ in range(20))])
    parts = _parts(rng, table, seconds, person, roles)
    return Event(roles, seconds, not is_read, _facts(random.Random(rng.random()), seconds)), parts


def _parts(rng: random.Random, table: Table, seconds: int | None, person: str, roles: Mapping[str, str]) -> list[Part]:
    """The stages of what took so long, which add up to it."""
    left, parts = seconds or 0, []
    for stage in table.stages if seconds is not None else ():
        part = left if stage is table.stages[-1] else int(left * rng.choice([0, 0, 0.3, 0.5]))
        left -= part
        parts.append((stage.quantity, person, part))
        parts += [(by_role(stage.quantity, role), roles[role], part) for role in stage.others if role in roles]
    return parts


def _review(rng: random.Random, table: Table, person: str, critics: list[str]) -> tuple[Event, list[Part]]:  # noqa: ARG001
    """One review given."""
    roles = {"reviewer": person} | ({"author": rng.choice([*critics, "unrostered"])} if rng.random() < 0.9 else {})
    first = int(3600 * 2 ** rng.gauss(2, 2)) if rng.random() < 0.7 else None
    return Event(roles, facts={"review_first": first, "review_commented": rng.choice([None, 0, 1, 1, 0])}), []


def _plain(rng: random.Random, table: Table, person: str, critics: list[str]) -> tuple[Event, list[Part]]:
    """One thing of which all facts are somebody's own or, in the role of another, anybody's."""
    roles = {role: person for timing in table.timings for role in timing.roles}
    roles |= {role: rng.choice(critics) for role in roles if role in OTHERS and rng.random() < 0.7}
    facts: dict[str, int | None] = {}
    for timing in table.timings:
        if timing.fact:
            value = int(rng.random() < 0.4) if timing.kind == "rate" else int(3600 * 2 ** rng.gauss(3, 2))
            facts[timing.fact] = None if rng.random() < 0.1 else value
    parts = _parts(rng, table, facts.get("task_cycle"), person, {})
    return Event(roles, int(3600 * 2 ** rng.gauss(4, 2)), facts=facts), parts


def _production(rng: random.Random, table: Table, person: str, critics: list[str]) -> tuple[Event, list[Part]]:
    """A change that reached production, and who deployed it; or a deployment, and who mended it."""
    event, parts = _plain(rng, table, person, critics)
    if rng.random() < 0.4:
        roles = {role: who for role, who in event.roles.items() if role != "author"}
        return replace(event, roles=roles, facts=_without(event, "shipped")), parts
    roles = {"author": person} | ({"deployer": rng.choice([person, *critics])} if rng.random() < 0.9 else {})
    return replace(event, roles=roles, facts=_without(event, "deployment", "recovery")), parts


def _without(event: Event, *kinds: str) -> dict[str, int | None]:
    return {name: None if name.startswith(kinds) else value for name, value in event.facts.items()}


def _facts(rng: random.Random, seconds: int | None) -> dict[str, int | None]:
    """What else is known of a change, by a luck of its own."""
    waits = [None if rng.random() < 0.2 else int((seconds or 3600) * rng.random()) for _ in range(2)]
    return {
        "change_pickup": waits[0],
        "change_review": waits[1],
        "change_size": int(2 ** rng.gauss(6, 2)),
        "change_large": int(rng.random() < 0.3),
        "change_self_merged": int(rng.random() < 0.3),
        "change_another_round": rng.choice([None, 0, 1, 1]),
        "change_revert": int(rng.random() < 0.2),
    }


MAKERS = {"team_delivery": _event, "team_review": _review, "team_dora": _production}


def _rules(rng: random.Random, table: Table, year: int, weekly: bool) -> Rules:
    """Constants of the year; now and then there are none."""
    found: Rules = {}
    for quantity in table.ledger:
        hours = "seconds" in quantity
        clip = rng.choice([Fraction(10**5), Fraction(5 * 10**5), Fraction(10**8)] if hours else CLIPS)
        if rng.random() < 0.97:
            found[quantity, year] = Constants(clip, rng.choice([5, 10] if weekly else [10, 25]))
    return found


def kinds(atoms: dict[tuple[object, ...], str | None]) -> Counter[str]:
    """How often each kind of place occurs: its own, a group's rest, the organisation's, none."""
    return Counter(
        "none" if atom is None else "own" if atom == key[-1] else "root" if atom == "rest:org" else "rest"
        for key, atom in atoms.items()
    )
