"""Ten honest companies publish without a block; where a team bears somebody's name, the block says what to rename."""

from functools import cache

import pytest

from expectations.detectors import Identifiers
from expectations.detectors.release import Written, scan
from expectations.detectors.remedies import remedy
from expectations.gate import examine
from expectations.policy import Policy
from tests.unit.gate_world import World

UNITS = ("aa", "bb", "cc", "dd", "ee", "xx", "g1", "g2", "gx")
HONEST = {
    "first names": (
        ("Mark", "Grace", "Will", "Rose", "Ada", "Hunter", "Summer", "Faith", "Art"),
        ("Mark Twain", "mtwain", "Grace Hopper", "ghopper", "Will Ada", "wada", "Ada Lovelace", "ada@lovelace.example"),
    ),
    "numbers": (
        ("Team 42", "Web 3", "Core-2024", "Squad 7b", "2026-W05", "Q3 2026", "PAY-2024", "EMEA-2", "24/7"),
        ("Bea 42", "web3dev", "core", "user42", "42", "b42@acme.example", "7b"),
    ),
    "hex digits": (
        ("facade", "deadbeef", "Decade", "Face2Face", "Cafe 2024", "decade2024", "Bad Feed", "Ace", "Dead Code"),
        ("Dee Fade", "dfade", "ace1", "d.e.cade@acme.example"),
    ),
    "scripts of the world": (
        (
            "\u00c4rzte & L\u00f6hne",
            "\u30c7\u30fc\u30bf\u57fa\u76e4",
            "\u041f\u043b\u0430\u0442\u0444\u043e\u0440\u043c\u0430",
            "\u039f\u03bc\u03ac\u03b4\u03b1 \u0394\u03ad\u03bb\u03c4\u03b1",
            "\u0642\u0633\u0645 \u0627\u0644\u0628\u064a\u0627\u0646\u0627\u062a",
            "\u00c9quipe \u00c9toile",
            "\u9280\u884c",
            "S\u00f8rlandet",
            "\U0001f680 Rockets",
        ),
        (
            "\u0418\u0432\u0430\u043d \u041f\u0435\u0442\u0440\u043e\u0432",
            "ipetrov",
            "\u5c71\u7530\u592a\u90ce",
            "\u0141ukasz N\u00f8rg\u00e5rd",
            "nora",
        ),
    ),
    "surnames that are words": (
        (
            "Data Team",
            "Platform",
            "Short Term Rentals",
            "Price Engine",
            "Young Talent",
            "Core",
            "Long Tail",
            "Cloud",
            "Team",
        ),
        (
            "Ann Team",
            "ateam",
            "Bob Data",
            "bdata",
            "Eve Short",
            "eshort",
            "Max Price",
            "Neil Young",
            "ncloud",
            "Li Core",
        ),
    ),
    "logins of two letters": (
        ("UX Research", "AB Testing", "Go Services", "IT Desk", "QA Lab", "Web", "API", "ML Ops", "Data"),
        ("ux", "ab", "go", "it", "qa", "Bo Li", "bo.li@acme.example"),
    ),
    "technical names": (
        (
            "B2B SaaS",
            "OAuth2 & SSO",
            "iOS-App",
            "v1.2.3 Legacy",
            "R&D",
            "Team #1",
            "100% Remote",
            "C++ Core",
            "i18n/l10n",
        ),
        ("Sam Sso", "ssaas", "rd", "remote1", "sam@sso.example"),
    ),
    "words that read otherwise backwards or turned": (
        ("Terra Nova", "Lager", "Nowhere", "Level", "Stressed", "Tang", "Vex", "Ebbs", "Live"),
        ("regal", "green", "Ann Evil", "level1", "irk", "gnat"),
    ),
    "long names": (
        (
            "Platform Engineering and Developer Productivity 2026",
            "PlatformEngineering2026EMEA",
            "customer-success-europe-west-1",
            "InternationalizationAndLocalization",
            "Accounts & Users (login, profiles)",
            "Author Tools: editors",
            "Avatars and Icons",
            "Commit-to-Production",
            "https",
        ),
        ("Ann Thor", "athor", "Eve Prod", "a.loc@acme.example", "platform-bot-owner"),
    ),
    "words of ours": (
        (
            "Other Teams",
            "Direct Sales",
            "Rest of World",
            "Media",
            "Under Six",
            "Org Design",
            "Groups",
            "Units",
            "Cells",
        ),
        ("team", "published", "withheld", "under 6", "rest", "org", "unit_id", "cells1", "even"),
    ),
}
NAMESAKES = {
    "a login that is the team's name": (("Grace",), ("grace",)),
    "a login that is a word of the team's name": (("Platform Core",), ("platform",)),
    "a login of two letters that is all of the team's name": (("UX",), ("ux",)),
    "a surname that makes a team of a name": (("Data Team",), ("Data Team", "dteam")),
    "an ordinary number that looks like an account": (("Order 48151623",), ("bob",)),
    "a key that looks like a work item": (("SAP-4711",), ("bob",)),
    "a word that is another login backwards": (("Reward",), ("drawer",)),
}


@cache
def world() -> World:
    return World()


def company(names):
    """The company with its units called so; ids are made of the names where the roster allows it."""
    db = world().connect("team_delivery")
    for unit, name in zip(UNITS, names, strict=False):
        made = "".join(char if char.isascii() and char.isalnum() else "-" for char in name.lower()).strip("-")
        fresh = made if made and made not in ("org", "rest", *UNITS) else f"{unit}1"
        db.execute("update vault.intermediate.int_units set unit_name = ? where unit_id = ?", [name, unit])
        renamed(db, unit, fresh)
    return db


def renamed(db, old, new):
    """Another id for a unit, wherever it stands."""
    columns = db.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() where database_name = 'vault' "
        "and column_name in ('unit_id', 'team_id', 'parent_id')"
    ).fetchall()
    for table, column in columns:
        db.execute(
            f"update vault.{table} set {column} = case {column} when $old then $new else 'rest:' || $new end "
            f"where {column} in ($old, 'rest:' || $old)",
            {"old": old, "new": new},
        )


@pytest.mark.parametrize("kind", HONEST)
def test_an_honest_company_publishes(kind, tmp_path):
    names, people = HONEST[kind]
    assert len(names) == len(UNITS)
    db = company(names)
    assert [one for one in examine(db, "team_delivery", Policy(), people) if one.count] == []
    file = tmp_path / "quorum.duckdb"
    db.execute(f"attach '{file}' as fresh")
    db.execute("create table fresh.main.team_delivery as select * from vault.protected.team_delivery")
    db.execute("create table fresh.main.units as select distinct unit_id, unit_name from vault.intermediate.int_units")
    db.execute("checkpoint fresh")
    house = {"units": {"unit_id": "VARCHAR", "unit_name": "VARCHAR"}}
    assert [one for one in scan(db, Written("fresh", file, (), house), Identifiers(people)) if one.count] == []


@pytest.mark.parametrize("kind", NAMESAKES)
def test_a_block_names_its_remedy_and_not_the_name(kind):
    names, people = NAMESAKES[kind]
    found = [
        one for one in examine(company(names), "team_delivery", Policy(), people) if one.rule.startswith("detectors.")
    ]
    assert found
    for finding in found:
        advice = remedy(finding)
        assert advice.startswith("rename the unit in the roster: ")
        assert not any(value.casefold() in advice.casefold() for value in (*names, "drawer", "48151623"))
