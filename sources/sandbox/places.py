"""The organisation: groups, teams, repositories and projects, and which team works where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sources.sandbox.chance import block_start, blocks_after

GROUPS = {"platform": "Platform", "product": "Product", "customer": "Customer", "office": "Executive office"}
YOUNG = "mobile"  # a team that begins later than the others
YOUNG_AFTER = 9  # blocks
QUIET = "network"


@dataclass(frozen=True, slots=True)
class Team:
    """A team: its group, how many people it begins with, where it works."""

    id: str
    name: str
    group: str
    people: int
    repositories: tuple[str, ...]
    project: str
    pace: float = 1.0


TEAMS = (
    Team("runtime", "Runtime", "platform", 16, ("runtime-core", "edge-gateway"), "RNT"),
    Team("storage", "Storage", "platform", 12, ("storage-engine", "runtime-core"), "STO"),
    Team("build", "Build and delivery", "platform", 9, ("build-system", "runtime-core"), "BLD", 0.9),
    Team("network", "Network", "platform", 6, ("edge-gateway",), "NET", 0.12),
    Team("telemetry", "Telemetry", "platform", 5, ("metrics-pipe",), "NET", 0.9),
    Team("payments", "Payments", "product", 14, ("payments-api", "web-shop"), "PAY"),
    Team("checkout", "Checkout", "product", 11, ("web-shop",), "SHOP"),
    Team("search", "Search", "product", 8, ("search-index", "web-shop"), "SRC", 1.1),
    Team("ledger", "Ledger", "product", 7, ("ledger-core", "legacy-2023"), "PAY", 0.9),
    Team("mobile", "Mobile", "product", 3, ("mobile-app",), "SHOP"),
    Team("accounts", "Accounts", "customer", 10, ("customer-portal",), "CUS"),
    Team("support-tools", "Support tools", "customer", 8, ("customer-portal", "metrics-pipe"), "CUS", 1.1),
    Team("insights", "Insights", "customer", 8, ("metrics-pipe", "customer-portal"), "INS", 1.1),
    Team("onboarding", "Onboarding", "customer", 4, ("customer-portal",), "CUS"),
    Team("partners", "Partners", "customer", 2, ("customer-portal",), "INS"),
    Team("strategy", "Strategy", "office", 3, ("customer-portal",), "OFF", 0.6),
)
BY_ID = {team.id: team for team in TEAMS}
DIRECT = {  # people placed on a group itself
    "platform": Team("platform", "", "platform", 2, ("runtime-core", "build-system"), "RNT", 0.7),
    "product": Team("product", "", "product", 1, ("web-shop",), "PAY", 0.7),
}
EMPTY, ARCHIVED, SHARED, ALONE = "blank-slate", "legacy-2023", "build-system", "tooling"
REPOSITORIES = (
    "build-system", "customer-portal", "edge-gateway", "ledger-core", "legacy-2023", "metrics-pipe", "mobile-app",
    "payments-api", "runtime-core", "search-index", "storage-engine", "web-shop", EMPTY,
)  # fmt: skip
PROJECTS = ("BLD", "CUS", "INS", "NET", "OFF", "PAY", "RNT", "SHOP", "SRC", "STO")


def workplace(unit: str | None) -> Team:
    """Where the people of a unit work; who is in none helps in the shop."""
    return BY_ID.get(unit or "") or DIRECT.get(unit or "") or DIRECT["product"]


def founded(start: date) -> date:
    """The first day of the organisation: the start of the block in which history begins."""
    return block_start(start)


def team_start(team: str, start: date) -> date:
    """The first day of a team."""
    first = founded(start)
    return blocks_after(first, YOUNG_AFTER) if team == YOUNG else first


def archived_on(start: date) -> date:
    """The day on which a repository is put to rest."""
    return blocks_after(founded(start), 10)
