"""What ought to be published, worked out the slow and obvious way from what really happened.

The second opinion on the whole pipeline: it shares no line, no query and no constant with the models or the gate,
knows nothing of databases, and prefers loops over cleverness. Given a company (units, members, contributions, events),
`publish` returns every row and cell that a reader of one table may see. Exact arithmetic throughout: a tie is a tie.
"""

from tests.oracle.model import TABLES, Block, Event, Stage, Table, Timing, Unit, by_role
from tests.oracle.numbers import Constants, band, constants, half_even, is_even_handed, middle, nearest_rank, snapped
from tests.oracle.partition import Night
from tests.oracle.published import Cells, Rows, publish

__all__ = [
    "TABLES",
    "Block",
    "Cells",
    "Constants",
    "Event",
    "Night",
    "Rows",
    "Stage",
    "Table",
    "Timing",
    "Unit",
    "band",
    "by_role",
    "constants",
    "half_even",
    "is_even_handed",
    "middle",
    "nearest_rank",
    "publish",
    "snapped",
]
