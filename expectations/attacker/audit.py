"""The audit: every contributor bounded by all that was ever published, and every bound held against what it may be.

| finding | means |
|---|---|
| `linear_programs.interval` | a reader, or one member who knows their own, has somebody's amount within ±10 % |
| `linear_programs.colluders` | one or two members know that another did less than (1 + p) of what they did |
| `linear_programs.all_but_one` | all the others together know the last one's amount closer than the base |
| `linear_programs.unexplained` | a published number is no rounded sum of anybody's amounts |
| `linear_programs.contradicted` | the published numbers of a column exclude the truth, or each other |
| `linear_programs.at_the_clip` | somebody is known to have done nearly as much as the clip, or any amount above |

The last is admitted (docs/audit.md) and told, the others are not. A finding counts people, or numbers where it is about
numbers, and names nobody. Not in the programs: that amounts are whole (it narrows a bound by less than one), what
"published" says by itself (the thresholds), and anything that is no sum.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from expectations.attacker.components import Component, components
from expectations.attacker.knowledge import Question, Version, questions
from expectations.attacker.programs import MARGIN, Program, Unsolved, bounds
from expectations.attacker.readings import Reading, needed, readings
from expectations.policy import Policy
from expectations.verdict import Finding

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RULE = "linear_programs"
KINDS = ("interval", "colluders", "all_but_one", "unexplained", "contradicted", "at_the_clip")
ADMITTED = ("at_the_clip",)
WITHIN = 0.1
Bounds = Mapping[Program, tuple[float, float]]


def audit(
    connection: "DuckDBPyConnection",
    policy: Policy,
    periods: Iterable[date] | None = None,
    versions: Sequence[Version] = (Version(),),
) -> list[Finding]:
    """Findings of the columns and periods that are published; zero is said too, per column and kind.

    `versions` are all that a reader holds. Those that were made from the same ledger are read together; what a
    restatement changed is two ledgers, and their difference is judged before it is released. `periods` narrows the
    audit to these: no number speaks of two periods.
    """
    counts: dict[tuple[str, str, str], int] = {}
    asked = questions(connection, versions, periods)
    for question in asked:
        counts |= {(kind, question.table, question.column): 0 for kind in KINDS}
    cases = list(_cases(asked, counts))
    for kind, case in _judged(cases, policy):
        for table, column in case.columns:
            counts[kind, table, column] += 1
    return [Finding(f"{RULE}.{kind}", table, column, count) for (kind, table, column), count in counts.items()]


def admitted(finding: Finding) -> bool:
    """Whether a finding is told and no more."""
    return finding.rule.partition(".")[2] in ADMITTED


@dataclass(frozen=True, slots=True)
class Case:
    """A component, the columns that speak of it, and the least rounding base among them."""

    component: Component
    columns: tuple[tuple[str, str], ...]
    base: int


def _cases(asked: Iterable[Question], counts: dict[tuple[str, str, str], int]) -> Iterator[Case]:
    """Columns that show the same amounts of the same people are read together, whatever they are called."""
    together: dict[object, list[tuple[Question, frozenset[Reading]]]] = defaultdict(list)
    for question in asked:
        found, unexplained = readings(question)
        counts["unexplained", question.table, question.column] += unexplained
        same = frozenset(question.done.items()) or (question.table, question.column)
        together[question.period, question.clip, same].append((question, found))
    for listed in together.values():
        first = listed[0][0]
        every = needed(frozenset[Reading]().union(*(found for _, found in listed)))
        columns = tuple(dict.fromkeys((question.table, question.column) for question, _ in listed))
        base = min(question.base for question, _ in listed)
        for component in components(every, first.rosters, first.done, first.clip or 0):
            yield Case(component, columns, base)


@dataclass(frozen=True, slots=True)
class Target:
    """A contributor, what they did, and the programs of who would know it: nobody inside, one, two, all the others."""

    amount: int
    alone: Program
    one: tuple[Program, ...]
    two: tuple[Program, ...]
    all_but: Program


def _judged(cases: Sequence[Case], policy: Policy) -> Iterator[tuple[str, Case]]:
    targets = [(case, list(_targets(case.component))) for case in cases]
    asked = (one for _, listed in targets for target in listed for one in _programs(target))
    programs = list(dict.fromkeys(asked))
    try:
        solved = dict(zip(programs, bounds(programs), strict=True))
    except Unsolved:
        yield from (("contradicted", case) for case in cases)
        return
    for case, listed in targets:
        for target in listed:
            yield from ((kind, case) for kind in _violations(target, case, solved, policy))


def _targets(component: Component) -> Iterator[Target]:
    """Of those inside, the most telling ones collude: who did most of the others lowers the bound above, who did least
    the one below; of all, and of those whom no number tells apart from the target."""
    for person in component.people:
        if component.amounts[person]:
            others = [other for other in component.people if other != person]
            near = [other for other in others if component.classes[other] == component.classes[person]]
            single = {other: None for listed in (others, near) for other in (*listed[:1], *listed[-1:])}
            couples = {tuple(listed[:2]): None for listed in (others, near)}
            yield Target(
                component.amounts[person],
                component.program(person),
                tuple(component.program(person, [other]) for other in single),
                tuple(component.program(person, couple) for couple in couples),
                component.program(person, others, free=True),
            )


def _programs(target: Target) -> tuple[Program, ...]:
    return (target.alone, *target.one, *target.two, target.all_but)


def _violations(target: Target, case: Case, solved: Bounds, policy: Policy) -> Iterator[str]:
    alone = solved[target.alone]
    one, two = ([solved[program] for program in listed] for listed in (target.one, target.two))
    enough = min(case.component.clip, (1 + policy.p_percent) * target.amount)
    least, most = solved[target.all_but]
    if not alone[0] - MARGIN <= target.amount <= alone[1] + MARGIN:
        yield "contradicted"
    narrow = [high for low, high in (alone, *one) if high - low < 2 * WITHIN * target.amount - MARGIN]
    if any(high < case.component.clip - MARGIN for high in narrow):
        yield "interval"
    elif narrow:
        yield "at_the_clip"
    if any(high < enough - MARGIN for _, high in (*one, *two)):
        yield "colluders"
    if most - least < case.base - MARGIN:
        yield "all_but_one"
