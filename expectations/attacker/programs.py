"""Linear programs: the least and the most that one person can have done, for many persons in one call of HiGHS.

A program is small: one unknown for the person asked about, and one for each class of other people whom no number tells
apart (a sum of unknowns in [0, clip] is one unknown in [0, people * clip], exactly). Programs share nothing, so the sum
of their unknowns is at its least when each of them is: thousands are solved as one sparse program.
"""

from collections.abc import Sequence
from dataclasses import dataclass

UNKNOWNS = 200_000  # in one call, so that memory does not grow with what is asked
MARGIN = 1e-6


class Unsolved(RuntimeError):
    """The solver gave no answer; the message says why, and never a number of a program."""


@dataclass(frozen=True, slots=True)
class Row:
    """The unknowns of these classes, and the person if `with_person`, add up to something in [low, high]."""

    classes: tuple[int, ...]
    with_person: bool
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Program:
    """Caps of the classes, the rows, and the most of the person (None: unbounded, below zero too)."""

    caps: tuple[int, ...]
    rows: tuple[Row, ...]
    most: int | None


def bounds(programs: Sequence[Program]) -> list[tuple[float, float]]:
    """Least and most of each program's person, in hundredths; `Unsolved` when one has no solution."""
    found: list[tuple[float, float]] = []
    begun = unknowns = 0
    for at, program in enumerate(programs):
        unknowns += 1 + len(program.caps)
        if unknowns >= UNKNOWNS or at + 1 == len(programs):
            found += _solved(programs[begun : at + 1])
            begun, unknowns = at + 1, 0
    return found


def _solved(programs: Sequence[Program]) -> list[tuple[float, float]]:
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    least: list[float] = []
    most: list[float] = []
    persons: list[int] = []
    low: list[int] = []
    high: list[int] = []
    columns: list[int] = []
    ends = [0]
    for program in programs:
        person = len(least)
        persons.append(person)
        least += [-np.inf if program.most is None else 0, *(0 for _ in program.caps)]
        most += [np.inf if program.most is None else program.most, *program.caps]
        for row in program.rows:
            columns += [person] * row.with_person + [person + 1 + one for one in row.classes]
            ends.append(len(columns))
            low.append(row.low)
            high.append(row.high)
    matrix = csr_array((np.ones(len(columns)), columns, ends), shape=(len(low), len(least)))
    goal = np.zeros(len(least))
    goal[persons] = 1
    answers = []
    for sign in (1, -1):
        solved = milp(sign * goal, bounds=Bounds(least, most), constraints=LinearConstraint(matrix, low, high))
        if solved.x is None:
            raise Unsolved(f"HiGHS ended with status {solved.status}")
        answers.append(solved.x[persons])
    return list(zip(answers[0].tolist(), answers[1].tolist(), strict=True))
