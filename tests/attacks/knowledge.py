"""What an attack is scored by: the truth behind each published atom. Attackers do not have it; their judges do."""

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.attacks.laboratory import Release

Behind = dict[tuple[dt.date, str], dict[str, int]]


def behind(release: "Release", table: str, quantity: str) -> Behind:
    """(period, atom) -> person -> what they did, unclipped, for every published atom."""
    teams = {
        (row["period_start"], row["team_id"]): str(row["unit_id"])
        for row in release.rows(f"select * from vault.protected.cells where table_name = '{table}'")
    }
    found: Behind = defaultdict(dict)
    for key, unit in teams.items():
        found[key[0], unit]  # an atom in which nobody did anything is an atom
    for row in release.rows(
        f"select period_start, team_id, person_key, value from vault.intermediate.int_ledger "
        f"where table_name = '{table}' and quantity = '{quantity}' and value > 0"
    ):
        unit = teams.get((row["period_start"], row["team_id"]))
        if unit is not None:
            people = found[row["period_start"], unit]
            people[row["person_key"]] = people.get(row["person_key"], 0) + row["value"]
    return found


def constants(release: "Release", table: str, quantity: str, year: int) -> tuple[float, int]:
    """The public constants of a year: what one person may count for, and the rounding base."""
    where = f"table_name = '{table}' and quantity = '{quantity}' and iso_year = {year}"
    row = release.rows(f"select clip, base from vault.intermediate.int_constants where {where}")[0]
    return row["clip"], row["base"]


def clip(release: "Release", table: str, quantity: str, year: int) -> float:
    """What one person may count for."""
    return constants(release, table, quantity, year)[0]


def recent(release: "Release", table: str, period: dt.date, teams: frozenset[str], blocks: int = 6) -> set[str]:
    """Who of these teams' rosters contributed in one of the blocks before."""
    listed = ", ".join(f"'{team}'" for team in teams)
    since = period - dt.timedelta(weeks=4 * blocks)
    return {
        str(row["person_key"])
        for row in release.rows(
            f"select distinct l.person_key from vault.intermediate.int_ledger as l join vault.intermediate.int_members "
            f"as m on m.period_start = '{period}' and m.person_key = l.person_key and m.team_id in ({listed}) "
            f"where l.table_name = '{table}' and l.period_start >= '{since}' and l.period_start < '{period}'"
        )
    }
