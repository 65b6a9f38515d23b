"""The same period on two nights: 24, 50."""

import datetime as dt
import random

from tests.attacks.catalogue import attack
from tests.attacks.companies import Company, Task, moment, steady, teams

TASKS = "team_tasks"


def _late(company, person):
    """Somebody's work of the last block that nobody had told the tracker by then."""
    when = dt.datetime.combine(company.blocks[-1].period_start, dt.time(12))
    company.tasks += [Task(person, when + dt.timedelta(days=n)) for n in range(20)]


def _company():
    company = Company({"g1": teams(aa=9, bb=9), "g2": teams(yy=12, zz=12)}, later=2)
    company.work(steady())
    return company


def _last(release, company):
    return [row for row in release.table(TASKS) if row["period_start"] == company.blocks[-1].period_start]


@attack(24)
def work_that_comes_late(publish):
    """One person's work is told three days after a period's end: do the nights before and after show the difference?"""
    company = _company()
    company.asked_after = 2
    before = _last(publish(company), company)
    company.asked_after = 9
    _late(company, "aa-0")
    after = _last(publish(company), company)
    if before and before != after:
        yield "two nights differ by what one person did late"


@attack(24)
def a_released_period_again(publish):
    """One person's work is told after a period was released: is the period worked out once more?"""
    company = _company()
    before = _last(publish(company), company)
    company.released[TASKS] = company.blocks[-1].period_start
    _late(company, "aa-0")
    after = _last(publish(company), company)
    if after and before != after:
        yield "the period stands there again, with what one person did late"


@attack(50)
def the_roster_of_a_block_that_has_begun(publish):
    """In mid-block the roster says that somebody left the team before the block: does a number of the block change?"""
    yield from _rewritten(publish, lambda company, day: company.moves.append(("aa-0", "bb", day)))


@attack(50)
def the_accounts_of_a_block_that_has_begun(publish):
    """In mid-block somebody's second account is given to another team's person: does a number of the block change?"""
    yield from _rewritten(publish, lambda company, day: company.accounts.update({"aa-0-second": "bb-0"}))


def _rewritten(publish, rewrite):
    """Two nights over a block, with and without a change of the past between them."""
    rows = []
    for changed in (False, True):
        company = Company({"g1": teams(aa=9, bb=9), "g2": teams(yy=12, zz=12)}, accounts={"aa-0-second": "aa-0"})
        company.work(steady())
        block = company.blocks[-1]
        company.tasks += [Task("aa-0-second", moment(block, random.Random(1))) for _ in range(20)]
        company.asked_after = -18
        earlier = publish(company)
        if changed:
            rewrite(company, block.period_start - dt.timedelta(days=1))
        company.asked_after = 9
        rows.append(_last(publish(company, after=earlier), company))
    if rows[0] != rows[1]:
        yield "the block follows what the roster says later"
