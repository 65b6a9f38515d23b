"""Where a person's key may decide something: join, group, order, yes or no. A short list, each with its reason.

Everywhere else a person in a filter, a key of a join, a group, an order or a window is refused. An entry that no
model uses fails the contract test.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

JOIN = "join"
GROUP = "group"
DISTINCT = "distinct"
PARTITION = "partition"
ORDER = "order"
WHERE = "where"
SELECT = "select"


@dataclass(frozen=True, slots=True)
class Use:
    """A person's column that decides something: in which clause of which common table expression of which model."""

    model: str
    query: str  # the common table expression; "" is the last select
    column: str
    clause: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where such a use is right; model, query and column are patterns as in a shell."""

    model: str
    query: str
    column: str
    clause: str
    reason: str

    def allows(self, use: Use) -> bool:
        """Whether this use stands here."""
        pairs = ((use.model, self.model), (use.query, self.query), (use.column, self.column))
        return use.clause == self.clause and all(fnmatchcase(name, pattern) for name, pattern in pairs)


HOME = "home_team: an account is looked up in the frozen roster, its person in the frozen teams; both are keys"
OTHERS = "nobody reviews a change of their own"
SELF_MERGED = "whether who wrote a change merged it is a yes or no, of which a rate is told"
LARGEST = "top_three: a tie between the largest is broken the same way every night"

PLACES: tuple[Place, ...] = (
    Place("int_accounts", "", "account_key", GROUP, "an account has one person a block, whatever a roster says twice"),
    Place("int_members", "placed", "person_key", PARTITION, "a person has one home team a block"),
    Place("int_deliveries", "*", "*_key", JOIN, HOME),
    Place("int_deliveries", "reviews", "person_key", WHERE, OTHERS),
    Place(
        "int_deliveries", "requests", "account_key", GROUP, "whoever asked for changes last has taken an approval back"
    ),
    Place("int_deliveries", "", "merger_key", SELECT, SELF_MERGED),
    Place("int_deliveries", "", "person_key", SELECT, SELF_MERGED),
    Place("int_reviews_given", "*", "*_key", JOIN, HOME),
    Place("int_reviews_given", "*", "*_key", WHERE, OTHERS),
    Place("int_dora", "*", "*_key", JOIN, HOME),
    Place("int_open_items", "*", "*_key", JOIN, HOME),
    Place("int_flows", "*", "*_key", JOIN, HOME),
    Place("int_ledger", "*", "*_key", JOIN, HOME),
    Place("int_ledger", "*_sums", "*_key", GROUP, "the ledger has one row a person and role; all sums are sums of it"),
    Place("int_atoms", "seen", "person_key", DISTINCT, "who was active lately counts once"),
    Place("int_atoms", "recents", "person_key", JOIN, "who was active lately is counted in their team of today"),
    Place("int_atoms", "*_stats", "person_key", ORDER, LARGEST),
    Place("int_doubts", "accounts", "account_key", GROUP, "an account has one person, whatever a roster says twice"),
    Place("int_doubts", "homes", "person_key", DISTINCT, "a person who had two teams at once had a team"),
    Place("int_doubts", "unplaced", "*_key", JOIN, "work without a person or a team is looked for, and counted"),
    Place("int_doubts", "first_reviews", "*_key", WHERE, OTHERS),
    Place("mart_*", "*", "*_key", JOIN, HOME),
    Place("movers", "*", "*_key", JOIN, "the same person, or account, before and after a block's first day"),
    Place("movers", "accounts", "person_key", WHERE, "an account that was given to somebody else is counted"),
    Place("team_*", "*_people", "*_key", GROUP, "percentiles and rates test how many people stand behind them"),
    Place("team_*", "*_sides", "person_key", ORDER, LARGEST),
    Place("team_*", "*_share_pct_together", "person_key", GROUP, "the stages that do not stand alone are one quantity"),
    Place("team_*", "*_share_pct_others", "person_key", ORDER, LARGEST),
    Place("team_*", "*_share_pct_stats", "person_key", ORDER, LARGEST),
    Place(
        "team_*", "*_spread_gave", "person_key", GROUP, "a spread compares what each person gave, and is told in a word"
    ),
    Place("team_*", "*_spread_ranked", "person_key", ORDER, "what people gave, smallest first; ties fall the same way"),
)
