"""The lineage guard: static, before any data. Every published column is followed back to the columns read at the door.

A person's key, a key of a thing, a time or a number of one event reaches a release in no other way than counted, added
up, as a period or on the ladder; a person decides in a filter, a join, a group or an order only where `places` lists
it. What cannot be followed is refused. Not covered: what a materialization, an operation or the publisher does besides
the compiled text; the other rules of the gate look at the rows themselves.
"""

from expectations.lineage.examine import RULE, Break, examine_lineage, fingerprint, unused_places
from expectations.lineage.findings import refused, ways
from expectations.lineage.places import PLACES, Place

__all__ = ["PLACES", "RULE", "Break", "Place", "examine_lineage", "fingerprint", "refused", "unused_places", "ways"]
