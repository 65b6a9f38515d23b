"""Who comes, goes, moves, or is moved by the roster's owner: 20, 21, 47, 50."""

import datetime as dt

from tests.attacks.catalogue import attack
from tests.attacks.companies import Company, steady, teams

TASKS = "team_tasks"


def _shown(release, period):
    return [row for row in release.table(TASKS) if row["period_start"] == period]


@attack(20)
def newcomers_in_mid_block(publish):
    """Some join in mid-block and work at once: does a number of that block change?"""
    rows = []
    for busy in (False, True):
        company = Company({"g1": teams(aa=9, bb=9), "g2": teams(yy=12, zz=12)})
        company.work(steady())
        block = company.judged[0]
        new = [f"newcomer-{n}" for n in range(4)]
        company.groups["g1"]["aa"] += new
        company.joined |= dict.fromkeys(new, block.period_start + dt.timedelta(days=2))
        if busy:
            company.work(lambda rng, who, at: 30, new, [block])
        rows.append(_shown(publish(company), block.period_start))
    if rows[0] != rows[1]:
        yield "the block shows what newcomers did"


@attack(21)
def a_move_in_mid_block(publish):
    """Somebody moves from A to B in mid-block: does a number of that block change?"""
    rows = []
    for moves in (False, True):
        company = Company({"g1": teams(aa=9, bb=9), "g2": teams(yy=12, zz=12)})
        company.work(steady())
        block = company.judged[0]
        company.work(lambda rng, who, at: 30, ["aa-0"], [block])
        if moves:
            company.moves.append(("aa-0", "bb", block.period_start + dt.timedelta(days=3)))
        rows.append(_shown(publish(company), block.period_start))
    if rows[0] != rows[1]:
        yield "the block shows the move"


@attack(47)
def the_order_of_merging(publish):
    """Teams of equal rosters swap their amounts: does the partition tell which of them did more?"""
    partitions = []
    for busiest in ("bb", "cc"):
        company = Company({"g1": teams(aa=4, bb=9, cc=9, dd=9), "g2": teams(yy=12, zz=12)})
        company.work(steady(3, 3))
        absent = {f"{team}-{n}" for team in ("bb", "cc") if team != busiest for n in range(3)}
        when = company.judged[0].period_start
        company.tasks = [t for t in company.tasks if t.assignee not in absent or t.done_at.date() < when]
        partitions.append(publish(company).atoms(TASKS, when))
    if partitions[0] != partitions[1]:
        yield "the partition follows the amounts"


@attack(50)
def a_team_made_to_isolate(publish):
    """A new team of a victim and five who do little: has it a row of its own in its first block?"""
    company = Company({"g1": teams(old=12, new=7), "g2": teams(yy=12, zz=12)})
    company.born["new"] = 13
    first = company.judged[0].period_start
    company.joined |= dict.fromkeys(company.groups["g1"]["new"], first)
    company.work(steady())
    release = publish(company)
    for block in company.judged[:2]:
        if release.atoms(TASKS, block.period_start).get("new"):
            yield "the new team has a row of its own"


@attack(50)
def a_new_team_beside_an_idle_one(publish):
    """A new team of a victim is merged with one in which nobody has worked for long: is the rest its row?"""
    company = Company({"g1": teams(old=12, new=8, idle=3), "g2": teams(yy=12, zz=12)})
    first = company.judged[0].period_start
    company.born["new"] = 13
    movers = company.groups["g1"]["new"]
    company.groups["g1"]["old"] += movers
    company.groups["g1"]["new"] = []
    company.moves += [(person, "new", first) for person in movers]
    company.work(steady(), [person for person in company.people if not person.startswith("idle")])
    release = publish(company)
    for block in company.judged[:2]:
        for atom, names in release.atoms(TASKS, block.period_start).items():
            if names == {"new", "idle"}:
                yield f"{atom} shows the new team alone"
