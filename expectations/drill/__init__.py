"""The leak drill: every class of leak, planted in a scratch copy of real output, must be stopped by the rule meant."""

from expectations.drill.plants import CANARIES, PLANTS, Plant
from expectations.drill.traced import planted_in_model
from expectations.drill.trial import Outcome, Undrillable, drill

__all__ = ["CANARIES", "PLANTS", "Outcome", "Plant", "Undrillable", "drill", "planted_in_model"]
