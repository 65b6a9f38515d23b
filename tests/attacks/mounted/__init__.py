"""One module a family of attacks; importing the package enters them all into the catalogue."""

from tests.attacks.catalogue import ATTACKS
from tests.attacks.mounted import differences, events, few, nights, people, signals, small

__all__ = ["ATTACKS", "differences", "events", "few", "nights", "people", "signals", "small"]
