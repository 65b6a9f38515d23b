"""What a detector of texts is: a name, a reason, examples, and a question about one text at a time."""

from collections.abc import Callable
from dataclasses import dataclass

from expectations.detectors.identifiers import Identifiers

Finds = Callable[[str, Identifiers], bool]


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of identifier; the examples are tried by a contract test."""

    name: str
    because: str
    finds: Finds
    matches: tuple[str, ...]
    spares: tuple[str, ...]
