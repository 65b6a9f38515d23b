"""What shows people beside one another: shares of stages that add to 100, and the spread of a load."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from tests.oracle.model import Stage, by_role
from tests.oracle.numbers import hundred, is_even_handed, spread
from tests.oracle.partition import K, Night

ENOUGH_EVENTS = 20


def together(night: Night, quantities: Iterable[str], leaves: list[str]) -> Counter[str]:
    """Person by person, each quantity clipped by itself."""
    found: Counter[str] = Counter()
    for quantity in quantities:
        found.update(night.by_person(quantity, leaves))
    return found


def stands_alone(night: Night, stage: Stage, leaves: list[str]) -> bool:
    return bool(stage.column) and hides_all(night, [stage], leaves)


def hides_all(night: Night, stages: list[Stage], leaves: list[str]) -> bool:
    """Whether the stages are safe as one: by their authors, and by who reviewed and who merged where anybody did."""
    if not is_even_handed(together(night, [stage.quantity for stage in stages], leaves).values(), K):
        return False
    roles = {role for stage in stages for role in stage.others}
    lines = ([by_role(stage.quantity, role) for stage in stages if role in stage.others] for role in roles)
    people = [together(night, of, leaves).values() for of in lines]
    return all(is_even_handed(amounts, K) for amounts in people if any(amounts))


def alone(night: Night, atom: str, rounded: int) -> list[Stage]:
    """The stages that an atom shows by themselves; none: it shows no shares."""
    leaves = night.atoms[atom]
    if rounded < ENOUGH_EVENTS:
        return []
    shown = [stage for stage in night.table.stages if stands_alone(night, stage, leaves)]
    while shown and len(shown) < len(night.table.stages):
        if hides_all(night, [stage for stage in night.table.stages if stage not in shown], leaves):
            break
        shown = shown[:-1]
    return shown


def shares(night: Night, atoms: list[str], shown: list[Stage]) -> dict[str, object]:
    """The shares of these atoms together, `shown` by themselves, the others as one."""
    columns = [*(stage.column for stage in night.table.stages if stage.column), night.table.other]
    found: dict[str, object] = dict.fromkeys(columns)
    if shown:
        hours = {
            stage: sum((sum(night.by_person(stage.quantity, night.atoms[atom]).values()) for atom in atoms), Fraction())
            for stage in night.table.stages
        }
        parts = {stage.column: hours[stage] for stage in shown}
        if len(shown) < len(hours):
            parts[night.table.other] = sum((hours[stage] for stage in hours if stage not in shown), Fraction())
        found |= dict(zip(parts, hundred(list(parts.values())), strict=True))
    return found


def load(night: Night, atom: str) -> dict[str, Fraction]:
    """Who gave how much in an atom that shows its spread; nobody in one that does not."""
    leaves = night.atoms[atom]
    given = {person: v for person, v in night.by_person(night.table.quantities[0], leaves).items() if v > 0}
    return given if len(given) >= 2 * K and night.roster(leaves) > 2 * K else {}


def load_spread(loads: list[dict[str, Fraction]]) -> str:
    people: Counter[str] = Counter()
    for one in loads:
        people.update(one)
    return spread(people.values())
