"""What is told by a row's being there, by its place and by its status: 14, 15, 36, 37."""

import random
from copy import copy

from tests.attacks.catalogue import attack
from tests.attacks.companies import Company, steady, teams


def _company():
    company = Company({"g1": teams(aa=12, bb=9), "g2": teams(yy=12, zz=12)})
    company.work(steady())
    return company


@attack(14)
def the_order_of_rows(publish):
    """The door writes in another order: does anything published change?"""
    company = _company()
    before = publish(company).table("team_delivery")
    random.Random(2).shuffle(company.changes)
    random.Random(3).shuffle(company.tasks)
    if before != publish(company).table("team_delivery"):
        yield "the order of what was read shows"


@attack(36)
def the_reason_for_withholding(publish):
    """A team is withheld because one dominates, or because hardly anybody worked: do readers see a difference?"""
    seen = []
    for amounts in ({"bb-0": 40}, {f"bb-{n}": 1 for n in range(4)}):
        company = _company()
        when = company.judged[0].period_start
        team = set(company.groups["g1"]["bb"])
        company.tasks = [t for t in company.tasks if t.assignee not in team or t.done_at.date() < when]
        for person, amount in amounts.items():
            company.work(lambda rng, who, block, n=amount: n, [person], company.judged)
        rows = [row for row in publish(company).table("team_tasks") if row["unit_id"] in ("aa", "bb")]
        seen.append([row for row in rows if row["period_start"] == when])
    if [{**row, "tasks_completed": None} for row in seen[0]] != [{**row, "tasks_completed": None} for row in seen[1]]:
        yield "the two reasons look different"


@attack(37)
def a_row_that_appears(publish):
    """Somebody starts to work, and the team passes the quorum: does a row appear that was not there?"""
    counts = []
    for workers in (3, 9):
        company = Company({"g1": teams(aa=12, bb=9), "g2": teams(yy=12, zz=12)})
        company.work(steady(), [p for p in company.people if not p.startswith("bb") or int(p[3:]) < workers])
        counts.append(len(publish(company).table("team_tasks")))
    if counts[0] != counts[1]:
        yield f"{counts[0]} rows become {counts[1]}"


@attack(15)
def one_person_less(publish):
    """Somebody's work of a block is left out: does anything change but the numbers of the atoms that contain them?"""
    company = _company()
    release = publish(company)
    block = company.judged[0]
    for gone in ("aa-0", "bb-0", "yy-0"):
        without = publish(less(company, gone, block))
        for table in ("team_delivery", "team_tasks"):
            yield from beyond(gone, table, block.period_start, release, without)


def less(company, gone, block):
    """The company without what somebody did in a block."""
    found = copy(company)
    found.changes = [c for c in company.changes if c.author != gone or not _within(c.merged_at, block)]
    found.tasks = [t for t in company.tasks if t.assignee != gone or not _within(t.done_at, block)]
    return found


def _within(at, block):
    return block.period_start <= at.date() <= block.period_end


def beyond(gone, table, period, release, without):
    """Rows that changed though nobody's atom in them did; a changed partition is another matter (47)."""
    atoms, others = release.atoms(table, period), without.atoms(table, period)
    before, after = release.table(table), without.table(table)
    if len(before) != len(after):
        yield f"{table} has {len(after)} rows instead of {len(before)}"
    theirs = release.rows(
        f"select distinct team_id from vault.intermediate.int_ledger where {_of(table, gone, period)}"
    )
    concerned = {atom for atom, names in atoms.items() if names & {row["team_id"] for row in theirs}}
    for row, other in zip(before, after, strict=True):
        here = row["period_start"] == period
        above = row["unit_level"] in ("org", "group")
        if row != other and not (here and (above or atoms != others or row["unit_id"] in concerned)):
            yield f"{table}: {row['unit_id']} changes with somebody who is not in it"


def _of(table, person, period):
    return f"table_name = '{table}' and person_key = '{person}' and period_start = '{period}'"
