"""The attacks that are mounted on what the models make, by the number that the threat model gives them.

An attack is given `publish` (a company in, what readers may see out; `after` is what an earlier night made) and yields
a line for whatever it learned; it yields nothing when it failed. It never sees how a release was protected, so the same
attack is mounted on a release whose protections are off.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.attacks.laboratory import Release

Mount = Callable[["Callable[..., Release]"], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack: its numbers in the threat model, and how it is mounted."""

    name: str
    numbers: tuple[int, ...]
    mount: Mount


ATTACKS: dict[str, Attack] = {}


def attack(*numbers: int) -> Callable[[Mount], Mount]:
    """Enter a function into the catalogue."""

    def entered(mount: Mount) -> Mount:
        ATTACKS[mount.__name__] = Attack(mount.__name__, numbers, mount)
        return mount

    return entered
