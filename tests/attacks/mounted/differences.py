"""What is left when published numbers are taken from one another: 18, 19, 32, 33, 34, 41."""

from expectations.measures import TABLES
from tests.attacks.catalogue import attack
from tests.attacks.companies import Company, steady, teams

TASKS = ("team_tasks", "tasks_completed")
ADDITIVE = tuple((table.name, one.column) for table in TABLES for one in table.measures if one.additive)


def left(release, company, period, table="team_tasks", column="tasks_completed"):
    """For each unit above the teams: its number less those of the published atoms that lie below it."""
    atoms = release.atoms(table, period)
    for unit in [*company.groups, company.root]:
        mine = [atom for atom, names in atoms.items() if _counts(company, unit, atom, names)]
        total = release.value(table, column, unit, period) or 0
        yield unit, total - sum(release.value(table, column, atom, period) for atom in mine)


def _counts(company, unit, atom, names):
    """Whether an atom lies wholly below a unit; a rest counts where it was made, and above."""
    home = atom.removeprefix("rest:")
    if atom != home:
        return unit == company.root or unit in company.chain(home)
    return all(unit == company.root or unit in company.chain(company.group_of(name)) for name in names)


def _subtract(publish, company, told=(TASKS,)):
    release = publish(company)
    for block in company.judged:
        for table, column in told:
            for unit, rest in left(release, company, block.period_start, table, column):
                if rest:
                    yield f"{column}: {unit} minus what is published below it leaves {rest}"


@attack(18, 33)
def every_sum_of_every_table(publish):
    """Groups in a group, people on a group itself, a tiny team: is there any sum that its atoms do not add up to?"""
    company = Company(
        {"g1": teams(aa=12, bb=12, tiny=3), "g2": teams(yy=12) | {"g2:direct": ["boss", "aide"]}, "g3": teams(zz=12)},
        above={"g2": "g3"},
    )
    company.work(steady())
    yield from _subtract(publish, company, ADDITIVE)


@attack(18)
def parent_minus_children(publish):
    """One child of a group cannot be shown: does its parent give it away?"""
    company = Company({"g1": teams(aa=12, bb=12, tiny=3), "g2": teams(yy=12, zz=12)})
    company.work(steady())
    yield from _subtract(publish, company)


@attack(19)
def organisation_minus_groups(publish):
    """A group of small teams and three executives beside large groups: does the organisation give them away?"""
    large = {f"t{n}": [f"t{n}-{m}" for m in range(12)] for n in range(4)}
    company = Company({"g1": large, "g2": teams(aa=12, bb=12), "small": teams(cc=2, dd=3), "board": teams(ee=3)})
    company.work(steady())
    yield from _subtract(publish, company)


@attack(41)
def only_one_team_worked(publish):
    """In a holiday, one team of a group works: is the group's number that of a team that has none itself?"""
    company = Company({"g1": teams(alone=4, away=9), "g2": teams(yy=12, zz=12)})
    company.work(steady())
    off, when = set(company.groups["g1"]["away"]), company.judged[0].period_start
    company.tasks = [t for t in company.tasks if t.assignee not in off or t.done_at.date() < when]
    release = publish(company)
    for block in company.judged:
        if release.value(*TASKS, "g1", block.period_start) is not None:
            yield "the group shows the four who worked"


@attack(32)
def rounding_reversed(publish):
    """Do parents add up to something finer than the sums of rounded atoms?"""
    company = Company({"g1": teams(aa=9, bb=9, cc=9), "g2": teams(yy=12, zz=12)})
    company.work(steady())
    release = publish(company)
    for row in release.table("team_tasks"):
        if row["tasks_completed"] is not None and row["tasks_completed"] % 10:
            yield f"{row['unit_id']} shows {row['tasks_completed']}, finer than the base"
    yield from _subtract(lambda _: release, company)
