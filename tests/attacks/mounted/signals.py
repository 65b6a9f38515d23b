"""What is told by a row's being there, by its place and by its status: 14, 36, 37."""

import random

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
