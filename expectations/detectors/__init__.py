"""Identifiers in what a table would publish: by pattern, and by the values of roster and accounts, in memory only.

Each detector says why it exists and carries examples that must and must not match; a contract test tries them. A
finding names the detector and the column, and there is no way from it to the text or to the person.
"""

from expectations.detectors.detector import Detector
from expectations.detectors.folding import fold
from expectations.detectors.identifiers import Identifiers
from expectations.detectors.patterns import PATTERNS
from expectations.detectors.values import EXAMPLES, PSEUDONYMS, VALUES

__all__ = ["DETECTORS", "EXAMPLES", "PATTERNS", "PSEUDONYMS", "VALUES", "Detector", "Identifiers", "fold", "hits"]
DETECTORS = (*PATTERNS, *VALUES)


def hits(text: str, people: Identifiers, detectors: tuple[Detector, ...] = DETECTORS) -> tuple[str, ...]:
    """The names of the detectors that find somebody in a text."""
    return tuple(detector.name for detector in detectors if detector.finds(text, people))
