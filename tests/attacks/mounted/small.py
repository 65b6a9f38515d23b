"""Cells behind which too few stand, or one who stands for all: 16, 17, 25, 26, 27, 39, 40, 44, 48."""

import random
from dataclasses import replace

from tests.attacks.catalogue import attack
from tests.attacks.companies import Company, steady, teams
from tests.attacks.knowledge import behind, clip, constants, recent

TASKS = ("team_tasks", "tasks_completed")


def _company(**first):
    """A group under attack, beside one that is always safe by itself."""
    return Company({"g1": teams(**first), "g2": teams(yy=12, zz=12)})


def _tasks(company, given):
    """In every judged block, `given` names how many tasks each of some people finishes; all others as ever."""
    others = [person for person in company.people if person not in given]
    company.work(steady())
    company.tasks = [
        t for t in company.tasks if t.assignee in others or t.done_at.date() < company.judged[0].period_start
    ]
    for person, amount in given.items():
        company.work(lambda rng, who, block, n=amount: n, [person], company.judged)


@attack(16)
def a_small_cell(publish):
    """A team of four beside a large one: is there a number of fewer than five people?"""
    company = _company(large=12, four=4)
    company.work(steady())
    for (_, unit), people in behind(publish(company), *TASKS).items():
        if 0 < len(people) < 5:
            yield f"{unit} shows {len(people)} people"


@attack(17)
def a_zero_cell(publish):
    """Everybody of a team is away for the judged blocks: is there a number that says so?"""
    company = _company(large=12, away=8)
    company.work(steady())
    idle = set(company.groups["g1"]["away"])
    company.tasks = [
        t for t in company.tasks if t.assignee not in idle or t.done_at.date() < company.judged[0].period_start
    ]
    release = publish(company)
    for (_, unit), people in behind(release, *TASKS).items():
        if not people:
            yield f"{unit} shows that nobody worked"


@attack(25)
def one_who_dominates(publish):
    """One does most of a team's work, four a little each: is the total theirs, within a factor of two?"""
    company = _company(large=12, led=7)
    _tasks(company, {"led-0": 30, **{f"led-{n}": int(n < 5) for n in range(1, 7)}})
    release = publish(company)
    most = clip(release, *TASKS, 2025)
    for (period, unit), people in behind(release, *TASKS).items():
        shown = sorted((min(value, most) for value in people.values()), reverse=True)
        if period >= company.judged[0].period_start and shown and shown[0] * 2 > sum(shown):
            yield f"{unit} shows {shown[0]} of {sum(shown)} by one"


@attack(25)
def a_bulk_import(publish):
    """One imports a hundred thousand lines: does any number move by more than one person may count for?"""
    shown = []
    for lines in (40, 100_000):
        company = _company(large=12, mixed=9)
        company.work(steady())
        when = company.judged[0].period_start
        company.changes = [
            replace(c, additions=lines) if c.author == "mixed-0" and c.merged_at.date() >= when else c
            for c in company.changes
        ]
        release = publish(company)
        at_most = sum(constants(release, "team_code_volume", "lines_added", 2025))
        rows = release.table("team_code_volume")
        shown.append([row["lines_added"] for row in rows if row["period_start"] >= when])
    for before, after in zip(*shown, strict=True):
        if (before is None) != (after is None) or (before is not None and abs(after - before) > at_most):
            yield f"{before} becomes {after}"


@attack(26)
def two_who_collude(publish):
    """Two tell each other what they did: is the largest of the others pinned within a fifth from above?"""
    company = _company(large=12, pact=7)
    company.work(steady())
    when, people = company.judged[0].period_start, set(company.groups["g1"]["pact"])
    company.changes = [c for c in company.changes if c.author not in people or c.merged_at.date() < when]
    rng = random.Random(4)
    for number, lines in enumerate((300, 300, 300, 1, 1)):
        for _ in range(3):
            company.change(f"pact-{number}", company.judged[0], rng, additions=lines, deletions=lines)
    release = publish(company)
    most = clip(release, "team_code_volume", "lines_added", 2025)
    for (_, unit), done in behind(release, "team_code_volume", "lines_added").items():
        shown = sorted((min(value, most) for value in done.values()), reverse=True)
        if len(shown) > 2 and shown[0] + sum(shown[3:]) < 1.2 * shown[0]:
            yield f"{unit}: {sum(shown) - shown[1] - shown[2]} bounds {shown[0]}"


@attack(27)
def all_but_one(publish):
    """All but one of a team pool what they did: is the last one's amount left uncertain by a whole rounding base?"""
    company = _company(large=12, pool=9)
    company.work(steady())
    release = publish(company)
    exact = 0
    for (period, unit), people in behind(release, *TASKS).items():
        most = clip(release, *TASKS, 2025)
        total = sum(min(value, most) for value in people.values())
        exact += release.value(*TASKS, unit, period) == total and total % 10 != 0
    if exact:
        yield f"{exact} totals are exact"


@attack(39)
def dummies_and_one(publish):
    """Four accounts that do next to nothing beside one victim: is the team's number that one's?"""
    company = _company(large=12, sham=6)
    _tasks(company, {"sham-0": 12, **{f"sham-{n}": 1 for n in range(1, 5)}, "sham-5": 0})
    release = publish(company)
    most = clip(release, *TASKS, 2025)
    for (_, unit), people in behind(release, *TASKS).items():
        shown = sorted((min(value, most) for value in people.values()), reverse=True)
        if shown and shown[0] * 2 > sum(shown):
            yield f"{unit} is one person's"


@attack(40)
def five_addresses_of_one(publish):
    """One person works under five addresses, in a team where hardly anybody else does: do they make a quorum?"""
    company = _company(large=12, split=6)
    _tasks(company, dict.fromkeys(company.groups["g1"]["split"], 0) | {"split-0": 5, "split-1": 3})
    company.accounts = {f"split-0-{n}": "split-0" for n in range(5)}
    when = company.judged[0].period_start
    mine = [task for task in company.tasks if task.assignee == "split-0" and task.done_at.date() >= when]
    for number, task in enumerate(mine):
        company.tasks.append(replace(task, assignee=f"split-0-{number % 5}"))
    release = publish(company)
    for (period, unit), people in behind(release, *TASKS).items():
        persons = {company.accounts.get(person, person) for person in people}
        if period >= when and len(persons) < 5:
            yield f"{unit}: {len(persons)} stand behind it"


@attack(44)
def another_quantity(publish):
    """One engineer deletes a module while the others add: is what was deleted theirs?"""
    company = _company(large=12, mixed=9)
    company.work(steady())
    team, when = set(company.groups["g1"]["mixed"]), company.judged[0].period_start
    company.changes = [
        change if change.author not in team or change.merged_at.date() < when else _adds(change)
        for change in company.changes
    ]
    release = publish(company)
    for (period, unit), people in behind(release, "team_code_volume", "lines_deleted").items():
        if period >= when and len(people) < 5:
            yield f"{unit} shows what {len(people)} deleted"


def _adds(change):
    return replace(change, deletions=500 if change.author.endswith("-0") else 0)


@attack(48)
def everybody_worked(publish):
    """Five developers and somebody on the roster who never contributes: does `published` say that all five worked?"""
    company = _company(large=12, five=5)
    company.groups["g1"]["five"].append("five-owner")
    company.work(steady(), [person for person in company.people if person != "five-owner"])
    release = publish(company)
    for (period, unit), people in behind(release, *TASKS).items():
        able = recent(release, "team_tasks", period, release.atoms("team_tasks", period)[unit])
        if people and len(able) <= 5:
            yield f"{unit}: {len(able)} could, and a quorum of five did"
