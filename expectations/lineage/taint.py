"""What a value carries with it: a kind, the raw column it stems from, and the way it came."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Taint:
    """`path` leads from the last relation's column back to the raw one; `via` is the column's name where it is used."""

    kind: str
    origin: str
    path: tuple[str, ...]
    via: str = ""

    def turned(self, kind: str) -> "Taint":
        """The same way, as another kind."""
        return replace(self, kind=kind)


Taints = Mapping[tuple[str, str], Taint]
NOTHING: Taints = {}


def united(parts: Iterable[Taints]) -> Taints:
    """All of them; of two ways from the same column the shorter."""
    found: dict[tuple[str, str], Taint] = {}
    for part in parts:
        for key, taint in part.items():
            if key not in found or len(taint.path) < len(found[key].path):
                found[key] = taint
    return found


def of(taints: Iterable[Taint]) -> Taints:
    """Taints by kind and origin."""
    return united({(taint.kind, taint.origin): taint} for taint in taints)


def only(taints: Taints, kinds: Iterable[str]) -> Taints:
    """Those of these kinds."""
    wanted = frozenset(kinds)
    return {key: taint for key, taint in taints.items() if taint.kind in wanted}


def without(taints: Taints, kinds: Iterable[str]) -> Taints:
    """Those of other kinds."""
    unwanted = frozenset(kinds)
    return {key: taint for key, taint in taints.items() if taint.kind not in unwanted}
